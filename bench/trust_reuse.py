"""Trust in what was paid: nothing that happens after an answer was stored makes it be paid again.

A small campaign is made once. Then, each time with a vendor that counts: it is run again; run
through Prefect; run after a poster template was changed; run as another campaign in another folder
with the same rows; and, from an empty home, run by a program that has a mistake in reading answers
and then by one that has not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.run import at_least, at_most
from tests.doubles.killing import ROOT, serving
from tests.doubles.paid_campaign import plain_text, write_campaign, write_sheet
from tests.doubles.vendor_server import VendorServer
from tests.doubles.whole_runs import Place, run_fresh

_ROWS = 4
_PATHS = (str(ROOT / "src"), str(ROOT))
# The wrapper stands where a mistake in reading would: after the answer was stored.
_MISREADS = """
import sys
from importlib.abc import MetaPathFinder


class Misreader(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "handbill.providers.openai.copywriter":
            return None
        sys.meta_path.remove(self)
        from handbill.providers.openai import answers

        def misread(*_):
            raise IndexError("a mistake")

        answers.read_drafts = misread
        return None


sys.meta_path.insert(0, Misreader())
"""


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The figures in the shape of ``bench/trust.json``; without Prefect when `fast`."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with serving(VendorServer(write=plain_text)) as server:
            paid = _first(root, server)
            again = _again(root, server, fast=fast)
        with serving(VendorServer(write=plain_text)) as server:
            misread, mended, made = _misread(root, server)
    for what, calls in again.items():
        print(f"paid again after {what}: {calls}", file=sys.stderr)
    return {
        "reuse_calls_paid_at_first": at_least(paid, "calls", _ROWS + 1),
        "reuse_ways_tried": at_least(len(again) + 1, "ways", 4 if fast else 5),
        "reuse_calls_paid_again": at_most(sum(again.values()), "calls", 0),
        "reuse_answers_that_were_misread": at_least(misread, "calls", _ROWS),
        "reuse_calls_paid_again_to_read_them": at_most(mended, "calls", 0),
        "reuse_misread_answers_read_in_the_end": at_least(made, "orders", _ROWS),
    }


def _first(root: Path, server: VendorServer) -> int:
    place = Place(root / "first")
    write_campaign(place.campaign, server.base_url)
    write_sheet(place.campaign, _ROWS, posters=1)
    ended = run_fresh(place)
    assert ended.code == 0, ended.words
    return len(server.charged)


def _again(root: Path, server: VendorServer, *, fast: bool) -> dict[str, int]:
    """What happened → how many calls that paid for."""
    place = Place(root / "first")
    found = {"a second run": _paid_by(place, server)}
    if not fast:
        found["a run through Prefect"] = _through_prefect(place, server)
    found["a changed poster"] = _paid_by(
        place, server, HANDBILL_TEMPLATES=str(_templates_changed(root))
    )
    other = Place(root / "other")
    write_campaign(other.campaign, server.base_url)
    toml = other.campaign / "campaign.toml"
    toml.write_text(toml.read_text().replace('campaign = "Paid"', 'campaign = "Another"'))
    shutil.copy(place.campaign / "briefs.csv", other.campaign / "briefs.csv")
    found["another campaign"] = _paid_by(other, server, HANDBILL_HOME=str(place.home))
    return found


def _paid_by(place: Place, server: VendorServer, **environment: str) -> int:
    before = len(server.charged)
    ended = run_fresh(place, **environment)
    assert ended.code == 0, ended.words
    return len(server.charged) - before


def _through_prefect(place: Place, server: VendorServer) -> int:
    before = len(server.charged)
    ran = subprocess.run(
        [sys.executable, "-m", "handbill", "run", str(place.campaign)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(_PATHS), **place.environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-1500:]
    return len(server.charged) - before


def _templates_changed(root: Path) -> Path:
    """The templates with a remark more in every poster layout."""
    changed = root / "templates"
    shutil.copytree(ROOT / "templates", changed)
    for layout in (changed / "posters").glob("*.toml"):
        layout.write_text(layout.read_text("utf-8") + "\n# Changed.\n", "utf-8")
    return changed


def _misread(root: Path, server: VendorServer) -> tuple[int, int, int]:
    """Calls whose answers were misread, calls paid for to read them, orders made in the end."""
    place = Place(root / "misread")
    write_campaign(place.campaign, server.base_url)
    write_sheet(place.campaign, _ROWS)
    (place.folder / "sitecustomize.py").write_text(_MISREADS)
    paths = os.pathsep.join((*_PATHS, str(place.folder)))
    first = run_fresh(place, PYTHONPATH=paths)
    assert first.code != 0, first.words
    paid = len(server.charged)
    misread = len(place.calls("failed"))
    last = run_fresh(place)
    made = last.words.count("4 of 4 orders are ready") * _ROWS
    return misread, len(server.charged) - paid, made


if __name__ == "__main__":
    for name, figure in figures(fast="--fast" in sys.argv).items():
        print(name, figure)
