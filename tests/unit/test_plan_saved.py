"""A saved plan is run as it was seen, or refused with the changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handbill.cli import run_verb
from handbill.press import docket


@pytest.fixture
def folder(home: Path, small_sheet: Path) -> Path:
    folder = small_sheet.parent
    write(folder)
    (folder / "brand.toml").write_text('name = "B"\n[palette]\nprimary = "#12343b"\n', "utf-8")
    return folder


def write(folder: Path, more: str = "") -> None:
    (folder / "campaign.toml").write_text(
        'campaign = "C"\nsheet = "products.csv"\nbrand = "brand.toml"\n'
        f'placements = ["sms.text"]\nlocales = ["en"]\n{more}\n',
        "utf-8",
    )


@pytest.fixture
def saved(folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    assert run_verb(["plan", str(folder), "--save", str(path)]) == 0
    return path


def run(saved: Path, out: Path, *words: str) -> int:
    return run_verb(["run", "--plan", str(saved), "--direct", "--out", str(out), *words])


def test_an_unchanged_plan_is_run(saved: Path, tmp_path: Path) -> None:
    assert run(saved, tmp_path / "out") == 0
    assert (tmp_path / "out" / "manifest.json").is_file()
    assert run(saved, tmp_path / "out") == 0, "a run that was broken off goes on"


def test_what_a_plan_chose_is_what_is_made(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    run_verb(["plan", str(folder), "--rows", "1", "--seed", "9", "--save", str(path)])
    run(path, tmp_path / "out")
    facts = json.loads((tmp_path / "out" / "run.json").read_bytes())
    assert (facts["seed"], facts["statuses"]) == (9, {"made": 1})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("row", "rows that are changed: 'pot'"),
        ("new", "rows that are new: 'jug'"),
        ("gone", "rows that are gone: 'pot'"),
        ("brand", "the brand kit"),
        ("settings", "settings: 'variants'"),
        ("placements", "placements: 'x.post'"),
        ("providers", "providers: 'voice'"),
    ],
)
def test_a_plan_whose_inputs_changed_is_refused(
    folder: Path,
    saved: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: str,
    words: str,
) -> None:
    sheet, brand = folder / "products.csv", folder / "brand.toml"
    text = sheet.read_text("utf-8")
    if change == "row":
        sheet.write_text(text.replace("four cups", "five cups"), "utf-8")
    elif change == "new":
        sheet.write_text(f"{text}jug,Jug,A jug.,Pours,9.90,EUR,https://example.com/jug\n", "utf-8")
    elif change == "gone":
        sheet.write_text("\n".join(text.splitlines()[:2]) + "\n", "utf-8")
    elif change == "brand":
        brand.write_text(brand.read_text("utf-8").replace("#12343b", "#12343c"), "utf-8")
    elif change == "settings":
        write(folder, "variants = 2")
    elif change == "placements":
        toml = folder / "campaign.toml"
        toml.write_text(toml.read_text("utf-8").replace('"sms.text"', '"sms.text", "x.post"'))
    else:
        write(folder, '[providers]\nvoice = { name = "house", model = "other" }')

    assert run(saved, tmp_path / "out") == 11

    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_row_that_only_moved_is_no_change(folder: Path, saved: Path, tmp_path: Path) -> None:
    sheet = folder / "products.csv"
    header, *rows = sheet.read_text("utf-8").splitlines()
    sheet.write_text("\n".join([header, "", *rows]) + "\n", "utf-8")
    assert run(saved, tmp_path / "out") == 0


@pytest.mark.parametrize("words", [["--seed", "3"], ["--only", "sms.text"], ["--rows", "1"]])
def test_nothing_is_chosen_beside_a_plan(
    saved: Path, tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(saved, tmp_path / "out", *words) == 2
    assert words[0].removeprefix("--") in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[]", '{"plan_format": 1}', "\xff"])
def test_a_file_that_is_no_plan_is_refused(
    home: Path, tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content.encode("latin-1"))
    assert run(path, tmp_path / "out") == 11
    assert "no plan that handbill plan --save wrote" in capsys.readouterr().err


def test_a_run_needs_a_target_or_a_plan(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verb(["run"]) == 2
    assert "--plan FILE" in capsys.readouterr().err


def test_more_orders_than_a_run_holds_are_refused_with_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(docket, "MOST_ORDERS", 1)
    assert run_verb(["plan", str(folder)]) == 11
    assert "--rows" in capsys.readouterr().err
    assert run_verb(["plan", str(folder), "--rows", "2-2"]) == 0
    assert run_verb(["check", str(folder)]) == 0
