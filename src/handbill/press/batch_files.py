"""Which calls go into one file, and what is told of batches that are not over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from handbill.domain.digest import digest, plain
from handbill.press.outcome import BatchFacts
from handbill.providers.ports import BatchDesk, BatchOffer, VendorCall
from handbill.store.ledger import CallCard
from handbill.store.ledger_batches import BatchBook

Offered = tuple[VendorCall[Any], CallCard]
TICKET_SHOWN = 12


def batch_facts(book: BatchBook) -> tuple[BatchFacts, ...]:
    """The batches of a ledger that are not over."""
    return tuple(
        BatchFacts(
            batch=row.batch_id or row.ticket[:TICKET_SHOWN],
            provider=row.provider,
            model=row.model,
            calls=row.calls,
            state=row.word or row.state,
            message=row.message,
        )
        for row in book.open_batches()
    )


def files_of(calls: Iterable[Offered]) -> Iterator[tuple[BatchDesk, list[Offered]]]:
    """Calls in the order of their keys, in files of one desk, kind of work, model and price."""
    groups: dict[str, list[Offered]] = {}
    for call, card in calls:
        offer = offer_of(call)
        name = [card.provider, offer.desk.address, offer.url, card.model, plain(call.prices)]
        groups.setdefault(digest(name), []).append((call, card))
    for _, group in sorted(groups.items()):
        offer = offer_of(group[0][0])
        piece: list[Offered] = []
        size = 0
        for call, card in group:
            line = len(offer.desk.lines([(card.key, offer_of(call))]))
            full = len(piece) == offer.most_lines or size + line > offer.most_bytes
            if piece and full:
                yield offer.desk, piece
                piece, size = [], 0
            piece.append((call, card))
            size += line
        yield offer.desk, piece


def offer_of(call: VendorCall[Any]) -> BatchOffer:
    """How `call` is handed in with others; nothing else gets into an outbox."""
    assert call.batch is not None  # noqa: S101 - as said
    return call.batch
