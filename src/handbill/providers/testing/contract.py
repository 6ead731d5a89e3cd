"""What every provider must hold, whoever wrote it."""

from __future__ import annotations

import io
import json
import pickle
import wave
from collections.abc import Awaitable, Callable
from typing import Any, Never

from handbill.domain.campaign import SERVICES
from handbill.domain.digest import digest
from handbill.domain.sound import Samples, wav_bytes
from handbill.errors import ProviderError
from handbill.providers.listening import (
    ModerationProvider,
    ModerationRequest,
    TranscriptionProvider,
    TranscriptionRequest,
)
from handbill.providers.ports import (
    CopyProvider,
    ImageProvider,
    MusicProvider,
    PreparesCopy,
    PreparesImage,
    PreparesMusic,
    PreparesSpeech,
    ProviderHandle,
    RawAnswer,
    VendorCall,
    VideoProvider,
    VoiceProvider,
)
from handbill.providers.testing.requests import (
    a_clip_request,
    a_copy_request,
    a_music_request,
    a_picture_request,
    a_speech_request,
)

MODES = ("offline", "live", "mock")
_RATES_HZ = range(22_050, 48_001)


class ContractBroken(AssertionError):
    """A promise that the provider does not keep; the message says which and what was found."""


async def check_provider(handle: ProviderHandle) -> tuple[str, ...]:
    """Ask `handle` for one piece of everything it can do and look at what comes.

    A provider that costs money should be pointed at a server of its own tests: every capability
    is asked twice.

    Returns:
        The promises that were looked at, in words.

    Raises:
        ContractBroken: at the first promise that is not kept.
        ProviderError: the provider could not answer at all.
    """
    kept = [_check_handle(handle)]
    checks: dict[str, Callable[[ProviderHandle, Any], Awaitable[list[str]]]] = {
        "copy": _check_copy,
        "voice": _check_voice,
        "music": _check_music,
        "image": _check_image,
        "video": _check_video,
        "moderation": _check_moderation,
        "transcription": _check_transcription,
    }
    for name, check in checks.items():
        if (port := getattr(handle, name)) is not None:
            kept += await check(handle, port)
    if handle.close is not None:
        await handle.close()
        kept.append("its connections can be given up")
    return tuple(kept)


def _check_handle(handle: ProviderHandle) -> str:
    _hold(bool(handle.name), "a handle has a name", handle.name)
    _hold(handle.mode in MODES, f"mode is one of {MODES}", handle.mode)
    able = [each for each in SERVICES if getattr(handle, each)]
    _hold(bool(able), "a handle can do something", able)
    return f"it serves {', '.join(able)}"


async def _check_copy(handle: ProviderHandle, writer: CopyProvider) -> list[str]:
    request = a_copy_request(handle.locales)
    _hold(writer.writes(request.locale), "it writes the locales that it names", request.locale)
    prepare = writer.prepare_copy if isinstance(writer, PreparesCopy) else None
    answer = await _answered(handle, prepare, writer.write_copy, request)
    wanted = {order.key for order in request.orders}
    _hold(set(answer.drafts) <= wanted, "drafts carry the keys of orders", sorted(answer.drafts))
    _hold(set(answer.drafts) == wanted, "every order has a draft", sorted(answer.drafts))
    for order in request.orders:
        draft = answer.drafts[order.key]
        _hold(draft.order_key == order.key, "a draft names its order", draft.order_key)
        known = set(order.placement.texts)
        _hold(set(draft.texts) <= known, f"texts are fields of {order.placement.id}", draft.texts)
        _hold(bool(draft.display.headline), "a draft has a headline", draft.display)
    return ["its copy is matched by order key and fills the fields of the placement"]


