"""Spread a campaign over several machines, and wait until all of it is made."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from prefect import get_client
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import State
from prefect.deployments import run_deployment
from prefect.logging import get_run_logger
from prefect.states import Cancelled, Cancelling, Crashed

from handbill.errors import RenderError
from handbill.press.outcome import Reading
from handbill.press.request import RunRequest
from handbill.press.run import orders_by_step
from handbill.press.shared_work import SharedWork
from handbill.studio import open_studio

_DEPLOYMENT = "make-shard/shard"
_EVERY_S = 2.0
# Between the moment that a run counts as running and its first sign of life lie its imports.
_LOOKS_BEFORE_LIFE = 60
_LOOKS_AFTER_LIFE = 3
# When every machine was lost, others are asked; then whoever watches is told.
_MOST_ROUNDS = 3


def spread_work(request: RunRequest, reading: Reading, run: str, machines: int) -> list[str]:
    """Let runs of make-shard make every slice; the digests of the finished slips, in order.

    Args:
        request: what was asked for.
        reading: of the campaign.
        run: this run, by which the slips of its slices are kept.
        machines: how many runs to start; each takes slices for as long as there are any.

    Raises:
        SettingsError: store or ledger are not shared.
        RenderError: no machine could finish it.
    """
    studio = open_studio()
    parcel = studio.ship(request, reading)
    slices = studio.docket(request, reading.plan_digest).slices
    with studio.shared_work(run, len(slices)) as work, get_client(sync_client=True) as client:
        shards = _Shards(client=client, work=work, reading=reading, parcel=parcel)
        seen: set[int] = set()
        pause = threading.Event()
        try:
            shards.start(machines)
            while missing := set(work.missing()):
                for number in sorted(set(range(len(slices))) - missing - seen):
                    for step, done in orders_by_step(slices[number]).items():
                        studio.progress.tick(step, done=done)
                    seen.add(number)
                if not shards.any_alive():
                    shards.start_again(machines, len(missing))
                pause.wait(_EVERY_S)
        finally:
            shards.end()
        return [work.slip(number) for number in range(len(slices))]


def slips_so_far(run: str, slices: int) -> dict[int, str]:
    """The slices of a run that machines have finished: number → digest of its slip."""
    with open_studio().shared_work(run, slices) as work:
        slips = {number: work.slip(number) for number in range(slices)}
    return {number: slip for number, slip in slips.items() if slip}


@dataclass(slots=True, kw_only=True)
class _Shards:
    """The runs of make-shard that work for one run."""

    client: SyncPrefectClient
    work: SharedWork
    reading: Reading
    parcel: str
    runs: list[UUID] = field(default_factory=list)
    rounds: int = 0
    # Looks in a row at a running run that showed no life; a run that showed some is in `_lived`.
    _silent: dict[UUID, int] = field(default_factory=dict)
    _lived: set[UUID] = field(default_factory=set)
    _last_words: str = ""

    def start(self, machines: int) -> None:
        """Ask for `machines` runs; a run that is taken up again finds those it asked for."""
        self.rounds += 1
        for machine in range(1, machines + 1):
            begun: Any = run_deployment(
                _DEPLOYMENT,
                parameters={
                    "parcel": self.parcel,
                    "run": self.work.run,
                    "machine": machine,
                    "campaign": self.reading.campaign,
                },
                timeout=0,
                idempotency_key=f"{self.work.run}:{self.rounds}:{machine}",
            )
            self.runs.append(begun.id)
        words = "%s machines are asked to make %s slices"
        get_run_logger().info(words, machines, self.work.slices)

    def start_again(self, machines: int, missing: int) -> None:
        """Ask other machines after all were lost.

        Raises:
            RenderError: that was done often enough, or a machine said why it cannot.
        """
        if self.rounds >= _MOST_ROUNDS or self._last_words:
            raise RenderError(
                f"{missing} slices of {self.reading.campaign!r} could not be made by any machine: "
                f"{self._last_words or 'every machine that took them was lost'}\n"
                "  → look at the logs of the runs of make-shard, and run the campaign again: what "
                "is finished is kept"
            )
        get_run_logger().warning("every machine was lost; %s slices are asked for again", missing)
        self.start(machines)

    def any_alive(self) -> bool:
        """Whether a machine works, or may still begin; marks those that died without a word."""
        alive = [run for run in self.runs if self._is_alive(run)]
        return bool(alive)

    def _is_alive(self, run: UUID) -> bool:
        state = self._state(run)
        if state.is_final():
            if state.is_failed():
                self._last_words = state.message or "it failed"
            return False
        if not state.is_running():
            return True
        if self.work.lives(str(run)):
            self._lived.add(run)
            self._silent[run] = 0
            return True
        self._silent[run] = self._silent.get(run, 0) + 1
        most = _LOOKS_AFTER_LIFE if run in self._lived else _LOOKS_BEFORE_LIFE
        if self._silent[run] <= most:
            return True
        lost: State[Any] = Crashed(message="its process ended without a word")
        self.client.set_flow_run_state(run, lost, force=True)
        return False

    def end(self) -> None:
        """Cancel what has not begun, and what goes on although nobody needs it any more."""
        needed = bool(self.work.missing())
        for run in self.runs:
            state = self._state(run)
            if state.is_final():
                continue
            if not state.is_running():
                self.client.set_flow_run_state(run, Cancelled(message="nothing is left to make"))
            elif needed:
                self.client.set_flow_run_state(run, Cancelling())

    def _state(self, run: UUID) -> State[Any]:
        state = self.client.read_flow_run(run).state
        return state or Crashed(message="it has no state")
