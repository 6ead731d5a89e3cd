"""Whatever the network or a service throws, as a fault of our own tree; no key is in any."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import httpx2

from handbill.errors import (
    AuthRejected,
    BadAnswer,
    ContentRefused,
    JobLost,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    Unavailable,
)
from handbill.providers.job.documents import find, first_text
from handbill.providers.job.profile import Trouble
from handbill.providers.job.settings import JobSettings
from handbill.providers.keys import Key
from handbill.providers.waits import retry_after_s

_MOST_CHARS = 300
# Nothing reached the vendor: no connection, or no place in our own pool.
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY}
# The gateway gave up waiting; the vendor behind it may have taken the job.
_GATEWAY_GAVE_UP = {HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT, 524}


def broken(error: Exception, model: str) -> ProviderError:
    """A connection that broke off, or an answer that is none."""
    if not isinstance(error, httpx2.TransportError):
        message = f"the answer cannot be read: {type(error).__name__}: {error}"
        return BadAnswer(message[:_MOST_CHARS], provider="job", model=model, maybe_paid=True)
    sent = not isinstance(error, _NEVER_SENT)
    word = "broke off" if sent else "could not be made"
    message = f"the connection {word}: {type(error).__name__}"
    return Unavailable(message, provider="job", model=model, maybe_paid=sent)


def status_fault(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    settings: JobSettings,
    key: Key,
    *,
    asking: bool,
) -> ProviderError:
    """The fault that an HTTP status says; `asking`: for a job that was taken before."""
    trouble, named = settings.profile.trouble, {"provider": "job", "model": settings.model}
    told = key.scrub(words_of(_json(body), trouble) or body[:120].decode(errors="replace"))
    message = _short(f"HTTP {status}: {told}")
    if says(told, trouble.quota_words) or status == HTTPStatus.PAYMENT_REQUIRED:
        return QuotaExhausted(f"the account is out of money or quota; {message}", **named)
    if says(told, trouble.refused_words):
        return ContentRefused(message, **named)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return AuthRejected(f"the key was refused; {message}", **named)
    if asking and status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return JobLost(f"the vendor does not know this job any longer; {message}", **named)
    return _passing_fault(status, retry_after_s(headers), message, settings.model)


def _passing_fault(status: int, wait_s: float | None, message: str, model: str) -> ProviderError:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(message, provider="job", model=model, retry_after_s=wait_s)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _PASSING:
        return Unavailable(
            message,
            provider="job",
            model=model,
            retry_after_s=wait_s,
            maybe_paid=status in _GATEWAY_GAVE_UP,
        )
    return ProviderError(message, provider="job", model=model)


def words_of(document: Any, trouble: Trouble) -> str:
    """Code and message of a fault in `document`, or empty."""
    parts = (first_text(document, trouble.code), first_text(document, trouble.message))
    return ": ".join(part for part in parts if part)


def says(told: str, words: Sequence[str]) -> bool:
    """Whether one of `words` is part of `told`, whatever the case."""
    return any(word.lower() in told.lower() for word in words)


def holds(document: Any, paths: Sequence[str]) -> bool:
    """Whether one of `paths` holds something."""
    return any(find(document, path) not in (None, "", 0, False, [], {}) for path in paths)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _short(text: str) -> str:
    return " ".join(text.split())[:_MOST_CHARS]
