from __future__ import annotations

import csv
import io

import pytest

from handbill.bundling.cells import csv_bytes, guarded, is_formula, unguarded

PAYLOADS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-1+1",
    "-20 % today",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "   +cmd",
    "\u00a0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "'=1+1",
    "''@x",
    "\ufeff=1",
]
HARMLESS = [
    "",
    "Espresso",
    "5 - 3 = 2",
    "a@b.example",
    "'tis the season",
    "−20 %",
    "价格=12",
    "(-5)",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_begins_like_a_formula(payload: str) -> None:
    [_, [cell]] = list(csv.reader(io.StringIO(csv_bytes(["x"], [[payload]]).decode("utf-8-sig"))))

    assert cell.startswith("'")
    assert unguarded(cell) == payload


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert not is_formula(text)
    assert guarded(text) == text
    assert unguarded(text) == text


def test_numbers_stay_numbers() -> None:
    assert csv_bytes(["cost"], [[-5], [0.25]]).decode("utf-8-sig") == "cost\r\n-5\r\n0.25\r\n"


def test_lists_are_utf8_with_mark_and_crlf_and_quotes() -> None:
    data = csv_bytes(["a", "b"], [['say "hi"', "one\ntwo"], ["ä,ö", "咖啡"]])

    assert data.startswith(b"\xef\xbb\xbfa,b\r\n")
    assert '"say ""hi""","one\ntwo"\r\n"ä,ö",咖啡\r\n' in data.decode("utf-8-sig")
