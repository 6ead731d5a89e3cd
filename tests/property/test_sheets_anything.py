"""Whatever lies in a file: briefs, problems or a `SheetError`, and never anything else."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from handbill.domain.brief import Brief
from handbill.domain.digest import digest
from handbill.errors import SheetError
from handbill.sheets import SheetContents, iter_sheet, read_sheet
from handbill.sheets.amounts import NotAnAmount, parse_amount
from handbill.sheets.days import NotADay, parse_day
from handbill.sheets.identities import SeenIds
from handbill.sheets.slugs import id_of, slug_of

SHARED = settings(
    max_examples=80, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
CELL = st.text(max_size=40)
HEADER = st.sampled_from(
    ["product", "price", "ends_on", "image", "url", "locale", "placements", "id", "Handle",
     "Title", "Variant Price", "currency", "compare_at_price", "sku", "", "描述", "product.de"]
)  # fmt: skip


def read(path: Path) -> SheetContents | None:
    try:
        return read_sheet(path)
    except SheetError:
        return None


def judge(contents: SheetContents | None) -> None:
    if contents is None:
        return
    ids = [brief.id for brief in contents.briefs]
    assert len(ids) == len(set(ids))
    for brief in contents.briefs:
        assert brief.product.strip()
        digest(brief)
    for problem in contents.problems:
        assert problem.code
        assert problem.message
        assert problem.remedy


@SHARED
@given(data=st.binary(max_size=400), suffix=st.sampled_from(
    [".csv", ".tsv", ".xlsx", ".xls", ".ods", ".json", ".jsonl", ".xml", ""]))  # fmt: skip
def test_any_bytes_under_any_name(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"sheet{suffix}"
    path.write_bytes(data)
    judge(read(path))


@SHARED
@given(text=st.text(alphabet=st.sampled_from('product,price;\t|"\r\n \0=é名🎉5.€'), max_size=200))
def test_any_text_of_a_table(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(f"product,price,image\n{text}".encode())
    judge(read(path))


@SHARED
@given(
    header=st.lists(HEADER, min_size=1, max_size=8),
    rows=st.lists(st.lists(CELL, max_size=9), max_size=5),
)
def test_any_cells_under_any_headers(
    tmp_path: Path, header: list[str], rows: list[list[str]]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    path = tmp_path / "sheet.csv"
    path.write_text(text.getvalue(), encoding="utf-8", errors="replace", newline="")
    judge(read(path))


@SHARED
@given(value=st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(HEADER, inner, max_size=5),
    max_leaves=20,
))  # fmt: skip
def test_any_json(tmp_path: Path, value: object) -> None:
    for name in ("sheet.json", "sheet.jsonl"):
        path = tmp_path / name
        path.write_text(json.dumps(value), encoding="utf-8")
        judge(read(path))


@pytest.fixture(scope="module")
def workbook() -> bytes:
    book = Workbook()
    for row in (["product", "price"], ["Mug", 5], ["Cup", "=1+1"]):
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@SHARED
@given(where=st.floats(0, 0.999), junk=st.binary(min_size=1, max_size=30))
def test_any_damage_to_a_workbook(
    tmp_path: Path, workbook: bytes, where: float, junk: bytes
) -> None:
    place = int(where * len(workbook))
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(workbook[:place] + junk + workbook[place + len(junk) :])
    judge(read(path))


@SHARED
@given(part=st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml",
                             "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]),
       where=st.floats(0, 0.999), junk=st.binary(max_size=20))  # fmt: skip
def test_any_damage_inside_a_workbook(
    tmp_path: Path, workbook: bytes, part: str, where: float, junk: bytes
) -> None:
    path = tmp_path / "sheet.xlsx"
    with zipfile.ZipFile(io.BytesIO(workbook)) as whole, zipfile.ZipFile(path, "w") as copy:
        for member in whole.infolist():
            data = whole.read(member)
            if member.filename == part:
                place = int(where * len(data))
                data = data[:place] + junk + data[place + len(junk) :]
            copy.writestr(member.filename, data)
    judge(read(path))


@given(
    text=st.text(max_size=30),
    language=st.sampled_from(["", "en", "de", "zh-CN"]),
    machine=st.booleans(),
)
def test_amounts_are_numbers_of_at_least_nothing(text: str, language: str, machine: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    try:
        amount = parse_amount(text, language=language, machine=machine)
    except NotAnAmount:
        return
    assert amount.value >= 0
    assert amount.value.is_finite()


@given(cents=st.integers(0, 10**11))
def test_amounts_come_back_from_every_way_of_writing_them(cents: int) -> None:
    english = f"{cents / 100:,.2f}"
    german = english.replace(",", "_").replace(".", ",").replace("_", ".")
    french = english.replace(",", "\u202f").replace(".", ",")
    values = {parse_amount(text, language="en").value for text in (english, german, french)}
    assert len(values) == 1
    assert int(values.pop() * 100) == cents


@given(text=st.text(max_size=30), language=st.sampled_from(["", "en", "de", "ja"]))
def test_days_are_days_of_this_century(text: str, language: str) -> None:
    try:
        found = parse_day(text, language)
    except NotADay:
        return
    assert 2000 <= found.day.year < 2100


@settings(max_examples=400)
@given(text=st.text(max_size=120))
def test_slugs_are_safe_in_every_file_system(text: str) -> None:
    for slug in (slug_of(text), id_of(text)):
        assert 0 < len(slug) <= 60
        assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert slug == slug.strip("-")


@given(names=st.lists(st.sampled_from(["a", "a-2", "A", "b"]) | st.text(max_size=5), max_size=30))
def test_made_ids_never_repeat(names: list[str]) -> None:
    seen = SeenIds()
    made = [seen.new(id_of(name), row) for row, name in enumerate(names, start=2)]
    assert len(made) == len(set(made))


def test_streams_end_as_lists_do(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("product,price\nMug,5\nCup,abc\n")
    contents = read_sheet(path)
    kinds = [isinstance(result, Brief) for result in iter_sheet(path)]
    assert kinds.count(True) == len(contents.briefs)
    assert kinds.count(False) == len(contents.problems)
