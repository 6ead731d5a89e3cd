"""Batches of OpenAI's shape, from the evening to the morning: real SDK, real HTTP, whole runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openai.types import batch_create_params
from pydantic import ConfigDict, TypeAdapter

from handbill.cli import run_verb
from handbill.domain import failpoint
from handbill.errors import UserError
from handbill.press.outcome import BatchFacts, RunResult
from handbill.press.request import RunRequest
from handbill.settings import read_settings
from handbill.store.ledger_facts import LedgerCall, calls_of
from handbill.studio import Studio
from tests.doubles.batch_vendor import BatchVendor
from tests.doubles.killing import serving
from tests.doubles.vendor_server import VendorServer

SHEET = "id,product,description\n" + "".join(
    f"lamp{n},Tide Lamp {n},A small lamp for boats.\n" for n in range(1, 5)
)


def written(body: dict[str, Any]) -> str:
    """Copy that passes the checks."""
    answer = json.loads(VendorServer().text_for(body))
    for part in answer["placements"].values():
        part["hashtags"] = []
        for name, text in part["texts"].items():
            lines = [f"{word} light" for word in ("Calm", "Small", "Warm", "Quiet")]
            part["texts"][name] = lines if isinstance(text, list) else lines[0]
    return json.dumps(answer)


@pytest.fixture
def vendor() -> Iterator[BatchVendor]:
    with serving(BatchVendor(write=written)) as server:
        assert isinstance(server, BatchVendor)
        yield server


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENDOR_KEY", "sk-canary-batches")


def a_campaign(
    folder: Path, vendor: BatchVendor, *, api: str = "responses", more: str = ""
) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "briefs.csv").write_text(SHEET)
    choice = f'name = "openai", base_url = "{vendor.base_url}", key = "env:VENDOR_KEY"'
    (folder / "campaign.toml").write_text(
        f"""campaign = "Night"
