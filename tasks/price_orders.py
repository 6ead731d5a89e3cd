"""Price a campaign's orders against what exists; nothing is made and nothing is spent."""

from __future__ import annotations

import time
from dataclasses import dataclass

from prefect import task

from handbill.press.appraisal import Standing, appraise
from handbill.press.docket import Docket
from handbill.press.estimate import CallsLine, Estimate, estimate
from handbill.press.kept_answers import kept_answers
from handbill.press.request import RunRequest
from handbill.studio import open_studio
from tasks._policy import policy

Row = dict[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedPlan:
    """A plan in rows of tables.

    Attributes:
        counts: standing → orders.
        placements: a row a placement, its orders by standing.
        prices: a row a capability.
        least_micros, most_micros: of what is priced, in micro-dollars.
        unpriced: capabilities whose price nobody knows.
        minutes: the most that it may take, drawing and providers one after the other.
    """

    campaign: str
    briefs: int
    problems: int
    counts: dict[str, int]
    placements: list[Row]
    prices: list[Row]
    least_micros: int
    most_micros: int
    unpriced: list[str]
    minutes: int


@task(**policy("price_orders"), task_run_name="price orders")
def price_orders(request: RunRequest) -> PricedPlan:
    """What a run of `request` would make, and what that would cost."""
    studio = open_studio()
    docket = studio.read(request)
    equipment = studio.equip(docket)
    appraisal = appraise(equipment, docket)
    priced = estimate(
        equipment,
        docket,
        appraisal,
        now_s=time.time(),
        workers=studio.settings.workers,
        answered=kept_answers(studio.open_ledger),
    )
    standings = [(one.order.placement.id, one.standing) for one in appraisal.standings]
    return PricedPlan(
        campaign=docket.campaign.name,
        briefs=len(docket.briefs),
        problems=len(docket.problems),
        counts=appraisal.counts,
        placements=_placements(docket, standings),
        prices=[_price_row(line) for line in priced.lines],
        least_micros=priced.cost_micros.low,
        most_micros=_most(priced),
        unpriced=[line.capability for line in priced.unpriced],
        minutes=-(-priced.wall_s.high // 60),
    )


def _placements(docket: Docket, standings: list[tuple[str, Standing]]) -> list[Row]:
    names = dict.fromkeys(order.placement.id for order in docket.plan.orders)
    rows: list[Row] = []
    for name in names:
        own = [standing for placement, standing in standings if placement == name]
        by_standing: Row = {standing.value: own.count(standing) for standing in Standing}
        rows.append({"placement": name} | by_standing | {"orders": len(own)})
    return rows


def _price_row(line: CallsLine) -> Row:
    return {
        "makes": line.capability,
        "provider": line.provider,
        "model": line.model or "-",
        "calls": line.calls,
        "price": _price_words(line),
    }


def _price_words(line: CallsLine) -> str:
    if line.cost_micros is None:
        return line.fault or "nobody knows: no price is listed"
    low, high = (micros / 1_000_000 for micros in (line.cost_micros.low, line.cost_micros.high))
    return f"${high:.2f}" if low == high else f"${low:.2f} to ${high:.2f}"


def _most(priced: Estimate) -> int:
    return max(priced.worst_micros, priced.cost_micros.high)
