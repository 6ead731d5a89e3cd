"""Tell Prefect's automations how a run ended."""

from __future__ import annotations

from pathlib import Path

from handbill.domain.order import Status
from handbill.press.outcome import Reading, RunResult
from handbill.studio import open_studio
from tasks._events import BUDGET, FINISHED, PROVIDER_DOWN, tell


def publish_ending(reading: Reading, result: RunResult) -> None:
    """Emit what others may want to know of: the end, a budget, providers that are down."""
    report = str(Path(result.bundle) / "report.html")
    ready = f"{result.ready:,} of {result.orders:,} orders are ready"
    cost = f"${result.cost_usd_micros / 1_000_000:.2f}"
    tell(
        FINISHED,
        reading.campaign,
        f"{reading.campaign}: {ready}, cost {cost}",
        report=report,
        ready=result.ready,
        orders=result.orders,
        statuses=dict(result.statuses),
        cost_usd=result.cost_usd_micros / 1_000_000,
    )
    if over := result.statuses.get(Status.OVER_BUDGET, 0):
        words = f"{reading.campaign}: the budget is reached; {over:,} orders were not made"
        tell(BUDGET, reading.campaign, words, report=report, orders=over)
    accounts = open_studio().accounts()
    for provider in accounts.silent_providers() if accounts else ():
        words = f"{reading.campaign}: {provider!r} does not answer; run again when it does"
        tell(PROVIDER_DOWN, reading.campaign, words, provider=provider)
