"""Whose money a run may spend, how much of it, and what to do about calls that were cut short."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from handbill.domain.brief import Brief
from handbill.domain.campaign import Campaign
from handbill.domain.money import usd_micros
from handbill.errors import UncertainCall
from handbill.store.ledger import CallCard, Caps

HOLD, RESEND, ASK = "hold", "resend", "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """Caps in micro-dollars (None means no cap), and the policy for uncertain calls.

    Attributes:
        campaign: the campaign's name, as the ledger has it.
        budget: cap of the campaign, over all its runs.
        rows: brief id → cap of that row.
        day: cap of one day (UTC), over all campaigns of this ledger.
        providers: provider → cap, over all campaigns of this ledger.
        on_uncertain: ``hold`` (never send again), ``resend``, or ``ask`` (see `approve`).
        approve: asked under ``ask``: the card and what is known; True sends again.
    """

    campaign: str
    budget: int | None = None
    rows: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    day: int | None = None
    providers: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    on_uncertain: str = HOLD
    approve: Callable[[CallCard, str], bool] | None = None

    def caps(self, row: str) -> Caps:
        """The caps of one row's call."""
        return Caps(
            campaign=self.budget,
            row=self.rows.get(row),
            day=self.day,
            providers=self.providers,
        )

    def resends(self, card: CallCard, message: str) -> bool:
        """Whether a call that may have been paid is to be sent again."""
        if self.on_uncertain == ASK and self.approve is not None:
            return self.approve(card, message)
        return self.on_uncertain == RESEND


def open_purse(
    campaign: Campaign,
    briefs: Iterable[Brief],
    *,
    on_uncertain: str,
    day_usd: Decimal | None,
    approve: Callable[[CallCard, str], bool] | None = None,
) -> Purse:
    """The purse of a campaign: its own budget, its rows', its providers' and the day's.

    Args:
        campaign: `budget_usd`, and the parameter ``budget_usd`` of its providers.
        briefs: `budget_usd` of each row.
        on_uncertain: ``hold``, ``resend`` or ``ask``.
        day_usd: cap of a day over all campaigns, or None.
        approve: asked under ``ask``; see `Purse`.
    """
    rows = {brief.id: usd_micros(brief.budget_usd) for brief in briefs if brief.budget_usd}
    caps: dict[str, int] = {}
    for choice in campaign.providers.values():
        budget = choice.parameters.get("budget_usd")
        if isinstance(budget, int | float) and not isinstance(budget, bool):
            cap = usd_micros(budget)
            caps[choice.name] = min(cap, caps.get(choice.name, cap))
    return Purse(
        campaign=campaign.name,
        budget=None if campaign.budget_usd is None else usd_micros(campaign.budget_usd),
        rows=MappingProxyType(rows),
        day=None if day_usd is None else usd_micros(day_usd),
        providers=MappingProxyType(caps),
        on_uncertain=on_uncertain,
        approve=approve,
    )


def held_back(card: CallCard, message: str) -> UncertainCall:
    """The fault that says so."""
    return UncertainCall(
        f"a call to {card.provider!r} for {card.brief!r} may have been paid and its answer is "
        f"lost ({message}); it is held back. To send it again, set HANDBILL_ON_UNCERTAIN=resend",
        provider=card.provider,
        model=card.model,
    )
