"""Calls that may have been paid: shown at the end of a run, and asked about before the next."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from typing_extensions import override

from handbill.cli.uncertain import ask_about_uncertain, print_uncertain
from handbill.press.outcome import HeldCall, RunResult
from handbill.press.request import RunRequest
from handbill.settings import read_settings
from handbill.store.ledger import CallCard, Caps
from handbill.studio import Studio, open_studio

KEY = "a" * 64


class Terminal(io.StringIO):
    """A person at a keyboard."""

    @override
    def isatty(self) -> bool:
        return True


@pytest.fixture
def asking(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunRequest:
    """A campaign with one uncertain call, under the policy that asks."""
    monkeypatch.setenv("HANDBILL_ON_UNCERTAIN", "ask")
    ledger = Studio(read_settings()).open_ledger()
    card = CallCard(
        key=KEY, campaign="Paid", brief="mug", provider="openai", model="m", endpoint="responses"
    )
    ledger.claim(card, Caps(), 900)
    ledger.mark_sent(KEY, 60)
    ledger.mark_uncertain(KEY, "cut short by a test")
    ledger.close()
    folder = tmp_path / "campaign"
    folder.mkdir()
    (folder / "briefs.csv").write_text("product\nMug\n")
    (folder / "campaign.toml").write_text(
        'campaign = "Paid"\nsheet = "briefs.csv"\nplacements = ["sms.text"]\n'
    )
    return RunRequest(target=str(folder))


@pytest.mark.parametrize(("answer", "resent"), [("y\n", {KEY}), ("\n", set())])
def test_a_person_is_asked_once_for_all(
    answer: str,
    resent: set[str],
    asking: RunRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    ask_about_uncertain(asking)
    assert open_studio().resend == resent
    shown = capsys.readouterr()
    assert "1 call of 'Paid' may have been paid" in shown.err
    assert "cut short by a test" in shown.err
    assert shown.out == ""


def test_without_a_terminal_nothing_is_sent_again(
    asking: RunRequest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    ask_about_uncertain(asking)
    assert open_studio().resend == frozenset()
    assert "held back" in capsys.readouterr().err


def test_held_calls_are_listed_and_the_rest_is_told_of(
    capsys: pytest.CaptureFixture[str],
) -> None:
    held = [
        HeldCall(
            call=f"{number:064}",
            brief=f"b{number}",
            provider="openai",
            model="gpt-6-luna",
            endpoint="responses",
            set_aside_usd_micros=1200,
            message="its process ended",
        )
        for number in range(201)
    ]
    result = RunResult(
        bundle="/b",
        manifest_sha256="0" * 64,
        orders=201,
        statuses={"uncertain": 201},
        problems=0,
        rejected=0,
        cost_usd_micros=0,
        uncertain=held,
    )
    print_uncertain(result)
    shown = capsys.readouterr().err
    assert "201 calls may have been paid" in shown
    assert "openai gpt-6-luna for 'b199', at most $0.0012: its process ended" in shown
    assert "'b200'" not in shown
    assert "all of them stand in run.json" in shown
