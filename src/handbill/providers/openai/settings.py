"""What a campaign may set for this provider, read once and refused early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from handbill.domain.campaign import ProviderChoice
from handbill.errors import CampaignError
from handbill.providers.ports import PriceTerms, RateTerms

OFFICIAL_URL = "https://api.openai.com/v1"
_OFFICIAL_KEY = "env:OPENAI_API_KEY"
_PRICE = "usd_per_"
_PER_MILLION = {"input_mtok": "input_tokens", "output_mtok": "output_tokens"}

# Parameters that are ours; every other one is a field of the vendor's request.
_RATES = (
    "requests_per_minute",
    "tokens_per_minute",
    "most_in_flight",
    "most_in_flight_everywhere",
    "deadline_s",
)
_OURS = {
    *_RATES,
    "api",
    "budget_usd",
    "max_output_tokens",
    "image_hosts",
    "batch_share",
    "honours_idempotency_key",
    "voice",
    "reference",
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
    extra: Mapping[str, str | int | float | bool] = field(
        default_factory=lambda: MappingProxyType({})
    )

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
    base_url = (choice.base_url or OFFICIAL_URL).rstrip("/")
    if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
        raise _wrong("base_url", choice.base_url, 'write it like "https://host/v1"')
    given = choice.parameters
    api = str(given.get("api", "responses"))
    if api not in ("responses", "chat"):
        raise _wrong("api", api, 'write "responses" or "chat"')
    if not isinstance(given.get("reference", False), bool):
        raise _wrong("reference", given["reference"], "write true or false")
    prices = {name: value for name, value in given.items() if name.startswith(_PRICE)}
    hosts = str(given.get("image_hosts", ""))
    return OpenAISettings(
        base_url=base_url,
        key=choice.key or (_OFFICIAL_KEY if base_url == OFFICIAL_URL else ""),
        model=choice.model,
        api=api,
        max_output_tokens=int(_number(given, "max_output_tokens", 0)),
        image_hosts=tuple(host.strip().lower() for host in hosts.split(",") if host.strip()),
        honours_idempotency_key=given.get("honours_idempotency_key") is True,
        voice=str(given.get("voice", "")),
        prices=PriceTerms(
            vendor="openai",
            service_tier=str(given.get("service_tier", "")),
            usd_per=MappingProxyType(_own_prices(prices)),
            batch_share=min(1.0, _number(given, "batch_share", PriceTerms().batch_share)),
        ),
        rates=_rates(given),
        extra=MappingProxyType(
            {n: v for n, v in sorted(given.items()) if n not in _OURS and n not in prices}
        ),
    )


def _rates(given: Mapping[str, str | int | float | bool]) -> RateTerms:
    known = RateTerms()
    return RateTerms(
        requests_per_minute=int(_number(given, "requests_per_minute", 0)),
        tokens_per_minute=int(_number(given, "tokens_per_minute", 0)),
        most_in_flight=int(_number(given, "most_in_flight", known.most_in_flight)),
        most_in_flight_everywhere=int(_number(given, "most_in_flight_everywhere", 0)),
        deadline_s=_number(given, "deadline_s", known.deadline_s),
    )


def _own_prices(given: Mapping[str, str | int | float | bool]) -> dict[str, float]:
    """``usd_per_call``, ``usd_per_input_mtok``, ``usd_per_output_mtok``, or any unit by name."""
    prices = {}
    for name in sorted(given):
        unit = name.removeprefix(_PRICE)
        price = _number(given, name, 0)
        million = unit in _PER_MILLION
        prices[_PER_MILLION.get(unit, unit)] = price / 1_000_000 if million else price
    return prices


def _number(given: Mapping[str, str | int | float | bool], name: str, otherwise: float) -> float:
    value = given.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise _wrong(name, value, "write a number, 0 or more")
    return value


def _wrong(name: str, value: object, remedy: str) -> CampaignError:
    return CampaignError(
        f"{name} = {value!r} does not fit", where="[providers] openai", remedy=remedy
    )