async def _check_voice(handle: ProviderHandle, voice: VoiceProvider) -> list[str]:
    prepare = voice.prepare_speech if isinstance(voice, PreparesSpeech) else None
    answer = await _answered(handle, prepare, voice.speak, a_speech_request())
    with wave.open(io.BytesIO(answer.wav)) as sound:
        form = (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
        length_ms = sound.getnframes() * 1000 // sound.getframerate()
    fits = form[:2] == (1, 2) and form[2] in _RATES_HZ
    _hold(fits, "speech is mono 16-bit WAV at 22 050 to 48 000 Hz", form)
    times = [(word.start_ms, word.end_ms) for word in answer.words]
    _hold(times == sorted(times), "words come in the order of their times", times)
    _hold(all(end <= length_ms + 1 for _, end in times), "words end within the sound", times)
    return ["its speech is sound that films can be cut to"]


async def _check_music(handle: ProviderHandle, music: MusicProvider) -> list[str]:
    request = a_music_request()
    prepare = music.prepare_music if isinstance(music, PreparesMusic) else None
    answer = await _answered(handle, prepare, music.compose, request)
    with wave.open(io.BytesIO(answer.wav)) as sound:
        form = (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
        length_ms = sound.getnframes() * 1000 // sound.getframerate()
    _hold(form == (2, 2, 48_000), "music is stereo 16-bit WAV at 48 000 Hz", form)
    off_ms = abs(length_ms - request.duration_ms)
    _hold(off_ms <= 1, f"music is {request.duration_ms} ms long", length_ms)
    _hold(bool(answer.licence), "music says under which licence it stands", answer.licence)
    return ["its music has the length that was asked for, and a licence"]


async def _check_image(handle: ProviderHandle, image: ImageProvider) -> list[str]:
    prepare = image.prepare_image if isinstance(image, PreparesImage) else None
    answer = await _answered(handle, prepare, image.make_image, a_picture_request())
    starts = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")
    _hold(answer.data.startswith(starts), "a picture is PNG, JPEG or WebP", answer.data[:8])
    return ["its pictures are files that can be read"]


async def _check_video(handle: ProviderHandle, video: VideoProvider) -> list[str]:
    answer = await _answered(handle, video.prepare_video, _never, a_clip_request())
    heads = (answer.data[4:8] == b"ftyp", answer.data.startswith(b"\x1aE\xdf\xa3"))
    found = ("video/mp4", "video/webm")[heads.index(True)] if any(heads) else ""
    _hold(bool(found), "a clip is MP4 or WebM", answer.data[:12])
    _hold(answer.mime == found, "a clip says what its bytes are", answer.mime)
    return ["its clips are films that can be read"]


async def _check_moderation(handle: ProviderHandle, moderator: ModerationProvider) -> list[str]:
    request = ModerationRequest(text="A small lamp for boats.")
    answer = await _answered(handle, moderator.prepare_moderation, _never, request)
    in_order = list(answer.flagged) == sorted(set(answer.flagged))
    _hold(in_order, "flagged categories come once each, sorted", answer.flagged)
    scores = all(0 <= score <= 1 for score in answer.scores.values())
    _hold(scores, "scores go from 0 to 1", dict(answer.scores))
    return ["its verdicts name categories and scores"]


async def _check_transcription(
    handle: ProviderHandle, listener: TranscriptionProvider
) -> list[str]:
    wav = wav_bytes(Samples(pcm=b"\0\0" * 24_000, rate_hz=24_000, channels=1))
    request = TranscriptionRequest(wav=wav, locale="en")
    answer = await _answered(handle, listener.prepare_transcription, _never, request)
    times = [word.start_ms for word in answer.words]
    _hold(times == sorted(times), "heard words come in the order of their times", times)
    return ["it says what it heard, words in order"]


async def _never(request: object) -> Never:
    message = f"this is prepared, never asked for at once: {request!r}"
    raise ContractBroken(message)


async def _answered(
    handle: ProviderHandle,
    prepare: Callable[[Any], VendorCall[Any]] | None,
    ask: Callable[[Any], Awaitable[Any]],
    request: Any,
) -> Any:
    """One answer; through the halves of a call where the provider has them."""
    if prepare is None:
        _hold(handle.mode != "live", "a live provider prepares its calls", type(handle.copy))
        return await ask(request)
    call, again = prepare(request), prepare(request)
    name = _content_digest(call)
    _hold(name == _content_digest(again), "equal requests make equal calls", call.content)
    _hold(call.provider == handle.name, "a call carries the provider's name", call.provider)
    raw = await _fetched(call, name)
    first, second = call.parse(raw.body), call.parse(raw.body)
    same = pickle.dumps(first) == pickle.dumps(second)
    _hold(same, "the same bytes give the same answer", first)
    call.measure(raw.body)
    for odd in (b"", b"null", b"\xff\xfe", raw.body[:-1]):
        _check_odd(call, odd)
    return first


async def _fetched(call: VendorCall[Any], ticket: str) -> RawAnswer:
    raw = await call.send(ticket)
    while raw.pending:
        _hold(call.collect is not None, "what is left pending can be collected", raw.pending)
        assert call.collect is not None  # noqa: S101 - held just above
        raw = await call.collect(raw.pending)
    return raw


def _content_digest(call: VendorCall[Any]) -> str:
    try:
        return digest(call.content)
    except TypeError as fault:
        message = f"a call's content is in JSON's own types: {fault}"
        raise ContractBroken(message) from None


def _check_odd(call: VendorCall[Any], body: bytes) -> None:
    """Odd bytes are measured without a fault, and read with a typed one or none."""
    try:
        call.measure(body)
    except Exception as fault:
        message = f"measuring {body[:20]!r} raised {type(fault).__name__}; it must never raise"
        raise ContractBroken(message) from fault
    try:
        call.parse(body)
    except ProviderError:
        return
    except Exception as fault:
        message = f"reading {body[:20]!r} raised {type(fault).__name__}, not a ProviderError"
        raise ContractBroken(message) from fault


def _hold(kept: bool, promise: str, found: object) -> None:  # noqa: FBT001 - reads as a sentence
    if not kept:
        shown = json.dumps(found, default=repr)[:300]
        message = f"{promise}; found: {shown}"
        raise ContractBroken(message)
