"""Publish how far a run is: a progress artifact a step, brought up to date every few seconds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from handbill.press.progress import Count, Progress

_EVERY_S = 2.0


@contextmanager
def publish_progress(progress: Progress) -> Iterator[None]:
    """Keep Prefect's progress artifacts up to date while the block runs."""
    board = _Board()
    board.show(progress.counts())
    through = threading.Event()

    def keep_up() -> None:
        while not through.wait(_EVERY_S):
            board.show(progress.counts())

    publisher = threading.Thread(target=keep_up, name="handbill-progress", daemon=True)
    publisher.start()
    try:
        yield
    finally:
        through.set()
        publisher.join()
        board.show(progress.counts())


class _Board:
    """The artifacts of one run; only what changed is sent."""

    def __init__(self) -> None:
        self._artifacts: dict[str, UUID] = {}
        self._shown: dict[str, Count] = {}

    def show(self, counts: tuple[Count, ...]) -> None:
        for count in counts:
            if count.planned and self._shown.get(count.step) != count:
                self._show_one(count)
                self._shown[count.step] = count

    def _show_one(self, count: Count) -> None:
        words = f"{count.step}: {count.done:,} of {count.planned:,}"
        if count.step in self._artifacts:
            update_progress_artifact(
                self._artifacts[count.step], progress=count.percent, description=words
            )
        else:
            made = create_progress_artifact(
                progress=count.percent, key=f"progress-{count.step}", description=words
            )
            assert isinstance(made, UUID)  # noqa: S101 - called without an event loop
            self._artifacts[count.step] = made
