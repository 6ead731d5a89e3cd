"""Music by a job profile, over real HTTP, made to fit whatever length comes."""

from __future__ import annotations

import asyncio
import io
import math
import struct
import wave
from pathlib import Path
from typing import Any

import pytest

from handbill.domain.order import Status
from handbill.errors import BadAnswer, CapabilityMissing
from handbill.press.calls import CallResult, Calls, compose
from handbill.press.purse import Purse
from handbill.press.till import Till
from handbill.providers.ports import MusicAnswer, MusicRequest, ProviderHandle
from handbill.providers.registry import open_provider
from handbill.providers.testing import check_provider
from handbill.store import AssetStore
from handbill.store.ledger import Ledger
from tests.doubles.film_job import choice_of, short_sleep
from tests.doubles.job_vendor import KEY, JobVendor

REQUEST = MusicRequest(mood="warm", duration_ms=7_300, bpm=96, seed=3)


def a_tune(length_s: float, rate_hz: int = 44_100) -> bytes:
    """A mono WAV as vendors send it."""
    sound = io.BytesIO()
    tone = (round(9000 * math.sin(n / 20)) for n in range(round(length_s * rate_hz)))
    with wave.open(sound, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate_hz)
        writer.writeframes(b"".join(struct.pack("<h", sample) for sample in tone))
    return sound.getvalue()


def opened(vendor: JobVendor) -> ProviderHandle:
    order = {
        "profile": "fal-music",
        "base_url": vendor.base_url,
        "key": "env:JOB_KEY",
        "parameters": {"result_hosts": "localhost", "usd_per_call": 0.02},
    }
    return open_provider(choice_of(order), "music")


async def composed(vendor: JobVendor, folder: Path) -> CallResult[MusicAnswer]:
    ledger = Ledger(folder / "ledger.db", lambda: 0.0)
    till = Till(ledger, AssetStore(folder / "store"), Purse(campaign="C"), sleep=short_sleep)
    handle = opened(vendor)
    assert handle.close is not None
    try:
        return await compose(Calls(till), handle, REQUEST, row="lamp")
    finally:
        await handle.close()
        ledger.close()


def run(vendor: JobVendor, folder: Path, times: int = 1) -> list[CallResult[MusicAnswer]]:
    async def work() -> list[CallResult[MusicAnswer]]:
        async with vendor:
            return [await composed(vendor, folder) for _ in range(times)]

    return asyncio.run(work())


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOB_KEY", KEY)


@pytest.mark.parametrize("length_s", [12.0, 3.0])
def test_music_has_the_length_that_was_asked_for_and_is_paid_once(
    tmp_path: Path, length_s: float
) -> None:
    vendor = JobVendor(film=a_tune(length_s), music=True)
    result, again = run(vendor, tmp_path, times=2)
    assert result.status is Status.MADE, result.message
    assert result.answer is not None
    with wave.open(io.BytesIO(result.answer.wav)) as sound:
        assert (sound.getnchannels(), sound.getframerate()) == (2, 48_000)
        assert sound.getnframes() == 7_300 * 48
        samples = sound.readframes(sound.getnframes())
    last = struct.unpack("<200h", samples[-400:])
    assert max(last) < 100 or length_s < 7.3, "it fades out where it was cut"
    assert result.cost_usd_micros == 20_000
    assert "Stable Audio" in result.answer.licence
    asked = next(each for each in vendor.seen if each.method == "POST")
    assert asked.path == "/api/fal-ai/stable-audio"
    assert asked.body["seconds_total"] == 8
    assert "warm" in asked.body["prompt"]
    assert "96 BPM" in asked.body["prompt"]
    assert (again.reused, again.cost_usd_micros, len(vendor.jobs)) == (True, 0, 1)
    assert again.answer == result.answer


def test_what_is_no_sound_is_refused_before_it_is_kept(tmp_path: Path) -> None:
    vendor = JobVendor(result="html", music=True)
    (result,) = run(vendor, tmp_path)
    assert result.status is Status.FAILED
    assert "not a whole music" in result.message


def test_a_sound_that_cannot_be_read_is_a_bad_answer() -> None:
    call = opened_alone().prepare_music(REQUEST)
    with pytest.raises(BadAnswer, match="no sound"):
        call.parse(b"{}\nRIFF" + b"\0" * 400)


def test_music_keeps_the_contract() -> None:
    async def work() -> tuple[str, ...]:
        async with JobVendor(film=a_tune(5.0), music=True, states=["succeeded"]) as vendor:
            return await check_provider(opened(vendor))

    kept = asyncio.run(work())
    assert "its music has the length that was asked for, and a licence" in kept


def test_it_cannot_be_asked_at_once() -> None:
    with pytest.raises(CapabilityMissing, match="let the press wait"):
        asyncio.run(opened_alone().compose(REQUEST))


def opened_alone() -> Any:
    order = {"profile": "fal-music", "base_url": "https://x.example", "parameters": {}}
    return open_provider(choice_of(order), "music").music
