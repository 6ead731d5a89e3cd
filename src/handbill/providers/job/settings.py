"""What a campaign may set for this provider, read once and refused early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from handbill.domain.campaign import ProviderChoice
from handbill.errors import CampaignError
from handbill.providers.job.profile import Profile, profile_names, read_profile
from handbill.providers.ports import PriceTerms, RateTerms

Given = Mapping[str, str | int | float | bool]

_PRICE = "usd_per_"
_PER_MILLION = {"input_mtok": "input_tokens", "output_mtok": "output_tokens"}
_OURS = {
    "profile",
    "result_hosts",
    "requests_per_minute",
    "tokens_per_minute",
    "most_in_flight",
    "most_in_flight_everywhere",
    "deadline_s",
    "budget_usd",
    "reference",
}
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """A choice, taken apart.

    Attributes:
        name: of the profile.
        base_url: without a slash at its end.
        key: reference to the key, or empty for servers that want none.
        result_hosts: hosts that results may be fetched from over https, beside the server itself.
        extra: further fields of the request, sent as they are.
    """

    name: str
    profile: Profile
    base_url: str
    key: str
    model: str
    result_hosts: tuple[str, ...]
    prices: PriceTerms
    rates: RateTerms
    extra: Given

    @property
    def local(self) -> bool:
        """Whether the server is this machine, where plain http is nobody else's to read."""
        return is_loopback(self.base_url)


def is_loopback(url: str) -> bool:
    """Whether `url` leads to this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def parse_settings(choice: ProviderChoice) -> JobSettings:
    """The settings in `choice`.

    Raises:
        CampaignError: no such profile, an address that is none, a value of a wrong kind.
    """
    given = choice.parameters
    name = str(given.get("profile", ""))
    if not name:
        known = ", ".join(profile_names())
        raise _wrong("profile", name, f"write one of {known}, or the path of a .toml file")
    profile = read_profile(name)
    base_url = (choice.base_url or profile.server.base_url).rstrip("/")
    _check_address(base_url)
    model = choice.model or profile.default_model
    if not model and "{model}" in profile.submit.path:
        raise _wrong("model", model, f"{profile.title} has no default: name the model")
    if not isinstance(given.get("reference", False), bool):
        raise _wrong("reference", given["reference"], "write true or false")
    own = str(given.get("result_hosts", "")).split(",")
    official = base_url == profile.server.base_url
    prices = {key: value for key, value in given.items() if key.startswith(_PRICE)}
    extra = {key: given[key] for key in sorted(given) if key not in _OURS and key not in prices}
    return JobSettings(
        name=name,
        profile=profile,
        base_url=base_url,
        # A key is not sent to another server than the one that it is for, unless it was named.
        key=choice.key or (profile.server.key if official else ""),
        model=model,
        result_hosts=(
            *profile.server.result_hosts,
            *(h.strip().lower() for h in own if h.strip()),
        ),
        prices=PriceTerms(usd_per=MappingProxyType(_own_prices(prices))),
        rates=_rates(given, profile.poll.deadline_s),
        extra=MappingProxyType(extra),
    )


def _check_address(base_url: str) -> None:
    parts = urlsplit(base_url)
    if not parts.hostname or parts.username is not None:
        raise _wrong("base_url", base_url, 'write it like "https://host/v1"')
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(base_url)):
        raise _wrong("base_url", base_url, "jobs go over https; http is for this machine alone")


def _rates(given: Given, deadline_s: float) -> RateTerms:
    known = RateTerms()
    return RateTerms(
        requests_per_minute=int(_number(given, "requests_per_minute", 0)),
        tokens_per_minute=int(_number(given, "tokens_per_minute", 0)),
        most_in_flight=int(_number(given, "most_in_flight", known.most_in_flight)),
        most_in_flight_everywhere=int(_number(given, "most_in_flight_everywhere", 0)),
        deadline_s=_number(given, "deadline_s", deadline_s),
    )


def _own_prices(given: Given) -> dict[str, float]:
    """``usd_per_second``, ``usd_per_call``, ``usd_per_output_mtok``, or any unit by name."""
    prices = {}
    for name in sorted(given):
        unit = name.removeprefix(_PRICE)
        price = _number(given, name, 0)
        million = unit in _PER_MILLION
        prices[_PER_MILLION.get(unit, unit)] = price / 1_000_000 if million else price
    return prices


def _number(given: Given, name: str, otherwise: float) -> float:
    value = given.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise _wrong(name, value, "write a number, 0 or more")
    return value


def _wrong(name: str, value: object, remedy: str) -> CampaignError:
    return CampaignError(
        f"{name} = {value!r} does not fit", where="[providers] job", remedy=remedy
    )
