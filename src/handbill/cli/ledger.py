"""`handbill ledger`: calls, states and money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from handbill.cli.options import json_option
from handbill.cli.speech import say, show, show_json, table
from handbill.studio import open_studio

if TYPE_CHECKING:
    from handbill.store.ledger import Ledger

Row = tuple[object, ...]
_GROUPS = ("campaign", "provider", "model", "day", "state", "brief")


@click.command("ledger")
@click.option(
    "--by", "group", type=click.Choice(_GROUPS), default="campaign", help="What to add up by."
)
@click.option("--campaign", default="", help="Of this campaign alone.")
@click.option("--calls", "single", is_flag=True, help="Single calls instead of sums.")
@click.option("--batches", is_flag=True, help="Batches that lie at a vendor, instead of sums.")
@json_option
def command(*, group: str, campaign: str, single: bool, batches: bool, as_json: bool) -> None:
    """Show calls, their states and what they cost."""
    ledger = open_studio().open_ledger()
    try:
        ledger.settle_dead()
        facts, rows = _wanted(ledger, group, campaign, single=single, batches=batches)
    finally:
        ledger.close()
    if as_json:
        show_json(facts)
    elif facts:
        for line in table(rows):
            show(line)
    elif batches:
        say("no batch lies at a vendor")
    else:
        say("the ledger is empty: no provider that costs money was asked yet")


def _wanted(
    ledger: Ledger, group: str, campaign: str, *, single: bool, batches: bool
) -> tuple[Sequence[object], list[Row]]:
    """What is asked for, and the same as a table."""
    if batches:
        return _batches(ledger)
    return _calls(ledger, campaign) if single else _sums(ledger, group, campaign)


def _batches(ledger: Ledger) -> tuple[Sequence[object], list[Row]]:
    from handbill.press.batch_files import batch_facts  # noqa: PLC0415 - loads SQLAlchemy
    from handbill.store.ledger_batches import BatchBook  # noqa: PLC0415 - as above

    facts = batch_facts(BatchBook(ledger))
    rows: list[Row] = [("batch", "provider", "model", "calls", "state", "remark")]
    rows += [
        (one.batch, one.provider, one.model, one.calls, one.state, one.message) for one in facts
    ]
    return facts, rows


def _calls(ledger: Ledger, campaign: str) -> tuple[Sequence[object], list[Row]]:
    from handbill.store.ledger_facts import calls_of  # noqa: PLC0415 - loads SQLAlchemy

    calls = calls_of(ledger.engine, campaign=campaign)
    rows: list[Row] = [("call", "brief", "provider", "model", "state", "cost")]
    rows += [
        (one.key[:12], one.brief, one.provider, one.model, one.state, _usd(one.spent_micros))
        for one in calls
    ]
    return calls, rows


def _sums(ledger: Ledger, group: str, campaign: str) -> tuple[Sequence[object], list[Row]]:
    from handbill.store.ledger_facts import totals  # noqa: PLC0415 - loads SQLAlchemy

    sums = totals(ledger.engine, group, campaign=campaign)
    rows: list[Row] = [(group, "calls", "tries", "cost", "set aside", "unpriced", "uncertain")]
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
    return sums, rows


def _usd(micros: int) -> str:
    return f"${micros / 1_000_000:,.4f}"
