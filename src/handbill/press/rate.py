"""How fast one (provider, model) may be asked: learned from its answers, never from hope.

Three governors work together, and the slowest one counts:

- a *window* of requests in flight: starts small, doubles while all goes well, then grows by one a
  round; halved when the provider stumbles;
- a *pace* of requests a minute, once a 429 or an ``x-ratelimit`` header has taught it. After a 429
  it is what was let through since the last one, the wished-for wait included, so it settles on the
  provider's own rate instead of swinging around it. Between two of them it is raised slowly;
- a *budget of tokens* a minute, where the account has one.

Times are seconds of a clock that never goes back; the lane is given it and never reads one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from handbill.providers.ports import RateTerms

_FIRST_WINDOW = 4
_LEARN_FROM = 10  # a time in which fewer requests were due says nothing about a rate
# A learned pace is raised by a share with every good answer: boldly while little is known and when
# no 429 comes for long, carefully once lessons agree.
_FIRST, _CAREFUL, _BOLDEST = 0.005, 0.002, 0.02
_BOLDER_EVERY = 80
_CALMER = 0.3
_CAUTION = 0.98  # a learned pace is used a little below what was measured
_PASSED_IN_FLIGHT = 0.7
_MOST_CUT = 0.85  # one lesson never leaves less of a learned pace
_BURST_S = 0.25  # a pace may be ahead of itself by this much, so that timers need not be exact
_FIRST_PAUSE_S = 0.25  # where a 429 names no wait; doubled while nothing gets through
_MOST_PAUSE_S = 5.0


class Lane:
    """The road to one (provider, model) for one process.

    Args:
        terms: what the user knows about the account's limits.
        now: seconds, monotonic.
        sleep: waits that many seconds.
    """

    def __init__(
        self, terms: RateTerms, now: Callable[[], float], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._gate = asyncio.Lock()
        self._most = max(1, terms.most_in_flight)
        self._window = float(min(_FIRST_WINDOW, self._most))
        self._doubling = True
        self._in_flight = 0
        self._waiting = 0
        self._idle_since: float | None = now()
        self._freed = asyncio.Event()
        self._answered = False
        self._paused_until = 0.0
        self._limited_at = -1.0
        self._pause_s = _FIRST_PAUSE_S
        self._pace = _Pace(terms.requests_per_minute / 60.0, now())
        self._tokens = _Pace(terms.tokens_per_minute / 60.0, now(), burst_s=60.0)

    @property
    def in_flight(self) -> int:
        """Requests that are on their way now."""
        return self._in_flight

    @property
    def pace_per_minute(self) -> float:
        """The learned or configured pace; 0 while none is known."""
        return self._pace.per_s * 60.0

    @asynccontextmanager
    async def admit(self, tokens: int = 0, *, again: bool = False) -> AsyncIterator[None]:
        """Wait for a place, and hold it.

        Args:
            tokens: the most that the request may use.
            again: a repeat goes before requests that have not been sent yet.
        """
        self._begin()
        try:
            if again:
                await self._wait_for_place(tokens)
            else:
                async with self._gate:
                    await self._wait_for_place(tokens)
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._in_flight -= 1
            self._freed.set()
            if not self._in_flight and not self._waiting:
                self._idle_since = self._now()

    def unused(self, tokens: int = 0) -> None:
        """The place that is held was not used: its share of pace and tokens is given back."""
        self._pace.take(-1, self._now())
        self._tokens.take(-tokens, self._now())

    def answered(self, headers: Mapping[str, str]) -> None:
        """A request went well; `headers` (lower case) may tell the account's limits."""
        if not self._answered:
            # Until the first answer a client is loaded and a connection made: no news of a pace.
            self._answered = True
            self._pace.mark(self._now(), in_flight=self._in_flight - 1)
        self._pace.rise()
        self._pause_s = _FIRST_PAUSE_S
        self._window += 1.0 if self._doubling else 1.0 / self._window
        self._window = min(self._window, float(self._most))
        limit = _number(headers.get("x-ratelimit-limit-requests"))
        left = _number(headers.get("x-ratelimit-remaining-requests"))
        if limit and left is not None and left < self._in_flight and not self._pace.per_s:
            # What is left is on its way already: from here on only the refill counts.
            self._pace.set(limit / 60.0, self._now())

    def limited(self, retry_after_s: float | None, *, sent_at_s: float) -> None:
        """A request that was sent at `sent_at_s` was answered 429."""
        now = self._now()
        told = None if retry_after_s is None else max(0.0, retry_after_s)
        news = sent_at_s > self._limited_at  # else one of a flock that was on its way already
        if told is None:
            # At a learned pace the next place is free after one step of it, hardly before.
            step = 1.0 / self._pace.per_s if self._pace.per_s else 0.0
            wait = max(self._pause_s, step) if news else 0.0
            self._pause_s = min(_MOST_PAUSE_S, (2 if news else 1) * self._pause_s)
        else:
            wait = told
        self._paused_until = max(self._paused_until, now + wait)
        if news:
            self._limited_at = now
            self._doubling = False
            self._pace.learn(now, told or 0.0, in_flight=self._in_flight - 1)
            self._pace.hold(self._paused_until)

    def stumbled(self) -> None:
        """A request ended without an answer, or with a 5xx."""
        self._doubling = False
        self._window = max(1.0, self._window / 2)

    def _begin(self) -> None:
        """One more waits; a time in which nobody did says nothing about the vendor's pace."""
        self._waiting += 1
        if self._idle_since is not None:
            self._pace.marked_at += self._now() - self._idle_since
            self._idle_since = None

    async def _wait_for_place(self, tokens: int) -> None:
        while True:
            if self._in_flight >= int(self._window):
                self._freed.clear()
                await self._freed.wait()
            elif (wait := self._wait_s(tokens)) > 0:
                await self._sleep(wait)
            else:
                break
        self._in_flight += 1
        self._pace.take(1, self._now())
        self._tokens.take(tokens, self._now())

    def _wait_s(self, tokens: int) -> float:
        now = self._now()
        if now < self._paused_until:
            return self._paused_until - now
        return max(self._pace.wait_s(1, now), self._tokens.wait_s(tokens, now))


