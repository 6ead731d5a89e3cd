"""Jobs as calls of the press: handed in, asked after, fetched. Nothing here waits or repeats."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

from handbill.errors import BadAnswer, CapabilityMissing, ContentRefused, JobFailed, JobLost
from handbill.providers.job.answers import (
    State,
    inline_file,
    job_id,
    note_of,
    pack,
    read_image,
    read_music,
    read_usage,
    read_video,
    state_of,
)
from handbill.providers.job.documents import first_text
from handbill.providers.job.faults import words_of
from handbill.providers.job.media import image_mime, video_mime
from handbill.providers.job.requests import body_of, music_values, values_of
from handbill.providers.job.settings import JobSettings
from handbill.providers.job.sounds import sound_mime
from handbill.providers.job.wire import Wire
from handbill.providers.ports import (
    ImageAnswer,
    ImageRequest,
    MusicAnswer,
    MusicRequest,
    RawAnswer,
    Usage,
    VendorCall,
    VideoAnswer,
    VideoRequest,
)
from handbill.providers.waits import retry_after_s

AnswerT = TypeVar("AnswerT")
_MOST_WAIT_S = 600.0


class Jobs:
    """Makes what its profile makes: clips, pictures or music."""

    def __init__(self, settings: JobSettings, wire: Wire) -> None:
        self._settings = settings
        self._profile = settings.profile
        self._wire = wire

    def prepare_video(self, request: VideoRequest) -> VendorCall[VideoAnswer]:
        """The call for `request`; pure.

        Raises:
            CapabilityMissing: a picture for a service that takes none.
        """
        values = values_of(request, self._settings)
        seconds = int(values["duration_s"])

        def parse(body: bytes) -> VideoAnswer:
            return read_video(body, usage=self._usage(body, seconds), model=self._settings.model)

        return self._call(values, request.reference_png, seconds, parse)

    def prepare_image(self, request: ImageRequest) -> VendorCall[ImageAnswer]:
        """The call for `request`; pure.

        Raises:
            CapabilityMissing: a picture to start from, for a service that takes none.
        """

        def parse(body: bytes) -> ImageAnswer:
            return read_image(body, usage=self._usage(body, 0), model=self._settings.model)

        return self._call(values_of(request, self._settings), request.reference_png, 0, parse)

    def prepare_music(self, request: MusicRequest) -> VendorCall[MusicAnswer]:
        """The call for `request`; pure."""
        values = music_values(request, self._settings)
        seconds = int(values["duration_s"])
        terms = self._profile.licence or f"{self._profile.title}: the vendor's terms hold"

        def parse(body: bytes) -> MusicAnswer:
            usage = self._usage(body, seconds)
            model = self._settings.model
            return read_music(body, request.duration_ms, licence=terms, usage=usage, model=model)

        return self._call(values, b"", seconds, parse)

    async def compose(self, request: MusicRequest) -> NoReturn:
        """Not possible, as `make_image`.

        Raises:
            CapabilityMissing: always; see `prepare_music`.
        """
        raise CapabilityMissing(
            f"{request.duration_ms} ms of music are a job here: prepare it and let the press wait",
            provider="job",
            model=self._settings.model,
        )

    async def make_image(self, request: ImageRequest) -> NoReturn:
        """Not possible: a job needs waits, and those are the caller's.

        Raises:
            CapabilityMissing: always; see `prepare_image`.
        """
        raise CapabilityMissing(
            f"a picture of {request.width_px} px is a job here: prepare it and let the press wait",
            provider="job",
            model=self._settings.model,
        )

    def path_of(self, id_: str) -> str:
        """Where the job `id_` is asked after, below the service's address."""
        return self._path(self._profile.poll.path, id_)

    def _call(
        self,
        values: Mapping[str, Any],
        reference_png: bytes,
        seconds: int,
        parse: Callable[[bytes], AnswerT],
    ) -> VendorCall[AnswerT]:
        settings = self._settings
        path, body = body_of(values, reference_png, settings)
        content = {"base_url": settings.base_url, "path": path, "body": body}
        return VendorCall(
            provider="job",
            model=settings.model,
            endpoint=settings.name,
            content=MappingProxyType(content),
            at_most=self._at_most(seconds),
            at_least=Usage(
                units=MappingProxyType({"second": seconds} if seconds else {}),
                cost_usd_micros=None,
            ),
            send=partial(self._send, path, body),
            measure=partial(self._usage, seconds=seconds),
            parse=parse,
            collect=self._collect,
            prices=settings.prices,
            rates=settings.rates,
        )

    def _at_most(self, seconds: int) -> Usage:
        units = {"second": seconds} if seconds else {}
        for unit, most in self._profile.meter.at_most_per_second.items():
            units[unit] = round(most * seconds)
        return Usage(units=MappingProxyType(units), cost_usd_micros=None)

    def _usage(self, body: bytes, seconds: int) -> Usage:
        return read_usage(body, self._profile, seconds)

    async def _send(self, path: str, body: Mapping[str, Any], ticket: str) -> RawAnswer:
        """Hand the job in. Its whole answer is left pending: it is kept first and read then."""
        reply = await self._wire.submit(path, body, ticket)
        document = reply.document(self._settings.model)
        return RawAnswer(
            body=reply.body,
            headers=reply.headers,
            pending=note_of(reply.body, document, self._profile),
            wait_s=self._profile.poll.first_s,
        )

    async def _collect(self, pending: str) -> RawAnswer:
        """Ask after the job, and fetch its result when it has one."""
        profile, model = self._profile, self._settings.model
        id_ = job_id(pending, profile, model)
        reply = await self._wire.ask(self.path_of(id_))
        document = reply.document(model)
        state = state_of(document, id_, profile, model)
        if state is State.RUNNING:
            wait_s = max(profile.poll.every_s, retry_after_s(reply.headers) or 0.0)
            return RawAnswer(
                body=b"", headers=reply.headers, pending=pending, wait_s=min(wait_s, _MOST_WAIT_S)
            )
        if state is State.SUCCEEDED:
            return await self._result(document, id_)
        return self._ended(state, document, id_)

    def _ended(self, state: State, document: Any, id_: str) -> RawAnswer:
        """A job that has no result: an answer where it was charged, else a fault."""
        told = words_of(document, self._profile.trouble) or "no reason was given"
        message = f"the job {id_!r} was {state}: {told}"[:400]
        named = {"provider": "job", "model": self._settings.model}
        if state is State.REFUSED and self._profile.trouble.refused_is_charged:
            return RawAnswer(body=pack(document, b"", refused=message))
        if state is State.REFUSED:
            raise ContentRefused(message, **named)
        if state is State.EXPIRED:
            raise JobLost(message, **named)
        raise JobFailed(message, **named)

    async def _result(self, document: Any, id_: str) -> RawAnswer:
        result = self._profile.result
        if result.document:
            answer = await self._wire.ask(self._path(result.document, id_))
            document = answer.document(self._settings.model)
        data = inline_file(document, self._profile, self._settings.model)
        if not data and (address := first_text(document, result.url)):
            data = await self._wire.fetch(address)
        if not data and result.path:
            own = self._settings.base_url + "/" + self._path(result.path, id_)
            data = await self._wire.fetch(own)
        self._check_file(data, document)
        return RawAnswer(body=pack(document, data))

    def _check_file(self, data: bytes, document: Any) -> None:
        """Refuse what is no file of the kind before it is kept: it can be fetched again."""
        kinds = {"video": video_mime, "image": image_mime, "music": sound_mime}
        if data and kinds[self._profile.makes](data):
            return
        shown = data[:40] if data else json.dumps(document)[:200]
        message = (
            f"the job is done, and its result is not a whole {self._profile.makes}: {shown!r}"
        )
        raise BadAnswer(message, provider="job", model=self._settings.model)

    def _path(self, template: str, id_: str) -> str:
        app = "/".join(self._settings.model.split("/")[:2])
        filled = template.replace("{model}", self._settings.model).replace("{app}", app)
        return filled.replace("{id}", id_)
