"""Publish how far a run is: a progress artifact a step, brought up to date every few seconds."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import httpx
from prefect.artifacts import create_progress_artifact, update_progress_artifact

from handbill.press.progress import Count
from handbill.press.spending import Money
from handbill.studio import Studio
from tasks._artifacts import existing, show_markdown

_EVERY_S = 2.0


@contextmanager
def publish_progress(studio: Studio) -> Iterator[None]:
    """Keep Prefect's progress artifacts up to date while the block runs."""
    board = _Board()

    def show() -> None:
        # A server that restarts must not end the work that is told of.
        with contextlib.suppress(httpx.HTTPError):
            board.show(studio.progress.counts())
            if accounts := studio.accounts():
                board.show_money(accounts.money())

    show()
    through = threading.Event()

    def keep_up() -> None:
        while not through.wait(_EVERY_S):
            show()

    publisher = threading.Thread(target=keep_up, name="handbill-progress", daemon=True)
    publisher.start()
    try:
        yield
    finally:
        through.set()
        publisher.join()
        show()


class _Board:
    """The artifacts of one run; only what changed is sent."""

    def __init__(self) -> None:
        self._artifacts: dict[str, UUID] = {}
        self._shown: dict[str, Count | Money] = {}

    def show(self, counts: tuple[Count, ...]) -> None:
        for count in counts:
            if count.planned and self._shown.get(count.step) != count:
                words = f"{count.step}: {count.done:,} of {count.planned:,}"
                self._show_one(count.step, count.percent, words)
                self._shown[count.step] = count

    def show_money(self, money: Money) -> None:
        if self._shown.get("money") == money:
            return
        if money.budget:
            self._show_one("money", money.percent, f"money: {money}")
        else:
            show_markdown("money", f"# {money}", "What this campaign has cost, all its runs")
        self._shown["money"] = money

    def _show_one(self, step: str, percent: float, words: str) -> None:
        key = f"progress-{step}"
        known = self._artifacts.get(step) or existing(key)
        if known is None:
            made = create_progress_artifact(progress=percent, key=key, description=words)
            assert isinstance(made, UUID)  # noqa: S101 - called without an event loop
            known = made
        else:
            update_progress_artifact(known, progress=percent, description=words)
        self._artifacts[step] = known
