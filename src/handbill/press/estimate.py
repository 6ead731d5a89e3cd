"""What a run would cost, how long it would take and how much disk: before a cent is spent.

Nothing is sent. Every call that a paid provider would get is prepared as the run prepares it, and
priced from the least to the most that it may use. Prices that nobody knows are None, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from handbill.domain.campaign import CAPABILITIES
from handbill.errors import HandbillError
from handbill.press.appraisal import Appraisal
from handbill.press.asking import Ask, wanted_asks
from handbill.press.calls import MOST_REASKS
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.footprint import Footprint, Range, footprint_of
from handbill.press.kept_answers import Answered, key_of_call
from handbill.press.prices import cost_micros
from handbill.press.recipes import HOUSE, maker_of
from handbill.providers.ports import Usage, VendorCall

# More calls than these are priced by an even sample of them.
_MOST_PREPARED = 400
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsLine:
    """All calls of one capability.

    Attributes:
        calls: how many are to be paid; 0 where the house does the work.
        kept: answers that an earlier run has paid for and that cost nothing more.
        cost_micros: from the least to the most, each call asked once; None when no price is known.
        worst_micros: when every draft is sent back as often as it may be; None as above.
        requests_per_minute, tokens_per_minute: as configured; 0 when not.
        wall_s: at these limits, from the least to the most tokens; None without limits.
        sampled: the figures were worked out from a sample of the calls.
        fault: why the calls could not be prepared, or empty.
    """

    capability: str
    provider: str
    model: str = ""
    calls: int = 0
    kept: int = 0
    cost_micros: Range | None = None
    worst_micros: int | None = None
    requests_per_minute: int = 0
    tokens_per_minute: int = 0
    wall_s: Range | None = None
    sampled: bool = False
    fault: str = ""

    @property
    def priced(self) -> bool:
        """Whether the price is known; no calls cost nothing."""
        return self.cost_micros is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A plan in money, time and disk.

    Attributes:
        lines: one for each capability.
        footprint: drawing time and disk.
    """

    lines: tuple[CallsLine, ...]
    footprint: Footprint

    @property
    def calls(self) -> int:
        """All calls to paid providers."""
        return sum(line.calls for line in self.lines)

    @property
    def cost_micros(self) -> Range:
        """The sum of what is priced; see `unpriced` for what is not in it."""
        ranges = [line.cost_micros for line in self.lines if line.cost_micros]
        return Range(low=sum(one.low for one in ranges), high=sum(one.high for one in ranges))

    @property
    def worst_micros(self) -> int:
        """The most that the priced calls may cost."""
        return sum(line.worst_micros or 0 for line in self.lines)

    @property
    def unpriced(self) -> tuple[CallsLine, ...]:
        """Lines whose price nobody knows."""
        return tuple(line for line in self.lines if not line.priced)

    @property
    def wall_s(self) -> Range:
        """From providers and drawing side by side to one after the other.

        Providers without configured limits are not in it; `unlimited` names them.
        """
        waits = [line.wall_s for line in self.lines if line.wall_s]
        drawing = self.footprint.drawing_s
        return Range(
            low=max([drawing.low, *(one.low for one in waits)]),
            high=drawing.high + sum(one.high for one in waits),
        )

    @property
    def unlimited(self) -> tuple[CallsLine, ...]:
        """Lines with calls whose time nobody can tell, because no limits are configured."""
        return tuple(line for line in self.lines if line.calls and line.wall_s is None)


def estimate(
    equipment: Equipment,
    docket: Docket,
    appraisal: Appraisal,
    *,
    now_s: float,
    workers: int,
    answered: Answered = lambda _: frozenset(),
) -> Estimate:
    """Price a plan.

    Args:
        equipment: store and providers; nothing is asked of them.
        docket: what is planned.
        appraisal: what of it exists.
        now_s: seconds since 1970: price lists are dated.
        workers: drawing processes.
        answered: tells which keys of calls have an answer that was paid for already.
    """
    asks = wanted_asks(equipment, docket, appraisal)
    lines = tuple(
        _line(equipment, docket, name, asks.get(name, ()), now_s, answered)
        for name in CAPABILITIES
    )
    return Estimate(lines=lines, footprint=footprint_of(appraisal, workers))


