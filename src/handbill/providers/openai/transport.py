"""An HTTP transport that never holds more of an answer than it is allowed to.

The library's own decoding unpacks whatever comes; 200 kB on the wire can be 200 MB in memory. Here
gzip is unpacked in small steps, other encodings are refused, and what is over the cap ends the
answer.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

import httpx2
from typing_extensions import override

# A batch of large pictures in base64 is the largest honest answer.
MOST_BYTES = 64 * 1024 * 1024
_STEP_BYTES = 256 * 1024
_GZIP_WINDOW = 31


class AnswerTooLarge(Exception):
    """More bytes came than any honest answer has."""


class EncodingRefused(Exception):
    """The answer came in an encoding that nobody asked for."""


class CappedTransport(httpx2.AsyncBaseTransport):
    """Passes requests on to `inner` and caps what comes back at `most_bytes`, decoded."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, most_bytes: int = MOST_BYTES) -> None:
        self._inner = inner
        self._most_bytes = most_bytes

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["accept-encoding"] = "gzip"
        response = await self._inner.handle_async_request(request)
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip"):
            await response.aclose()
            raise EncodingRefused(encoding)
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - for the type
        dropped = ("content-encoding", "content-length") if encoding == "gzip" else ()
        headers = [(n, v) for n, v in response.headers.multi_items() if n.lower() not in dropped]
        return httpx2.Response(
            response.status_code,
            headers=headers,
            stream=_CappedStream(response.stream, self._most_bytes, gzip=encoding == "gzip"),
            extensions=response.extensions,
        )

    @override
    async def aclose(self) -> None:
        await self._inner.aclose()


class _CappedStream(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, most_bytes: int, *, gzip: bool) -> None:
        self._inner = inner
        self._most_bytes = most_bytes
        self._gzip = gzip

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        total = 0
        async for piece in self._decoded():
            total += len(piece)
            if total > self._most_bytes:
                raise AnswerTooLarge(f"more than {self._most_bytes} bytes")
            yield piece

    async def _decoded(self) -> AsyncIterator[bytes]:
        if not self._gzip:
            async for piece in self._inner:
                yield piece
            return
        unpacker = zlib.decompressobj(_GZIP_WINDOW)
        async for piece in self._inner:
            rest = piece
            while rest:
                yield unpacker.decompress(rest, _STEP_BYTES)
                rest = unpacker.unconsumed_tail
        if not unpacker.eof:
            raise zlib.error("the packed answer is cut short")

    @override
    async def aclose(self) -> None:
        await self._inner.aclose()
