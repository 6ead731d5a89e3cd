"""OpenAI's adapter against a real HTTP server of its shape, and against the SDK's own types."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import logging
import re
import resource
import time
import wave
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from openai.types import image_edit_params, image_generate_params
from openai.types.audio import speech_create_params
from openai.types.chat import completion_create_params
from openai.types.responses import response_create_params
from pydantic import ConfigDict, TypeAdapter

from handbill.domain.campaign import ProviderChoice
from handbill.errors import (
    AuthRejected,
    BadAnswer,
    CampaignError,
    CapabilityMissing,
    ContentRefused,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    Transient,
    Unavailable,
)
from handbill.providers.openai.schema import schema_for
from handbill.providers.ports import (
    CopyAnswer,
    ImageRequest,
    PreparesCopy,
    PreparesImage,
    PreparesSpeech,
    ProviderHandle,
    SpeechRequest,
)
from handbill.providers.registry import open_provider
from tests.doubles.asks import a_brief, a_copy_request
from tests.doubles.vendor_answers import a_png, chat_answer
from tests.doubles.vendor_server import VendorServer

T = TypeVar("T")
CANARY = "sk-canary-7f3e9a"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENDOR_KEY", CANARY)


def opened(server: VendorServer, **parameters: Any) -> ProviderHandle:
    choice = ProviderChoice(
        name="openai", base_url=server.base_url, key="env:VENDOR_KEY", parameters=parameters
    )
    return open_provider(choice, "copy")


def against(
    server: VendorServer, use: Callable[[ProviderHandle], Awaitable[T]], **parameters: Any
) -> T:
    async def run() -> T:
        async with server:
            handle = opened(server, **parameters)
            assert handle.close is not None
            try:
                return await use(handle)
            finally:
                await handle.close()

    return asyncio.run(run())


async def copy_of(handle: ProviderHandle) -> CopyAnswer:
    assert handle.copy is not None
    return await handle.copy.write_copy(a_copy_request())


@pytest.mark.parametrize("api", ["responses", "chat"])
def test_drafts_come_back_by_order_key(api: str) -> None:
    server = VendorServer()
    answer = against(server, copy_of, api=api)
    request = a_copy_request()
    assert list(answer.drafts) == [order.key for order in request.orders]
    first = answer.drafts[request.orders[0].key]
    assert first.texts["caption"] == ("A good caption at ⟦price⟧",)
    assert first.display.price == "⟦price⟧"
    assert first.hashtags == ("#one", "#two")
    assert dict(answer.usage.units) == {
        "input_tokens": 1600,
        "output_tokens": 900,
        "cache_read_tokens": 1100,
    }
    assert answer.usage.cost_usd_micros is None
    assert server.seen[0].headers["authorization"] == f"Bearer {CANARY}"


def strict(kind: Any) -> TypeAdapter[Any]:
    """A validator of the SDK's own request type that knows no other fields."""
    kind.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    return TypeAdapter(kind)


@pytest.mark.parametrize(
    ("api", "kind"),
    [
        ("responses", response_create_params.ResponseCreateParamsNonStreaming),
        ("chat", completion_create_params.CompletionCreateParamsNonStreaming),
    ],
)
def test_copy_requests_are_of_the_sdks_own_types(api: str, kind: Any) -> None:
    server = VendorServer()
    against(server, copy_of, api=api, temperature=0.7)
    body = server.seen[0].body
    strict(kind).validate_python(body)
    assert "tools" not in body
    with pytest.raises(ValueError, match="nonsense"):
        strict(kind).validate_python({**body, "nonsense": 1})


def test_picture_and_speech_requests_are_of_the_sdks_own_types() -> None:
    server = VendorServer()

    async def use(handle: ProviderHandle) -> None:
        assert handle.image is not None
        assert handle.voice is not None
        await handle.image.make_image(ImageRequest(prompt="a", width_px=1080, height_px=1350))
        await handle.voice.speak(SpeechRequest(text="Hello.", locale="en"))

    against(server, use)
    picture, speech = (seen.body for seen in server.seen)
    strict(image_generate_params.ImageGenerateParamsNonStreaming).validate_python(picture)
    strict(speech_create_params.SpeechCreateParams).validate_python(speech)
    assert picture["size"] == "1088x1360"


