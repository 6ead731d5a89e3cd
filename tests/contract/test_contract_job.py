"""Six services by their profiles, over real HTTP, each at a double that speaks its own JSON."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest

from handbill.domain.campaign import ProviderChoice
from handbill.domain.order import Status
from handbill.press.calls import CallResult
from handbill.providers.job.profile import profile_names
from handbill.providers.ports import VideoAnswer, VideoRequest
from handbill.providers.registry import open_provider
from handbill.providers.testing import check_provider
from handbill.store.ledger import Ledger
from handbill.store.ledger_facts import LedgerCall, calls_of
from tests.doubles.film_job import REQUEST, choice_of, make
from tests.doubles.job_vendor import KEY, JobVendor, an_mp4

MODELS = {
    "fal": "fal-ai/film/fast/text-to-video",
    "openai-videos": "wan",
    "replicate": "owner/film",
    "runway": "",
    "seedance": "",
    "veo": "",
}
PATHS = {
    "fal": ("", "/api/fal-ai/film/fast/text-to-video", "/api/fal-ai/film/requests/job-1/status"),
    "openai-videos": ("", "/api/videos", "/api/videos/job-1"),
    "replicate": ("", "/api/models/owner/film/predictions", "/api/predictions/job-1"),
    "runway": ("", "/api/text_to_video", "/api/tasks/job-1"),
    "seedance": ("", "/api/contents/generations/tasks", "/api/contents/generations/tasks/job-1"),
    "veo": (
        "/v1beta",
        "/api/v1beta/models/veo-3.1-fast-generate-preview:predictLongRunning",
        "/api/v1beta/models/veo-3.1-fast-generate-preview/operations/job-1",
    ),
}
NAMES = sorted(MODELS)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOB_KEY", KEY)


def order_of(vendor: JobVendor, name: str, **parameters: Any) -> dict[str, Any]:
    return {
        "profile": name,
        "model": MODELS[name],
        "base_url": vendor.base_url + PATHS[name][0],
        "key": "env:JOB_KEY",
        "parameters": {"result_hosts": "localhost", "deadline_s": 60, **parameters},
    }


async def made(
    vendor: JobVendor,
    folder: Path,
    name: str,
    request: VideoRequest = REQUEST,
    policy: str = "hold",
    **parameters: Any,
) -> CallResult[VideoAnswer]:
    choice = choice_of(order_of(vendor, name, **parameters))
    return await make(folder, choice, request=request, policy=policy)


def in_ledger(folder: Path) -> LedgerCall:
    ledger = Ledger(folder / "ledger.db", lambda: 0.0)
    (call,) = calls_of(ledger.engine)
    ledger.close()
    return call


def run(folder: Path, name: str, vendor: JobVendor, **more: Any) -> CallResult[VideoAnswer]:
    async def work() -> CallResult[VideoAnswer]:
        async with vendor:
            return await made(vendor, folder, name, **more)

    return asyncio.run(work())


def test_every_profile_that_comes_along_is_tested() -> None:
    assert list(profile_names()) == sorted([*NAMES, "fal-music"])


@pytest.mark.parametrize("name", NAMES)
def test_a_clip_is_made(name: str, tmp_path: Path) -> None:
    vendor = JobVendor(states=["running", "running", "succeeded"])
    result = run(tmp_path, name, vendor, usd_per_second=0.1)
    assert result.status is Status.MADE, result.message
    assert result.answer is not None
    assert result.answer.data == an_mp4()
    assert result.answer.mime == "video/mp4"
    _, submit, poll = PATHS[name]
    assert vendor.seen[0].path == submit
    assert [each.path for each in vendor.seen if each.path == poll] == [poll] * 3
    assert len(vendor.jobs) == 1
    assert vendor.keys_leaked == []
    assert all(KEY in " ".join(each.headers.values()) for each in vendor.polls())
    call = in_ledger(tmp_path)
    assert call.state == "done"
    assert KEY not in repr(call)
    assert call.spent_micros == result.cost_usd_micros in (500_000, 600_000)  # 5 s, or the next: 6


@pytest.mark.parametrize("name", NAMES)
def test_a_clip_is_paid_once_for_all_runs(name: str, tmp_path: Path) -> None:
    async def twice() -> tuple[CallResult[VideoAnswer], CallResult[VideoAnswer]]:
        async with JobVendor() as other:
            first = await made(other, tmp_path, name)
            second = await made(other, tmp_path, name)
            assert len(other.jobs) == 1
            return first, second

    first, second = asyncio.run(twice())
    assert second.reused
    assert first.answer == second.answer


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("state", "status"), [("failed", Status.FAILED), ("refused", Status.REFUSED)]
)
def test_a_job_that_ends_without_a_clip(
    name: str, state: str, status: Status, tmp_path: Path
) -> None:
    result = run(tmp_path, name, JobVendor(states=["running", state]), usd_per_second=0.1)
    assert (result.status, result.answer) == (status, None), result.message
    call = in_ledger(tmp_path)
    charged = name == "runway" and state == "refused"
    assert call.state == str(status)
    assert call.reserved_micros == 0
    assert call.spent_micros == (600_000 if charged else 0)
    assert "job-1" in result.message


@pytest.mark.parametrize("name", NAMES)
def test_a_job_that_vanished_is_held_back(name: str, tmp_path: Path) -> None:
    vendor = JobVendor(states=["running", "vanished"])
    result = run(tmp_path, name, vendor, usd_per_second=0.1)
    assert result.status is Status.UNCERTAIN
    assert "does not know this job" in result.message
    call = in_ledger(tmp_path)
    assert call.state == "uncertain"
    assert call.reserved_micros in (500_000, 600_000)
    assert "job-1" in call.pending


def test_a_job_that_expired_is_held_back(tmp_path: Path) -> None:
    for name in ("seedance", "openai-videos"):
        (tmp_path / name).mkdir()
        result = run(tmp_path / name, name, JobVendor(states=["expired"]))
        assert (result.status, in_ledger(tmp_path / name).state) == (Status.UNCERTAIN, "uncertain")
        assert "expired" in result.message


@pytest.mark.parametrize("name", NAMES)
def test_a_slow_job_is_asked_after_by_the_next_run(name: str, tmp_path: Path) -> None:
    async def work() -> None:
        async with JobVendor(states=["running", "succeeded"]) as vendor:
            first = await made(vendor, tmp_path, name, deadline_s=1)
            assert first.status is Status.FAILED
            assert "the next run asks after it" in first.message
            assert in_ledger(tmp_path).state == "uncertain"
            second = await made(vendor, tmp_path, name, deadline_s=60)
            assert second.status is Status.MADE, second.message
            assert len(vendor.jobs) == 1

    asyncio.run(work())


def test_resend_hands_a_lost_job_in_again(tmp_path: Path) -> None:
    vendor = JobVendor(states=["vanished", "running", "succeeded"])
    result = run(tmp_path, "seedance", vendor, policy="resend", usd_per_second=0.1)
    assert result.status is Status.MADE, result.message
    assert vendor.jobs == ["job-1", "job-2"]
    assert in_ledger(tmp_path).spent_micros == 1_000_000  # the lost one counts as paid


def test_requests_say_what_the_services_document(tmp_path: Path) -> None:
    bodies = {}
    for name in NAMES:
        (tmp_path / name).mkdir()
        vendor = JobVendor()
        run(tmp_path / name, name, vendor, extra_word="loud")
        bodies[name] = vendor.seen[0].body
    prompt = REQUEST.prompt
    assert bodies["veo"] == {
        "instances": [{"prompt": prompt}],
        "parameters": {"aspectRatio": "16:9", "durationSeconds": 6, "extra_word": "loud"},
    }
    assert bodies["seedance"]["content"] == [{"type": "text", "text": prompt}]
    assert (bodies["seedance"]["ratio"], bodies["seedance"]["duration"]) == ("16:9", 5)
    assert bodies["fal"] == {"prompt": prompt, "aspect_ratio": "16:9", "extra_word": "loud"}
    assert bodies["replicate"]["input"]["extra_word"] == "loud"
    assert bodies["runway"]["promptText"] == prompt
    assert bodies["runway"]["ratio"] == "1280:720"
    form = base64.b64decode(bodies["openai-videos"]["multipart"]).decode()
    for part in ('name="prompt"\r\n\r\n' + prompt, 'name="size"\r\n\r\n1280x720', "wan"):
        assert part in form


def test_a_picture_goes_where_the_service_takes_it(tmp_path: Path) -> None:
    request = VideoRequest(
        prompt="p", width_px=720, height_px=1280, duration_s=4, reference_png=b"\x89PNG"
    )
    url = "data:image/png;base64," + base64.b64encode(b"\x89PNG").decode()
    found = {}
    for name in ("veo", "seedance", "fal", "replicate", "runway"):
        (tmp_path / name).mkdir()
        vendor = JobVendor()
        run(tmp_path / name, name, vendor, request=request)
        found[name] = vendor.seen[0]
    image = found["veo"].body["instances"][0]["image"]
    assert image == {"bytesBase64Encoded": url.partition(",")[2], "mimeType": "image/png"}
    assert found["seedance"].body["content"][1]["image_url"] == {"url": url}
    assert found["fal"].body["image_url"] == found["replicate"].body["input"]["image"] == url
    assert found["runway"].path == "/api/image_to_video"
    result = run(tmp_path, "openai-videos", JobVendor(), request=request)
    assert result.status is Status.BLOCKED
    assert "takes no picture" in result.message


def test_tokens_of_the_vendor_are_what_is_paid(tmp_path: Path) -> None:
    result = run(tmp_path, "seedance", JobVendor(), usd_per_output_mtok=2.5)
    assert result.cost_usd_micros == 272_250
    assert result.answer is not None
    assert result.answer.usage.units == {"second": 5, "output_tokens": 108900}


@pytest.mark.parametrize("name", NAMES)
def test_every_service_keeps_the_contract(name: str) -> None:
    async def work() -> tuple[str, ...]:
        async with JobVendor() as vendor:
            return await check_provider(open_provider(choice_of(order_of(vendor, name)), "video"))

    assert "its clips are films that can be read" in asyncio.run(work())


def test_a_house_film_needs_no_clips() -> None:
    assert open_provider(ProviderChoice(name="house"), "video").video is None
