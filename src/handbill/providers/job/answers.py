"""Reading what a service says of a job, and the form in which a result is kept.

A kept result is one line of JSON, the service's last word, and behind it the file as it came.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from handbill.domain.money import usd_micros
from handbill.errors import BadAnswer, ContentRefused
from handbill.providers.job.documents import find, first_text, place, word_at
from handbill.providers.job.faults import holds, says, words_of
from handbill.providers.job.media import image_mime, video_mime
from handbill.providers.job.profile import Profile
from handbill.providers.job.sounds import fitted_wav
from handbill.providers.ports import ImageAnswer, MusicAnswer, Usage, VideoAnswer

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~/=-]{0,399}")
_MOST_NOTED_CHARS = 64 * 1024


class State(StrEnum):
    """Where a job stands."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUSED = "refused"
    EXPIRED = "expired"


def note_of(body: bytes, document: Any, profile: Profile) -> str:
    """What the ledger keeps of the answer to a request: all of it, unless it is very long."""
    text = body.decode("utf-8", errors="replace")
    if len(text) <= _MOST_NOTED_CHARS:
        return text
    note: dict[str, Any] = {}  # some services repeat the whole request, pictures included
    place(note, profile.submit.id, find(document, profile.submit.id))
    return json.dumps(note)


def job_id(note: str, profile: Profile, model: str) -> str:
    """The job's id in the answer to its request.

    Raises:
        BadAnswer: there is none that could stand in an address.
    """
    try:
        found = find(json.loads(note), profile.submit.id)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, str) or not _ID.fullmatch(found) or ".." in found or "//" in found:
        raise BadAnswer(
            f"the answer holds no job's id at {profile.submit.id!r}: {note[:120]!r}",
            provider="job",
            model=model,
        )
    return found


def state_of(document: Any, id_: str, profile: Profile, model: str) -> State:
    """Where the job stands.

    Raises:
        BadAnswer: it is another job's state, or a word that the profile does not know.
    """
    poll, trouble = profile.poll, profile.trouble
    if poll.id and (named := find(document, poll.id)) != id_:
        message = f"asked after the job {id_!r}, and the state of {named!r} came"
        raise BadAnswer(message, provider="job", model=model)
    if holds(document, trouble.refused_when):
        return State.REFUSED
    word = word_at(document, poll.status)
    found = next((state for state in State if word in getattr(poll.words, state)), None)
    if holds(document, trouble.failed_when):
        found = State.FAILED
    if found is None:
        message = f"the job's state {word!r} is not known to the profile"
        raise BadAnswer(message, provider="job", model=model)
    refused = found is State.FAILED and says(words_of(document, trouble), trouble.refused_words)
    return State.REFUSED if refused else found


def inline_file(document: Any, profile: Profile, model: str) -> bytes:
    """The file that stands in `document` itself, taken out of it; empty when none does.

    Raises:
        BadAnswer: what stands there is not base64.
    """
    path = next((each for each in profile.result.base64 if first_text(document, [each])), "")
    if not path:
        return b""
    try:
        data = base64.b64decode(first_text(document, [path]), validate=True)
    except binascii.Error:
        raise BadAnswer("the result is not base64", provider="job", model=model) from None
    place(document, path, "")
    return data


def pack(document: Any, data: bytes, *, refused: str = "") -> bytes:
    """The form that is kept."""
    head = {"document": document, "refused": refused}
    return json.dumps(head, sort_keys=True).encode() + b"\n" + data


def read_usage(body: bytes, profile: Profile, seconds: int) -> Usage:
    """What a kept result used."""
    head, _ = _unpack(body)
    document = head.get("document")
    units = {"second": seconds} if seconds else {}
    for unit, path in profile.meter.units.items():
        count = find(document, path)
        if isinstance(count, int | float) and not isinstance(count, bool):
            units[unit] = math.ceil(count)
    cost = find(document, profile.meter.cost_usd) if profile.meter.cost_usd else None
    told = isinstance(cost, int | float) and not isinstance(cost, bool)
    micros = usd_micros(cost) if told and cost is not None else None
    return Usage(units=MappingProxyType(units), cost_usd_micros=micros)


def read_video(body: bytes, *, usage: Usage, model: str) -> VideoAnswer:
    """The clip in a kept result.

    Raises:
        BadAnswer, ContentRefused: there is none.
    """
    data = _file(body, model)
    mime = video_mime(data)
    if not mime:
        raise BadAnswer("what came is not a whole MP4 or WebM", provider="job", model=model)
    return VideoAnswer(data=data, mime=mime, usage=usage)


def read_image(body: bytes, *, usage: Usage, model: str) -> ImageAnswer:
    """The picture in a kept result.

    Raises:
        BadAnswer, ContentRefused: there is none.
    """
    data = _file(body, model)
    if not image_mime(data):
        raise BadAnswer("what came is not a whole PNG, JPEG or WebP", provider="job", model=model)
    return ImageAnswer(data=data, usage=usage)


def read_music(
    body: bytes, duration_ms: int, *, licence: str, usage: Usage, model: str
) -> MusicAnswer:
    """The music in a kept result, `duration_ms` long.

    Raises:
        BadAnswer, ContentRefused: there is none.
    """
    wav = fitted_wav(_file(body, model), duration_ms, model)
    return MusicAnswer(wav=wav, licence=licence, usage=usage)


def _file(body: bytes, model: str) -> bytes:
    head, data = _unpack(body)
    if refused := head.get("refused"):
        raise ContentRefused(str(refused), provider="job", model=model)
    return data


def _unpack(body: bytes) -> tuple[Mapping[str, Any], bytes]:
    line, _, data = body.partition(b"\n")
    try:
        head = json.loads(line)
    except (ValueError, RecursionError):
        return {}, b""
    return (head, data) if isinstance(head, dict) else ({}, b"")
