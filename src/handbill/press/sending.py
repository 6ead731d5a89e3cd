"""Sending: the one owner of rates, repeats, deadlines and the breaker.

A request goes out with a place on its lane and the breaker's leave, is cut off at its deadline,
and is repeated only when the fault may pass and nothing can be paid twice by it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from handbill.errors import JobLost, ProviderError, RateLimited, Transient, Unavailable
from handbill.press.breaker import Gate
from handbill.press.job_waiting import end_call, lost, wait_for_job
from handbill.press.purse import Purse, held_back
from handbill.press.rate import Lane
from handbill.providers.ports import RawAnswer, VendorCall
from handbill.store.ledger import CallCard, Caps, Ledger
from handbill.store.ledger_breakers import Breakers
from handbill.store.ledger_tables import CallState

MOST_TRIES = 3  # of faults other than 429, which is waited for until the deadline
_FIRST_BACKOFF_S = 0.5
_MOST_BACKOFF_S = 20.0
_SLOT_LOOK_S = 0.25  # until the next look whether another process has freed a slot
_LEAST_SHARE = 0.25  # of the deadline, that a try must have left

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Errand:
    """One call on its way.

    Attributes:
        tries: how often it was sent in this run.
        ends_at: its deadline by the event loop's clock; 0 until it is first sent.
        open: its reservation is ours and nothing is in flight, so giving up is free.
        hopeless: no repeat can help in this run.
    """

    call: VendorCall[Any]
    card: CallCard
    caps: Caps
    reserve: int
    tries: int = 0
    ends_at: float = 0.0
    open: bool = True
    hopeless: bool = False


Ask = Callable[[], Awaitable[RawAnswer]]


class Sender:
    """Sends errands of one run.

    Args:
        ledger: every step is written there before it is done.
        purse: the policy for calls that may have been paid.
        rng: spreads repeats.
        sleep: waits that many seconds.
    """

    def __init__(self, ledger: Ledger, purse: Purse, rng: random.Random, sleep: Sleep) -> None:
        self._ledger = ledger
        self._purse = purse
        self._random = rng
        self._sleep = sleep
        self._gate = Gate(Breakers(ledger))
        self._lanes: dict[tuple[str, str], Lane] = {}
        self._doors: dict[tuple[str, str], asyncio.Lock] = {}

    async def fetch(self, errand: Errand, pending: str = "") -> RawAnswer:
        """Send until there is an answer, then collect what it left pending.

        Raises:
            ProviderError: there is none; the ledger says why.
        """
        call = errand.call
        if pending:
            raw = RawAnswer(body=b"", pending=pending)
            errand.ends_at = _now() + call.rates.deadline_s
        else:
            raw = await self._send(errand)
        anew = False
        while raw.pending and call.collect is not None:
            try:
                raw = await self._collect(errand, raw)
            except JobLost as fault:
                if anew or not self._purse.resends(errand.card, str(fault)):
                    raise lost(errand.card, fault) from None
                anew = True
                self._ledger.note_pending(errand.card.key, "")
                self._ledger.claim(errand.card, errand.caps, errand.reserve, resend=True)
                raw = await self._send(errand)
        return raw

    async def _send(self, errand: Errand) -> RawAnswer:
        return await self._repeat(errand, lambda: errand.call.send(errand.card.key))

    async def _collect(self, errand: Errand, raw: RawAnswer) -> RawAnswer:
        collect = errand.call.collect
        assert collect is not None  # noqa: S101 - the caller asked
        self._ledger.note_pending(errand.card.key, raw.pending)
        left_s = errand.ends_at - _now()
        await wait_for_job(self._ledger, errand.card, raw.wait_s, left_s, self._sleep)
        errand.tries = 0
        return await self._repeat(errand, lambda: collect(raw.pending), collecting=True)

    async def _repeat(self, errand: Errand, ask: Ask, *, collecting: bool = False) -> RawAnswer:
        while True:
            try:
                return await self._once(errand, ask, collecting=collecting)
            except Transient as fault:
                wait = self._settle(errand, fault, collecting=collecting)
            except ProviderError as fault:
                self._gate.final(errand.card.provider, errand.card.model, fault)
                end_call(self._ledger, errand.card.key, fault, collecting=collecting)
                errand.open = False
                raise
            await self._sleep(wait)

    async def _once(self, errand: Errand, ask: Ask, *, collecting: bool) -> RawAnswer:
        """Wait for a place, for the breaker and for a slot, then ask once."""
        lane, came_at = self._lane(errand), _now()
        units = errand.call.at_most.units
        tokens = units.get("input_tokens", 0) + units.get("output_tokens", 0)
        # A job has its slot until its end: asking after it needs none, and waits for nobody's.
        at_most = 0 if collecting else errand.call.rates.most_in_flight_everywhere
        async with AsyncExitStack() as door:
            if at_most:  # one at a time looks for a slot, or hundreds would ask the ledger
                await door.enter_async_context(self._door(errand))
            while True:
                async with lane.admit(tokens, again=errand.tries > 0):
                    wait = self._gate_wait_s(errand, lane) or self._slot_wait_s(errand, at_most)
                    if not wait:
                        await door.aclose()
                        if at_most and errand.ends_at:  # waiting for others is not its own time
                            errand.ends_at += _now() - came_at
                        return await self._sent(errand, ask, lane)
                    lane.unused(tokens)
                await self._sleep(wait)

    def _gate_wait_s(self, errand: Errand, lane: Lane) -> float:
        try:
            return self._gate.wait_s(errand.card.provider, errand.card.model, lane)
        except ProviderError:
            errand.hopeless = True
            raise

    def _slot_wait_s(self, errand: Errand, at_most: int) -> float:
        """Note that the request goes out now, or how long to wait when no slot is free."""
        card = errand.card
        errand.open = False
        if self._ledger.mark_sent(card.key, card.deadline_s, at_most=at_most):
            return 0.0
        errand.open = True
        self._gate.unused(card.provider, card.model)
        return _SLOT_LOOK_S

    async def _sent(self, errand: Errand, ask: Ask, lane: Lane) -> RawAnswer:
        card, sent_at = errand.card, _now()
        errand.tries += 1
        errand.ends_at = errand.ends_at or sent_at + card.deadline_s
        try:
            raw = await _within(errand, ask)
        except RateLimited as fault:
            lane.limited(fault.retry_after_s, sent_at_s=sent_at)
            self._gate.good(card.provider, card.model)
            raise
        except Transient:
            lane.stumbled()
            self._gate.bad(card.provider, card.model)
            raise
        except ProviderError:
            self._gate.good(card.provider, card.model)
            raise
        except BaseException as fault:
            self._gate.bad(card.provider, card.model)
            self._ledger.mark_uncertain(card.key, f"cut short by {type(fault).__name__}")
            raise
        lane.answered(raw.headers)
        self._gate.good(card.provider, card.model)
        return raw

    def _settle(self, errand: Errand, fault: Transient, *, collecting: bool) -> float:
        """Book a fault that may pass; the wait before the next try, or the fault itself."""
        wait = None if errand.hopeless else self._wait_s(errand, fault)
        key = errand.card.key
        if collecting and wait is None:
            # The job runs on at the vendor: the next run asks after it again.
            self._ledger.mark_uncertain(key, str(fault))
            raise fault
        if collecting:
            return wait or 0.0
        if fault.maybe_paid and not errand.call.resend_is_free:
            self._ledger.mark_uncertain(key, str(fault))
            if wait is None or not self._purse.resends(errand.card, str(fault)):
                raise held_back(errand.card, str(fault)) from None
            self._ledger.claim(errand.card, errand.caps, errand.reserve, resend=True)
        elif wait is None:
            self._ledger.give_up(key, CallState.FAILED, str(fault))
            errand.open = False
            raise fault
        else:
            self._ledger.back_to_reserved(key, str(fault))
        errand.open = True
        return wait

    def _wait_s(self, errand: Errand, fault: Transient) -> float | None:
        """How long to wait before the next try; None when there is none."""
        most = min(_MOST_BACKOFF_S, _FIRST_BACKOFF_S * 2 ** (errand.tries - 1))
        wait = self._random.uniform(0.0, most)
        if fault.retry_after_s is not None:
            wait += fault.retry_after_s
        spent = errand.tries >= MOST_TRIES and not isinstance(fault, RateLimited)
        # A try that starts too late would be cut off by ourselves, and leave a call uncertain.
        latest = errand.ends_at - _LEAST_SHARE * errand.card.deadline_s
        return None if spent or _now() + wait >= latest else wait

    def _door(self, errand: Errand) -> asyncio.Lock:
        name = (errand.card.provider, errand.card.model)
        return self._doors.setdefault(name, asyncio.Lock())

    def _lane(self, errand: Errand) -> Lane:
        name = (errand.card.provider, errand.card.model)
        if name not in self._lanes:
            self._lanes[name] = Lane(errand.call.rates, _now, self._sleep)
        return self._lanes[name]


async def _within(errand: Errand, ask: Ask) -> RawAnswer:
    """`ask` within the errand's deadline: a vendor that drips bytes is cut off too."""
    card = errand.card
    try:
        async with asyncio.timeout_at(errand.ends_at):
            return await ask()
    except TimeoutError:
        raise Unavailable(
            f"{card.provider!r} gave no whole answer within {card.deadline_s:g} s",
            provider=card.provider,
            model=card.model,
            maybe_paid=True,
        ) from None


def _now() -> float:
    """The event loop's own clock: monotonic, and a test's loop may bring another."""
    return asyncio.get_running_loop().time()
