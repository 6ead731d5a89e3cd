"""The flow on a throw-away Prefect server: it does what `--direct` does, and shows it."""

# ruff: noqa: PLC0415 - Prefect takes seconds to load, which only these tests should pay

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from handbill.cli import run_verb
from handbill.errors import CampaignBusy, CampaignError
from handbill.press.lease import hold_campaign
from handbill.studio import open_studio

pytestmark = [
    pytest.mark.orchestration,
    # Prefect's own habits, each by its words.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:prefect"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
REPOSITORY = Path(__file__).resolve().parents[2]
ONLY = ("sms.text", "instagram.feed_image")


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One Prefect server for all tests, with its database in a folder of its own."""
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("prefect")
    patch.setenv("PREFECT_HOME", str(folder))
    patch.setenv("DO_NOT_TRACK", "1")
    patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    patch.setenv("PREFECT_LOGGING_LEVEL", "ERROR")
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=180):
        yield
    patch.undo()


@pytest.fixture
def command_line(prefect_server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line in this process reports to the session's server and leaves no settings."""
    from prefect.settings import PREFECT_API_URL

    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.setenv("PREFECT_API_URL", str(PREFECT_API_URL.value()))


def manifest(out: Path) -> bytes:
    return (out / "manifest.json").read_bytes()


def run_flow(sheet: Path, out: Path, **values: Any) -> Any:
    from flows.campaign_form import CampaignForm
    from flows.make_campaign import make_campaign

    form = {"campaign": str(sheet), "placements": list(ONLY), "out": str(out)} | values
    return make_campaign(CampaignForm(**form), return_state=True)


def api(path: str, body: dict[str, Any]) -> Any:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return client._client.post(path, json=body).json()


def artifacts_of(run_id: str) -> dict[str, dict[str, Any]]:
    """What a run has published, by key."""
    mine = {"artifacts": {"flow_run_id": {"any_": [run_id]}}}
    return {one["key"]: one for one in api("/artifacts/filter", mine)}


def test_the_flow_makes_the_same_bundle_as_direct_and_shows_it(
    prefect_server: None,
    home: Path,
    small_sheet: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    state = run_flow(small_sheet, tmp_path / "flow")
    assert state.is_completed(), state.message
    assert state.message.startswith("4 of 4 orders are ready in ")

    run_id = str(state.state_details.flow_run_id)
    mine = {"flow_runs": {"id": {"any_": [run_id]}}}
    names = sorted(run["name"] for run in api("/task_runs/filter", mine))
    pack, publish = "pack products", "publish products"
    assert names == [pack, publish, "read sheet", "slice 1 of 1", "take order"]
    (flow_run,) = api("/flow_runs/filter", mine)
    assert flow_run["name"] == "products: 2 products, 4 orders"
    assert {"handbill", "products"} <= set(flow_run["tags"])
    artifacts = artifacts_of(run_id)
    assert {"outcomes", "summary", "report", "contact-sheet", "progress-copy"} <= set(artifacts)
    assert "data:image/jpeg;base64," in artifacts["contact-sheet"]["data"]
    assert len(artifacts["contact-sheet"]["data"]) < 100_000
    assert float(artifacts["progress-checks"]["data"]) == 100.0
    table = json.loads(artifacts["outcomes"]["data"])
    assert {row["placement"]: row["made"] for row in table} == dict.fromkeys(ONLY, 2)

    words = ["run", str(small_sheet), "--only", *ONLY, "--direct", "--out"]
    assert run_verb([*words, str(tmp_path / "direct"), "--seed", "0"]) == 0
    assert manifest(tmp_path / "direct") == manifest(tmp_path / "flow")


def test_the_command_line_runs_the_flow_and_reuses_what_is_there(
    command_line: None,
    home: Path,
    small_sheet: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["run", str(small_sheet), "--only", *ONLY, "--json", "--out", str(tmp_path / "out")]
    assert run_verb(words) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["statuses"] == {"made": 4}
    assert run_verb(words) == 0
    second = json.loads(capsys.readouterr().out)
    assert second["statuses"] == {"reused": 4}
    assert second["manifest_sha256"] == first["manifest_sha256"]


@pytest.mark.parametrize(
    ("wrong", "code"), [(["--only", "sms.nowhere"], 14), (["--rows", "x"], 2)]
)
def test_the_command_line_hears_of_a_fault_in_the_words_of_the_engine(
    command_line: None,
    home: Path,
    small_sheet: Path,
    wrong: list[str],
    code: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_verb(["run", str(small_sheet), *wrong]) == code
    assert "pydantic" not in capsys.readouterr().err


def test_a_pasted_sheet_goes_out_when_it_is_approved(
    prefect_server: None, home: Path, small_sheet: Path, tmp_path: Path
) -> None:
    from flows.review_campaign import ReviewForm, review_campaign
    from tasks._review_form import ReviewAnswer

    values = {"campaign": "", "sheet_text": small_sheet.read_text(), "rows": "1", "review": True}
    state = run_flow(Path(), tmp_path / "out", **values)
    assert state.is_completed(), state.message
    assert state.message.endswith("2 wait for a review")
    told = artifacts_of(str(state.state_details.flow_run_id))
    rows = json.loads(told["waiting"]["data"])
    assert [row["product"] for row in rows] == ["Harbour Mug", "Harbour Mug"]
    assert not (tmp_path / "out" / "channels").exists()

    shown = list(open_studio().reviews().waiting())
    answer = ReviewAnswer(approve_all=True, reject=f"{rows[0]['key']}, {'0' * 12}", remake="ab")
    verdicts = {verdict: len(proofs) for verdict, proofs in answer.verdicts(shown)}
    assert verdicts == {"rejected": 1, "remake": 0, "approved": 1}
    assert not any(proofs for _, proofs in ReviewAnswer().verdicts(shown)), "no word, no verdict"

    decided: Any = review_campaign(ReviewForm(approve_all=True), return_state=True)
    assert decided.message == "2 decided, 0 runs go on, 0 wait"
    again = run_flow(Path(), tmp_path / "out", **values)
    assert again.result().statuses == {"reused": 2}


def test_blocked_orders_do_not_fail_the_run(
    prefect_server: None, home: Path, small_sheet: Path, tmp_path: Path
) -> None:
    lines = small_sheet.read_text().splitlines()
    small_sheet.write_text("\n".join([f"{lines[0]},locale", f"{lines[1]},sv"]) + "\n")
    state = run_flow(small_sheet, tmp_path / "out")
    assert state.is_completed()
    result = state.result()
    assert (result.statuses, result.exit_code) == ({"blocked": 2}, 3)
    assert "does not write 'sv'" in result.messages[0][0]


def test_a_campaign_that_is_held_ends_the_run_at_once(
    prefect_server: None, home: Path, small_sheet: Path, tmp_path: Path
) -> None:
    with hold_campaign(home, str(small_sheet), "/elsewhere"):
        state = run_flow(small_sheet, tmp_path / "out")
    assert state.is_failed()
    with pytest.raises(CampaignBusy):
        state.result()
    assert not (tmp_path / "out").exists()


def test_a_users_fault_is_told_and_not_tried_again(
    prefect_server: None, home: Path, tmp_path: Path
) -> None:
    state = run_flow(tmp_path / "nowhere", tmp_path / "out")
    with pytest.raises(CampaignError, match="nowhere"):
        state.result()
    mine = {"flow_runs": {"id": {"any_": [str(state.state_details.flow_run_id)]}}}
    runs = {run["name"].split(" ")[0]: run["run_count"] for run in api("/task_runs/filter", mine)}
    assert runs["read"] == 1
    told = artifacts_of(str(state.state_details.flow_run_id))["summary"]["data"]
    assert "nowhere" in told
    assert "## What to do" in told


def test_the_form_refuses_what_cannot_be_made() -> None:
    from pydantic import ValidationError

    from flows.campaign_form import CampaignForm

    for wrong in (
        {},
        {"campaign": "demo", "placements": ["tv.spot"]},
        {"campaign": "demo", "rows": "many"},
        {"campaign": "demo", "budget_usd": "-1"},
        {"campaign": "demo", "colour": "red"},
        {"sheet": "a.csv", "sheet_text": "product"},
    ):
        with pytest.raises(ValidationError):
            CampaignForm(**wrong)


def test_the_form_offers_what_the_catalogue_makes() -> None:
    from flows.make_campaign import make_campaign
    from handbill.channels import load_catalogue

    schema = make_campaign.parameters.model_dump()
    form = schema["definitions"]["CampaignForm"]["properties"]
    assert form["placements"]["items"]["enum"] == list(load_catalogue().made_ids)
    providers = schema["definitions"]["Providers"]["properties"]
    assert set(providers) == {"copy", "image", "voice", "music", "video"}
    assert {"", "house"} <= set(providers["copy"]["enum"])
    assert all(field.get("description") for field in form.values())


def test_deployments_name_flows_that_exist_and_take_their_parameters() -> None:
    import yaml  # type: ignore[import-untyped]
    from prefect.utilities.importtools import import_object

    told = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text())
    names = [deployment["name"] for deployment in told["deployments"]]
    assert names == [
        *("on-demand", "nightly", "price", "inbox", "submit-batches", "collect-batches"),
        *("review", "shard"),
    ]
    for deployment in told["deployments"]:
        assert "/" not in deployment["entrypoint"], "entry points are dotted"
        flow = import_object(deployment["entrypoint"])
        if flow.name == "make-shard":
            flow.validate_parameters({"parcel": "a digest", "run": "a run"})
            continue
        given = deployment["parameters"]["form"] or {"campaign": "demo"}
        given = {"watch-inbox": {"folder": "/somewhere"}, "review-campaign": {}}.get(
            flow.name, given
        )
        flow.validate_parameters({"form": given})
        assert not any(one["active"] for one in deployment.get("schedules", []))


def test_a_price_makes_nothing_and_an_inbox_makes_each_sheet_once(
    prefect_server: None, home: Path, small_sheet: Path, tmp_path: Path
) -> None:
    from flows.campaign_form import CampaignForm
    from flows.price_campaign import price_campaign
    from flows.watch_inbox import InboxForm, watch_inbox

    form = CampaignForm(campaign=str(small_sheet), placements=list(ONLY))
    priced: Any = price_campaign(form)
    assert (priced.counts["new"], priced.least_micros, priced.most_micros) == (4, 0, 0)
    assert [row["new"] for row in priced.placements] == [2, 2]

    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "good.csv").write_text(small_sheet.read_text() + "x,,,,,,\n", "utf-8")
    (inbox / "bad.csv").write_text("no such column\nat all\n", "utf-8")
    watched = InboxForm(folder=str(inbox), placements=["sms.text"])
    filed: list[Any] = [watch_inbox(watched) for _ in range(3)]
    assert [len(sheets) for sheets in filed] == [0, 2, 0]
    assert sorted(path.name for path in inbox.iterdir()) == ["bundles", "done", "failed"]
    done = sorted(path.name for path in (inbox / "done").iterdir())
    assert done == ["good.csv", "good.problems.csv"]
    failed = sorted(path.name for path in (inbox / "failed").iterdir())
    assert failed == ["bad.csv", "bad.problems.csv"]
    assert "sheet.not_made" in (inbox / "failed" / "bad.problems.csv").read_text("utf-8-sig")
    assert (inbox / "bundles" / "good" / "manifest.json").is_file()


def test_batches_are_handed_in_by_one_flow_and_collected_by_another(
    prefect_server: None, home: Path, small_sheet: Path, tmp_path: Path
) -> None:
    """The key of the vendor stands in a Secret block."""
    from prefect.blocks.system import Secret

    from flows.campaign_form import CampaignForm
    from flows.collect_batches import collect_batches
    from flows.submit_batches import submit_batches
    from tests.doubles.batch_vendor import BatchVendor
    from tests.doubles.killing import serving

    secret: Any = Secret
    secret(value="sk-canary-block").save("vendor-key", overwrite=True)
    with serving(BatchVendor()) as vendor:
        assert isinstance(vendor, BatchVendor)
        choice = f'name = "openai", base_url = "{vendor.base_url}", key = "block:vendor-key"'
        (small_sheet.parent / "campaign.toml").write_text(
            'campaign = "Night"\nsheet = "products.csv"\nlocales = ["en"]\n'
            f'placements = ["sms.text"]\n[providers]\ncopy = {{ {choice} }}\n'
        )
        form = CampaignForm(campaign=str(small_sheet.parent), out=str(tmp_path / "out"))
        evening: Any = submit_batches(form, return_state=True)
        assert evening.message == "2 calls wait in 1 batches"
        assert not (tmp_path / "out").exists()
        morning: Any = collect_batches(form)
        assert vendor.charged == []
        assert len(vendor.lines_bought) == 2
    asked = next(seen for seen in vendor.seen if seen.path == "/v1/batches")
    assert asked.headers["authorization"] == "Bearer sk-canary-block"
    # The double's hashtags are findings: they go back with a second batch.
    assert (morning.in_batches, len(vendor.batches)) == (2, 2)
    left = [path for path in home.rglob("*") if path.is_file()]
    assert not [path for path in left if b"sk-canary" in path.read_bytes()]


def test_a_schedule_that_is_on_begins_runs(prefect_server: None) -> None:
    flow = api("/flows/", {"name": "scheduled"})
    schedule = {"schedule": {"interval": 60}, "active": True}
    wanted = {"name": "often", "flow_id": flow["id"], "schedules": [schedule]}
    deployment = api("/deployments/", wanted)
    api(f"/deployments/{deployment['id']}/schedule", {"min_runs": 3, "max_runs": 3})
    runs = api("/flow_runs/filter", {"deployments": {"id": {"any_": [deployment["id"]]}}})
    assert {run["state_name"] for run in runs} == {"Scheduled"}


def test_a_schedule_that_was_switched_on_stays_on_when_it_is_deployed_anew(
    prefect_server: None,
) -> None:
    from flows.schedules import switch_on, switched_on

    flow = api("/flows/", {"name": "kept"})
    wanted = {
        "name": "off",
        "flow_id": flow["id"],
        "schedules": [{"schedule": {"interval": 60}, "active": False}],
    }
    deployment = UUID(api("/deployments/", wanted)["id"])
    assert deployment not in switched_on()
    switch_on([deployment])
    before = switched_on()
    assert deployment in before
    api("/deployments/", wanted)
    assert deployment not in switched_on()
    switch_on(before)
    assert deployment in switched_on()