class _Pace:
    """A bucket that fills at `per_s` a second; 0 means that no pace is known."""

    def __init__(self, per_s: float, now: float, burst_s: float = _BURST_S) -> None:
        self.per_s = per_s
        self.accepted = 0
        self.marked_at = now
        self._burst_s = burst_s
        self._filled_at = now
        self._level = max(1.0, per_s * burst_s)
        self._learned = False
        self._probe = _FIRST
        self._binding = False

    def set(self, per_s: float, now: float) -> None:
        """Use this pace from `now` on."""
        self.per_s = per_s
        self._filled_at = now
        self._level = 0.0

    def rise(self) -> None:
        """A request was let through: a learned pace may be a little too low."""
        self.accepted += 1
        if self._learned and self._binding:  # a pace that nobody waits for is no news
            self._binding = False
            self.per_s *= 1.0 + self._probe
            if self.accepted % _BOLDER_EVERY == 0:
                self._probe = min(_BOLDEST, 2 * self._probe)

    def learn(self, now: float, wait_s: float, in_flight: int) -> None:
        """Take the pace from what was let through since the last mark until the wait is over.

        Args:
            now: the moment of a 429.
            wait_s: the wait that it names.
            in_flight: requests without an answer yet; most of them were let through.
        """
        span = now - self.marked_at + wait_s
        passed = self.accepted + in_flight * _PASSED_IN_FLIGHT
        measured = _CAUTION * passed / span if span > 0 else 0.0
        if not self._learned:
            self.per_s = measured or self.per_s or 1.0
            self._learned = True
        elif span * self.per_s >= _LEARN_FROM:
            self.per_s *= min(1.0, max(_MOST_CUT, measured / self.per_s))
            self._probe = max(_CAREFUL, _CALMER * self._probe)
        else:
            return  # too soon after the last lesson to teach another
        self.mark(now, in_flight)

    def mark(self, now: float, in_flight: int) -> None:
        """Count from here on; most of what is in flight has passed already."""
        self.accepted = -int(in_flight * _PASSED_IN_FLIGHT)
        self.marked_at = now

    def hold(self, until: float) -> None:
        """Start again from an empty bucket at `until`."""
        self._level = min(self._level, 0.0)
        self._filled_at = max(self._filled_at, until)

    def wait_s(self, count: int, now: float) -> float:
        """How long until `count` may be taken; at least a millisecond when not now."""
        if not self.per_s:
            return 0.0
        self._fill(now)
        most = max(1.0, self.per_s * self._burst_s)
        lacking = min(float(count), most) - self._level
        self._binding = self._binding or lacking > 0
        return max(0.001, lacking / self.per_s) if lacking > 0 else 0.0

    def take(self, count: int, now: float) -> None:
        """Take `count`; the level may go below nothing for one large request."""
        if self.per_s:
            self._fill(now)
            self._level -= count

    def _fill(self, now: float) -> None:
        if now <= self._filled_at:
            return
        passed = now - self._filled_at
        self._filled_at = now
        self._level = min(self._level + passed * self.per_s, max(1.0, self.per_s * self._burst_s))


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
