"""What a campaign has cost so far, while its run is under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handbill.domain.campaign import SERVICES, Campaign
from handbill.domain.money import usd_micros

if TYPE_CHECKING:
    from handbill.store.ledger import Ledger

_MICROS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Money of a campaign over all its runs, in micro-dollars.

    Attributes:
        spent: what was paid.
        set_aside: for calls that are under way or may have been paid.
        budget: its cap, or None.
    """

    spent: int
    set_aside: int
    budget: int | None = None

    @property
    def percent(self) -> float:
        """Of the budget, 0 to 100; 0 without one."""
        held = self.spent + self.set_aside
        return min(100.0, 100 * held / self.budget) if self.budget else 0.0

    def __str__(self) -> str:
        """Such as ``$0.42 of $5.00 spent, $0.10 set aside``."""
        cap = f" of {_usd(self.budget)}" if self.budget is not None else ""
        aside = f", {_usd(self.set_aside)} set aside" if self.set_aside else ""
        return f"{_usd(self.spent)}{cap} spent{aside}"


def costs_money(campaign: Campaign) -> bool:
    """Whether one of a campaign's providers can cost money."""
    return any(campaign.provider(name).name != "house" for name in SERVICES)


class Accounts:
    """The accounts of one campaign.

    Args:
        ledger: where its calls stand.
        campaign: its name, budget and providers.
    """

    def __init__(self, ledger: Ledger, campaign: Campaign) -> None:
        self._ledger = ledger
        self._campaign = campaign

    def money(self) -> Money:
        """What it has cost by now."""
        from handbill.store.ledger_facts import totals  # noqa: PLC0415 - loads SQLAlchemy

        budget = self._campaign.budget_usd
        lines = totals(self._ledger.engine, "campaign", campaign=self._campaign.name)
        return Money(
            spent=sum(line.spent_micros for line in lines),
            set_aside=sum(line.reserved_micros for line in lines),
            budget=None if budget is None else usd_micros(budget),
        )

    def silent_providers(self) -> tuple[str, ...]:
        """Those of its providers that do not answer, sorted."""
        from handbill.store.ledger_breakers import Breakers  # noqa: PLC0415 - loads SQLAlchemy

        own = {self._campaign.provider(name).name for name in SERVICES}
        return tuple(name for name in Breakers(self._ledger).silent() if name in own)


def _usd(micros: int) -> str:
    return f"${micros / _MICROS:,.2f}"
