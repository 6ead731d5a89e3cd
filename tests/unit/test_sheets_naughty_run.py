"""Strings that break programs, as product names, all the way to finished files."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

from handbill.bundling import verify_bundle
from handbill.cli import run_verb


def test_every_naughty_name_gives_files_of_its_own_and_keeps_its_text(
    home: Path, tmp_path: Path, shared_data: Path
) -> None:
    assert not home.exists()
    strings = json.loads((shared_data / "hostile" / "blns.json").read_text(encoding="utf-8"))
    names = Counter(bare for text in strings if (bare := text.strip(" \t\r\n")))
    assert (len(strings), names.total()) == (515, 513)
    with (tmp_path / "names.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [["product", "price"], *([text, "9.90 EUR"] for text in strings)]
        )
    (tmp_path / "campaign.toml").write_text(
        'sheet = "names.csv"\nplacements = ["sms.text"]\nlocales = ["en"]\n', "utf-8"
    )
    out = tmp_path / "out"
    # 3: the two names without a sign are rejected, and names that no text may hold are blocked.
    assert run_verb(["run", str(tmp_path), "--direct", "--out", str(out)]) == 3
    kept = Counter(
        json.loads(path.read_bytes())["product"] for path in out.glob("channels/**/copy.json")
    )
    assert kept == names
    paths = [asset["path"] for asset in json.loads((out / "manifest.json").read_bytes())["assets"]]
    assert len({path.casefold() for path in paths}) == len(paths)
    assert all(path.isascii() and len(path) < 200 for path in paths)
    assert verify_bundle(out).faults == ()
