"""The parameters that any vendor's choice may set: prices, rates, fields of the request."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from handbill.errors import CampaignError
from handbill.providers.ports import RateTerms

Given = Mapping[str, str | int | float | bool]

_PRICE = "usd_per_"
_PER_MILLION = {"input_mtok": "input_tokens", "output_mtok": "output_tokens"}
_RATES = (
    "requests_per_minute",
    "tokens_per_minute",
    "most_in_flight",
    "most_in_flight_everywhere",
    "deadline_s",
)
_OURS = {*_RATES, "budget_usd", "reference"}


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a campaign `given` for `provider`, read with words for the user where it does not fit.

    Raises:
        CampaignError: ``reference`` is no boolean; of the methods: a number is none.
    """

    provider: str
    given: Given

    def __post_init__(self) -> None:
        if not isinstance(self.given.get("reference", False), bool):
            raise self.misfit("reference", self.given["reference"], "write true or false")

    def misfit(self, name: str, value: object, remedy: str) -> CampaignError:
        """The fault of a setting."""
        where = f"[providers] {self.provider}"
        return CampaignError(f"{name} = {value!r} does not fit", where=where, remedy=remedy)

    def text(self, name: str, otherwise: str = "") -> str:
        """A text."""
        return str(self.given.get(name, otherwise))

    def hosts(self, name: str) -> tuple[str, ...]:
        """Hosts, written with commas between them."""
        hosts = (host.strip().lower() for host in self.text(name).split(","))
        return tuple(host for host in hosts if host)

    def number(self, name: str, otherwise: float = 0) -> float:
        """A number, at least 0."""
        value = self.given.get(name, otherwise)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise self.misfit(name, value, "write a number, 0 or more")
        return value

    def rates(self, deadline_s: float = RateTerms().deadline_s) -> RateTerms:
        """How fast the vendor may be asked."""
        known = RateTerms()
        return RateTerms(
            requests_per_minute=int(self.number("requests_per_minute")),
            tokens_per_minute=int(self.number("tokens_per_minute")),
            most_in_flight=int(self.number("most_in_flight", known.most_in_flight)),
            most_in_flight_everywhere=int(self.number("most_in_flight_everywhere")),
            deadline_s=self.number("deadline_s", deadline_s),
        )

    def prices(self) -> Mapping[str, float]:
        """``usd_per_call``, ``usd_per_output_mtok``, ``usd_per_second``, or any unit by name."""
        prices = {}
        for name in sorted(self.given):
            if name.startswith(_PRICE):
                unit, price = name.removeprefix(_PRICE), self.number(name)
                million = unit in _PER_MILLION
                prices[_PER_MILLION.get(unit, unit)] = price / 1_000_000 if million else price
        return MappingProxyType(prices)

    def fields(self, ours: Collection[str]) -> Given:
        """What is sent as it is: neither a price, nor a rate, nor one of `ours`."""
        known = {*_OURS, *ours}
        return MappingProxyType(
            {
                name: value
                for name, value in sorted(self.given.items())
                if name not in known and not name.startswith(_PRICE)
            }
        )
