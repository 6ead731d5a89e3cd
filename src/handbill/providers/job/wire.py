"""The way to one service: requests with the key, results from allowed hosts without it.

Redirects of the service itself are not followed; those of a result are, a few times, and each
place is judged like the first. No proxy and no credentials come from the environment.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit
from weakref import WeakKeyDictionary

import httpx2

from handbill.errors import AuthRejected, BadAnswer, JobLost, ProviderError, SettingsError
from handbill.providers.job.faults import broken, status_fault
from handbill.providers.job.settings import JobSettings, is_loopback
from handbill.providers.keys import Key, read_key
from handbill.providers.openai.transport import AnswerTooLarge, CappedTransport, EncodingRefused

_CONNECT_S = 10.0
_CONNECTIONS = 64
_REDIRECTS = 3
_REDIRECTED = {301, 302, 303, 307, 308}
_GONE = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A good answer; header names are lower case."""

    body: bytes
    headers: Mapping[str, str]

    def document(self, model: str) -> Any:
        """The JSON in it.

        Raises:
            BadAnswer: there is none; what was sent may have been taken all the same.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            shown = self.body[:60].decode("utf-8", errors="replace")
            message = f"what came is not JSON, or was cut short: {shown!r}…"
            raise BadAnswer(message, provider="job", model=model, maybe_paid=True) from None


class Wire:
    """Sends requests for one `JobSettings`."""

    def __init__(self, settings: JobSettings) -> None:
        self._settings = settings
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx2.AsyncClient] = (
            WeakKeyDictionary()
        )
        self._key: Key | None = None

    async def submit(self, path: str, body: Mapping[str, Any], ticket: str) -> Reply:
        """Hand a job in; `ticket` goes out as an idempotency key.

        Raises:
            ProviderError: of any kind, without a trace of the key.
        """
        tagged = {"idempotency-key": ticket} if ticket else {}
        if self._settings.profile.submit.encoding == "json":
            sent: dict[str, Any] = {"json": dict(body)}
        else:
            sent = {"files": {name: (None, str(value)) for name, value in body.items()}}
        request = httpx2.Request(
            "POST", self._address(path), headers={**self._headers(), **tagged}, **sent
        )
        return self._good(await self._sent(request), asking=False)

    async def ask(self, path: str) -> Reply:
        """Ask for what is at `path` of the service.

        Raises:
            JobLost: it is not there, or no longer.
            ProviderError: of any other kind.
        """
        request = httpx2.Request("GET", self._address(path), headers=self._headers())
        return self._good(await self._sent(request), asking=True)

    async def fetch(self, address: str) -> bytes:
        """The file at `address`, which the service named.

        Raises:
            JobLost: it is no longer there.
            ProviderError: its host is not allowed, or does not answer.
        """
        response = await self._got(address)
        for _ in range(_REDIRECTS):
            if response.status_code not in _REDIRECTED:
                break
            address = urljoin(address, response.headers.get("location", ""))
            response = await self._got(address)
        if response.status_code in _GONE:
            message = f"the result's address answers HTTP {response.status_code}: it has expired"
            raise JobLost(message, provider="job", model=self._settings.model)
        return self._good(response, asking=True).body

    async def _got(self, address: str) -> httpx2.Response:
        self._check_host(address)
        headers = self._headers() if self._is_own(address) else {}
        return await self._sent(httpx2.Request("GET", address, headers=headers))

    async def close(self) -> None:
        """Give up the connections of the running event loop; the next request makes new ones."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    async def _sent(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return await self._client().send(request)
        except (httpx2.TransportError, AnswerTooLarge, EncodingRefused, zlib.error) as error:
            raise broken(error, self._settings.model) from None

    def _good(self, response: httpx2.Response, *, asking: bool) -> Reply:
        headers = {name.lower(): value for name, value in response.headers.items()}
        if not response.is_success:
            raise status_fault(
                response.status_code,
                headers,
                response.content,
                self._settings,
                self._read_key(),
                asking=asking,
            )
        return Reply(body=response.content, headers=headers)

    def _address(self, path: str) -> str:
        return f"{self._settings.base_url}/{path.lstrip('/')}"

    def _headers(self) -> dict[str, str]:
        key = self._read_key().reveal()
        given = self._settings.profile.server.headers
        return {
            name: value.replace("{key}", key)
            for name, value in given.items()
            if key or "{key}" not in value
        }

    def _is_own(self, address: str) -> bool:
        there, here = urlsplit(address), urlsplit(self._settings.base_url)
        return (there.scheme, there.netloc) == (here.scheme, here.netloc)

    def _check_host(self, address: str) -> None:
        """Only the service itself, and hosts that were named, over https."""
        if self._is_own(address):
            return
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        plain = parts.scheme == "http" and is_loopback(address) and self._settings.local
        named = any(_matches(host, allowed) for allowed in self._settings.result_hosts)
        if parts.username is None and named and (parts.scheme == "https" or plain):
            return
        raise ProviderError(
            f"the result is at {parts.scheme}://{host}, which is not allowed. It is not lost: add "
            'the host to result_hosts = "…" of this provider if you trust it, and run again',
            provider="job",
            model=self._settings.model,
        )

    def _read_key(self) -> Key:
        if self._key is None:
            reference = self._settings.key
            try:
                where = "[providers] job"
                self._key = read_key(reference, where=where) if reference else Key("")
            except SettingsError as fault:
                raise AuthRejected(
                    str(fault), provider="job", model=self._settings.model
                ) from None
        return self._key

    def _client(self) -> httpx2.AsyncClient:
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            limits = httpx2.Limits(
                max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS
            )
            self._clients[loop] = httpx2.AsyncClient(
                transport=CappedTransport(httpx2.AsyncHTTPTransport(limits=limits)),
                timeout=httpx2.Timeout(None, connect=_CONNECT_S),
                follow_redirects=False,
                trust_env=False,
            )
        return self._clients[loop]


def _matches(host: str, allowed: str) -> bool:
    if allowed.startswith("*."):
        return host.endswith(allowed[1:])
    return host == allowed
