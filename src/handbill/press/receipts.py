"""How calls end: receipts of answers, and results that name a status instead of raising."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Generic, TypeVar

from handbill.domain.copy import Draft
from handbill.domain.order import Status
from handbill.errors import (
    BadAnswer,
    BudgetExceeded,
    CapabilityMissing,
    ContentRefused,
    HandbillError,
    InBatch,
    ProviderError,
    UncertainCall,
)

AnswerT = TypeVar("AnswerT")

Texts = Mapping[str, str]
NO_TEXTS: Texts = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Generic[AnswerT]):
    """An answer and what it cost now: 0 micro-dollars when it was stored already.

    `mode` is ``live`` or ``batch``, as the answer was bought; empty for one that was free.
    """

    answer: AnswerT
    cost_usd_micros: int = 0
    reused: bool = False
    mode: str = ""


class Misread(BadAnswer):
    """A whole answer came, was paid and is kept, and does not hold what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyResult:
    """How the copy of one brief's orders ended; every mapping is by order key.

    Attributes:
        drafts: the drafts; that of a blocked order is kept too.
        findings: what still stands against a draft after the last try.
        statuses: one for every order of the request: ``MADE``, ``BLOCKED``, ``REFUSED``,
            ``FAILED``, ``UNCERTAIN`` or ``OVER_BUDGET``.
        messages: why an order was not made, for people.
        cost_usd_micros: what this request cost now, all tries together; at least 0.
        reused: every answer was in the store already.
        cause: why orders ended without a draft that may go out; see `cause_of`.
        mode: how the last answer was bought, as in `Receipt`.
    """

    drafts: Mapping[str, Draft]
    findings: Mapping[str, tuple[str, ...]]
    statuses: Mapping[str, Status]
    messages: Texts = field(default_factory=lambda: NO_TEXTS)
    cost_usd_micros: int = 0
    reused: bool = False
    cause: str = ""
    mode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResult(Generic[AnswerT]):
    """How one call for a voice, picture or piece of music ended; `answer` is None unless made."""

    answer: AnswerT | None
    status: Status
    message: str = ""
    cost_usd_micros: int = 0
    reused: bool = False
    cause: str = ""
    mode: str = ""


def status_of(fault: HandbillError) -> Status:
    """The status of an order whose call ended with `fault`."""
    if isinstance(fault, BudgetExceeded):
        return Status.OVER_BUDGET
    if isinstance(fault, UncertainCall):
        return Status.UNCERTAIN
    if isinstance(fault, ContentRefused):
        return Status.REFUSED
    return Status.BLOCKED if isinstance(fault, CapabilityMissing) else Status.FAILED


def cause_of(fault: HandbillError) -> str:
    """What kept an order from being made: ``batch``, ``provider``, or empty for anything else.

    ``batch``: its call lies in a batch, nothing is wrong. ``provider``: the provider did not
    answer, for a reason that lies with it and not with the order.
    """
    if isinstance(fault, InBatch):
        return "batch"
    if isinstance(fault, ContentRefused | CapabilityMissing):
        return ""
    return "provider" if isinstance(fault, ProviderError) else ""


def paid_micros(fault: HandbillError) -> int:
    """What was paid before `fault`, in micro-dollars."""
    return fault.paid_usd_micros if isinstance(fault, ProviderError) else 0
