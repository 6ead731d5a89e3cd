"""Calls handed in together: written down, uploaded, handed in once, looked after, taken apart.

Every step is in the ledger before the next one begins. Only one of them costs money: handing the
file in. When its answer is lost, the vendor's own list is asked for our ticket; a batch that it
does not show may exist all the same, so it is handed in again only when the user says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from handbill.domain.campaign import Campaign
from handbill.domain.digest import digest, plain
from handbill.domain.failpoint import reached
from handbill.errors import (
    ContentRefused,
    HandbillError,
    ProviderError,
    Transient,
    Unavailable,
)
from handbill.press.batch_files import (
    TICKET_SHOWN,
    Offered,
    batch_facts,
    files_of,
    offer_of,
)
from handbill.press.outbox import Outbox
from handbill.press.outcome import BatchFacts
from handbill.press.prices import cost_micros
from handbill.press.purse import Purse
from handbill.press.recipes import HOUSE, maker_of
from handbill.press.sending import Sleep
from handbill.press.till import AnswerStore
from handbill.providers.ports import (
    BatchDesk,
    BatchLine,
    BatchState,
    PriceTerms,
    ProviderHandle,
)
from handbill.store.ledger import Bill, CallCard, Ledger
from handbill.store.ledger_batches import BatchBook, BatchRow
from handbill.store.ledger_tables import CallState

T = TypeVar("T")
# What can wait for a day; voice, music and clips belong to films and are asked for at once.
BATCHED = ("copy", "image")
MOST_TRIES = 3
_FIRST_WAIT_S = 1.0
_MOST_WAIT_S = 20.0
_DEADLINE_S = 900.0  # of one upload or download


class Batches:
    """The batches of one run's providers.

    Args:
        ledger: every step is written there.
        store: keeps files and answers.
        purse: the policy for batches that may have been handed in.
        outbox: calls that wait for `hand_in`.
        desks: the desks of the campaign's providers, by provider and server.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        ledger: Ledger,
        store: AnswerStore,
        purse: Purse,
        outbox: Outbox,
        desks: Callable[[], Mapping[tuple[str, str], BatchDesk]],
        *,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._purse = purse
        self._outbox = outbox
        self._open_desks = desks
        self._sleep = sleep
        self._book = BatchBook(ledger)

    def facts(self) -> tuple[BatchFacts, ...]:
        """The batches that are not over."""
        return batch_facts(self._book)

    @cached_property
    def desks(self) -> Mapping[tuple[str, str], BatchDesk]:
        """The desks of the campaign's providers, by provider and server."""
        return self._open_desks()

    async def collect(self) -> None:
        """Bring every batch as far as it goes today; faults are noted beside it."""
        for row in self._book.open_batches():
            desk = self.desks.get((row.provider, row.address))
            if desk is not None and self._book.take(row.ticket):
                await self._advance(row, desk)

    async def hand_in(self) -> None:
        """Hand in everything that waits in the outbox, in as few files as the vendor takes."""
        for desk, calls in files_of(self._outbox.empty()):
            row = self._written_down(desk, calls)
            if self._book.take(row.ticket):
                await self._advance(row, desk, look=False)

    def _written_down(self, desk: BatchDesk, calls: list[Offered]) -> BatchRow:
        """The batch of `calls`, kept with its file before anything of it is sent."""
        offers = [(card.key, offer_of(call)) for call, card in calls]
        file_sha256 = self._store.put_bytes(desk.lines(offers))
        call, card = calls[0]
        # The same calls may be handed in again after they failed: each time under its own ticket.
        number = self._book.times_handed_in(file_sha256)
        row = BatchRow(
            ticket=digest([file_sha256, number]),
            campaign=card.campaign,
            provider=card.provider,
            model=card.model,
            address=desk.address,
            url=offer_of(call).url,
            terms=json.dumps(plain(call.prices), sort_keys=True),
            file_sha256=file_sha256,
            calls=len(calls),
        )
        self._book.tie(row, [card.key for _, card in calls])
        reached("batch.tied")
        return row

    async def _advance(self, row: BatchRow, desk: BatchDesk, *, look: bool = True) -> None:
        """One batch, as far as it goes; what holds it up is noted, and the next run goes on.

        `look` is False for one that is handed in just now: nothing of it can be there yet.
        """
        try:
            row = await self._handed_in(row, desk)
            if row.state == "submitted" and look:
                row = await self._fetched(row, desk)
            if row.state == "fetched":
                self._take_apart(row, desk)
        except ProviderError as fault:
            self._book.note(row.ticket, message=str(fault))
        self._book.let_go(row.ticket)

    async def _handed_in(self, row: BatchRow, desk: BatchDesk) -> BatchRow:
        """`row` with the vendor's id, or as it was when that cannot be had now.

        Raises:
            ProviderError: the vendor did not answer, or takes no such batch.
        """
        if row.state == "planned":
            lines = self._store.read(row.file_sha256)
            name = f"handbill-{row.ticket[:TICKET_SHOWN]}"
            try:
                file_id = await self._repeated(lambda: desk.upload(name, lines))
            except ProviderError as fault:
                raise self._declined(row, fault) from None
            row = self._noted(row, state="uploaded", file_id=file_id)
            reached("batch.uploaded")
        if row.state == "creating":
            row = await self._found(row, desk)
        if row.state == "uploaded":
            row = await self._created(row, desk)
        return row

    async def _created(self, row: BatchRow, desk: BatchDesk) -> BatchRow:
        """Hand the file in: the one request that costs money."""
        row = self._noted(row, state="creating")
        reached("batch.creating")
        try:
            state = await self._repeated(lambda: desk.create(row.file_id, row.url, row.ticket))
        except Transient as fault:
            if not fault.maybe_paid:
                self._noted(row, state="uploaded")
                raise
            return await self._found(row, desk)
        except ProviderError as fault:
            raise self._declined(row, fault) from None
        reached("batch.created")
        return self._submitted(row, state)

    async def _found(self, row: BatchRow, desk: BatchDesk) -> BatchRow:
        """The batch whose creation was not answered: in the vendor's list, or uncertain."""
        state = await self._repeated(lambda: desk.find(row.ticket))
        if state is not None:
            return self._submitted(row, state)
        message = (
            "it may have been handed in: its answer is lost, and the vendor lists no such batch "
            "now. It is looked for again by the next run; to hand it in anew, run with --batch "
            "and --on-uncertain resend"
        )
        if self._purse.resends(self._card_of(row), message):
            return self._noted(row, state="uploaded")
        self._book.mark_calls(row.ticket, CallState.UNCERTAIN, message)
        return self._noted(row, message=message)

    async def _fetched(self, row: BatchRow, desk: BatchDesk) -> BatchRow:
        """Look after a batch; its answers are in the store once it has ended."""
        state = await self._repeated(lambda: desk.look(row.batch_id))
        row = self._noted(row, word=state.word, message=state.message)
        if not state.ended:
            return row
        kept = {"output_sha256": "", "error_sha256": ""}
        for name, file_id in zip(kept, (state.output_file, state.error_file), strict=True):
            if file_id:
                kept[name] = self._store.put_bytes(await self._file(desk, file_id))
        row = self._noted(row, state="fetched", **kept)
        reached("batch.fetched")
        return row

    async def _file(self, desk: BatchDesk, file_id: str) -> bytes:
        return await self._repeated(lambda: desk.fetch(file_id))

    def _take_apart(self, row: BatchRow, desk: BatchDesk) -> None:
        """Give every call its answer; calls without one are free to be handed in again."""
        waiting = dict.fromkeys(self._book.tied(row.ticket))
        terms = PriceTerms(**json.loads(row.terms))
        for line in self._lines_of(row, desk):
            if line.key not in waiting:
                continue
            del waiting[line.key]
            if line.fault is None:
                self._keep(row, desk, terms, line)
            else:
                self._end(line.key, _typed(line.fault))
            reached("batch.line")
        word = f"its batch ended ({row.word}) without an answer to it"
        told = f"{word}: {row.message}" if row.message else word
        # What merely ran out of time is handed in again; what was stopped or declined is not.
        kind = Unavailable if row.word in ("completed", "expired") else ProviderError
        for key in waiting:
            self._end(key, kind(told, provider=row.provider, model=row.model))
        self._noted(row, state="done")
        reached("batch.done")

    def _lines_of(self, row: BatchRow, desk: BatchDesk) -> Iterator[BatchLine]:
        for sha256 in (row.output_sha256, row.error_sha256):
            if sha256:
                yield from desk.read(self._store.read(sha256))

    def _keep(self, row: BatchRow, desk: BatchDesk, terms: PriceTerms, line: BatchLine) -> None:
        """The answer's bytes in the store and their cost in the ledger, before anybody reads."""
        sha256 = self._store.put_bytes(line.body)
        usage = desk.measure(line.body)
        cost = cost_micros(row.model, usage, terms, self._ledger.now_s())
        self._ledger.mark_stored(line.key, sha256, Bill(micros=cost, units=usage.units))

    def _end(self, key: str, fault: ProviderError) -> None:
        refused = isinstance(fault, ContentRefused)
        self._ledger.give_up(key, CallState.REFUSED if refused else CallState.FAILED, str(fault))
        if not refused and not isinstance(fault, Transient):
            self._outbox.bar(key, fault)

    def _declined(self, row: BatchRow, fault: ProviderError) -> ProviderError:
        """Free the calls of a batch that the vendor does not take; what may pass is kept."""
        if not isinstance(fault, Transient):
            for key in self._book.tied(row.ticket):
                self._end(key, fault)
            self._noted(row, state="failed")
        return fault

    def _submitted(self, row: BatchRow, state: BatchState) -> BatchRow:
        row = self._noted(
            row, state="submitted", batch_id=state.id, word=state.word, message=state.message
        )
        self._book.mark_calls(row.ticket, CallState.SENT, "")
        reached("batch.submitted")
        return row

    def _card_of(self, row: BatchRow) -> CallCard:
        """The batch as a call, for the policy of what may have been paid."""
        tied = self._book.tied(row.ticket)
        return CallCard(
            key=tied[0] if tied else row.ticket,
            campaign=row.campaign,
            brief=f"{len(tied)} calls",
            provider=row.provider,
            model=row.model,
            endpoint=row.url,
            mode="batch",
        )

    def _noted(self, row: BatchRow, **columns: str) -> BatchRow:
        self._book.note(row.ticket, **columns)
        known: dict[str, Any] = dict(columns)
        return replace(row, **known)

    async def _repeated(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask, and again while the fault may pass and nothing can be paid twice by it."""
        for tries in range(1, MOST_TRIES + 1):
            try:
                return await _within(ask)
            except Transient as fault:
                if fault.maybe_paid or tries == MOST_TRIES:
                    raise
                wait = fault.retry_after_s or _FIRST_WAIT_S * 2**tries
                if wait > _MOST_WAIT_S:
                    raise
                await self._sleep(wait)
        raise AssertionError  # pragma: no cover - the last try returns or raises


def desks_of(
    campaign: Campaign, handle: Callable[[str], ProviderHandle]
) -> dict[tuple[str, str], BatchDesk]:
    """The desks of a campaign's providers; one that cannot be opened is told where it is asked."""
    desks: dict[tuple[str, str], BatchDesk] = {}
    for capability in BATCHED:
        if maker_of(campaign.provider(capability)) == HOUSE:
            continue
        with contextlib.suppress(HandbillError):
            opened = handle(capability)
            if opened.batch is not None:
                desks[opened.name, opened.batch.address] = opened.batch
    return desks


async def _within(ask: Callable[[], Awaitable[T]]) -> T:
    try:
        async with asyncio.timeout(_DEADLINE_S):
            return await ask()
    except TimeoutError:
        message = f"no whole answer came within {_DEADLINE_S:g} s"
        raise Unavailable(message, maybe_paid=True) from None


def _typed(fault: Exception) -> ProviderError:
    return fault if isinstance(fault, ProviderError) else ProviderError(str(fault))
