from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image as Picture
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image as PillowImage
from python_calamine import CalamineWorkbook

from handbill.bundling.status_worksheet import write_worksheet
from handbill.errors import SheetError
from handbill.sheets import SheetOptions, annotate_sheet, read_sheet

CSV = (
    'product;price;note\r\nMug;5;=1+1\r\n"Two\r\nlines";abc;\r\n\r\nCup;1.299;x\r\n'
    '"broken;5;x\r\nJug;7;-5\r\n'
)


def annotated(path: Path, out: Path, options: SheetOptions | None = None) -> Path:
    used = options or SheetOptions()
    return annotate_sheet(path, read_sheet(path, used).problems, out, used)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_a_text_file_keeps_every_byte_of_its_own(tmp_path: Path, encoding: str) -> None:
    source, out = tmp_path / "a.csv", tmp_path / "b.csv"
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    source.write_bytes((mark + CSV.replace("Mug", "杯子")).encode(encoding))
    options = SheetOptions(encoding="gb18030" if encoding == "gb18030" else "")
    annotated(source, out, options)
    assert out.read_bytes()[:2] == source.read_bytes()[:2]
    text = out.read_bytes().decode(encoding).lstrip("\ufeff")
    lines = text.split("\r\n")
    assert lines[0] == "product;price;note;handbill status;handbill message"
    assert lines[1] == "杯子;5;=1+1;ok;"
    assert lines[3].startswith('lines";abc;;rejected;')
    assert lines[4] == ""
    assert lines[5].startswith("Cup;1.299;x;rejected;")
    assert lines[6] == '"broken;5;x'
    assert lines[7].startswith("Jug;7;-5;ok")
    for line in CSV.replace("Mug", "杯子").split("\r\n"):
        assert line in text


