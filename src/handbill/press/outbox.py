"""Calls that wait to be handed in together, while a run asks for its copy and pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from handbill.errors import InBatch, ProviderError
from handbill.providers.ports import VendorCall
from handbill.store.ledger import CallCard

AnswerT = TypeVar("AnswerT")


class Outbox:
    """The calls of one run that a vendor takes in batches, in the order of their keys."""

    def __init__(self) -> None:
        self._calls: dict[str, tuple[VendorCall[Any], CallCard]] = {}
        self._barred: dict[str, ProviderError] = {}

    def offer(self, call: VendorCall[AnswerT]) -> VendorCall[AnswerT]:
        """`call` at the price of a batch, where it can go into one."""
        if call.batch is None:
            return call
        return replace(call, prices=replace(call.prices, processing="batch"))

    def look(self, card: CallCard) -> None:
        """Say so when a call waits here, or cannot be handed in again in this run.

        Raises:
            InBatch, ProviderError: as said.
        """
        if card.key in self._calls:
            raise waiting(card)
        if fault := self._barred.get(card.key):
            raise fault

    def put(self, call: VendorCall[Any], card: CallCard) -> None:
        """Keep a call whose money is set aside."""
        self._calls[card.key] = (call, card)

    def bar(self, key: str, fault: ProviderError) -> None:
        """Do not hand this call in again in this run: it would end in the same way."""
        self._barred[key] = fault

    def empty(self) -> list[tuple[VendorCall[Any], CallCard]]:
        """Everything that waits, by key; nothing does afterwards."""
        calls = [self._calls[key] for key in sorted(self._calls)]
        self._calls.clear()
        return calls


def waiting(card: CallCard, message: str = "") -> InBatch:
    """The fault of a call whose answer will come with a batch."""
    told = f" ({message})" if message else ""
    return InBatch(
        f"its call to {card.provider!r} lies in a batch{told}; collect it with "
        "handbill run --batch, today or tomorrow",
        provider=card.provider,
        model=card.model,
    )
