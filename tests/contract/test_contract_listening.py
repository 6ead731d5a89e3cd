"""Moderation and transcription by OpenAI's shape: real SDK, real HTTP, whole runs."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from openai.types import moderation_create_params
from openai.types.audio import transcription_create_params
from pydantic import ConfigDict, TypeAdapter

from handbill.domain.campaign import ProviderChoice
from handbill.domain.sound import WordEvent
from handbill.errors import BadAnswer
from handbill.press.hearing import likeness, timed_words
from handbill.press.outcome import RunResult
from handbill.press.request import RunRequest
from handbill.providers.listening import ModerationRequest, TranscriptionRequest
from handbill.providers.ports import ProviderHandle
from handbill.providers.registry import open_provider
from handbill.settings import read_settings
from handbill.studio import Studio
from tests.doubles.killing import serving
from tests.doubles.vendor_answers import a_png, a_wav
from tests.doubles.vendor_server import VendorServer

SHEET = "id,product,description\nlamp,Tide Lamp,A small lamp for boats.\n"


def opened(server: VendorServer) -> ProviderHandle:
    return open_provider(ProviderChoice(name="openai", base_url=server.base_url), "moderation")


def run(folder: Path, home: Path, placement: str, choice: str) -> RunResult:
    folder.mkdir(exist_ok=True)
    (folder / "briefs.csv").write_text(SHEET)
    (folder / "campaign.toml").write_text(
        'campaign = "Seen"\nsheet = "briefs.csv"\nlocales = ["en"]\n'
        f'placements = ["{placement}"]\n[providers]\n{choice}\n'
    )
    environment = {"HANDBILL_HOME": str(home), "HANDBILL_WORKERS": "1"}
    studio = Studio(read_settings(environment), clock=lambda: 1_800_000_000.0)
    try:
        request = RunRequest(target=str(folder))
        reading = studio.begin(request, None)
        return studio.make(request, reading, started="x", moment=lambda: "y")
    finally:
        studio.close()


def chosen(capability: str, server: VendorServer) -> str:
    return f'{capability} = {{ name = "openai", base_url = "{server.base_url}" }}'


def test_words_and_posters_are_moderated_and_what_is_flagged_is_blocked(tmp_path: Path) -> None:
    with serving(VendorServer()) as server:
        ask = chosen("moderation", server)
        good = run(tmp_path / "c", tmp_path / "home", "instagram.feed_image", ask)
        assert good.statuses == {"made": 1}
        body = server.seen[-1].body
        kind: Any = moderation_create_params.ModerationCreateParams
        kind.__pydantic_config__ = ConfigDict(extra="forbid")
        TypeAdapter(kind).validate_python(body)
        text, picture = body["input"]
        assert "Tide Lamp" in text["text"]
        assert picture["image_url"]["url"].startswith("data:image/")
        assert (
            run(tmp_path / "c", tmp_path / "home", "instagram.feed_image", ask).cost_usd_micros
            == 0
        )
        assert len(server.seen) == 1, "a kept verdict is not asked for again"
        server.scores = {"violence": 0.9, "harassment": 0.45}
        bad = run(tmp_path / "c", tmp_path / "other", "instagram.feed_image", ask)
    assert (bad.statuses, bad.exit_code) == ({"blocked": 1}, 3)
    assert "'violence' (0.90)" in bad.messages[0][0]
    told = (Path(bad.bundle) / "outcomes.csv").read_text("utf-8-sig")
    assert "warn moderation.close" in told


def test_what_could_not_be_moderated_does_not_go_out(tmp_path: Path) -> None:
    with serving(VendorServer(faults=["401"])) as server:
        ask = chosen("moderation", server)
        unseen = run(tmp_path / "c", tmp_path / "home", "sms.text", ask)
        assert (unseen.statuses, unseen.exit_code) == ({"failed": 1}, 50)
        assert "it could not be moderated" in unseen.messages[0][0]
        assert run(tmp_path / "c", tmp_path / "home", "sms.text", ask).statuses == {"made": 1}


def test_a_moderation_without_a_result_is_a_bad_answer() -> None:
    async def work() -> None:
        async with VendorServer() as server:
            handle = opened(server)
            moderator = handle.moderation
            assert moderator is not None
            assert handle.close is not None
            request = ModerationRequest(text="a", picture=a_png(), picture_mime="image/png")
            call = moderator.prepare_moderation(request)
            assert call.parse((await call.send("")).body).flagged == ()
            with pytest.raises(BadAnswer):
                call.parse(b'{"results": []}')
            await handle.close()

    asyncio.run(work())


def test_a_sound_is_listened_to_with_its_words() -> None:
    words = [
        {"word": "A", "start": 0.0, "end": 0.03},
        {"word": "lamp", "start": 0.03, "end": 0.09},
    ]

    async def work() -> None:
        async with VendorServer(heard={"text": "A lamp.", "words": [*words, {}]}) as server:
            handle = opened(server)
            listener = handle.transcription
            assert listener is not None
            assert handle.close is not None
            wav = a_wav(streamed=False)
            call = listener.prepare_transcription(TranscriptionRequest(wav=wav, locale="en-GB"))
            answer = call.parse((await call.send("")).body)
            assert (answer.text, len(answer.words)) == ("A lamp.", 2)
            assert answer.words[1] == WordEvent(text="lamp", start_ms=30, end_ms=90)
            with pytest.raises(BadAnswer):
                call.parse(b"{}")
            sent = json.dumps(server.seen[0].body)
            await handle.close()
        assert sent

    asyncio.run(work())
    known = set(transcription_create_params.TranscriptionCreateParamsBase.__annotations__)
    assert {"model", "language", "response_format", "timestamp_granularities", "file"} <= known


def said(*words: tuple[str, int, int]) -> tuple[WordEvent, ...]:
    return tuple(WordEvent(text=text, start_ms=start, end_ms=end) for text, start, end in words)


def test_words_that_were_heard_otherwise_share_the_time_between_their_neighbours() -> None:
    heard = said(
        ("just", 100, 300), ("nineteen", 300, 600), ("euros", 600, 900), ("today", 900, 1200)
    )
    timed = timed_words("Just €19.00 now today!", heard, 1300)
    assert [word.text for word in timed] == ["Just", "€19.00", "now", "today!"]
    assert [(word.start_ms, word.end_ms) for word in timed] == [
        (100, 300), (300, 600), (600, 900), (900, 1200),
    ]  # fmt: skip
    assert timed_words("一句话", heard, 1300) == ()
    assert timed_words("Two words", (), 1300) == ()


def test_another_script_is_not_taken_for_the_same() -> None:
    assert likeness("A small lamp for boats.", "a small lamp, for boats") == 1.0
    assert likeness("A small lamp for boats.", "Thank you for watching!") < 0.6
