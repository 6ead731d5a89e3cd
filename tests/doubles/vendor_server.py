"""A vendor on the loopback: OpenAI's shapes over real HTTP, with every way of misbehaving.

It counts what it charges, in memory and in a file that survives the client's death, so that a test
can prove that nothing was paid twice.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import io
import json
import struct
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from PIL import Image

Fault = Callable[["VendorServer", asyncio.StreamWriter, dict[str, Any]], Awaitable[bool]]


@dataclass
class Seen:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class VendorServer:
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
    seen: list[Seen] = field(default_factory=list)
    charged: list[str] = field(default_factory=list)
    refused: int = 0
    most_at_once: int = 0
    _at_once: int = 0
    _server: asyncio.Server | None = None
    _given: set[str] = field(default_factory=set)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def base_url(self) -> str:
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}/v1"

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._writers):
            writer.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while (request := await _read_request(reader)) is not None:
                if not await self._answer(writer, request):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client is gone, or the test is over
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, request: Seen) -> bool:
        number = len(self.seen)
        self.seen.append(request)
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


def schema_of(body: dict[str, Any]) -> dict[str, Any]:
    found = body.get("text", {}).get("format") or body["response_format"]["json_schema"]
    schema = found["schema"]
    assert isinstance(schema, dict)
    return schema


def ask_of(body: dict[str, Any]) -> str:
    return str(body.get("input") or body["messages"][-1]["content"])


def keys_in(ask: str) -> dict[str, str]:
    """Placement id → order key, as the prompt lists them."""
    _, _, rest = ask.partition("order keys:\n")
    lines = rest.partition("\n\n")[0].splitlines()
    return dict(line.split(" ", 1) for line in lines)


def fill_schema(body: dict[str, Any], ask: str, *, obeys: bool = False) -> dict[str, Any]:
    known = schema_of(body)["properties"]
    if "languages" not in known:
        return fill_language(known, ask, obeys=obeys)
    parts = {
        part.partition("\n")[0].replace("-", "_"): part for part in f"\n{ask}".split("\n## ")[1:]
    }
    return {
        "languages": {
            name: fill_language(one["properties"], parts[name], obeys=obeys)
            for name, one in known["languages"]["properties"].items()
        }
    }


def fill_language(known: dict[str, Any], ask: str, *, obeys: bool = False) -> dict[str, Any]:
    placements = {}
    for name, part in known["placements"]["properties"].items():
        texts = {
            field: [f"{field} one", f"{field} two", f"{field} three"]
            if rule["type"] == "array"
            else f"A good {field} at ⟦price⟧"
            for field, rule in part["properties"]["texts"]["properties"].items()
        }
        if obeys:
            stolen = ask.partition("=====\n")[2]
            texts = {field: stolen if isinstance(text, str) else [stolen] for field, text in
                     texts.items()}  # fmt: skip
        item: dict[str, Any] = {
            "order": keys_in(ask)[name.replace("__", ".")],
            "framework": "plain",
            "texts": texts,
        }
        extras = {"hashtags": ["#one", "two"], "alt_text": "a thing", "speech": ["Say it."]}
        item |= {extra: extras[extra] for extra in extras if extra in part["properties"]}
        placements[name] = item
    display: dict[str, Any] = dict.fromkeys(
        ("headline", "hook", "kicker", "subhead", "deadline", "cta"), "Words"
    )
    return {"display": display | {"benefits": ["Light"]}, "placements": placements}


def responses_answer(text: str, **changes: Any) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    message = {"type": "message", "id": "m", "role": "assistant", "status": "completed"}
    usage = {
        "input_tokens": 1600,
        "input_tokens_details": {"cached_tokens": 1100, "cache_write_tokens": 0},
        "output_tokens": 900,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 2500,
    }
    answer = {
        "id": "resp_1",
        "object": "response",
        "status": "completed",
        "model": "gpt-6-luna",
        "output": [{**message, "content": content}],
        "usage": usage,
    }
    return answer | changes


def moderation(scores: dict[str, float]) -> dict[str, Any]:
    """openai 3.52, types/moderation.py."""
    known = {"violence": 0.01, "sexual": 0.001, **scores}
    flags = {name: score >= 0.5 for name, score in known.items()}
    result = {
        "flagged": any(flags.values()),
        "categories": flags,
        "category_scores": known,
        "category_applied_input_types": {name: ["text", "image"] for name in known},
    }
    return {"id": "modr-1", "model": "omni-moderation-latest", "results": [result]}


def chat_answer(text: str, **changes: Any) -> dict[str, Any]:
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": text},
    }
    usage = {
        "prompt_tokens": 1600,
        "completion_tokens": 900,
        "total_tokens": 2500,
        "prompt_tokens_details": {"cached_tokens": 1100},
    }
    return {"id": "c", "object": "chat.completion", "choices": [choice | changes],
              "usage": usage, "created": 1, "model": "gpt-6-luna"}  # fmt: skip


def a_png(width: int = 1088, height: int = 1360) -> bytes:
    """A picture that serves as a ground: calm, of one hue, light above and dark below."""
    data = io.BytesIO()
    light = (
        Image.linear_gradient("L").resize((width, height)).transpose(Image.Transpose.ROTATE_180)
    )
    Image.merge("RGB", (light, light, Image.new("L", light.size, 90))).save(data, "PNG")
    return data.getvalue()


def a_wav(rate_hz: int = 24_000, *, streamed: bool = True) -> bytes:
    """A tenth of a second of WAV, its lengths unknown as a streaming server writes them."""
    samples = struct.pack("<h", 900) * (rate_hz // 10)
    length = 0xFFFFFFFF if streamed else len(samples)
    form = struct.pack("<HHIIHH", 1, 1, rate_hz, rate_hz * 2, 2, 16)
    head = b"RIFF" + struct.pack("<I", length) + b"WAVEfmt " + struct.pack("<I", 16) + form
    return head + b"data" + struct.pack("<I", length) + samples


async def _read_request(reader: asyncio.StreamReader) -> Seen | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    is_json = headers.get("content-type", "").startswith("application/json")
    fields = json.loads(body) if is_json else {"multipart": base64.b64encode(body).decode()}
    return Seen(method, path, headers, fields if body else {})


async def send_json(
    writer: asyncio.StreamWriter,
    status: int,
    answer: dict[str, Any],
    headers: dict[str, str] | None = None,
) -> bool:
    return await send(writer, status, json.dumps(answer).encode(), "application/json", headers)


async def send(
    writer: asyncio.StreamWriter,
    status: int,
    body: bytes,
    kind: str,
    headers: dict[str, str] | None = None,
) -> bool:
    given = {"content-type": kind, "content-length": str(len(body)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    writer.write(f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + body)
    await writer.drain()
    return True


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
    return gzip.compress(b" " * 200_000_000, compresslevel=9)


def _picture_answer(data: bytes) -> bytes:
    return json.dumps(
        {"created": 1, "data": [{"b64_json": base64.b64encode(data).decode()}]}
    ).encode()


def picture_bomb() -> bytes:
    """A small PNG that claims 30 000 × 30 000 pixels."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)

    packed = zlib.compress(b"\0" * 1_000_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


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
