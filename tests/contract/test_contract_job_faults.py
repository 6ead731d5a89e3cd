"""Jobs that go wrong: each ends typed, nothing is handed in twice, no key goes astray."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from handbill.domain.campaign import ProviderChoice
from handbill.domain.order import Status
from handbill.errors import CampaignError
from handbill.press.calls import CallResult, Calls, make_image
from handbill.press.purse import Purse
from handbill.press.till import Till
from handbill.providers.job.answers import inline_file, pack, read_usage, read_video
from handbill.providers.job.profile import Meter, Result, read_profile
from handbill.providers.job.settings import parse_settings
from handbill.providers.ports import ImageRequest, VideoAnswer
from handbill.providers.registry import open_provider
from handbill.store import AssetStore
from handbill.store.ledger import Ledger
from handbill.store.ledger_facts import LedgerCall, calls_of
from tests.doubles.film_job import choice_of, make, short_sleep
from tests.doubles.job_vendor import KEY, JobVendor, an_mp4
from tests.doubles.killing import serving
from tests.doubles.vendor_answers import a_png

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOB_KEY", KEY)


def order_of(vendor: JobVendor, **parameters: Any) -> dict[str, Any]:
    known = {"result_hosts": "localhost", "deadline_s": 60, "usd_per_second": 0.1}
    return {
        "profile": "seedance",
        "base_url": vendor.base_url,
        "key": "env:JOB_KEY",
        "parameters": {**known, **parameters},
    }


def in_ledger(folder: Path) -> LedgerCall:
    ledger = Ledger(folder / "ledger.db", lambda: 0.0)
    (call,) = calls_of(ledger.engine)
    ledger.close()
    return call


def run(folder: Path, vendor: JobVendor, **parameters: Any) -> CallResult[VideoAnswer]:
    async def work() -> CallResult[VideoAnswer]:
        async with vendor:
            return await make(folder, choice_of(order_of(vendor, **parameters)))

    return asyncio.run(work())


@pytest.mark.parametrize("hiccup", ["429", "503", "garbage", "wrong_id", "odd_word"])
def test_a_question_that_goes_wrong_is_asked_again(hiccup: str, tmp_path: Path) -> None:
    vendor = JobVendor(states=["running", hiccup, "running", hiccup, "succeeded"])
    result = run(tmp_path, vendor)
    assert result.status is Status.MADE, result.message
    assert vendor.jobs == ["job-1"]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("503", "HTTP 503"),
        ("garbage", "not JSON"),
        ("wrong_id", "'job-999'"),
        ("odd_word", "'odd_word'"),
        ("401", "key was refused"),
        ("hang", "no whole answer within 1 s"),
    ],
)
def test_a_job_that_cannot_be_asked_after_is_kept(state: str, told: str, tmp_path: Path) -> None:
    async def work() -> None:
        async with JobVendor(states=[state]) as vendor:
            limits = {"deadline_s": 1} if state == "hang" else {}
            vendor_order = order_of(vendor, **limits)
            # An answer comes at once, and so does the first question.
            profile = tmp_path / "quick.toml"
            profile.write_text(profile_text().replace("first_s = 15", "first_s = 0"))
            choice = choice_of(vendor_order | {"profile": str(profile)})
            first = await make(tmp_path, choice)
            assert first.status is Status.FAILED
            assert told in first.message
            call = in_ledger(tmp_path)
            assert (call.state, call.reserved_micros) == ("uncertain", 500_000)
            vendor.states = ["succeeded"]
            second = await make(tmp_path, choice)
            assert second.status is Status.MADE, second.message
            assert vendor.jobs == ["job-1"]

    asyncio.run(work())


def profile_text() -> str:
    folder = ROOT / "src" / "handbill" / "providers" / "job" / "profiles"
    return (folder / "seedance.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("result", "status", "told"),
    [
        ("html", Status.FAILED, "not a whole video"),
        ("cut", Status.FAILED, "not a whole video"),
        ("missing", Status.FAILED, "not a whole video"),
        ("huge", Status.FAILED, "more than 67108864 bytes"),
        ("gone", Status.UNCERTAIN, "it has expired"),
        ("elsewhere", Status.FAILED, "https://169.254.169.254, which is not allowed"),
        ("plain_http", Status.FAILED, "http://fal.media, which is not allowed"),
        ("redirect_private", Status.FAILED, "http://10.0.0.1, which is not allowed"),
    ],
)
def test_a_result_that_cannot_be_used_is_fetched_by_the_next_run(
    result: str, status: Status, told: str, tmp_path: Path
) -> None:
    async def work() -> None:
        async with JobVendor(states=["succeeded"], result=result) as vendor:
            choice = choice_of(order_of(vendor))
            first = await make(tmp_path, choice)
            assert first.status is status
            assert told in first.message
            assert in_ledger(tmp_path).state == "uncertain"
            vendor.result = "good"
            second = await make(tmp_path, choice)
            assert second.status is Status.MADE, second.message
            assert vendor.jobs == ["job-1"]
            assert vendor.keys_leaked == []

    asyncio.run(work())


def test_a_job_that_failed_unpaid_is_handed_in_anew_by_the_next_run(tmp_path: Path) -> None:
    async def work() -> None:
        async with JobVendor(states=["failed", "succeeded"]) as vendor:
            choice = choice_of(order_of(vendor))
            assert (await make(tmp_path, choice)).status is Status.FAILED
            second = await make(tmp_path, choice)
            assert (second.status, second.cost_usd_micros) == (Status.MADE, 500_000)
            assert vendor.jobs == ["job-1", "job-2"]

    asyncio.run(work())


def test_a_job_over_the_budget_is_not_handed_in(tmp_path: Path) -> None:
    async def work() -> None:
        async with JobVendor() as vendor:
            result = await make(tmp_path, choice_of(order_of(vendor)), budget=499_999)
            assert result.status is Status.OVER_BUDGET
            assert vendor.seen == []

    asyncio.run(work())


def test_a_redirect_to_an_allowed_host_is_followed(tmp_path: Path) -> None:
    result = run(tmp_path, JobVendor(states=["succeeded"], result="redirect"))
    assert result.status is Status.MADE, result.message


@pytest.mark.parametrize(
    ("submit", "status", "state", "told"),
    [
        ("500", Status.FAILED, "failed", "HTTP 500"),
        ("402", Status.FAILED, "failed", "out of money"),
        ("refused", Status.REFUSED, "refused", "SensitiveContent"),
        ("html", Status.UNCERTAIN, "uncertain", "not JSON"),
        ("no_id", Status.FAILED, "uncertain", "no job's id"),
        ("odd_id", Status.FAILED, "uncertain", "no job's id"),
    ],
)
def test_a_job_that_is_not_taken(
    submit: str, status: Status, state: str, told: str, tmp_path: Path
) -> None:
    vendor = JobVendor(submit=submit)
    result = run(tmp_path, vendor)
    assert (result.status, in_ledger(tmp_path).state) == (status, state), result.message
    assert told in result.message
    assert len(vendor.jobs) == (1 if state == "uncertain" else 0)
    assert vendor.polls() == []


def test_a_mended_profile_finds_the_id_in_the_kept_answer(tmp_path: Path) -> None:
    wrong = tmp_path / "service.toml"

    async def work() -> None:
        async with JobVendor(states=["succeeded"]) as vendor:
            order = order_of(vendor) | {"profile": str(wrong)}
            text = profile_text()
            wrong.write_text(text.replace('id = "id"\ndurations', 'id = "task_id"\ndurations'))
            first = await make(tmp_path, choice_of(order))
            assert "no job's id at 'task_id'" in first.message
            wrong.write_text(text)
            second = await make(tmp_path, choice_of(order))
            assert second.status is Status.MADE, second.message
            assert vendor.jobs == ["job-1"]

    asyncio.run(work())


def test_a_result_inside_the_state(tmp_path: Path) -> None:
    """Bytes in base64, and a cost that the service tells."""
    body = '"status": "succeeded", "id": "a", "cost": 0.25, "film": {"data": "%s"}'
    profile = read_profile("seedance").model_copy(
        update={"result": Result(base64=("film.data",)), "meter": Meter(cost_usd="cost")}
    )
    document = json.loads("{" + body % base64.b64encode(an_mp4()).decode() + "}")
    data = inline_file(document, profile, "m")
    kept = pack(document, data)
    usage = read_usage(kept, profile, 5)
    assert usage.cost_usd_micros == 250_000
    assert read_video(kept, usage=usage, model="m").data == an_mp4()
    assert len(kept) < 2 * len(an_mp4())


IMAGES = """
title = "A service of pictures"
makes = "image"
sources = ["this test"]
[server]
base_url = "https://pictures.example/v1"
[submit]
path = "tasks"
id = "id"
body = { model = "{model}", text = "{prompt}", size = "{width_px}*{height_px}" }
[poll]
path = "contents/generations/tasks/{id}"
status = "status"
words = { running = ["running"], succeeded = ["succeeded"] }
[result]
url = ["content.video_url"]
"""


def test_pictures_by_a_profile_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "pictures.toml"
    file.write_text(IMAGES)

    async def work() -> None:
        async with JobVendor(result="png") as vendor:
            order = order_of(vendor) | {"profile": str(file)}
            ledger = Ledger(tmp_path / "ledger.db", lambda: 1e9)
            till = Till(
                ledger, AssetStore(tmp_path / "store"), Purse(campaign="C"), sleep=short_sleep
            )
            handle = open_provider(choice_of(order), "image")
            assert handle.close is not None
            request = ImageRequest(prompt="a lamp", width_px=512, height_px=256)
            result = await make_image(Calls(till), handle, request)
            await handle.close()
            ledger.close()
            assert result.status is Status.MADE, result.message
            assert result.answer is not None
            assert result.answer.data == a_png()
            assert vendor.seen[0].body == {"text": "a lamp", "size": "512*256"}

    asyncio.run(work())


@pytest.mark.parametrize(
    ("parameters", "base_url", "told"),
    [
        ({}, "", "write one of fal, fal-music"),
        ({"profile": "nobody"}, "", "is not known"),
        ({"profile": "/nowhere/x.toml"}, "", "cannot be read"),
        ({"profile": "veo", "deadline_s": "long"}, "", "write a number"),
        ({"profile": "veo"}, "http://shop.example/v1", "jobs go over https"),
        ({"profile": "veo"}, "https://me@shop.example/v1", "write it like"),
        ({"profile": "fal"}, "", "name the model"),
    ],
)
def test_settings_that_do_not_fit(parameters: dict[str, Any], base_url: str, told: str) -> None:
    choice = ProviderChoice(name="job", base_url=base_url, parameters=parameters)
    with pytest.raises(CampaignError, match=told):
        open_provider(choice, "video")


def test_a_profile_with_a_fault_says_where(tmp_path: Path) -> None:
    file = tmp_path / "odd.toml"
    for text, told in (
        ("title = ", "is not TOML"),
        (IMAGES.replace('status = "status"', 'statsu = "status"'), "poll.status"),
        (IMAGES.replace('url = ["content.video_url"]', ""), "needs url, base64 or path"),
    ):
        file.write_text(text)
        with pytest.raises(CampaignError, match=told):
            open_provider(ProviderChoice(name="job", parameters={"profile": str(file)}), "image")


def test_the_profile_in_the_documentation_can_be_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "providers.md").read_text(encoding="utf-8")
    example = page.partition("### Writing a profile")[2].partition("```toml\n")[2]
    file = tmp_path / "documented.toml"
    file.write_text(example.partition("```")[0])
    profile = read_profile(str(file))
    assert profile.poll.words.refused == ("blocked",)
    assert profile.meter.cost_usd == "job.cost"


def test_the_vendors_own_key_goes_to_the_vendor_alone() -> None:
    own = ProviderChoice(name="job", parameters={"profile": "veo"})
    other = ProviderChoice(
        name="job", base_url="https://gateway.example/v1", parameters={"profile": "veo"}
    )
    assert parse_settings(own).key == "env:GEMINI_API_KEY"
    assert parse_settings(other).key == ""


@pytest.mark.parametrize(
    ("state", "answers"), [("vanished", True), ("401", False), ("503", False)]
)
def test_asking_whether_it_is_there_costs_nothing(state: str, *, answers: bool) -> None:
    async def work() -> None:
        async with JobVendor(states=[state]) as vendor:
            handle = open_provider(choice_of(order_of(vendor)), "video")
            assert handle.probe is not None
            assert handle.close is not None
            assert (await handle.probe()).answers is answers
            await handle.close()
            assert vendor.jobs == []

    asyncio.run(work())


def in_process(folder: Path, vendor: JobVendor, spot: str) -> Any:
    """How the program ended; None when it killed itself."""
    order = order_of(vendor) | {"folder": str(folder), "spot": spot}
    done = subprocess.run(
        [sys.executable, "-m", "tests.doubles.film_job", json.dumps(order)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "JOB_KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode == -signal.SIGKILL:
        return None
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("spot", ["ledger.pending:1", "ledger.pending:2", "till.kept:1"])
def test_killed_after_the_job_was_taken_it_is_asked_after_and_not_handed_in_again(
    spot: str, tmp_path: Path
) -> None:
    vendor = JobVendor(charges_file=tmp_path / "charges")
    with serving(vendor):
        assert in_process(tmp_path, vendor, spot) is None
        assert (tmp_path / "charges").read_text() == "job-1\n"
        if spot == "ledger.pending:1":
            assert vendor.polls() == []  # the id was kept before the first question
        assert in_process(tmp_path, vendor, "none:1") == ["made", len(an_mp4())]
    assert (tmp_path / "charges").read_text() == "job-1\n"
    assert KEY.encode() not in b"".join(
        file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file()
    )


def test_killed_while_the_job_was_on_its_way_it_is_held_back(tmp_path: Path) -> None:
    vendor = JobVendor(charges_file=tmp_path / "charges")
    with serving(vendor):
        assert in_process(tmp_path, vendor, "ledger.sent:1") is None
        assert in_process(tmp_path, vendor, "none:1") == ["uncertain", 0]
    assert vendor.jobs == []
