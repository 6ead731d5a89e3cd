"""What a person is asked when a run waits for a review; how its rounds are told apart.

A *round* is one asking: it shows proofs, and its answer is about those alone. Rounds of a run are
numbered from 1; ``<run>:<round>`` stands beside each proof that was shown in it.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from prefect.context import FlowRunContext
from prefect.input import RunInput, keyset_from_paused_state, read_flow_run_input
from prefect.states import Suspended
from pydantic import Field

from handbill.domain.review import LEAST_CHARS, Proof, Verdict

_BETWEEN_KEYS = re.compile(r"[\s,;|]+")
# Keys are pasted: people come from the report, which shows them, and there may be thousands.
_KEYS = "Their keys, with blanks or commas between them."


class ReviewAnswer(RunInput):
    """What a person says of the proofs of one round."""

    approve_all: Annotated[
        bool,
        Field(
            title="1. Approve all",
            description="Everything may go out but what you reject or have made anew below.",
        ),
    ] = False
    reject: Annotated[
        str, Field(title="2. Reject", description=f"These are not made. {_KEYS}")
    ] = ""
    remake: Annotated[
        str,
        Field(
            title="3. Make anew",
            description=f"These get other texts and another layout, and are shown again. {_KEYS}",
        ),
    ] = ""
    approve: Annotated[
        str,
        Field(
            title="4. … or approve only these",
            description=f"Where not all may go out; the others wait on. {_KEYS}",
        ),
    ] = ""
    note: Annotated[
        str, Field(title="5. Note", description="Why; it stands beside what you reject.")
    ] = ""

    def verdicts(self, shown: list[Proof]) -> list[tuple[Verdict, list[Proof]]]:
        """The verdicts on `shown`; proofs without one go on waiting."""
        rejected = _named(self.reject, shown)
        remade = [one for one in _named(self.remake, shown) if one not in rejected]
        rest = [one for one in shown if one not in rejected and one not in remade]
        return [
            (Verdict.REJECTED, rejected),
            (Verdict.REMAKE, remade),
            (Verdict.APPROVED, rest if self.approve_all else _named(self.approve, rest)),
        ]


def waiting_run() -> str:
    """The id of the run around us when it can wait without a worker, else empty.

    Prefect can only take a run up again that a deployment began.
    """
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or run.deployment_id is None or run.parent_task_run_id is not None:
        return ""
    return str(run.id)


def pause_key(turn: int) -> str:
    """The name of a round in Prefect."""
    return f"review-{turn}"


def answer_of(turn: int) -> ReviewAnswer | None:
    """The answer of a round of the run around us; None while there is none."""
    keys = keyset_from_paused_state(Suspended(pause_key=pause_key(turn)))
    told: Any = read_flow_run_input(keys["response"])
    return None if told is None else ReviewAnswer(**told)


def _named(keys: str, proofs: list[Proof]) -> list[Proof]:
    """The proofs whose keys begin as one of `keys`; anything shorter than a key names none."""
    named = tuple(key.lower() for key in _BETWEEN_KEYS.split(keys) if len(key) >= LEAST_CHARS)
    return [one for one in proofs if one.key.startswith(named)] if named else []
