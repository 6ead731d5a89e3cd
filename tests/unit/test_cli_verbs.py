from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from handbill.cli import VERBS, run_verb
from handbill.cli.endings import ending_of
from handbill.cli.options import join_only
from handbill.cli.speech import table, width_of
from handbill.cli.studio_door import find_studio
from handbill.errors import BudgetExceeded, SheetError


@pytest.mark.parametrize("verb", list(VERBS))
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verb([verb, "--help"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"Usage: handbill {verb}")
    assert said.err == ""


def test_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verb(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(f"  {verb} " in said for verb in VERBS)


@pytest.mark.parametrize(
    "words", [["paint"], ["check"], ["run", "x", "--rows"], ["channels", "--nothing"]]
)
def test_words_that_are_not_understood_end_with_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_verb(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Error: " in said.err


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (SheetError("x"), 10),
        (BudgetExceeded("x"), 40),
        (KeyboardInterrupt(), 130),
        (ValueError("x"), 1),
        (BrokenPipeError(), 141),
    ],
)
def test_faults_become_exit_codes(
    fault: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending_of(fault, debug=False) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err


def test_a_bug_keeps_its_traceback_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert ending_of(RuntimeError("boom"), debug=False) == 1
    said = capsys.readouterr().err
    story = Path(said.split("traceback is in '")[1].split("'")[0])
    assert "RuntimeError: boom" in story.read_text()
    story.unlink()


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verb(["plan", "/nowhere", "--debug"]) == 11
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "joined"),
    [
        (["run", "t", "--only", "a.b", "c.d"], ["run", "t", "--only", "a.b,c.d"]),
        (["run", "--only", "a.b", "c.d", "t/"], ["run", "--only", "a.b,c.d", "t/"]),
        (["--only", "a.b", "--rows", "2"], ["--only", "a.b", "--rows", "2"]),
        (["--only=a.b", "t"], ["--only=a.b", "t"]),
        (["--only", "a.b", "--only", "c.d"], ["--only", "a.b", "--only", "c.d"]),
    ],
)
def test_only_takes_every_placement_that_follows(words: list[str], joined: list[str]) -> None:
    assert join_only(words) == joined


def test_only_leaves_an_existing_sheet_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.csv").touch()
    assert join_only(["--only", "a.b", "shop.csv"]) == ["--only", "a.b", "shop.csv"]


def test_tables_align_wide_letters() -> None:
    assert width_of("港口 mug") == 8
    assert table([("港口", "1"), ("mug", "22")], right=frozenset({1})) == ["港口   1", "mug   22"]


def test_the_studio_is_found_by_walking_up(tmp_path: Path) -> None:
    deep = tmp_path / "campaigns" / "spring"
    deep.mkdir(parents=True)
    assert find_studio((deep,)) is None
    (tmp_path / "prefect.yaml").touch()
    assert find_studio((deep,)) is None
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "make_campaign.py").touch()
    assert find_studio((deep,)) == tmp_path


def test_channels_lists_what_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verb(["channels", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {"instagram.reel", "print.poster_a4"} <= {one["id"] for one in listed}
    assert run_verb(["channels", "x.post"]) == 0
    said = capsys.readouterr().out
    assert "280 x_weighted" in said
    assert "Sources" in said


def test_a_placement_that_does_not_exist_names_the_nearest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_verb(["channels", "instagram.real"]) == 14
    assert "instagram.reel" in capsys.readouterr().err


def test_a_new_campaign_runs_its_check_as_it_is(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "spring"
    assert run_verb(["init", str(folder)]) == 0
    assert capsys.readouterr().out == f"{folder}\n"
    assert run_verb(["check", str(folder)]) == 0
    assert run_verb(["init", str(folder)]) == 11


def test_a_bare_name_goes_below_campaigns_where_there_are_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "campaigns").mkdir()
    assert run_verb(["init", "spring"]) == 0
    assert (tmp_path / "campaigns" / "spring" / "campaign.toml").is_file()


def test_plan_tells_machines_every_order(
    home: Path, small_sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["plan", str(small_sheet), "--only", "sms.text", "email.html", "--json"]
    assert run_verb(words) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["counts"] == {"new": 4, "changed": 0, "reused": 0, "dropped": 0}
    assert {one["placement"] for one in facts["orders"]} == {"sms.text", "email.html"}
    assert all(price["cost_usd"] == 0 for price in facts["prices"])


def test_a_plan_with_a_vendor_never_counts_an_unknown_price_as_nothing(
    home: Path, small_sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["plan", str(small_sheet), "--only", "instagram.reel", "--provider", "voice=openai"]
    assert run_verb(words) == 0
    voice = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("voice"))
    assert "not priced" in voice


def test_batches_are_refused_in_clear_words(
    home: Path, small_sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_verb(["run", str(small_sheet), "--batch", "--direct"]) == 2
    said = capsys.readouterr().err
    assert "copy = house" in said
    assert "leave --batch out" in said


@pytest.mark.parametrize("budget", ["lots", "-1", "nan", "inf"])
def test_a_budget_is_an_amount(budget: str, small_sheet: Path) -> None:
    assert run_verb(["plan", str(small_sheet), f"--budget={budget}"]) == 2


def test_the_ledger_says_when_it_is_empty(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verb(["ledger"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "empty" in said.err
    assert run_verb(["ledger", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_providers_tells_what_the_house_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verb(["providers", "--json"]) == 0
    house = next(one for one in json.loads(capsys.readouterr().out) if one["name"] == "house")
    assert house["mode"] == "offline"
    assert {"copy", "voice", "music"} <= set(house["capabilities"])
    assert "en" in house["locales"]


def test_check_and_plan_never_load_what_they_do_not_need(
    small_sheet: Path, tmp_path: Path
) -> None:
    script = (
        "import sys\n"
        "from handbill.cli import run_verb\n"
        "assert run_verb(sys.argv[1:]) == 0\n"
        "heavy = {'prefect', 'pandas', 'skia', 'cv2', 'openai', 'sqlalchemy', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    environment = {"HANDBILL_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"}
    for verb in ("check", "plan"):
        ended = subprocess.run(
            [sys.executable, "-c", script, verb, str(small_sheet)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ended.returncode, ended.stderr.splitlines()[-1]) == (0, "[]"), ended.stderr
