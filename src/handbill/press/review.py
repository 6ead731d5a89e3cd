"""Review before export: what a person has not approved does not leave the house.

A *proof* is a finished order as it is shown. Its key is made of its words and files, so that a
verdict holds for just what was seen: whatever changes afterwards has to be looked at again.

- approved: it goes out.
- rejected: its order ends as ``rejected``, with the person's note; nothing of it goes out.
- remake: its order gets another seed, is made anew alone, and waits again.
- no word yet: its order ends as ``waiting_for_review``; nothing of it goes out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from handbill.domain.asset import Outcome
from handbill.domain.copy import Copy
from handbill.domain.digest import digest, plain
from handbill.domain.order import Order, Status
from handbill.domain.plan import Plan
from handbill.domain.review import Proof, Verdict
from handbill.press.docket import Docket, slice_orders
from handbill.press.finishing import Finished
from handbill.press.history import label_of
from handbill.press.outcome import FINE

_TEXT_CHARS = 120
# What says most about an order in a list, where its placement has it.
_TELLING = ("headline", "title", "subject", "caption", "body", "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """The orders of a run after a person's verdicts.

    Attributes:
        finished: every order, by key; those that may not go out are without files.
        shown: those that a person is to see, with their files: they wait, or are blocked.
        waiting: the proofs that have no verdict.
    """

    finished: Mapping[str, Finished]
    shown: Mapping[str, Finished]
    waiting: tuple[Proof, ...]


def proof_folder(out: Path) -> Path:
    """Where the bundle of proofs lies: ``out-review`` beside ``out``."""
    return out.with_name(f"{out.name}-review")


def with_remakes(docket: Docket, remakes: Mapping[str, int]) -> Docket:
    """`docket` with another seed for each order that is to be made anew.

    Args:
        docket: a campaign, planned.
        remakes: label → how often a person wanted that order made anew.
    """
    if not remakes:
        return docket
    orders = tuple(_remade(order, remakes.get(label_of(order), 0)) for order in docket.plan.orders)
    plan = Plan(orders=orders, digest=digest([order.key for order in orders]))
    return dataclasses.replace(docket, plan=plan, slices=slice_orders(orders))


def reviewed(
    docket: Docket,
    finished: Mapping[str, Finished],
    copies: Mapping[str, Copy],
    known: Mapping[str, Proof],
) -> Reviewed:
    """Sort a run's finished orders by what a person said of them.

    Args:
        docket: what was made.
        finished: how each order ended, by order key.
        copies: by order key.
        known: the campaign's proofs so far, by key.
    """
    out: dict[str, Finished] = {}
    shown: dict[str, Finished] = {}
    waiting: list[Proof] = []
    for order in docket.plan.orders:
        one = finished[order.key]
        if one.outcome.status not in FINE:
            shown |= {order.key: one} if one.outcome.assets else {}
            out[order.key] = _held(one, one.outcome.status, one.outcome.message)
            continue
        proof = _proof(docket, order, one, copies[order.key])
        said = known.get(proof.key, proof)
        if said.verdict is Verdict.APPROVED:
            out[order.key] = one
        elif said.verdict is Verdict.REJECTED:
            out[order.key] = _held(one, Status.REJECTED, _rejected(said.note))
        else:
            words = f"waits for review as {proof.short_key}"
            shown[order.key] = _waits(one, words)
            out[order.key] = _held(one, Status.WAITING_FOR_REVIEW, words)
            waiting.append(proof)
    return Reviewed(finished=out, shown=shown, waiting=tuple(waiting))


def shown_docket(docket: Docket, reviewed: Reviewed) -> Docket:
    """The docket of the bundle of proofs: the orders that a person is to see."""
    orders = tuple(order for order in docket.plan.orders if order.key in reviewed.shown)
    plan = Plan(orders=orders, digest=digest([order.key for order in orders]))
    return dataclasses.replace(docket, plan=plan, problems=())


def labels_of(docket: Docket) -> frozenset[str] | None:
    """Labels of everything that this run would have shown; None when it kept every row."""
    if docket.whole:
        return None
    return frozenset(label_of(order) for order in docket.plan.orders)


def _remade(order: Order, times: int) -> Order:
    if not times:
        return order
    turn = ["remake", times]
    return dataclasses.replace(
        order,
        key=digest([order.key, *turn]),
        creative_key=digest([order.creative_key, *turn]),
        seed=int(digest([order.seed, *turn])[:8], 16),
    )


def _proof(docket: Docket, order: Order, one: Finished, copy: Copy) -> Proof:
    label = label_of(order)
    seen = plain(dataclasses.replace(copy, order_key=""))
    files = sorted([asset.file.name, asset.file.sha256] for asset in one.outcome.assets)
    return Proof(
        key=digest([label, order.seed, seen, files]),
        campaign=docket.campaign.name,
        label=label,
        brief=order.brief.id,
        product=order.brief.name_in(order.locale),
        placement=order.placement.id,
        locale=order.locale,
        account=order.account,
        audience=order.audience,
        variant=order.variant,
        text=" ".join(next(_telling(copy), "").split())[:_TEXT_CHARS],
    )


def _telling(copy: Copy) -> Iterator[str]:
    """Texts of a copy, those that say most first."""
    for name in (*_TELLING, *copy.texts):
        yield from (text for text in copy.texts.get(name, ()) if text)


def _held(one: Finished, status: Status, message: str) -> Finished:
    """An order without anything that could go out."""
    outcome = dataclasses.replace(one.outcome, status=status, message=message, assets=())
    return dataclasses.replace(one, outcome=outcome, copy_key="", todo=())


def _waits(one: Finished, message: str) -> Finished:
    outcome: Outcome = dataclasses.replace(
        one.outcome, status=Status.WAITING_FOR_REVIEW, message=message
    )
    return dataclasses.replace(one, outcome=outcome)


def _rejected(note: str) -> str:
    return f"rejected by a person: {note}" if note else "rejected by a person"
