"""A vendor on the loopback: OpenAI's shapes over real HTTP, with every way of misbehaving.

It counts what it charges, in memory and in a file that survives the client's death, so that a test
can prove that nothing was paid twice.
"""

from __future__ import annotations

import asyncio
import base64
import json
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typing_extensions import override

from tests.doubles.loopback import Loopback, Seen, send, send_json
from tests.doubles.vendor_answers import (
    a_png,
    a_wav,
    ask_of,
    chat_answer,
    fill_schema,
    moderation,
    picture_bomb,
    responses_answer,
)

Fault = Callable[["VendorServer", asyncio.StreamWriter, dict[str, Any]], Awaitable[bool]]


@dataclass
class VendorServer(Loopback):
    """Answers well unless told otherwise.

    Attributes:
        faults: taken from the front, one a request: a name of `FAULTS`, or empty for a good
            answer; the last one stays when `faults_stay`.
        latency: seconds before an answer, by request number.
        charges_file: gets a line for every paid request, before it is answered.
        honours_keys: repeats with a known Idempotency-Key are answered and not charged.
        obeys: writes every instruction that it finds in a brief into its answer.
        scores: of moderation, by category; one of 0.5 and more is flagged.
        heard: the answer to every sound.
        bad_key, deaf: what is free is refused with 401, or never answered.
        most_at_once: paid requests that were on their way at the same time.
        draw: makes the picture of an answer from its request.
        gate: asked before every paid request; returns headers of a 429, or None to let it pass.
    """

    faults: list[str] = field(default_factory=list)
    faults_stay: bool = False
    latency: Callable[[int], float] = lambda _: 0.0
    charges_file: Path | None = None
    honours_keys: bool = False
    obeys: bool = False
    pictures_by_address: bool = False
    scores: dict[str, float] = field(default_factory=dict)
    heard: dict[str, Any] = field(default_factory=dict)
    bad_key: bool = False
    deaf: bool = False
    gate: Callable[[], tuple[bool, dict[str, str]]] | None = None
    write: Callable[[dict[str, Any]], str] | None = None
    draw: Callable[[dict[str, Any]], bytes] = lambda _: a_png()
    charged: list[str] = field(default_factory=list)
    refused: int = 0
    most_at_once: int = 0
    _at_once: int = 0
    _given: set[str] = field(default_factory=set)

    @property
    def base_url(self) -> str:
        return f"{self.origin}/v1"

    @override
    async def _answer(self, writer: asyncio.StreamWriter, request: Seen) -> bool:
        number = len(self.seen) - 1
        if request.method == "GET":
            return await self._free(writer, request)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return await self._paid(writer, request, number)
        finally:
            self._at_once -= 1

    async def _paid(self, writer: asyncio.StreamWriter, request: Seen, number: int) -> bool:
        fault = self._next_fault()
        if self.gate is not None:
            passes, headers = self.gate()
            if not passes:
                self.refused += 1
                return await send_json(writer, 429, _error("rate_limit_exceeded"), headers)
        else:
            headers = {}
        if (delay := self.latency(number)) > 0:
            await asyncio.sleep(delay)
        if fault:
            return await FAULTS[fault](self, writer, request.body)
        self.charge(request)
        return await self._good(writer, request, headers)

    def charge(self, request: Seen) -> None:
        key = request.headers.get("idempotency-key", "")
        if self.honours_keys and key in self._given:
            return
        self._given.add(key)
        name = json.dumps(request.body, sort_keys=True)
        self.charged.append(name)
        if self.charges_file is not None:
            with self.charges_file.open("a") as file:
                file.write(f"{zlib.crc32(name.encode()):08x}\n")

    def forget(self) -> None:
        """Forget what was charged and given."""
        self.charged.clear()
        self._given.clear()

    def _next_fault(self) -> str:
        if not self.faults:
            return ""
        if self.faults_stay and len(self.faults) == 1:
            return self.faults[0]
        return self.faults.pop(0)

    async def _free(self, writer: asyncio.StreamWriter, request: Seen) -> bool:
        if self.deaf:
            await asyncio.sleep(60)
        if self.bad_key:
            return await send_json(
                writer,
                401,
                _error("invalid_api_key", message=str(request.headers.get("authorization"))),
            )
        if request.path.endswith("/models"):
            listed = [
                {"id": "gpt-6-luna", "object": "model", "created": 1, "owned_by": "x"},
                {"id": "old", "object": "model", "created": 1, "owned_by": "x",
                 "shutdown_date": "2026-12-01"},
            ]  # fmt: skip
            return await send_json(writer, 200, {"object": "list", "data": listed})
        if request.path.endswith("/picture.png"):
            return await send(writer, 200, a_png(), "image/png")
        return await send_json(writer, 404, _error("not_found"))

    async def _good(
        self, writer: asyncio.StreamWriter, request: Seen, headers: dict[str, str]
    ) -> bool:
        if request.path.endswith("/audio/speech"):
            return await send(writer, 200, a_wav(), "audio/wav")
        if request.path.endswith("/audio/transcriptions"):
            return await send_json(writer, 200, self.heard, headers)
        if request.path.endswith("/moderations"):
            return await send_json(writer, 200, moderation(self.scores), headers)
        if answer := self.answer_to(request.path, request.body):
            return await send_json(writer, 200, answer, headers)
        return await send_json(writer, 404, _error("not_found"))

    def answer_to(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON of a good answer, empty where there is none."""
        if path.endswith("/responses"):
            return responses_answer(self.text_for(body))
        if path.endswith("/chat/completions"):
            return chat_answer(self.text_for(body))
        return self._picture(body) if "/images/" in path else {}

    def _picture(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.pictures_by_address:
            shown: dict[str, Any] = {"url": self.base_url + "/picture.png"}
        else:
            shown = {"b64_json": base64.b64encode(self.draw(body)).decode()}
        usage = {
            "input_tokens": 50,
            "output_tokens": 400,
            "total_tokens": 450,
            "input_tokens_details": {"text_tokens": 50, "image_tokens": 0},
            "output_tokens_details": {"text_tokens": 0, "image_tokens": 400},
        }
        return {"created": 1, "data": [shown], "usage": usage}

    def text_for(self, body: dict[str, Any]) -> str:
        """What the model writes: any text that fits the schema, with the keys of the request."""
        if self.write is not None:
            return self.write(body)
        return json.dumps(fill_schema(body, ask_of(body), obeys=self.obeys))


def _error(code: str, kind: str = "x", message: str = "no") -> dict[str, Any]:
    return {"error": {"code": code, "type": kind, "message": message, "param": None}}


def status(number: int, code: str = "x", headers: dict[str, str] | None = None) -> Fault:
    async def answer(_: VendorServer, writer: asyncio.StreamWriter, __: dict[str, Any]) -> bool:
        return await send_json(writer, number, _error(code), headers)

    return answer


def body_of(data: bytes | Callable[[], bytes], kind: str = "application/json",
            headers: dict[str, str] | None = None) -> Fault:  # fmt: skip
    async def answer(_: VendorServer, writer: asyncio.StreamWriter, __: dict[str, Any]) -> bool:
        return await send(writer, 200, data() if callable(data) else data, kind, headers)

    return answer


async def _drip(_: VendorServer, writer: asyncio.StreamWriter, __: dict[str, Any]) -> bool:
    writer.write(
        b"HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n"
    )
    for _unused in range(600):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.1)
    return False


async def _cut(_: VendorServer, writer: asyncio.StreamWriter, __: dict[str, Any]) -> bool:
    writer.write(
        b"HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n{"
    )
    await writer.drain()
    return False


async def _hang_up(_: VendorServer, __: asyncio.StreamWriter, ___: dict[str, Any]) -> bool:
    return False


def responses(*parts: dict[str, Any], **changes: Any) -> Fault:
    def data() -> bytes:
        answer = responses_answer("", **changes)
        if parts:
            answer["output"][0]["content"] = list(parts)
        return json.dumps(answer).encode()

    return body_of(data)


def _bomb() -> bytes:
    """200 MB of spaces in a few hundred kilobytes; one block, again and again, so made at once."""
    pressing = zlib.compressobj(wbits=31)
    head = pressing.compress(b" " * 1_000_000) + pressing.flush(zlib.Z_FULL_FLUSH)
    block = pressing.compress(b" " * 1_000_000) + pressing.flush(zlib.Z_FULL_FLUSH)
    return head + block * 199 + pressing.flush()


def _picture_answer(data: bytes) -> bytes:
    return json.dumps(
        {"created": 1, "data": [{"b64_json": base64.b64encode(data).decode()}]}
    ).encode()


FAULTS: dict[str, Fault] = {
    "429": status(429, "rate_limit_exceeded"),
    "429_wait": status(429, "rate_limit_exceeded", {"retry-after": "1"}),
    "429_hours": status(429, "rate_limit_exceeded", {"retry-after": "7200"}),
    "bankrupt": status(429, "insufficient_quota"),
    "500": status(500),
    "503": status(503),
    "504": status(504),
    "401": status(401, "invalid_api_key"),
    "400_key": status(400, "invalid_api_key"),
    "400": status(400, "invalid_value"),
    "404": status(404, "model_not_found"),
    "policy": status(400, "content_policy_violation"),
    "redirect": status(302, headers={"location": "http://169.254.169.254/latest/meta-data"}),
    "drip": _drip,
    "cut": _cut,
    "hang_up": _hang_up,
    "html": body_of(b"<!doctype html><title>Sign in</title>", "text/html"),
    "garbage": body_of(b"not json at all"),
    "truncated": body_of(json.dumps(responses_answer("x")).encode()[:-30]),
    "empty": body_of(b""),
    "refusal": responses({"type": "refusal", "refusal": "I can't help with that."}),
    "meta": responses({"type": "output_text", "text": "As an AI, I cannot."}),
    "filtered": responses(status="incomplete", incomplete_details={"reason": "content_filter"}),
    "too_long": responses(status="incomplete", incomplete_details={"reason": "max_output_tokens"}),
    "failed": responses(status="failed", error={"code": "server_error", "message": "x"}),
    "gzip_bomb": body_of(_bomb, headers={"content-encoding": "gzip"}),
    "brotli": body_of(b"\x0b\x02\x80", headers={"content-encoding": "br"}),
    "picture_text": body_of(_picture_answer(b"sorry, no picture today")),
    "picture_cut": body_of(lambda: _picture_answer(a_png(300, 300)[:-200])),
    "picture_bomb": body_of(lambda: _picture_answer(picture_bomb())),
    "picture_elsewhere": body_of(b'{"data":[{"url":"http://169.254.169.254/x.png"}]}'),
    "sound_junk": body_of(b"ID3 not a wav", "audio/wav"),
}  # fmt: skip
