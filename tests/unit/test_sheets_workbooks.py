from __future__ import annotations

import datetime as dt
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from handbill.domain.money import Price
from handbill.errors import SheetError
from handbill.sheets import SheetContents, SheetOptions, read_sheet
from handbill.sheets.number_formats import shown_text


def save(folder: Path, rows: list[list[Any]], name: str = "briefs.xlsx") -> tuple[Path, Workbook]:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    path = folder / name
    book.save(path)
    return path, book


def codes(contents: SheetContents) -> list[tuple[int, str, str, bool]]:
    return [
        (fault.row, fault.code, fault.column, fault.rejects)
        for fault in contents.problems
        if fault.row
    ]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (5, "00000", "00005"),
        (199, '"¥"#,##0.00', "¥199.00"),
        (19.9, "General", "19.9"),
        (1299.5, '#,##0.00 "€"', "1299.50 €"),
        (12, "[$$-409]#,##0.00", "$12.00"),
        (0.2, "0%", "20%"),
        (0.125, "0.0%", "12.5%"),
        (-5, "General", "-5"),
        (1e20, "General", "100000000000000000000"),
        (True, "General", "TRUE"),
        (dt.datetime(2026, 5, 31, tzinfo=None), "dd/mm/yyyy", "2026-05-31"),  # noqa: DTZ001 - as openpyxl gives it
        (dt.date(2026, 5, 31), "General", "2026-05-31"),
        ("0042", "General", "0042"),
        ("one_x000D_\ntwo", "General", "one\r\ntwo"),
        (None, "General", ""),
    ],
)
def test_values_are_shown_as_the_user_saw_them(
    value: object, number_format: str, text: str
) -> None:
    assert shown_text(value, number_format) == text


def test_a_workbook_gives_the_same_briefs_as_its_table(tmp_path: Path) -> None:
    path, _ = save(
        tmp_path,
        [["product", "price", "ends on", "sku"], ["Mug", "19,90 €", dt.date(2026, 5, 31), "007"]],
    )
    (brief,) = read_sheet(path).briefs
    assert brief.price == Price(Decimal("19.90"), "EUR")
    assert (brief.ends_on, brief.id) == (dt.date(2026, 5, 31), "007")
    assert (brief.source.worksheet, brief.source.row) == ("Sheet", 2)


def test_numbers_of_a_workbook_are_never_read_as_thousands(tmp_path: Path) -> None:
    path, _ = save(tmp_path, [["Artikel", "Preis"], ["A", 1.299], ["B", 80], ["C", "1.299"]])
    options = SheetOptions(source_locale="de", currency="EUR")
    amounts = [brief.price.amount for brief in read_sheet(path, options).briefs if brief.price]
    assert amounts == [Decimal("1.299"), Decimal(80), Decimal(1299)]


def test_cells_without_a_value_are_reported_by_cell(tmp_path: Path) -> None:
    path, book = save(
        tmp_path,
        [["product", "price", "remark", "id"], ["Mug", "=1+1", "", ""], ["Cup", 5, "", ""],
         ["Jug", 5, "", 123456789012345678], ["Pot", 5, "", ""], ["Pan", 5, "", ""]],
    )  # fmt: skip
    sheet = book.worksheets[0]
    sheet["B3"] = "#REF!"
    sheet["B3"].data_type = "e"
    sheet["C6"] = "#N/A"
    sheet["C6"].data_type = "e"
    sheet.row_dimensions[5].hidden = True
    sheet.merge_cells("C4:C5")
    book.save(path)
    contents = read_sheet(path)
    assert codes(contents) == [
        (2, "cell.formula_without_value", "price", True),
        (3, "cell.error", "price", True),
        (4, "cell.digits_lost", "id", False),
        (5, "row.hidden", "", False),
        (5, "cell.merged", "remark", False),
        (6, "cell.error", "remark", False),
    ]
    assert [brief.product for brief in contents.briefs] == ["Jug", "Pot", "Pan"]
    assert "B2" in contents.problems[0].message
    assert contents.problems[0].value == "=1+1"


def test_the_worksheet_with_products_is_found_or_named(tmp_path: Path) -> None:
    path, book = save(tmp_path, [["Read me first"], ["This is how to fill in the sheet"]])
    products = book.create_sheet("Produkte")
    products.append(["Artikel", "Preis"])
    products.append(["Becher", 5])
    other = book.create_sheet("Old")
    other.append(["product", "price"])
    other.append(["Mug", 4])
    book.save(path)
    assert read_sheet(path).briefs[0].product == "Becher"
    assert read_sheet(path, SheetOptions(worksheet="old")).briefs[0].product == "Mug"
    with pytest.raises(SheetError, match="did you mean 'Produkte'"):
        read_sheet(path, SheetOptions(worksheet="Produkt"))


@pytest.mark.parametrize("rows", [[], [["product", "price"]]])
def test_an_empty_workbook_is_an_error(tmp_path: Path, rows: list[list[Any]]) -> None:
    path, _ = save(tmp_path, rows)
    with pytest.raises(SheetError):
        read_sheet(path)


def test_bombs_and_damaged_files_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    with pytest.raises(SheetError, match="would unpack to 50 MB"):
        read_sheet(bomb)
    cut, _ = save(tmp_path, [["product"], ["Mug"]], "cut.xlsx")
    cut.write_bytes(cut.read_bytes()[:-400])
    with pytest.raises(SheetError, match="damaged"):
        read_sheet(cut)
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as package:
        package.writestr("briefs.csv", "product\nMug\n")
    with pytest.raises(SheetError, match="an archive"):
        read_sheet(tmp_path / "zip.xlsx")
    (tmp_path / "odd.xlsx").write_bytes(cut.read_bytes()[:200])
    with pytest.raises(SheetError):
        read_sheet(tmp_path / "odd.xlsx")


