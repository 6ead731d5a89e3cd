"""`handbill providers`: reachable, key accepted, models there, models that end, a time limit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handbill.cli import run_verb
from tests.doubles.killing import serving
from tests.doubles.vendor_server import VendorServer

CANARY = "sk-canary-probe"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENDOR_KEY", CANARY)


def probed(
    folder: Path, server: VendorServer, capsys: pytest.CaptureFixture[str], more: str = ""
) -> tuple[int, dict[str, Any]]:
    (folder / "briefs.csv").write_text("product\nTide Lamp\n")
    (folder / "campaign.toml").write_text(
        'campaign = "P"\nsheet = "briefs.csv"\nplacements = ["sms.text"]\n[providers]\n'
        f'copy = {{ name = "openai", base_url = "{server.base_url}", key = "env:VENDOR_KEY"'
        f"{more} }}\n"
    )
    code = run_verb(["providers", str(folder), "--json"])
    said = capsys.readouterr()
    assert CANARY not in said.out + said.err
    return code, next(one for one in json.loads(said.out) if one["name"] == "openai")


def test_a_provider_that_answers_is_told_with_its_models(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(VendorServer()) as server:
        code, told = probed(tmp_path, server, capsys)
    assert (code, told["answers"], told["state"]) == (0, True, "answers")
    assert told["serves"] == ["copy"]
    assert (told["models_missing"], told["models_shutting_down"]) == ([], {})
    assert server.charged == []


def test_models_that_are_not_listed_or_end_soon_are_named(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(VendorServer()) as server:
        _, old = probed(tmp_path, server, capsys, ', model = "old"')
        _, gone = probed(tmp_path, server, capsys, ', model = "gone"')
        run_verb(["providers", str(tmp_path)])
        said = capsys.readouterr()
    assert old["models_shutting_down"] == {"old": "2026-12-01"}
    assert gone["models_missing"] == ["gone"]
    assert "does not list the model 'gone'" in said.err


def test_a_refused_key_is_told_without_it(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(VendorServer(bad_key=True)) as server:
        code, told = probed(tmp_path, server, capsys)
    assert (code, told["answers"]) == (50, False)
    assert "the key was refused" in told["state"]


def test_one_that_cannot_be_reached_and_one_that_never_answers_are_told_in_time(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr("handbill.cli.providers._PROBE_S", 0.3)
    with serving(VendorServer(deaf=True)) as server:
        code, told = probed(tmp_path, server, capsys)
    assert (code, told["state"]) == (50, "no answer within 0.3 s")
    code = run_verb(["providers", str(tmp_path), "--json"])
    told = next(one for one in json.loads(capsys.readouterr().out) if one["name"] == "openai")
    assert (code, told["answers"]) == (50, False)
    assert "the connection" in told["state"]


def test_a_key_that_is_not_there_is_told(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.delenv("VENDOR_KEY")
    with serving(VendorServer()) as server:
        code, told = probed(tmp_path, server, capsys)
    assert code == 50
    assert "'env:VENDOR_KEY' leads to no key" in told["state"]
    assert server.seen == []


def test_offline_nobody_is_asked(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert run_verb(["providers", "--offline", "--json"]) == 0
    told = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert told["openai"]["answers"] is None
    assert told["house"]["state"] == "ready"
    assert "profile" in told["job"]["state"]
