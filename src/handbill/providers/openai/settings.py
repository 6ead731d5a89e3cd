"""What a campaign may set for this provider, read once and refused early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from handbill.domain.campaign import ProviderChoice
from handbill.providers.parameters import Given, Parameters
from handbill.providers.ports import PriceTerms, RateTerms

OFFICIAL_URL = "https://api.openai.com/v1"
_OFFICIAL_KEY = "env:OPENAI_API_KEY"
# Parameters that are ours; every other one is a field of the vendor's request.
_OURS = {
    "api",
    "max_output_tokens",
    "image_hosts",
    "batch_share",
    "honours_idempotency_key",
    "voice",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAISettings:
    """A choice, taken apart.

    Attributes:
        base_url: without a slash at its end.
        key: reference to the key, or empty for servers that want none.
        model: empty for the default of each kind of work.
        api: ``responses`` or ``chat``.
        max_output_tokens: of one answer; 0 for an estimate from the placements' limits.
        image_hosts: hosts that pictures may be fetched from when an answer holds addresses.
        honours_idempotency_key: whether this server answers a repeated key with its first answer.
        voice: name of the voice, or empty.
        extra: further fields of the request, sent as they are.
    """

    base_url: str
    key: str
    model: str
    prices: PriceTerms
    rates: RateTerms
    api: str = "responses"
    max_output_tokens: int = 0
    image_hosts: tuple[str, ...] = ()
    honours_idempotency_key: bool = False
    voice: str = ""
    extra: Given = field(default_factory=lambda: MappingProxyType({}))

    def arguments(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The SDK's arguments for a request with that body.

        Fields of the user's own go beside those that the SDK knows: other servers know more.
        """
        known = {name: value for name, value in body.items() if name not in self.extra}
        return known | ({"extra_body": dict(self.extra)} if self.extra else {})


def parse_settings(choice: ProviderChoice) -> OpenAISettings:
    """The settings in `choice`.

    Raises:
        CampaignError: an address that is none, or a parameter of a wrong kind.
    """
    own = Parameters("openai", choice.parameters)
    base_url = (choice.base_url or OFFICIAL_URL).rstrip("/")
    if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
        raise own.misfit("base_url", choice.base_url, 'write it like "https://host/v1"')
    api = own.text("api", "responses")
    if api not in ("responses", "chat"):
        raise own.misfit("api", api, 'write "responses" or "chat"')
    return OpenAISettings(
        base_url=base_url,
        key=choice.key or (_OFFICIAL_KEY if base_url == OFFICIAL_URL else ""),
        model=choice.model,
        api=api,
        max_output_tokens=int(own.number("max_output_tokens")),
        image_hosts=own.hosts("image_hosts"),
        honours_idempotency_key=own.given.get("honours_idempotency_key") is True,
        voice=own.text("voice"),
        prices=PriceTerms(
            vendor="openai",
            service_tier=own.text("service_tier"),
            usd_per=own.prices(),
            batch_share=min(1.0, own.number("batch_share", PriceTerms().batch_share)),
        ),
        rates=own.rates(),
        extra=own.fields(_OURS),
    )
