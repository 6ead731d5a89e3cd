"""Let a run wait for a person, without holding a worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from prefect.flow_runs import suspend_flow_run
from prefect.logging import get_run_logger

from handbill.domain.review import Proof
from handbill.press.outcome import Reading, RunResult
from handbill.studio import open_studio
from tasks._events import WAITING, tell
from tasks._review_form import ReviewAnswer, pause_key, waiting_run

_LISTED = 30
_TWO_DAYS_H = 48
_WHERE_TO_LOOK = (
    "The artifact *contact-sheet* of this run shows the first ones; the report on the worker's "
    "machine shows all:"
)


def wait_for_review(reading: Reading, result: RunResult, turn: int, hours: float) -> bool:
    """End this process until a person has answered; Prefect then begins the run again.

    When nobody answers in time, Prefect fails the run: nothing was exported, and all is kept.

    Args:
        reading: of the campaign.
        result: of this pass.
        turn: number of the round, from 1.
        hours: how long to wait.

    Returns:
        Whether to go on at once, because everything was answered meanwhile; False when this run
        cannot wait.
    """
    run = waiting_run()
    if not run:
        return False
    waiting = open_studio().reviews().waiting(reading.campaign)
    shown = [proof for proof in waiting if proof.run == f"{run}:{turn}"]
    if not shown:
        return True
    get_run_logger().info(
        "%s orders wait for a person; no worker is held, and the run goes on after the answer",
        len(shown),
    )
    words = f"{reading.campaign}: {len(shown):,} orders wait for your review"
    report = f"{result.proofs}/report.html"
    tell(WAITING, reading.campaign, words, report=report, orders=len(shown))
    form = ReviewAnswer.with_initial_data(description=_words(reading, result, shown, hours))
    suspend_flow_run(
        wait_for_input=form,
        timeout=int(timedelta(hours=hours).total_seconds()),
        key=pause_key(turn),
    )
    return True


def _words(reading: Reading, result: RunResult, shown: Sequence[Proof], hours: float) -> str:
    """Markdown above the form: what is asked, where to look, and the keys."""
    days = f"{hours / 24:g} days" if hours >= _TWO_DAYS_H else f"{hours:g} hours"
    lines = [
        f"**{reading.campaign}**: {len(shown):,} orders wait for you. {_WHERE_TO_LOOK}",
        "",
        f"    {result.proofs}/report.html",
        "",
        f"Nothing goes out before you approve it. Without an answer within {days} the run fails:",
        "what was made is kept, and can be approved later.",
        "",
        *(f"- `{proof.short_key}` {_plain(proof)}" for proof in shown[:_LISTED]),
    ]
    if len(shown) > _LISTED:
        lines.append(f"- … and {len(shown) - _LISTED:,} more, in the artifact *waiting*")
    return "\n".join(lines)


def _plain(proof: Proof) -> str:
    """A proof in words, in which no mark-up means anything."""
    axes = (proof.product, proof.placement, proof.locale, proof.account)
    words = " · ".join(part for part in axes if part)
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|!" else letter for letter in words)