sheet = "briefs.csv"
placements = ["sms.text"]
locales = ["en"]
[providers]
copy = {{ {choice}, parameters = {{ api = "{api}" }} }}
{more.format(choice=choice)}"""
    )
    return folder


def studio_of(home: Path, policy: str = "hold") -> Studio:
    environment = {"HANDBILL_HOME": str(home), "HANDBILL_WORKERS": "1"}
    settings = read_settings(environment | {"HANDBILL_ON_UNCERTAIN": policy})
    return Studio(settings, clock=lambda: 1_800_000_000.0)


def run(
    campaign: Path, home: Path, *, batch: bool = True, policy: str = "hold", **wishes: Any
) -> RunResult:
    studio = studio_of(home, policy)
    try:
        request = RunRequest(target=str(campaign), batch=batch, **wishes)
        reading = studio.begin(request, None)
        if batch:
            studio.advance_batches(request, reading)
        return studio.make(request, reading, started="x", moment=lambda: "y")
    finally:
        studio.close()


def advance(campaign: Path, home: Path, *, policy: str = "hold") -> tuple[BatchFacts, ...]:
    """One round of batches, without making anything of it."""
    studio = studio_of(home, policy)
    try:
        request = RunRequest(target=str(campaign), batch=True)
        return studio.advance_batches(request, studio.begin(request, None))
    finally:
        studio.close()


def ledger_of(home: Path) -> tuple[LedgerCall, ...]:
    ledger = studio_of(home).open_ledger()
    try:
        return calls_of(ledger.engine)
    finally:
        ledger.close()


@pytest.mark.parametrize(("api", "as_text"), [("responses", False), ("chat", True)])
def test_handed_in_at_night_and_collected_in_the_morning_at_half_the_price(
    tmp_path: Path, vendor: BatchVendor, api: str, *, as_text: bool
) -> None:
    vendor.as_text = as_text
    campaign, home = a_campaign(tmp_path / "c", vendor, api=api), tmp_path / "home"
    evening = run(campaign, home)
    assert evening.statuses == {"uncertain": 4}
    assert (evening.in_batches, evening.exit_code) == (4, 5)
    assert [(one.batch, one.calls, one.state) for one in evening.batches] == [
        ("batch_0", 4, "validating")
    ]
    assert vendor.charged == []
    morning = run(campaign, home)
    assert (morning.statuses, morning.exit_code) == ({"made": 4}, 0)
    assert list(vendor.batches) == ["batch_0"]
    assert {call.mode for call in ledger_of(home)} == {"batch"}
    assert sum(call.spent_micros for call in ledger_of(home)) == 4 * 256  # half of 511
    manifest = json.loads((Path(morning.bundle) / "manifest.json").read_text())
    assert {asset["mode"] for asset in manifest["assets"] if asset["medium"] == "copy"} == {
        "batch"
    }
    again = run(campaign, home, batch=False)
    assert (again.statuses, again.manifest_sha256) == ({"reused": 4}, morning.manifest_sha256)
    assert vendor.charged == []


def test_the_ledger_shows_what_lies_at_a_vendor(
    tmp_path: Path,
    vendor: BatchVendor,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HANDBILL_HOME", str(tmp_path / "home"))
    assert run_verb(["ledger", "--batches"]) == 0
    assert "no batch" in capsys.readouterr().err
    advance(a_campaign(tmp_path / "c", vendor), tmp_path / "home")
    assert run_verb(["ledger", "--batches"]) == 0
    assert "batch_0" in capsys.readouterr().out
    assert run_verb(["ledger", "--batches", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["calls"] == 4


def test_what_is_handed_in_is_of_the_documented_shape(tmp_path: Path, vendor: BatchVendor) -> None:
    run(a_campaign(tmp_path / "c", vendor), tmp_path / "home")
    asked = next(seen for seen in vendor.seen if seen.path == "/v1/batches")
    kind: Any = batch_create_params.BatchCreateParams
    kind.__pydantic_config__ = ConfigDict(extra="forbid")
    TypeAdapter(kind).validate_python(asked.body)
    lines = [json.loads(line) for line in vendor.files["file-in0"].splitlines()]
    assert {line["url"] for line in lines} == {"/v1/responses"}
    assert len({line["custom_id"] for line in lines}) == 4
    assert all(len(line["custom_id"]) <= 64 for line in lines)
    assert {line["body"]["model"] for line in lines} == {"gpt-6-luna"}
    assert b"sk-canary" not in vendor.files["file-in0"]


def test_copy_and_pictures_go_in_the_same_evening_each_in_a_file_of_its_own(
    tmp_path: Path, vendor: BatchVendor
) -> None:
    more = "image = {{ {choice} }}"
    campaign, home = a_campaign(tmp_path / "c", vendor, more=more), tmp_path / "home"
    only: dict[str, Any] = {"only": ("instagram.feed_image",), "rows": "1-2"}
    evening = run(campaign, home, **only)
    assert sorted(batch["endpoint"] for batch in vendor.batches.values()) == [
        "/v1/images/generations",
        "/v1/responses",
    ]
    assert evening.in_batches == 2
    morning = run(campaign, home, **only)
    assert morning.statuses == {"made": 2}
    assert len(vendor.batches) == 2
    assets = json.loads((Path(morning.bundle) / "manifest.json").read_text())["assets"]
    made = {(one["medium"], one["mode"]) for one in assets if one["medium"] in ("copy", "image")}
    assert made == {("copy", "batch"), ("image", "batch")}
    assert vendor.charged == []


@pytest.mark.parametrize("spoilt", ["missing", "expired", "500"])
def test_what_a_batch_left_out_goes_with_the_next_one(
    tmp_path: Path, vendor: BatchVendor, spoilt: str
) -> None:
    vendor.ends, vendor.spoil = ["expired", "completed"], {0: spoilt, 2: spoilt}
    campaign, home = a_campaign(tmp_path / "c", vendor), tmp_path / "home"
    run(campaign, home)
    partly = run(campaign, home)
    assert partly.statuses == {"made": 2, "uncertain": 2}
    assert len(vendor.files[vendor.batches["batch_1"]["input_file_id"]].splitlines()) == 2
    assert run(campaign, home).statuses == {"made": 2, "reused": 2}
    assert len(vendor.lines_bought) == len(set(vendor.lines_bought)) == 4


def test_a_refused_line_is_refused_and_a_faulty_one_fails_alone(
    tmp_path: Path, vendor: BatchVendor
) -> None:
    vendor.spoil = {0: "policy", 1: "400"}
    campaign, home = a_campaign(tmp_path / "c", vendor), tmp_path / "home"
    run(campaign, home)
    morning = run(campaign, home)
    assert morning.statuses == {"failed": 1, "made": 2, "refused": 1}
    assert len(vendor.batches) == 1, "what would fail again is not handed in again at once"
    assert morning.exit_code == 3


@pytest.mark.parametrize("word", ["failed", "cancelled"])
def test_a_batch_that_was_not_taken_frees_its_money(
    tmp_path: Path, vendor: BatchVendor, word: str
) -> None:
    vendor.ends, vendor.spoil = [word], dict.fromkeys(range(4), "missing")
    campaign, home = a_campaign(tmp_path / "c", vendor), tmp_path / "home"
    run(campaign, home)
    morning = run(campaign, home)
    assert (morning.statuses, morning.exit_code) == ({"failed": 4}, 50)
    assert {(call.state, call.reserved_micros) for call in ledger_of(home)} == {("failed", 0)}
    if word == "failed":
        assert "line 1 is no JSON" in morning.messages[0][0]
    vendor.ends, vendor.spoil = ["completed"], {}
    run(campaign, home)
    assert run(campaign, home).statuses == {"made": 4}


def test_copy_with_findings_goes_back_with_the_next_batch_and_at_most_twice(
    tmp_path: Path, vendor: BatchVendor
) -> None:
    vendor.write = lambda body: json.dumps(
        json.loads(VendorServer().text_for(body)) | {"display": {"headline": "Only 7 left"}}
    )
    campaign, home = a_campaign(tmp_path / "c", vendor), tmp_path / "home"
    ends = [run(campaign, home, rows="1").statuses for _ in range(4)]
    assert ends == [{"uncertain": 1}, {"uncertain": 1}, {"uncertain": 1}, {"blocked": 1}]
    assert len(vendor.batches) == 3
    second = json.loads(vendor.files["file-in2"])
    assert "This is try 2" in second["body"]["input"]


def test_calls_in_a_batch_are_not_sent_by_a_run_without_batches(
    tmp_path: Path, vendor: BatchVendor
) -> None:
    vendor.looks = 9
    campaign, home = a_campaign(tmp_path / "c", vendor), tmp_path / "home"
    run(campaign, home)
    plain = run(campaign, home, batch=False, policy="resend")
    assert (plain.statuses, plain.exit_code, vendor.charged) == ({"uncertain": 4}, 5, [])
    assert "handbill run --batch" in plain.messages[0][0]


def test_a_budget_is_kept_at_the_price_of_batches(tmp_path: Path, vendor: BatchVendor) -> None:
    campaign, home = a_campaign(tmp_path / "c", vendor), tmp_path / "home"
    first = run(campaign, tmp_path / "other", rows="1")
    assert first.in_batches == 1
    one = ledger_of(tmp_path / "other")[0].reserved_micros
    result = run(campaign, home, budget_usd=Decimal(one * 2 + 10) / 1_000_000)
    assert result.statuses == {"over_budget": 2, "uncertain": 2}
    assert result.exit_code == 40
    assert run(campaign, home).statuses["made"] == 2


@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_creation_whose_answer_is_lost_is_looked_for_and_never_repeated(
    tmp_path: Path, vendor: BatchVendor, lost: str
) -> None:
    vendor.lose = [lost]
    vendor.batches = {
        f"batch_x{n}": {"id": f"batch_x{n}", "status": "completed", "metadata": None}
        for n in range(3)
    }
    campaign, home = a_campaign(tmp_path / "c", vendor), tmp_path / "home"
    evening = run(campaign, home)
    if lost == "after":
        assert evening.batches[0].batch == "batch_3"
        assert run(campaign, home).statuses == {"made": 4}
        assert len(vendor.batches) == 4
        return
    assert "its answer is lost" in evening.batches[0].message
    assert {call.state for call in ledger_of(home)} == {"uncertain"}
    assert run(campaign, home).statuses == {"uncertain": 4}
    assert len(vendor.batches) == 3, "held back"
    assert run(campaign, home, policy="resend").statuses == {"made": 4}
    assert len(vendor.lines_bought) == 4


def test_a_batch_that_the_list_hides_is_found_by_a_later_run(
    tmp_path: Path, vendor: BatchVendor
) -> None:
    vendor.lose, vendor.hides = ["after"], True
    campaign, home = a_campaign(tmp_path / "c", vendor), tmp_path / "home"
    assert run(campaign, home).statuses == {"uncertain": 4}
    vendor.hides = False
    assert run(campaign, home).statuses == {"made": 4}
    assert len(vendor.batches) == 1


class Killed(BaseException):
    """Ends a run at a moment, as a kill does: nothing catches it."""


STEPS = ("tied", "uploaded", "creating", "created", "submitted", "fetched", "line", "done")


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_moment_nothing_is_handed_in_twice(
    tmp_path: Path, vendor: BatchVendor, step: str
) -> None:
    campaign, home = a_campaign(tmp_path / "c", vendor), tmp_path / "home"

    def kill(name: str) -> None:
        if name == f"batch.{step}":
            failpoint.arm(None)
            raise Killed(name)

    failpoint.arm(kill)
    try:
        for _ in range(2):
            advance(campaign, home)
        pytest.fail("the moment never came")
    except (Killed, asyncio.CancelledError):
        pass
    finally:
        failpoint.arm(None)
    left = [advance(campaign, home) for _ in range(3)][-1]
    if step == "creating":
        # A kill in the very moment of creation leaves a doubt, and it is held back.
        assert {call.state for call in ledger_of(home)} == {"uncertain"}
        left = advance(campaign, home, policy="resend")
    assert left == ()
    assert {call.state for call in ledger_of(home)} == {"done"}
    assert len(vendor.batches) == 1
    assert len(vendor.lines_bought) == 4
    assert sum(call.spent_micros for call in ledger_of(home)) == 4 * 256


def test_a_vendor_that_is_down_for_an_hour_changes_nothing(
    tmp_path: Path, vendor: BatchVendor
) -> None:
    campaign, home = a_campaign(tmp_path / "c", vendor), tmp_path / "home"
    vendor.faults = ["401"]
    refused = run(campaign, home)
    assert (refused.statuses, refused.exit_code) == ({"failed": 4}, 50)
    run(campaign, home)
    vendor.faults = ["404"]
    assert run(campaign, home).in_batches == 4
    assert run(campaign, home).statuses == {"made": 4}


def test_many_calls_go_in_several_files(
    tmp_path: Path, vendor: BatchVendor, monkeypatch: Any
) -> None:
    monkeypatch.setattr("handbill.providers.openai.copywriter.MOST_LINES", 3)
    campaign, home = a_campaign(tmp_path / "c", vendor), tmp_path / "home"
    run(campaign, home)
    sizes = sorted(
        len(vendor.files[b["input_file_id"]].splitlines()) for b in vendor.batches.values()
    )
    assert sizes == [1, 3]
    assert run(campaign, home).statuses == {"made": 4}


def test_a_campaign_of_the_house_cannot_be_asked_in_batches(tmp_path: Path) -> None:
    (tmp_path / "briefs.csv").write_text(SHEET)
    with pytest.raises(UserError, match="no provider of this campaign"):
        run(tmp_path / "briefs.csv", tmp_path / "home", only=("sms.text",))


def test_prices_of_ones_own_count_for_batches_too(tmp_path: Path, vendor: BatchVendor) -> None:
    campaign, home = a_campaign(tmp_path / "c", vendor), tmp_path / "home"
    text = (campaign / "campaign.toml").read_text()
    own = 'api = "responses", usd_per_call = 0.01, batch_share = 0.25'
    (campaign / "campaign.toml").write_text(text.replace('api = "responses"', own))
    run(campaign, home, rows="1")
    run(campaign, home, rows="1")
    assert [call.spent_micros for call in ledger_of(home)] == [2500]
