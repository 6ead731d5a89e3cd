"""Answers that an earlier run has paid for: which calls of a plan cost nothing more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from handbill.domain.digest import digest
from handbill.providers.ports import VendorCall

if TYPE_CHECKING:
    from handbill.store.ledger import Ledger

# Keys of calls → those of them whose answer is kept.
Answered = Callable[[Sequence[str]], frozenset[str]]


def key_of_call(call: VendorCall[Any]) -> str:
    """The key of a call, made from everything that decides its answer."""
    return digest([call.provider, call.endpoint, call.model, call.content])


def kept_answers(open_ledger: Callable[[], Ledger]) -> Answered:
    """Tells which calls have an answer; the ledger is opened when there are calls at all."""

    def answered_of(keys: Sequence[str]) -> frozenset[str]:
        from handbill.store.ledger_facts import answered  # noqa: PLC0415 - loads SQLAlchemy

        ledger = open_ledger()
        try:
            return answered(ledger.engine, keys)
        finally:
            ledger.close()

    return answered_of
