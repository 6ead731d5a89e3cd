"""The page on sheets names every code that a sheet's problems have."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FAMILIES = (
    "product|id|price|date|placement|locale|url|budget|picture|video|text|row|cell|column"
    "|worksheet|table|expression"
)
_CODE = re.compile(rf'"((?:{_FAMILIES})\.[a-z_]+)"')
# ``picture.missing`, `.damaged``: the family is written once.
_SHORT = re.compile(r"`(\w+)(\.\w+`(?:, `\.\w+`)+)")


def test_every_code_is_on_the_page() -> None:
    sources = (ROOT / "src" / "handbill" / "sheets").glob("*.py")
    codes = {code for path in sources for code in _CODE.findall(path.read_text("utf-8"))}
    assert len(codes) > 60
    page = (ROOT / "docs" / "sheet.md").read_text("utf-8")
    short = {
        f"{family}.{name}"
        for family, names in _SHORT.findall(page)
        for name in re.findall(r"\.(\w+)", names)
    }
    unnamed = sorted(code for code in codes if f"`{code}`" not in page and code not in short)
    assert unnamed == []