def test_a_workbook_with_broken_parts_is_an_error_not_a_crash(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<not-a-workbook")
    with pytest.raises(SheetError, match="cannot be read"):
        read_sheet(tmp_path / "b.xlsx")


def test_a_csv_under_the_name_of_a_workbook_is_read_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "briefs.xlsx"
    path.write_text("product,price\nMug,5\n")
    assert read_sheet(path).briefs[0].product == "Mug"


def test_an_open_document_sheet_is_read(tmp_path: Path) -> None:
    rows = "".join(
        "<table:table-row>" + "".join(map(_cell, row)) + "</table:table-row>"
        for row in [["product", "price"], ["Becher", "19,90 €"]]
    )
    path = _document(tmp_path, rows)
    (brief,) = read_sheet(path).briefs
    assert (brief.product, brief.source.worksheet) == ("Becher", "P")
    assert brief.price == Price(Decimal("19.90"), "EUR")


def _products(sheet: Any) -> None:
    for row in (["product", "price", "url"], ["Mug", 5, ""], ["Cup", 6, ""]):
        sheet.append(row)


def test_other_and_hidden_worksheets_and_columns_are_told(tmp_path: Path) -> None:
    book = Workbook()
    _products(book.worksheets[0])
    _products(book.create_sheet("Summer"))
    hidden = book.create_sheet("Old")
    _products(hidden)
    hidden.sheet_state = "hidden"
    book.create_sheet("Notes").append(["remember the milk"])
    book.worksheets[0].column_dimensions["B"].hidden = True
    path = tmp_path / "briefs.xlsx"
    book.save(path)
    found = read_sheet(path).problems
    assert [one.code for one in found if not one.code.endswith("currency")] == [
        "worksheet.others", "worksheet.hidden", "column.hidden",
    ]  # fmt: skip
    assert "'Summer'" in found[0].message
    assert "'Old'" in found[1].message
    assert "'price'" in found[2].message
    named = read_sheet(path, SheetOptions(worksheet="Summer"))
    assert [one.code for one in named.problems] == ["column.no_currency"]


def test_a_hidden_worksheet_is_named_where_no_other_holds_products(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["Read me first"])
    hidden = book.create_sheet("Data")
    _products(hidden)
    hidden.sheet_state = "veryHidden"
    book.save(tmp_path / "briefs.xlsx")
    with pytest.raises(SheetError, match="--worksheet 'Data'"):
        read_sheet(tmp_path / "briefs.xlsx")


def test_rows_of_formulas_alone_and_rows_struck_out_are_told(tmp_path: Path) -> None:
    path, book = save(tmp_path, [["product", "price"], ["=A9", "=B9"], ["Mug", "5 EUR"]])
    for cell in book.worksheets[0][3]:
        cell.font = Font(strike=True)
    book.save(path)
    assert codes(read_sheet(path)) == [
        (2, "cell.formula_without_value", "product", True),
        (2, "cell.formula_without_value", "price", True),
        (3, "row.struck_out", "", False),
    ]


def _patched(tmp_path: Path, before: bytes, after: bytes) -> Path:
    path, _ = save(tmp_path, [["product", "price"], ["Mug", "5 EUR"], ["Cup", "6 EUR"]])
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data.replace(before, after) if "sheet1" in name else data)
    return path


def test_rows_out_of_order_are_refused_and_absurd_sizes_are_nothing(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="row 2 stands behind row 2"):
        read_sheet(_patched(tmp_path, b'<row r="3"', b'<row r="2"'))
    far = b'<row r="200000"><c r="A200000" t="str"><v>Far</v></c></row></sheetData>'
    found = read_sheet(_patched(tmp_path, b"</sheetData>", far))
    assert [brief.source.row for brief in found.briefs] == [2, 3, 200_000]
    wide = read_sheet(_patched(tmp_path, b'ref="A1:B3"', b'ref="A1:XFD1048576"'))
    assert len(wide.briefs) == 2


def _document(tmp_path: Path, rows: str) -> Path:
    path = tmp_path / "briefs.ods"
    names = ("office", "table", "text")
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        package.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="P">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def _cell(text: str, attributes: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string" {attributes}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def test_what_an_open_document_hides_is_told_and_bombs_are_refused(tmp_path: Path) -> None:
    head = (
        f"<table:table-row>{_cell('product')}{_cell('price')}{_cell('category')}</table:table-row>"
    )
    failed = _cell("#DIV/0!", 'table:formula="of:=1/0"')
    merged = _cell("Cups", 'table:number-rows-spanned="2"')
    rows = (
        f"<table:table-row>{_cell('Mug')}{failed}{_cell('Cups')}</table:table-row>"
        f'<table:table-row table:visibility="filter">{_cell("Cup")}{_cell("5 EUR")}{merged}'
        f"</table:table-row><table:table-row>{_cell('Pot')}{_cell('6 EUR')}"
        "<table:covered-table-cell/></table:table-row>"
    )
    assert codes(read_sheet(_document(tmp_path, head + rows))) == [
        (2, "cell.error", "price", True), (3, "row.hidden", "", False),
        (4, "cell.merged", "category", False),
    ]  # fmt: skip
    many = 'table:number-columns-repeated="1000"'
    often = 'table:number-rows-repeated="99000"'
    bomb = f"<table:table-row {often}>{_cell('Mug', many)}</table:table-row>"
    with pytest.raises(SheetError, match="more than 5000000 filled cells"):
        read_sheet(_document(tmp_path, head + bomb))
