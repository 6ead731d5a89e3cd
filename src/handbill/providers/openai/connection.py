"""The way to one server: a client for each event loop, raw answers, faults of our own tree.

The SDK's repeats are off (the press owns them), redirects are not followed, no timeout of its own
counts (the press cuts a call off as a whole), and answers are capped while they come in.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import httpx2

from handbill.errors import AuthRejected, BadAnswer, ProviderError, SettingsError
from handbill.providers.keys import Key, read_key
from handbill.providers.openai.faults import fault_from
from handbill.providers.openai.settings import OpenAISettings
from handbill.providers.openai.transport import MOST_BYTES, CappedTransport
from handbill.providers.ports import RawAnswer

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_CONNECT_S = 10.0
_CONNECTIONS = 256
_NO_KEY = "none"  # servers without accounts take any word

RawSend = Callable[["AsyncOpenAI"], Awaitable[Any]]


class Connection:
    """Sends requests to the server of one `OpenAISettings`."""

    def __init__(self, settings: OpenAISettings) -> None:
        self._settings = settings
        # A client for each cap on the size of answers.
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[int, AsyncOpenAI]] = (
            WeakKeyDictionary()
        )
        self._key: Key | None = None

    async def send(
        self, send: RawSend, *, model: str, wants: str = "json", most_bytes: int = MOST_BYTES
    ) -> RawAnswer:
        """One request; `send` is given the client and uses its raw responses.

        Args:
            send: makes the request.
            model: for messages.
            wants: ``json``, ``audio``, or ``lines`` of a file, which may be empty.
            most_bytes: a larger answer is broken off.

        Raises:
            ProviderError: of any kind, without a trace of the key.
        """
        key = self._read_key(model)
        try:
            response = await send(self._client(key, most_bytes))
            body = response.content
        except Exception as error:  # noqa: BLE001 - the SDK's family is not closed
            raise fault_from(error, model=model, key=key) from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        _check_envelope(body, headers.get("content-type", ""), model, wants)
        return RawAnswer(body=body, headers=headers)

    async def fetch(self, address: str, *, model: str) -> RawAnswer:
        """The bytes at `address`, which a paid answer named; no key goes with the request.

        Raises:
            ProviderError: the address is not allowed, or does not answer.
        """
        self._check_address(address, model)
        key = self._read_key(model)
        http = self._client(key)._client  # noqa: SLF001 - same pool and caps, without the key
        try:
            request = httpx2.Request("GET", address, headers={"accept": "image/*"})
            response = await http.send(request, follow_redirects=False)
            response.raise_for_status()
        except httpx2.HTTPStatusError as error:
            message = f"the picture's address answered HTTP {error.response.status_code}"
            raise BadAnswer(message, provider="openai", model=model) from None
        except Exception as error:  # noqa: BLE001 - as above
            raise fault_from(error, model=model, key=key) from None
        return RawAnswer(body=response.content)

    async def close(self) -> None:
        """Give up the connections of the running event loop; the next request makes new ones."""
        for client in self._clients.pop(asyncio.get_running_loop(), {}).values():
            await client.close()

    def _check_address(self, address: str, model: str) -> None:
        """Only the server itself, or named hosts over https, may be fetched from."""
        parts, own = urlsplit(address), urlsplit(self._settings.base_url)
        same = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
        named = parts.scheme == "https" and parts.hostname in self._settings.image_hosts
        if not same and not named:
            raise ProviderError(
                f"the answer's picture is at {parts.scheme}://{parts.hostname}, which is not "
                'allowed; add the host to image_hosts = "…" of this provider if you trust it',
                provider="openai",
                model=model,
            )

    def _read_key(self, model: str) -> Key:
        if self._key is None:
            reference = self._settings.key
            try:
                where = "[providers] openai"
                self._key = read_key(reference, where=where) if reference else Key(_NO_KEY)
            except SettingsError as fault:
                raise AuthRejected(str(fault), provider="openai", model=model) from None
        return self._key

    def _client(self, key: Key, most_bytes: int = MOST_BYTES) -> AsyncOpenAI:
        from openai import AsyncOpenAI  # noqa: PLC0415 - takes a second, and plans send nothing

        clients = self._clients.setdefault(asyncio.get_running_loop(), {})
        if most_bytes not in clients:
            limits = httpx2.Limits(
                max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS
            )
            transport = CappedTransport(httpx2.AsyncHTTPTransport(limits=limits), most_bytes)
            clients[most_bytes] = AsyncOpenAI(
                api_key=key.reveal(),
                base_url=self._settings.base_url,
                max_retries=0,
                timeout=httpx2.Timeout(None, connect=_CONNECT_S),
                http_client=httpx2.AsyncClient(transport=transport, follow_redirects=False),
            )
        return clients[most_bytes]


def _check_envelope(body: bytes, content_type: str, model: str, wants: str) -> None:
    """Refuse what is not the vendor's answer at all, before it is taken for one."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/html" or body[:15].lstrip().lower().startswith((b"<!doctype", b"<html")):
        # A gateway's page: the vendor itself never saw the request.
        message = "a web page came instead of an answer"
        raise BadAnswer(message, provider="openai", model=model)
    if not body and wants != "lines":
        raise _unreadable("an empty answer came", model)
    if wants != "json":
        return
    try:
        json.loads(body)
    except ValueError:
        shown = body[:60].decode("utf-8", errors="replace")
        message = f"what came is not JSON, or was cut short: {shown!r}…"
        raise _unreadable(message, model) from None


def _unreadable(message: str, model: str) -> BadAnswer:
    return BadAnswer(message, provider="openai", model=model, maybe_paid=True)
