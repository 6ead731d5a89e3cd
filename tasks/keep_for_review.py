"""Keep what a run has made while it waits for a person, so that it need not be made again."""

from __future__ import annotations

from collections.abc import Sequence

from handbill.press.outcome import Reading
from handbill.press.waiting import keep_slips, recall_slips
from handbill.studio import open_studio
from tasks._review_form import waiting_run


def asking(turn: int) -> str:
    """The run around us and its round, as proofs name it; empty when it cannot wait."""
    run = waiting_run()
    return f"{run}:{turn}" if run else ""


def keep_for_review(reading: Reading, slips: Sequence[str]) -> None:
    """Keep the slips of a run that is about to wait."""
    if run := waiting_run():
        keep_slips(open_studio().store, run, reading.plan_digest, slips)


def kept_slips(reading: Reading, turn: int) -> list[str]:
    """What an earlier round of this run has made of the same plan; nothing in the first round."""
    if turn == 1:
        return []
    return recall_slips(open_studio().store, waiting_run(), reading.plan_digest)
