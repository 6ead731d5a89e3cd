from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from handbill.cli import run_verb
from handbill.cli.check import fitted
from handbill.cli.speech import kept_out

CHINESE = "product,price\n港口马克杯，手工上釉,199元\n茶壶，橡木把手,299元\n"


@pytest.fixture
def chinese(tmp_path: Path, home: Path) -> Path:
    """A sheet in GB18030, as Excel in China saves it."""
    assert not home.exists()
    path = tmp_path / "spring.csv"
    path.write_bytes(CHINESE.encode("gb18030"))
    return path


@pytest.mark.parametrize("verb", [["check"], ["plan"], ["run", "--direct"]])
def test_a_guessed_encoding_is_shown_and_never_taken(
    verb: list[str], chinese: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_verb([*verb, str(chinese), "--only", "google_ads.rsa"]) == 10
    said = "".join(capsys.readouterr())
    assert "港口马克杯" in said, "the guess comes with a sample of the text"
    assert "--encoding gb18030" in said
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] in ([], ["handbill-home"])
    assert not list(tmp_path.rglob("manifest.json"))


@pytest.mark.parametrize("verb", ["check", "plan"])
def test_a_named_encoding_is_taken(
    verb: str, chinese: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [verb, str(chinese), "--encoding", "GB18030", "--only", "google_ads.rsa", "--json"]
    assert run_verb(words) == 0
    assert json.loads(capsys.readouterr().out)["briefs"] == 2


@pytest.mark.parametrize("name", ["gb-18031", "hex", "zip", "rot13", "\0", "utf8 "])
def test_a_name_that_is_no_encoding_is_refused_in_words(
    name: str, chinese: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_verb(["check", str(chinese), "--encoding", name]) == 10
    said = "".join(capsys.readouterr())
    assert "Traceback" not in said
    assert "there is no encoding" in said or "does not fit" in said


def test_a_wrong_encoding_is_not_taken_either(
    chinese: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_verb(["check", str(chinese), "--encoding", "utf-8"]) == 10
    assert "does not fit" in "".join(capsys.readouterr())


def test_a_worksheet_is_read_by_its_name(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not home.exists()
    book = openpyxl.Workbook()
    for name in ("product", "Winter Mug"):
        book.worksheets[0].append([name])
    other = book.create_sheet("Spring 2026")
    for name in ("product", "Mug", "Pot"):
        other.append([name])
    path = tmp_path / "book.xlsx"
    book.save(path)
    for words, briefs in (([], 1), (["--worksheet", "spring 2026"], 2)):
        assert run_verb(["check", str(path), "--json", *words]) == 0
        assert json.loads(capsys.readouterr().out)["briefs"] == briefs
    assert run_verb(["check", str(path), "--worksheet", "Sprin 2026"]) == 10
    assert "did you mean 'Spring 2026'?" in "".join(capsys.readouterr())


def test_a_worksheet_of_a_flat_file_is_remarked_upon(
    small_sheet: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not home.exists()
    assert run_verb(["check", str(small_sheet), "--worksheet", "Spring"]) == 0
    said = capsys.readouterr().out
    assert "worksheet.none (remark, 1×)" in said
    assert said.endswith("2 briefs can be made, 1 remark\n")


@pytest.mark.parametrize(
    ("problems", "words"),
    [(1, "1 problem keeps a row out"), (2, "2 problems keep rows out"),
     (1000, "1,000 problems keep rows out")],
)  # fmt: skip
def test_the_last_line_is_english(problems: int, words: str) -> None:
    assert kept_out(problems) == words


def test_long_lines_are_set_in_on_a_terminal_and_whole_elsewhere() -> None:
    line = (
        "  shop.csv, row 2, column 'Price': " + "words " * 20 + "https://example.com/" + "x" * 90
    )
    assert fitted(line, 0) == [line]
    pieces = fitted(line, 80)
    assert all(len(piece) <= 80 for piece in pieces[:-1])
    assert all(piece.startswith("    ") for piece in pieces[1:])
    assert " ".join(" ".join(pieces).split()) == " ".join(line.split())
