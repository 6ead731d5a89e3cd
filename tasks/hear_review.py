"""Hear what people answered in earlier rounds of a run that waited for them."""

from __future__ import annotations

from prefect.logging import get_run_logger

from handbill.studio import open_studio
from tasks._review_form import answer_of, waiting_run


def hear_review() -> int:
    """Book the verdicts of every earlier round; the number of the round that begins now, from 1.

    A round's answer is about the proofs that it showed, and about those alone that nobody has
    spoken of since: booking it again changes nothing.
    """
    run = waiting_run()
    turn = 1
    while run and (answer := answer_of(turn)) is not None:
        reviews = open_studio().reviews()
        shown = [proof for proof in reviews.waiting() if proof.run == f"{run}:{turn}"]
        for verdict, proofs in answer.verdicts(shown):
            if number := reviews.decide(proofs, verdict, answer.note):
                get_run_logger().info("review %s: %s %s", turn, number, verdict)
        turn += 1
    return turn