def test_fields_that_only_another_server_knows_go_into_every_request() -> None:
    async def use(handle: ProviderHandle) -> None:
        assert handle.image is not None
        assert handle.voice is not None
        await copy_of(handle)
        for reference in (b"", a_png()):
            request = ImageRequest(prompt="a", width_px=64, height_px=64, reference_png=reference)
            await handle.image.make_image(request)
        await handle.voice.speak(SpeechRequest(text="Hello.", locale="en"))

    for api in ("responses", "chat"):
        server = VendorServer()
        against(server, use, api=api, top_k=5, service_tier="flex")
        copy, picture, edit, speech = (seen.body for seen in server.seen)
        for body in (copy, picture, speech):
            assert (body["top_k"], body["service_tier"]) == (5, "flex")
        assert b'name="top_k"' in base64.b64decode(edit["multipart"])


def test_an_edit_sends_the_products_picture() -> None:
    server = VendorServer()

    async def use(handle: ProviderHandle) -> None:
        assert handle.image is not None
        request = ImageRequest(prompt="a", width_px=64, height_px=64, reference_png=a_png())
        await handle.image.make_image(request)

    against(server, use)
    assert server.seen[0].path.endswith("/images/edits")
    known = set(image_edit_params.ImageEditParamsNonStreaming.__annotations__)
    base = set(image_edit_params.ImageEditParamsBase.__annotations__)
    sent = base64.b64decode(server.seen[0].body["multipart"])
    names = set(re.findall(rb'name="([a-z_]+)(?:\[\])?"', sent))
    assert {name.decode() for name in names} <= known | base
    assert len(server.seen[0].body["multipart"]) > len(a_png())


def test_every_object_of_the_schema_is_strict() -> None:
    def objects(node: Any) -> Iterator[dict[str, Any]]:
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for child in node.values():
                yield from objects(child)

    request = a_copy_request("google_ads.rsa", "tiktok.video", "email.html", "xiaohongshu.note")
    found = list(objects(schema_for(tuple(order.placement for order in request.orders))))
    assert len(found) > 6
    for node in found:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])


def test_the_lasting_part_is_the_same_for_every_brief_and_stands_first() -> None:
    server = VendorServer()

    async def use(handle: ProviderHandle) -> None:
        assert handle.copy is not None
        for number in (1, 2):
            await handle.copy.write_copy(a_copy_request(brief=a_brief(number)))

    against(server, use)
    one, two = (seen.body for seen in server.seen)
    for lasting in ("instructions", "text", "prompt_cache_key", "model"):
        assert one[lasting] == two[lasting]
    assert "Tide Lamp 1" not in one["instructions"]
    assert "Tide Lamp 1" in one["input"]
    assert "19.90" not in json.dumps(one)


FAULTS: list[tuple[str, type[ProviderError], bool]] = [
    ("429", RateLimited, False),
    ("429_wait", RateLimited, False),
    ("bankrupt", QuotaExhausted, False),
    ("500", Unavailable, False),
    ("503", Unavailable, False),
    ("504", Unavailable, True),
    ("401", AuthRejected, False),
    ("400_key", AuthRejected, False),
    ("400", ProviderError, False),
    ("404", ProviderError, False),
    ("policy", ContentRefused, False),
    ("redirect", ProviderError, False),
    ("cut", Unavailable, True),
    ("hang_up", Unavailable, True),
    ("html", BadAnswer, False),
    ("garbage", BadAnswer, True),
    ("truncated", BadAnswer, True),
    ("empty", BadAnswer, True),
    ("refusal", ContentRefused, False),
    ("filtered", ContentRefused, False),
    ("too_long", BadAnswer, False),
    ("failed", BadAnswer, False),
    ("meta", BadAnswer, False),
    ("brotli", BadAnswer, True),
]


