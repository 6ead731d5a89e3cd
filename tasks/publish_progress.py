"""Publish how far a run is: a progress artifact a step, brought up to date every few seconds."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import httpx
from prefect.artifacts import create_progress_artifact
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import ArtifactUpdate

from handbill.press.progress import Count
from handbill.press.spending import Money
from handbill.studio import Studio
from tasks._artifacts import existing, show_markdown

_EVERY_S = 3.0


@contextmanager
def publish_progress(studio: Studio) -> Iterator[None]:
    """Keep Prefect's progress artifacts up to date while the block runs."""
    # One connection for all: each new one loads the system's certificates, which takes longer
    # than everything else of an update together.
    with get_client(sync_client=True) as client:
        board = _Board(client)

        def show() -> None:
            # A server that restarts must not end the work that is told of.
            with contextlib.suppress(httpx.HTTPError):
                board.show(studio.progress.counts())
                if accounts := studio.accounts():
                    board.show_money(accounts.money())

        show()
        try:
            with _again_and_again(show):
                yield
        finally:
            show()


@contextmanager
def _again_and_again(show: Callable[[], None]) -> Iterator[None]:
    """Call `show` every few seconds, on a thread of its own, for as long as the block lasts."""
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


class _Board:
    """The artifacts of one run; only what changed is sent."""

    def __init__(self, client: SyncPrefectClient) -> None:
        self._client = client
        self._artifacts: dict[str, UUID] = {}
        self._shown: dict[str, Count | Money] = {}

    def show(self, counts: tuple[Count, ...]) -> None:
        for count in counts:
            if count.planned and self._shown.get(count.step) != count:
                self._show_one(count.step, count.percent, words_of(count))
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
            self._client.update_artifact(known, ArtifactUpdate(data=percent, description=words))
        self._artifacts[step] = known


def words_of(count: Count) -> str:
    """``films: 2 of 6, 1,240 frames painted``: one film takes long, and its frames show life."""
    going_on = count.frames and count.done < count.planned
    frames = f", {count.frames:,} frames painted" if going_on else ""
    return f"{count.step}: {count.done:,} of {count.planned:,}{frames}"
