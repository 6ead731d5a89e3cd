"""The Batch API: many requests in one file, at half the price, answered within a day.

Facts: developers.openai.com/api/docs/guides/batch and openai 3.52 types/batch_create_params.py:
at most 50,000 requests and 200 MB a file, one model and one endpoint a file, results in any order,
errors in a file of their own, requests of a batch that expired are in neither or marked
``batch_expired``. Servers of the same API were seen to send ``response.body`` as a text of JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from handbill.errors import BadAnswer, ContentRefused, ProviderError, Unavailable
from handbill.providers.openai.answers import read_usage
from handbill.providers.openai.connection import Connection
from handbill.providers.openai.faults import refusal_code
from handbill.providers.ports import BatchLine, BatchOffer, BatchState, Usage

if TYPE_CHECKING:
    from openai import AsyncOpenAI

MOST_LINES = 50_000
MOST_BYTES = 190_000_000  # of the vendor's 200 MB
# Answers with pictures are about 2 MB each, and a file of them is held in memory once.
MOST_PICTURES = 50
_MOST_ANSWER_BYTES = 512 * 1024 * 1024
_PAGE = 100
_MOST_PAGES = 50
_TICKET = "handbill"
_ENDED = {"completed", "expired", "cancelled", "failed"}
_PASSING = (408, 409, 429)
_SERVER_ERROR = 500
_GOOD = range(200, 300)


class Batches:
    """The desk of one server for many calls at once."""

    def __init__(self, connection: Connection, address: str) -> None:
        self._connection = connection
        self.address = address

    def lines(self, calls: Iterable[tuple[str, BatchOffer]]) -> bytes:
        """The file to hand in, a line of JSON a call."""
        texts = (
            json.dumps(
                {
                    "custom_id": key,
                    "method": "POST",
                    "url": offer.url,
                    "body": dict(offer.body),
                },
                ensure_ascii=False,
                sort_keys=True,
            )
            for key, offer in calls
        )
        return "".join(f"{text}\n" for text in texts).encode()

    async def upload(self, name: str, lines: bytes) -> str:
        """Upload a file; its id.

        Raises:
            ProviderError: of any kind.
        """

        async def ask(client: AsyncOpenAI) -> Any:
            return await client.files.with_raw_response.create(
                file=(f"{name}.jsonl", lines, "application/jsonl"), purpose="batch"
            )

        return _id_of(await self._asked(ask), "a file's")

    async def create(self, file_id: str, url: str, ticket: str) -> BatchState:
        """Hand a file in; `ticket` goes with it, so that it can be found again.

        Raises:
            ProviderError: of any kind.
        """

        async def ask(client: AsyncOpenAI) -> Any:
            batches: Any = client.batches.with_raw_response
            return await batches.create(
                completion_window="24h",
                endpoint=url,
                input_file_id=file_id,
                metadata={_TICKET: ticket},
            )

        document = await self._asked(ask)
        _id_of(document, "a batch's", maybe_paid=True)
        return _state(document)

    async def find(self, ticket: str) -> BatchState | None:
        """The batch that was handed in under `ticket`, looked for in the vendor's own list.

        Raises:
            ProviderError: of any kind; also when the list has no end.
        """
        after = ""
        for _ in range(_MOST_PAGES):
            page = await self._page(after)
            listed = [each for each in _items(page.get("data")) if each.get("id")]
            for each in listed:
                if _mapping(each.get("metadata")).get(_TICKET) == ticket:
                    return _state(each)
            if not page.get("has_more") or not listed:
                return None
            after = str(listed[-1]["id"])
        message = f"the vendor lists more than {_PAGE * _MOST_PAGES} batches"
        raise ProviderError(message, provider="openai")

    async def look(self, batch_id: str) -> BatchState:
        """Where a batch stands.

        Raises:
            ProviderError: of any kind.
        """

        async def ask(client: AsyncOpenAI) -> Any:
            return await client.batches.with_raw_response.retrieve(batch_id)

        document = await self._asked(ask)
        if document.get("id") != batch_id:
            message = f"asked after the batch {batch_id!r}, and {document.get('id')!r} came"
            raise BadAnswer(message, provider="openai")
        return _state(document)

    async def fetch(self, file_id: str) -> bytes:
        """A file of answers.

        Raises:
            ProviderError: of any kind.
        """

        async def ask(client: AsyncOpenAI) -> Any:
            return await client.files.with_raw_response.content(file_id)

        raw = await self._connection.send(
            ask, model="", wants="lines", most_bytes=_MOST_ANSWER_BYTES
        )
        return raw.body

    def read(self, data: bytes) -> Iterator[BatchLine]:
        """The lines of a file of answers; what is no answer to a call is passed over."""
        for text in data.splitlines():
            try:
                line = _mapping(json.loads(text))
            except (ValueError, RecursionError):
                continue
            key = line.get("custom_id")
            if isinstance(key, str):
                yield _line(key, line)

    def measure(self, body: bytes) -> Usage:
        """What an answer used."""
        return read_usage(body)

    async def _page(self, after: str) -> Mapping[str, Any]:
        async def ask(client: AsyncOpenAI) -> Any:
            batches: Any = client.batches.with_raw_response
            place = {"after": after} if after else {}
            return await batches.list(limit=_PAGE, **place)

        return await self._asked(ask)

    async def _asked(self, ask: Any) -> Mapping[str, Any]:
        raw = await self._connection.send(ask, model="")
        return _mapping(json.loads(raw.body))


def _state(document: Mapping[str, Any]) -> BatchState:
    word = str(document.get("status") or "")
    told = [
        str(each.get("message") or each.get("code") or "")
        for each in _items(_mapping(document.get("errors")).get("data"))
    ]
    return BatchState(
        id=str(document.get("id")),
        word=word,
        ended=word in _ENDED,
        failed=word == "failed",
        output_file=str(document.get("output_file_id") or ""),
        error_file=str(document.get("error_file_id") or ""),
        message="; ".join(text for text in told if text)[:300],
    )


def _line(key: str, line: Mapping[str, Any]) -> BatchLine:
    response = _mapping(line.get("response"))
    status, body = response.get("status_code"), response.get("body")
    if isinstance(body, str):
        answer = body.encode()
    else:
        answer = json.dumps(body, ensure_ascii=False).encode() if body else b""
    # Servers were seen that leave the status of a good answer out.
    good = status is None or (isinstance(status, int) and status in _GOOD)
    if good and answer and not line.get("error"):
        return BatchLine(key=key, body=answer)
    return BatchLine(key=key, fault=_fault(line, status, answer))


def _fault(line: Mapping[str, Any], status: object, answer: bytes) -> ProviderError:
    try:
        told = _mapping(_mapping(json.loads(answer or b"{}")).get("error"))
    except (ValueError, RecursionError):
        told = {}
    told = told or _mapping(line.get("error"))
    code = str(told.get("code") or told.get("type") or "")
    words = [str(status or ""), code, str(told.get("message") or "")]
    message = " ".join(["in its batch:", *(word for word in words if word)])[:300]
    if refusal_code(code):
        return ContentRefused(message, provider="openai")
    number = status if isinstance(status, int) else 0
    passing = number in _PASSING or number >= _SERVER_ERROR or number in (0, *_GOOD)
    return (Unavailable if passing else ProviderError)(message, provider="openai")


def _id_of(document: Mapping[str, Any], whose: str, *, maybe_paid: bool = False) -> str:
    found = document.get("id")
    if isinstance(found, str) and found:
        return found
    raise BadAnswer(
        f"the answer holds no id, where {whose} was to be",
        provider="openai",
        maybe_paid=maybe_paid,
    )


def _items(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
