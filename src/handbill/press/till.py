"""The till: pays for a call once, keeps its answer, and never pays for that answer again.

For each call, in this order: claim it in the ledger (money is set aside), send it, put the
vendor's bytes in the store, note their digest and real cost, and only then read them.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from handbill.domain.failpoint import reached
from handbill.errors import (
    BadAnswer,
    BudgetExceeded,
    ContentRefused,
    HandbillError,
    ProviderError,
    StoreError,
)
from handbill.press.kept_answers import key_of_call
from handbill.press.outbox import Outbox, waiting
from handbill.press.prices import cost_micros
from handbill.press.purse import Purse, held_back
from handbill.press.receipts import Misread, Receipt
from handbill.press.sending import Errand, Sender, Sleep
from handbill.providers.ports import RawAnswer, Usage, VendorCall
from handbill.store.ledger import Bill, CallCard, Claim, Ledger
from handbill.store.ledger_facts import LedgerCall, calls_of
from handbill.store.ledger_tables import CallState

AnswerT = TypeVar("AnswerT")

_BUSY_LOOK_S = 0.25
# Room that must be free before a call is paid: an answer that cannot be kept is money lost.
_ROOM_BYTES = 64 * 1024 * 1024


class AnswerStore(Protocol):
    """What the till needs of the store."""

    def put_bytes(self, data: bytes) -> str:
        """Keep `data`; its sha256 (hex)."""
        ...

    def read(self, sha256: str) -> bytes:
        """The bytes, verified."""
        ...


class Till:
    """Pays for calls.

    Args:
        ledger: states and money.
        store: where answers are kept.
        purse: whose money, and how much.
        seed: of the jitter between repeats.
        sleep: waits; `asyncio.sleep`, or a test's own.
        room_bytes: how much the store's disk still takes.
        outbox: takes calls that are handed in together instead of being sent one by one; None
            sends all of them.
    """

    def __init__(  # noqa: PLR0913 - what a till works with, each of another kind
        self,
        ledger: Ledger,
        store: AnswerStore,
        purse: Purse,
        *,
        seed: int = 0,
        sleep: Sleep = asyncio.sleep,
        room_bytes: Callable[[], int] | None = None,
        outbox: Outbox | None = None,
    ) -> None:
        self._outbox = outbox
        self._ledger = ledger
        self._store = store
        self._purse = purse
        self._sleep = sleep
        self._room_bytes = room_bytes
        rng = random.Random(seed)  # noqa: S311 - spreads repeats, keeps no secret
        self._sender = Sender(ledger, purse, rng, sleep)
        self._locks: dict[str, asyncio.Lock] = {}
        self._unpaid: dict[str, int] = {}

    async def pay(self, call: VendorCall[AnswerT], *, row: str) -> Receipt[AnswerT]:
        """The answer to `call`, never paid for twice; see `calls.Till`."""
        call = self._outbox.offer(call) if self._outbox else call
        card = self.card(call, row)
        # The same question twice at once in this process waits for its first answer.
        async with self._locks.setdefault(card.key, asyncio.Lock()):
            errand = Errand(
                call=call,
                card=card,
                caps=self._purse.caps(row),
                reserve=self.most_micros(call) or 0,
            )
            if self._outbox:
                self._outbox.look(card)
            try:
                claim = await self._claim(errand)
            except BudgetExceeded:
                self._unpaid[card.key] = errand.reserve
                raise
            if claim.verdict == "stored":
                answer = self._read(call, card, claim.answer_sha256)
                return Receipt(answer=answer, reused=True, mode=claim.mode)
            self._refuse_to_send(call, card, claim)
            sha256, cost = await self._buy(errand, claim.pending)
            try:
                answer = self._read(call, card, sha256)
            except ProviderError as fault:
                fault.paid_usd_micros = cost
                raise
            return Receipt(answer=answer, cost_usd_micros=cost)

    def card(self, call: VendorCall[Any], row: str) -> CallCard:
        """The call's card."""
        return CallCard(
            key=key_of_call(call),
            campaign=self._purse.campaign,
            brief=row,
            provider=call.provider,
            model=call.model,
            endpoint=call.endpoint,
            mode="batch" if call.prices.processing == "batch" else "live",
            deadline_s=call.rates.deadline_s,
        )

    def uncertain(self) -> tuple[LedgerCall, ...]:
        """The campaign's calls that may have been paid and have no answer."""
        return calls_of(
            self._ledger.engine, campaign=self._purse.campaign, state=CallState.UNCERTAIN
        )

    def lacking_micros(self) -> int:
        """The most that the calls cost which a budget has kept back in this run."""
        return sum(self._unpaid.values())

    def most_micros(self, call: VendorCall[Any]) -> int | None:
        """The most that `call` may cost, in micro-dollars; None when no price is known."""
        return cost_micros(call.model, call.at_most, call.prices, self._ledger.now_s())

    def _refuse_to_send(self, call: VendorCall[Any], card: CallCard, claim: Claim) -> None:
        """Say so when a claim is no leave to send the call by itself.

        Raises:
            ContentRefused, InBatch: as said.
        """
        if claim.verdict == "refused":
            raise ContentRefused(claim.message, provider=call.provider, model=call.model)
        if claim.verdict == "batched":
            raise waiting(card, claim.message)
        if self._outbox and call.batch is not None and claim.verdict == "send":
            self._outbox.put(call, card)
            raise waiting(card)

    async def _claim(self, errand: Errand) -> Claim:
        resend = errand.call.resend_is_free
        while True:
            claim = self._ledger.claim(errand.card, errand.caps, errand.reserve, resend=resend)
            if claim.verdict == "busy":
                await self._sleep(_BUSY_LOOK_S)
            elif claim.verdict == "uncertain":
                if not self._purse.resends(errand.card, claim.message):
                    raise held_back(errand.card, claim.message)
                resend = True
            else:
                return claim

    async def _buy(self, errand: Errand, pending: str) -> tuple[str, int]:
        """Send, and keep what comes; the answer's digest and cost."""
        try:
            self._check_room()
            raw = await self._sender.fetch(errand, pending)
        except BaseException as fault:
            if errand.open:  # stopped before it went out: the reservation goes back
                word = f"not sent: {type(fault).__name__}"
                self._ledger.give_up(errand.card.key, CallState.FAILED, word)
            raise
        try:
            return self._keep(errand.call, errand.card, raw)
        except HandbillError as fault:  # a full disk: paid, and not kept
            with contextlib.suppress(HandbillError):
                self._ledger.mark_uncertain(errand.card.key, f"the answer was not kept: {fault}")
            raise

    def _keep(self, call: VendorCall[Any], card: CallCard, raw: RawAnswer) -> tuple[str, int]:
        """Put the vendor's bytes in the store and their cost in the ledger, before reading."""
        reached("till.answered")
        sha256 = self._store.put_bytes(raw.body)
        reached("till.kept")
        usage = _measured(call, raw.body)
        cost = cost_micros(call.model, usage, call.prices, self._ledger.now_s())
        self._ledger.mark_stored(card.key, sha256, Bill(micros=cost, units=usage.units))
        return sha256, cost or 0

    def _read(self, call: VendorCall[AnswerT], card: CallCard, sha256: str) -> AnswerT:
        """The answer in stored bytes; how that went is noted, and never costs anything."""
        try:
            body = self._store.read(sha256)
        except StoreError as fault:  # damaged on its disk: told, never quietly bought again
            raise ProviderError(str(fault), provider=call.provider, model=call.model) from None
        try:
            answer = call.parse(body)
        except ContentRefused as fault:
            self._ledger.mark_read(card.key, CallState.REFUSED, str(fault))
            raise
        except BadAnswer as fault:
            self._ledger.mark_read(card.key, CallState.FAILED, str(fault))
            raise Misread(str(fault), provider=call.provider, model=call.model) from None
        except Exception as fault:
            self._ledger.mark_read(card.key, CallState.FAILED, type(fault).__name__)
            raise _not_understood(call, sha256, fault) from fault
        self._ledger.mark_read(card.key, CallState.DONE)
        return answer

    def _check_room(self) -> None:
        if self._room_bytes is not None and self._room_bytes() < _ROOM_BYTES:
            raise StoreError(
                "the store's disk has less than 64 MB left, and an answer that cannot be kept is "
                "money lost; nothing was sent. Make room and run again",
                disk_full=True,
            )


def _not_understood(call: VendorCall[Any], sha256: str, fault: Exception) -> ProviderError:
    return ProviderError(
        f"the answer of {call.provider!r} was not understood ({type(fault).__name__}: {fault}). "
        f"It is kept as {sha256[:12]}…: a mended program reads it again, nothing is paid again",
        provider=call.provider,
        model=call.model,
    )


def _measured(call: VendorCall[Any], body: bytes) -> Usage:
    """What the answer used; an odd body must not keep a paid answer out of the ledger."""
    try:
        return call.measure(body)
    except Exception:  # noqa: BLE001 - whatever an adapter does, the answer was paid
        return Usage(cost_usd_micros=None)