def _line(
    equipment: Equipment,
    docket: Docket,
    capability: str,
    asks: Sequence[Ask],
    now_s: float,
    answered: Answered,
) -> CallsLine:
    choice = docket.campaign.provider(capability)
    line = partial(CallsLine, capability=capability, provider=choice.name)
    free = partial(line, cost_micros=Range(low=0, high=0), worst_micros=0)
    if maker_of(choice) == HOUSE or not asks:
        return free(model=choice.model)
    try:
        model = equipment.handle(capability).models.get(capability, choice.model)
        step = math.ceil(len(asks) / _MOST_PREPARED)
        sample = [ask() for ask in asks[::step]]
    except HandbillError as fault:
        return line(model=choice.model, calls=len(asks), fault=str(fault))
    prepared = [call for call in sample if call is not None]
    if not prepared:  # a provider that works offline: nothing is paid
        return free(model=model, calls=len(asks), wall_s=Range(low=0, high=0))
    known = answered([key_of_call(call) for call in prepared])
    unpaid = [call for call in prepared if key_of_call(call) not in known]
    kept = round(len(asks) * (1 - len(unpaid) / len(prepared)))
    if not unpaid:
        return free(model=model, kept=kept, wall_s=Range(low=0, high=0))
    return _priced(capability, model, (len(asks) - kept, kept), unpaid, now_s)


def _priced(
    capability: str,
    model: str,
    counts: tuple[int, int],
    prepared: Sequence[VendorCall[Any]],
    now_s: float,
) -> CallsLine:
    calls, kept = counts
    scale = calls / len(prepared)
    first = prepared[0]
    low = _sum([_micros(call, least_of(call), now_s) for call in prepared], scale)
    high = _sum([_micros(call, call.at_most, now_s) for call in prepared], scale)
    known = None if low is None or high is None else Range(low=min(low, high), high=high)
    tries = 1 + MOST_REASKS if capability == "copy" else 1
    return CallsLine(
        capability=capability,
        provider=first.provider,
        model=model,
        calls=calls,
        kept=kept,
        cost_micros=known,
        worst_micros=None if high is None else high * tries,
        requests_per_minute=first.rates.requests_per_minute,
        tokens_per_minute=first.rates.tokens_per_minute,
        wall_s=_wall_s(prepared, scale, calls),
        sampled=len(prepared) < calls,
    )


def least_of(call: VendorCall[Any]) -> Usage:
    """The least that a call may use: what its adapter says, else the question alone."""
    if call.at_least is not None:
        return call.at_least
    units = {name: n for name, n in call.at_most.units.items() if "output" not in name}
    return Usage(units=units, cost_usd_micros=call.at_most.cost_usd_micros)


def _micros(call: VendorCall[Any], usage: Usage, now_s: float) -> int | None:
    return cost_micros(call.model, usage, call.prices, now_s)


def _sum(costs: Sequence[int | None], scale: float) -> int | None:
    known = [cost for cost in costs if cost is not None]
    return math.ceil(sum(known) * scale) if len(known) == len(costs) else None


def _wall_s(prepared: Sequence[VendorCall[Any]], scale: float, calls: int) -> Range | None:
    """How long the calls take at the configured limits, the slower one counting."""
    rates = prepared[0].rates
    if not (rates.requests_per_minute or rates.tokens_per_minute):
        return None
    by_requests = (
        calls / rates.requests_per_minute * _MINUTE_S if rates.requests_per_minute else 0.0
    )

    def with_tokens(usage: Callable[[VendorCall[Any]], Usage]) -> int:
        if not rates.tokens_per_minute:
            return math.ceil(by_requests)
        tokens = scale * sum(_tokens(usage(call)) for call in prepared)
        return math.ceil(max(by_requests, tokens / rates.tokens_per_minute * _MINUTE_S))

    return Range(low=with_tokens(least_of), high=with_tokens(lambda call: call.at_most))


def _tokens(usage: Usage) -> int:
    return usage.units.get("input_tokens", 0) + usage.units.get("output_tokens", 0)
