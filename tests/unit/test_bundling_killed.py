"""Packing and keeping, killed with SIGKILL at many moments of their work."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from handbill.bundling import staging, verify_bundle
from handbill.bundling.staging import is_bundle
from handbill.domain import failpoint
from handbill.errors import BundleError
from handbill.store import AssetStore

PACKER = """
import sys
from pathlib import Path
from handbill.bundling import pack_bundle
from handbill.store import AssetStore
from tests.doubles import bundles

root = Path(sys.argv[1])
store = AssetStore(root / "store")
names = [f"Bean {n}" for n in range(12)]
whole = bundles.contents(store, bundles.plan(bundles.briefs(*names)))
half = bundles.contents(store, bundles.plan(bundles.briefs(*names[:6])))
print("ready", flush=True)
for turn in range(int(sys.argv[2])):
    pack_bundle(half if turn % 2 else whole, store, root / "out")
"""
KEEPER = """
import hashlib, sys
from pathlib import Path
from handbill.store import AssetStore

store = AssetStore(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(100_000):
    data = hashlib.sha256(str(number).encode()).digest() * 2_000
    sha256 = store.put_bytes(data)
    store.book(f"recipe-{number}", {"sha256": sha256, "size_bytes": len(data)})
"""


def killed_after(script: str, delay_s: float, *arguments: str) -> None:
    ran = subprocess.Popen(
        [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True
    )
    assert ran.stdout is not None
    assert ran.stdout.readline() == "ready\n"
    time.sleep(delay_s)
    ran.send_signal(signal.SIGKILL)
    ran.wait()
    ran.stdout.close()


def test_a_killed_packer_leaves_a_whole_bundle_or_none(tmp_path: Path) -> None:
    for kill in range(8):
        killed_after(PACKER, 0.013 * kill * kill, str(tmp_path), "1000")

        out = tmp_path / "out"
        assert is_bundle(out) or not out.exists()
        if out.exists():
            assert verify_bundle(out).faults == ()
    subprocess.run([sys.executable, "-c", PACKER, str(tmp_path), "1"], check=True, timeout=60)
    assert verify_bundle(tmp_path / "out").faults == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "store"]


def test_a_killed_keeper_leaves_whole_objects_and_true_records(tmp_path: Path) -> None:
    for kill in range(6):
        killed_after(KEEPER, 0.05 + 0.021 * kill, str(tmp_path))

    store = AssetStore(tmp_path)
    objects = [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]
    records = list((tmp_path / "records").rglob("*.json"))
    assert len(objects) >= len(records) > 6
    assert all(store.read(path.name) for path in objects)
    for path in records:
        record = store.recall(path.stem)
        assert record == json.loads(path.read_bytes())["record"]
    assert list((tmp_path / "incoming").iterdir()) == []


def test_a_bundle_that_was_moved_away_comes_back_with_its_edits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File systems without an exchange of folders: killed between the two renames."""
    monkeypatch.setattr(staging, "exchange_folders", lambda *_: False)
    out = tmp_path / "out"
    out.mkdir()

    class Killed(BaseException):
        pass

    def die(moment: str) -> None:
        if moment == "bundle.moved_away":
            raise Killed

    failpoint.arm(die)
    try:
        with pytest.raises(Killed), staging.staged(out):
            pass
    finally:
        failpoint.arm(None)
    (tmp_path / ".out.replaced" / "edited.txt").write_text("mine")
    with pytest.raises(BundleError, match="other things"), staging.staged(out):
        pass
    assert (out / "edited.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
