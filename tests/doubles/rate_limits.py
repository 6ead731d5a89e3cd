"""Ways in which vendors hold their limits, and a client that works through orders under one."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from handbill.press.rate import Lane
from handbill.providers.ports import RateTerms

Headers = dict[str, str]


@dataclass
class Bucket:
    """A token bucket: `per_minute`, at most `burst` at once."""

    per_minute: float
    burst: float
    tells: bool = True
    now: Callable[[], float] = lambda: 0.0
    level: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.level = self.burst

    def ask(self) -> tuple[bool, float | None, Headers]:
        """Whether a request passes, the wait it is told, and the headers."""
        now = self.now()
        self.level = min(self.burst, self.level + (now - self.at) * self.per_minute / 60)
        self.at = now
        passes = self.level >= 1
        if passes:
            self.level -= 1
        wait = None if passes or not self.tells else (1 - self.level) * 60 / self.per_minute
        headers = {
            "x-ratelimit-limit-requests": f"{self.per_minute:.0f}",
            "x-ratelimit-remaining-requests": str(int(self.level)),
        }
        return passes, wait, headers if self.tells else {}

    def least_s(self, orders: int) -> float:
        """The least time in which `orders` can pass."""
        return max(0.0, (orders - self.burst) * 60 / self.per_minute)


@dataclass
class Window:
    """At most `most` requests in any `span_s` seconds."""

    most: int
    span_s: float
    tells: bool = True
    now: Callable[[], float] = lambda: 0.0
    passed: deque[float] = field(default_factory=deque)

    def ask(self) -> tuple[bool, float | None, Headers]:
        """As `Bucket.ask`."""
        now = self.now()
        while self.passed and self.passed[0] <= now - self.span_s:
            self.passed.popleft()
        if len(self.passed) < self.most:
            self.passed.append(now)
            return True, None, {}
        return False, self.passed[0] + self.span_s - now if self.tells else None, {}

    def least_s(self, orders: int) -> float:
        """As `Bucket.least_s`."""
        return (orders - 1) // self.most * self.span_s


@dataclass(frozen=True)
class Ride:
    """How it went: seconds, and 429 answers among requests after warm-up."""

    took_s: float
    least_s: float
    requests: int
    limited_after_warm_up: float
    done: int


async def ride(limit: Bucket | Window, orders: int, seed: int, **terms: int) -> Ride:
    """Take `orders` through a lane to a vendor with `limit`; latency is lognormal."""
    loop = asyncio.get_running_loop()
    rng = random.Random(seed)  # noqa: S311 - latencies, not secrets
    limit.now = loop.time
    lane = Lane(RateTerms(**terms), loop.time, asyncio.sleep)
    began = loop.time()
    answers: list[bool] = []
    done = 0

    async def one() -> None:
        nonlocal done
        tries = 0
        while True:
            wait: float | None = None
            async with lane.admit(again=tries > 0):
                sent, tries = loop.time(), tries + 1
                await asyncio.sleep(0.01)
                passes, wait, headers = limit.ask()
                answers.append(passes)
                if passes:
                    await asyncio.sleep(rng.lognormvariate(-1.0, 0.5))
                    lane.answered(headers)
                else:
                    await asyncio.sleep(0.01)
                    lane.limited(wait, sent_at_s=sent)
            if passes:
                done += 1
                return
            await asyncio.sleep((wait or 0.0) + rng.uniform(0.0, 0.5))

    await asyncio.gather(*(one() for _ in range(orders)))
    warm = answers[orders // 5 :]
    # The last answer's own latency is no fault of the pace: the mean stands for it.
    return Ride(
        took_s=loop.time() - began,
        least_s=limit.least_s(orders) + 0.4,
        requests=len(answers),
        limited_after_warm_up=warm.count(False) / max(1, len(warm)),
        done=done,
    )
