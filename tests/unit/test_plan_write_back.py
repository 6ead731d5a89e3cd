"""Status back to the sheet: beside it or as a worksheet of its own, safe to open."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from handbill.bundling.status_worksheet import TITLE, write_worksheet
from handbill.cli import run_verb
from handbill.errors import BundleError

ONLY = ["--only", "sms.text", "--direct", "--json"]
SHEET = """\
id,product,description,price,currency,url
mug,Harbour Mug,A stoneware mug.,19.90,EUR,https://example.com/mug
pot,=Tea Pot,A pot for four cups.,39.90,EUR,https://example.com/pot
bad,Broken Row,It has no price.,much,EUR,https://example.com/bad
"""


@pytest.fixture
def sheet(tmp_path: Path, home: Path) -> Path:
    path = tmp_path / "shop" / "products.csv"
    path.parent.mkdir()
    path.write_text(SHEET, "utf-8")
    return path


@pytest.fixture
def workbook(tmp_path: Path, home: Path) -> Path:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "Spring"
    for row in csv.reader(SHEET.splitlines()):
        page.append([f"'{cell}" if cell.startswith("=") else cell for cell in row])
    page["A1"].comment = Comment("ours", "Ana")
    path = tmp_path / "shop.xlsx"
    book.save(path)
    return path


def run(sheet: Path, out: Path, *words: str) -> int:
    return run_verb(["run", str(sheet), *ONLY, "--out", str(out), *words])


def lines(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_every_row_has_a_line_and_the_sheet_is_untouched(sheet: Path, tmp_path: Path) -> None:
    assert run(sheet, tmp_path / "out", "--write-back") == 3

    status = lines(sheet.with_name("products.handbill.csv"))
    assert [(one["row"], one["id"], one["status"], one["ready"]) for one in status] == [
        ("2", "mug", "made", "1"),
        ("3", "pot", "made", "1"),
        ("4", "", "rejected", "0"),
    ]
    assert status[1]["product"] == "'=Tea Pot"
    assert "[price.not_a_number]" in status[2]["message"]
    assert {one["bundle"] for one in status[:2]} == {str(tmp_path / "out")}
    assert (tmp_path / "out" / status[0]["files"]).is_dir()
    assert status[0]["cost_usd"] == "0.000000"
    assert sheet.read_text("utf-8") == SHEET


def test_a_run_of_a_part_keeps_the_lines_of_other_rows(sheet: Path, tmp_path: Path) -> None:
    run(sheet, tmp_path / "out", "--write-back")
    run(sheet, tmp_path / "part", "--write-back", "--rows", "1")

    status = lines(sheet.with_name("products.handbill.csv"))
    assert [(one["id"], one["status"]) for one in status] == [
        ("mug", "reused"),
        ("pot", "made"),
        ("", "rejected"),
    ]
    assert status[1]["product"] == "'=Tea Pot"


def test_nothing_is_written_unless_asked_for(sheet: Path, tmp_path: Path) -> None:
    run(sheet, tmp_path / "out")
    assert [path.name for path in sheet.parent.iterdir()] == ["products.csv"]


def test_the_status_of_several_sheets_is_not_read_as_a_sheet(sheet: Path, tmp_path: Path) -> None:
    more = SHEET.replace("mug,", "cup,").replace("pot,", "jug,").replace("bad,", "odd,")
    sheet.with_name("more.csv").write_text(more, "utf-8")
    campaign = tmp_path / "c"
    campaign.mkdir()
    (campaign / "campaign.toml").write_text(
        'campaign = "Two sheets"\nsheet = "../shop/*.csv"\nplacements = ["sms.text"]\n', "utf-8"
    )
    for _ in range(2):
        assert run(campaign, tmp_path / "out", "--write-back") == 3

    status = lines(campaign / "handbill-status" / "Two-sheets.handbill.csv")
    assert sorted(one["id"] for one in status) == ["", "", "cup", "jug", "mug", "pot"]
    assert {one["file"] for one in status} == {"more.csv", "products.csv"}


def test_a_worksheet_is_added_and_nothing_else_is_touched(
    workbook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with zipfile.ZipFile(workbook) as before:
        parts = {name: before.read(name) for name in before.namelist()}

    assert run(workbook, tmp_path / "one", "--write-back-worksheet") == 3
    first = json.loads(capsys.readouterr().out)
    assert first["status_file"] == str(workbook)
    assert run(workbook, tmp_path / "two", "--write-back-worksheet") == 3
    second = json.loads(capsys.readouterr().out)

    with zipfile.ZipFile(workbook) as after:
        same = {name for name in parts if after.read(name) == parts[name]}
        assert parts.keys() - same == {
            *("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml")
        }
        assert len(after.namelist()) == len(set(after.namelist())) == len(parts) + 1
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == ["Spring", TITLE]
    rows = list(book[TITLE].iter_rows(values_only=True))
    assert rows[0][:5] == ("file", "worksheet", "row", "id", "product")
    assert [row[2:4] for row in rows[1:]] == [(2, "mug"), (3, "pot"), (4, None)]
    assert all(cell.data_type != "f" for row in book[TITLE].iter_rows() for cell in row)
    assert book["Spring"]["A1"].comment.text == "ours"
    # The worksheet is not read as a sheet of products, so a second run finds everything made.
    assert (first["orders"], second["statuses"]) == (2, {"reused": 2})
    assert first["manifest_sha256"] == second["manifest_sha256"]


def test_a_sheet_that_takes_no_worksheet_is_refused_before_anything_is_made(
    sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(sheet, tmp_path / "out", "--write-back-worksheet") == 10
    assert "use --write-back" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_texts_in_a_worksheet_cannot_break_it_or_run(workbook: Path) -> None:
    hostile = '=cmd|" /C calc"!A0 <b>&\x01\ufffe' + "x" * 40_000
    write_worksheet(workbook, [["product"], [hostile], [7]])

    cells = [row[0].value for row in openpyxl.load_workbook(workbook)[TITLE].iter_rows()]
    assert cells[0] == "product"
    assert str(cells[1]).startswith('\'=cmd|" /C calc"!A0 <b>&\ufffd\ufffdxxx')
    assert len(str(cells[1])) == 32_000
    assert cells[2] == 7


def test_a_zip_that_is_no_workbook_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(path, "w") as odd:
        odd.writestr("readme.txt", "hello")
    before = path.read_bytes()
    with pytest.raises(BundleError, match="nothing can be added to safely"):
        write_worksheet(path, [["a"]])
    assert path.read_bytes() == before


def _pipe(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_sheet_from_a_pipe_is_kept_and_its_status_lies_beside_the_bundle(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    _pipe(monkeypatch, SHEET)
    assert run(Path("-"), tmp_path / "shop" / "out", "--write-back") == 3
    told = json.loads(capsys.readouterr().out)
    assert told["status_file"] == str(tmp_path / "shop" / "standard-input.handbill.csv")
    assert [one["status"] for one in lines(Path(told["status_file"]))] == [
        "made", "made", "rejected",
    ]  # fmt: skip
    kept = [path for path in (home / "pasted").rglob("*") if path.is_file()]
    assert [path.read_text() for path in kept] == [SHEET]
    _pipe(monkeypatch, SHEET)
    assert run_verb(["plan", "-", "--only", "sms.text", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["counts"]["reused"] == 2
    _pipe(monkeypatch, SHEET)
    assert run(Path("-"), tmp_path / "shop" / "out", "--write-back-worksheet") == 10
    assert "would reach nobody" in capsys.readouterr().err


def test_a_piped_sheet_is_annotated_and_nothing_is_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not home.exists()
    _pipe(monkeypatch, SHEET)
    assert run_verb(["check", "-", "--annotate", str(tmp_path / "copy.csv")]) == 3
    assert "[price.not_a_number]" in (tmp_path / "copy.csv").read_text("utf-8-sig")
    _pipe(monkeypatch, "")
    assert run_verb(["plan", "-"]) == 10
    assert "nothing comes from standard input" in capsys.readouterr().err
