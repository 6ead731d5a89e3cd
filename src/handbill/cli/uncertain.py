"""Calls that may have been paid and whose answers are lost: shown, and asked about."""

from __future__ import annotations

import sys

import click

from handbill.cli.speech import count_of, say
from handbill.press.docket import overridden
from handbill.press.outcome import RunResult
from handbill.press.request import RunRequest

# More than any few kills leave; a person has to see each of them.
_CALLS_SHOWN = 200


def print_uncertain(result: RunResult) -> None:
    """List the calls that a run holds back."""
    if not result.uncertain:
        return
    calls = count_of(len(result.uncertain), "call")
    say(f"  {calls} may have been paid, and no answer is kept:", style="warn")
    for call in result.uncertain[:_CALLS_SHOWN]:
        most = call.set_aside_usd_micros / 1_000_000
        what = f"{call.provider} {call.model} for {call.brief!r}"
        say(f"    {call.call[:12]} {what}, at most ${most:.4f}: {call.message}")
    if len(result.uncertain) > _CALLS_SHOWN:
        say("    … all of them stand in run.json of the bundle, under 'uncertain'")
    say("    they are not sent again by themselves; HANDBILL_ON_UNCERTAIN=resend or =ask does")


def ask_about_uncertain(request: RunRequest) -> None:
    """Under the policy ``ask``: list what an earlier run left uncertain, and ask what to do.

    One answer serves all of them. Where nobody can be asked they are held back.
    """
    from handbill.studio import open_studio  # noqa: PLC0415 - --help stays fast

    studio = open_studio()
    if studio.settings.on_uncertain != "ask":
        return
    from handbill.campaign_folder import read_campaign  # noqa: PLC0415 - only to ask
    from handbill.store.ledger_facts import calls_of  # noqa: PLC0415 - loads SQLAlchemy

    ledger = studio.open_ledger()
    try:
        ledger.settle_dead()
        campaign = overridden(read_campaign(request.target), request).name
        held = calls_of(ledger.engine, campaign=campaign, state="uncertain")
    finally:
        ledger.close()
    if not held:
        return
    say(f"{count_of(len(held), 'call')} of {campaign!r} may have been paid, without an answer:")
    for call in held[:_CALLS_SHOWN]:
        say(f"  {call.key[:12]} {call.provider} {call.model} for {call.brief!r}: {call.message}")
    if not sys.stdin.isatty():
        say("nobody can be asked here (no terminal), so they are held back")
    elif click.confirm("Send them again, and perhaps pay twice?", default=False, err=True):
        studio.resend = frozenset(call.key for call in held)