def test_an_annotated_sheet_reads_as_before(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text(CSV)
    annotated(source, tmp_path / "b.csv")
    assert [brief.product for brief in read_sheet(tmp_path / "b.csv").briefs] == ["Mug", "Jug"]
    assert read_sheet(tmp_path / "b.csv").briefs[0].extras == {}


def test_a_workbook_keeps_every_part_but_its_worksheet(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["product", "price", "sum"],
        ["Mug", 5, "=B2*2"],
        ["Cup", "abc", None],
        [],
        ["Jug", 7],
    ):
        sheet.append(row)
    sheet["A2"].hyperlink = "https://example.com"
    book.create_sheet("Other").append(["untouched"])
    source, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book.save(source)
    annotated(source, out)
    with zipfile.ZipFile(source) as one, zipfile.ZipFile(out) as two:
        assert one.namelist() == two.namelist()
        changed = [name for name in one.namelist() if one.read(name) != two.read(name)]
    assert changed == ["xl/worksheets/sheet1.xml"]
    cells = load_workbook(out)["Sheet"]
    rows = [[cell.value for cell in row] for row in cells.iter_rows()]
    assert rows[0][3:] == ["handbill status", "handbill message"]
    assert [row[3] for row in rows[1:]] == ["warning", "rejected", None, "ok"]
    assert "[price.not_a_number] price: 'abc' is no price" in str(rows[2][4])
    assert rows[1][2] == "=B2*2"
    assert all(cell.data_type != "f" for row in cells.iter_rows(min_col=4) for cell in row)


def _rich(path: Path) -> None:
    """A workbook with everything that a careless copy would lose."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["product", "price", "ends_on", "double"])
    sheet.append(["Mug", 9.9, dt.date(2026, 5, 31), "=B2*2"])
    sheet.append(["Cup", "much", None, None])
    sheet["A2"].font = Font(bold=True)
    sheet["B2"].number_format = '#,##0.00 "€"'
    sheet["A3"].comment = Comment("ours", "Ana")
    sheet["A2"].hyperlink = "https://example.com"
    sheet.merge_cells("D3:E3")
    sheet.column_dimensions["A"].width = 33
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = "A1:D3"
    rule = DataValidation(type="list", formula1='"a,b"')
    sheet.add_data_validation(rule)
    rule.add("D2:D9")
    rules: Any = CellIsRule
    sheet.conditional_formatting.add("B2:B9", rules(operator="lessThan", formula=["6"]))
    picture = io.BytesIO()
    PillowImage.new("RGB", (20, 20)).save(picture, "PNG")
    sheet.add_image(Picture(picture), "H2")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3))
    sheet.add_chart(chart, "K2")
    book.defined_names["area"] = DefinedName("area", attr_text="Sheet!$A$1:$B$3")
    book.save(path)


def _look(path: Path) -> list[object]:
    book = load_workbook(path)
    sheet: Any = book.worksheets[0]
    return [
        sheet["A2"].font.b, sheet["B2"].number_format, sheet["C2"].value, sheet["D2"].value,
        str(sheet.merged_cells), sheet.column_dimensions["A"].width, sheet.freeze_panes,
        sheet.auto_filter.ref, str(sheet.data_validations.dataValidation[0].sqref),
        len(sheet.conditional_formatting), len(sheet._images), len(sheet._charts),
        sheet["A3"].comment.text, sheet["A2"].hyperlink.target, list(book.defined_names),
    ]  # fmt: skip


def test_both_ways_back_into_a_workbook_leave_all_else_as_it_was(tmp_path: Path) -> None:
    source, copy, back = (tmp_path / name for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
    _rich(source)
    annotated(source, copy)
    back.write_bytes(source.read_bytes())
    write_worksheet(back, [["row", "status"], [2, "=1+1"]])
    assert _look(copy) == _look(source)
    assert _look(back) == _look(source)
    # Another reader: the status stands beside the merged cells, not beneath them.
    rows = CalamineWorkbook.from_path(str(copy)).get_sheet_by_index(0).to_python()
    assert [row[5] for row in rows] == ["handbill status", "warning", "rejected"]
    assert rows[1][2] == dt.date(2026, 5, 31)
    added = CalamineWorkbook.from_path(str(back)).get_sheet_by_name("Handbill status")
    assert added.to_python() == [["row", "status"], [2.0, "'=1+1"]]


def test_messages_cannot_run_as_formulas(tmp_path: Path) -> None:
    payloads = [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "＝1",
        '=HYPERLINK("http://x")',
        "=cmd|' /C calc'!A0",
    ]
    source = tmp_path / "a.csv"
    rows = "\n".join(f'"{text.replace(chr(34), chr(34) * 2)}",abc' for text in payloads)
    source.write_text(f"product,price\n{rows}\n", encoding="utf-8")
    annotated(source, tmp_path / "b.csv")
    book = Workbook()
    book.worksheets[0].append(["product", "price"])
    for text in payloads:
        book.worksheets[0].append([text, "abc"])
        book.worksheets[0].cell(book.worksheets[0].max_row, 1).data_type = "s"
    book.save(tmp_path / "a.xlsx")
    annotated(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    for row in load_workbook(tmp_path / "b.xlsx").worksheets[0].iter_rows(min_row=2, min_col=3):
        assert [cell.data_type for cell in row] == ["inlineStr", "inlineStr"] or all(
            cell.data_type == "s" for cell in row
        )
        assert str(row[0].value) == "rejected"
        assert str(row[1].value).startswith("[")


def test_other_formats_become_a_guarded_table(tmp_path: Path) -> None:
    source = tmp_path / "a.json"
    source.write_text('[{"product": "=1+1", "price": "abc"}]')
    out = annotated(source, tmp_path / "b.json")
    assert out == tmp_path / "b.csv"
    assert "'=1+1,abc,rejected," in out.read_text(encoding="utf-8-sig")


def test_the_sheet_itself_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text(CSV)
    with pytest.raises(SheetError, match="own place"):
        annotated(source, source)
    assert source.read_text(encoding="utf-8").startswith("product;price")