@pytest.mark.parametrize(("fault", "kind", "maybe_paid"), FAULTS)
def test_every_fault_is_typed_and_sent_once(
    fault: str, kind: type[ProviderError], *, maybe_paid: bool
) -> None:
    server = VendorServer(faults=[fault])
    with pytest.raises(ProviderError) as raised:
        against(server, copy_of)
    assert type(raised.value) is kind
    assert len(server.seen) == 1
    if isinstance(raised.value, Transient):
        assert raised.value.maybe_paid is maybe_paid
    assert raised.value.__cause__ is None


def test_the_wait_that_a_server_asks_for_is_kept() -> None:
    with pytest.raises(RateLimited) as raised:
        against(VendorServer(faults=["429_wait"]), copy_of)
    assert raised.value.retry_after_s == 1.0


def test_no_server_at_all_is_not_paid() -> None:
    choice = ProviderChoice(name="openai", base_url="http://127.0.0.1:9/v1", key="")
    handle = open_provider(choice, "copy")

    async def use() -> None:
        assert handle.close is not None
        try:
            await copy_of(handle)
        finally:
            await handle.close()

    with pytest.raises(Unavailable) as raised:
        asyncio.run(use())
    assert not raised.value.maybe_paid


def test_a_gzip_bomb_ends_small() -> None:
    server = VendorServer(faults=["gzip_bomb"])
    began = time.monotonic()
    with pytest.raises(BadAnswer, match="67108864"):
        against(server, copy_of)
    assert time.monotonic() - began < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1024 * 1024


@pytest.mark.parametrize("fault", ["picture_text", "picture_cut", "picture_bomb"])
def test_what_is_no_whole_picture_is_a_bad_answer(fault: str) -> None:
    async def use(handle: ProviderHandle) -> None:
        assert handle.image is not None
        await handle.image.make_image(ImageRequest(prompt="a", width_px=64, height_px=64))

    with pytest.raises(BadAnswer):
        against(VendorServer(faults=[fault]), use)


async def picture_of(handle: ProviderHandle) -> bytes:
    assert handle.image is not None
    answer = await handle.image.make_image(ImageRequest(prompt="a", width_px=64, height_px=64))
    assert answer.usage.units["output_image_tokens"] == 400
    return answer.data


@pytest.mark.parametrize("by_address", [False, True])
def test_pictures_come_inline_or_by_address(*, by_address: bool) -> None:
    server = VendorServer(pictures_by_address=by_address)
    assert against(server, picture_of) == a_png()
    assert len(server.charged) == 1
    fetches = [seen for seen in server.seen if seen.method == "GET"]
    assert len(fetches) == by_address
    assert all("authorization" not in seen.headers for seen in fetches)


def test_a_picture_at_a_private_address_is_not_fetched() -> None:
    with pytest.raises(ProviderError, match="image_hosts"):
        against(VendorServer(faults=["picture_elsewhere"]), picture_of)


def test_streamed_wav_without_lengths_becomes_a_clean_file() -> None:
    async def use(handle: ProviderHandle) -> bytes:
        assert handle.voice is not None
        return (await handle.voice.speak(SpeechRequest(text="Hello.", locale="en"))).wav

    with wave.open(io.BytesIO(against(VendorServer(), use))) as sound:
        assert (sound.getnchannels(), sound.getframerate()) == (1, 24_000)
        assert sound.getnframes() == 2400


def test_junk_instead_of_sound_is_a_bad_answer() -> None:
    async def use(handle: ProviderHandle) -> None:
        assert handle.voice is not None
        await handle.voice.speak(SpeechRequest(text="Hello.", locale="en"))

    with pytest.raises(BadAnswer, match="ID3"):
        against(VendorServer(faults=["sound_junk"]), use)


def test_answers_that_are_mixed_up_lacking_or_too_many_are_matched_by_key() -> None:
    request = a_copy_request("instagram.feed_image", "x.post", "linkedin.post")
    server = VendorServer()

    def muddled(body: dict[str, Any]) -> str:
        answer = json.loads(VendorServer().text_for(body))
        found = answer["placements"]
        one, two = found["instagram__feed_image"], found["x__post"]
        one["order"], two["order"] = two["order"], one["order"]
        found["facebook__post"] = dict(found["linkedin__post"])
        return json.dumps(answer)

    server.write = muddled

    async def use(handle: ProviderHandle) -> CopyAnswer:
        assert handle.copy is not None
        return await handle.copy.write_copy(request)

    answer = against(server, use)
    assert list(answer.drafts) == [request.orders[2].key]


