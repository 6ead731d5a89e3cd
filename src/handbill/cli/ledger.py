"""`handbill ledger`: calls, states and money."""

from __future__ import annotations

import click

from handbill.cli.options import json_option
from handbill.cli.speech import say, show, show_json, table
from handbill.studio import open_studio

_GROUPS = ("campaign", "provider", "model", "day", "state", "brief")


@click.command("ledger")
@click.option(
    "--by", "group", type=click.Choice(_GROUPS), default="campaign", help="What to add up by."
)
@click.option("--campaign", default="", help="Of this campaign alone.")
@click.option("--calls", "single", is_flag=True, help="Single calls instead of sums.")
@json_option
def command(*, group: str, campaign: str, single: bool, as_json: bool) -> None:
    """Show calls, their states and what they cost."""
    from handbill.store.ledger_facts import calls_of, totals  # noqa: PLC0415 - loads SQLAlchemy

    ledger = open_studio().open_ledger()
    try:
        ledger.settle_dead()
        calls = calls_of(ledger.engine, campaign=campaign) if single else ()
        sums = totals(ledger.engine, group, campaign=campaign)
    finally:
        ledger.close()
    if as_json:
        show_json(calls if single else sums)
        return
    if not sums:
        say("the ledger is empty: no provider that costs money was asked yet")
        return
    rows: list[tuple[object, ...]]
    if single:
        rows = [("call", "brief", "provider", "model", "state", "cost")]
        rows += [
            (one.key[:12], one.brief, one.provider, one.model, one.state, _usd(one.spent_micros))
            for one in calls
        ]
    else:
        rows = [(group, "calls", "tries", "cost", "set aside", "unpriced", "uncertain")]
        rows += [
            (
                one.name,
                one.calls,
                one.attempts,
                _usd(one.spent_micros),
                _usd(one.reserved_micros),
                one.unpriced,
                one.uncertain,
            )
            for one in sums
        ]
    for line in table(rows):
        show(line)


def _usd(micros: int) -> str:
    return f"${micros / 1_000_000:,.4f}"
