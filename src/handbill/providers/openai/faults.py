"""Whatever the SDK, the network or a server throws, as a fault of our own tree.

The SDK's family is not closed: broken JSON leaves it as a bare ``JSONDecodeError``, a cap of our
own passes through it. Messages are scrubbed: some servers repeat the key that they refuse.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx2

from handbill.errors import (
    AuthRejected,
    BadAnswer,
    ContentRefused,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    Unavailable,
)
from handbill.providers.keys import Key
from handbill.providers.waits import retry_after_s

if TYPE_CHECKING:
    import openai

_MOST_CHARS = 300
_NO_MONEY = {
    "insufficient_quota",
    "billing_hard_limit_reached",
    "billing_not_active",
    "insufficient_balance",
}
_REFUSED = {
    "content_policy_violation",
    "moderation_blocked",
    "content_filter",
    "content_policy",
    "safety_violation",
}
_BAD_KEY = {"invalid_api_key", "invalid_authentication", "account_deactivated"}
# Nothing reached the vendor: no connection, or no place in our own pool.
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY}
# The gateway gave up waiting; the vendor behind it may have finished, and billed.
_GATEWAY_GAVE_UP = {HTTPStatus.GATEWAY_TIMEOUT, 524}


def fault_from(error: Exception, *, model: str, key: Key) -> ProviderError:
    """`error` as a `ProviderError`; its chain is cut, so that no header can hang on to it."""
    import openai  # noqa: PLC0415 - takes a second, and plans send nothing

    if isinstance(error, ProviderError):
        return error
    if isinstance(error, openai.APIStatusError):
        return _of_status(error, model, key)
    if isinstance(error, openai.APIConnectionError | httpx2.TransportError):
        cause = error.__cause__ or error
        sent = not isinstance(cause, _NEVER_SENT)
        word = "broke off" if sent else "could not be made"
        return Unavailable(
            f"the connection {word}: {type(cause).__name__}",
            provider="openai",
            model=model,
            maybe_paid=sent,
        )
    shown = _short(f"{type(error).__name__}: {error}", key)
    message = f"the answer cannot be read: {shown}"
    return BadAnswer(message, provider="openai", model=model, maybe_paid=True)


def refusal_code(code: str) -> bool:
    """Whether a vendor's code says that it declined to make something."""
    return code in _REFUSED


def _of_status(error: openai.APIStatusError, model: str, key: Key) -> ProviderError:
    status, code = error.status_code, error.code or error.type or ""
    message = f"HTTP {status}{f' {code}' if code else ''}: {_short(error.message, key)}"
    named = {"provider": "openai", "model": model}
    if status == HTTPStatus.PAYMENT_REQUIRED or {error.code, error.type} & _NO_MONEY:
        return QuotaExhausted(f"the account is out of money or quota; {message}", **named)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or code in _BAD_KEY:
        return AuthRejected(f"the key was refused; {message}", **named)
    if {error.code, error.type} & _REFUSED:
        return ContentRefused(message, **named)
    return _of_other_status(error, message, model)


def _of_other_status(error: openai.APIStatusError, message: str, model: str) -> ProviderError:
    status, headers = error.status_code, error.response.headers
    wait = retry_after_s(headers)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(message, provider="openai", model=model, retry_after_s=wait)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _PASSING:
        return Unavailable(
            message,
            provider="openai",
            model=model,
            retry_after_s=wait,
            maybe_paid=status in _GATEWAY_GAVE_UP,
        )
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        message = f"HTTP {status}: redirects are not followed; put the final address in base_url"
    return ProviderError(message, provider="openai", model=model)


def _short(text: str, key: Key) -> str:
    return key.scrub(" ".join(text.split()))[:_MOST_CHARS]