def test_chat_servers_that_fence_their_json_are_read() -> None:
    server = VendorServer()
    server.write = lambda body: f"```json\n{VendorServer().text_for(body)}\n```"
    assert len(against(server, copy_of, api="chat").drafts) == 2
    assert chat_answer("x")["choices"][0]["finish_reason"] == "stop"


def test_the_key_appears_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown = []
    for fault in ("401", "500", "garbage", "hang_up"):
        server = VendorServer(faults=[fault])
        with pytest.raises(ProviderError) as raised:
            against(server, copy_of)
        shown += [str(raised.value), repr(raised.value), repr(raised.value.__context__)]
    handle = open_provider(ProviderChoice(name="openai", key="env:VENDOR_KEY"), "copy")
    assert isinstance(handle.copy, PreparesCopy)
    call = handle.copy.prepare_copy(a_copy_request())
    shown += [repr(handle), repr(call), caplog.text]
    assert len(shown) == 15
    assert not any(CANARY in text for text in shown)


def test_a_missing_key_is_told_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VENDOR_KEY")
    server = VendorServer()
    with pytest.raises(AuthRejected, match="VENDOR_KEY"):
        against(server, copy_of)
    assert server.seen == []


def test_the_probe_lists_models_and_their_last_day() -> None:
    async def use(handle: ProviderHandle) -> Any:
        assert handle.probe is not None
        return await handle.probe()

    probe = against(VendorServer(), use)
    assert probe.answers
    assert [(m.name, m.shuts_down_on) for m in probe.models] == [
        ("gpt-6-luna", ""),
        ("old", "2026-12-01"),
    ]


def test_equal_requests_make_equal_calls_and_other_servers_other_ones() -> None:
    one, two = (
        open_provider(ProviderChoice(name="openai", base_url=url, key="env:VENDOR_KEY"), "copy")
        for url in ("https://a.example/v1", "https://b.example/v1")
    )
    assert isinstance(one.copy, PreparesCopy)
    assert isinstance(two.copy, PreparesCopy)
    request = a_copy_request()
    assert one.copy.prepare_copy(request).content == one.copy.prepare_copy(request).content
    assert one.copy.prepare_copy(request).content != two.copy.prepare_copy(request).content


@pytest.mark.parametrize(
    ("parameters", "base_url", "named"),
    [
        ({"api": "soap"}, "", "api"),
        ({"deadline_s": "soon"}, "", "deadline_s"),
        ({"usd_per_call": -1}, "", "usd_per_call"),
        ({}, "ftp://x", "base_url"),
    ],
)
def test_settings_that_do_not_fit_are_named(
    parameters: dict[str, Any], base_url: str, named: str
) -> None:
    choice = ProviderChoice(name="openai", base_url=base_url, parameters=parameters)
    with pytest.raises(CampaignError, match=named):
        open_provider(choice, "copy")


def test_what_cannot_be_asked_is_refused_before_it_costs() -> None:
    handle = open_provider(ProviderChoice(name="openai", key="env:VENDOR_KEY"), "image")
    assert isinstance(handle.image, PreparesImage)
    assert isinstance(handle.voice, PreparesSpeech)
    with pytest.raises(CapabilityMissing, match="3:1"):
        handle.image.prepare_image(ImageRequest(prompt="a", width_px=4000, height_px=100))
    with pytest.raises(CapabilityMissing, match="4096"):
        handle.voice.prepare_speech(SpeechRequest(text="x" * 5000, locale="en"))
    assert isinstance(handle.copy, PreparesCopy)
    with pytest.raises(CapabilityMissing, match="prompt"):
        handle.copy.prepare_copy(replace(a_copy_request(), prompt=None))
