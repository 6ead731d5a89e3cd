from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from handbill.bundling import pack_bundle, verify_bundle
from handbill.bundling.cells import unguarded
from handbill.store import AssetStore
from tests.doubles import bundles


def test_five_hundred_naughty_names_make_a_whole_bundle(shared_data: Path, tmp_path: Path) -> None:
    strings = json.loads((shared_data / "hostile" / "blns.json").read_text("utf-8"))
    names = [name for name in strings if name.strip()]
    store = AssetStore(tmp_path / "store")
    planned = bundles.plan(bundles.briefs(*names), ["sms.text", "pinterest.pin"])

    pack_bundle(bundles.contents(store, planned), store, tmp_path / "out")

    codes = {fault.code for fault in verify_bundle(tmp_path / "out").faults}
    assert codes <= {"copy.too_long"}  # these names were never checked, they are only packed
    text = (tmp_path / "out" / "outcomes.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    listed = [unguarded(row["product"]) for row in rows[::2]]
    assert listed == [name.replace("\0", "") for name in names]
    paths = [path.relative_to(tmp_path / "out").as_posix() for path in tmp_path.glob("out/**/*")]
    assert len({path.casefold() for path in paths}) == len(paths)
    assert all(path.isascii() for path in paths)
