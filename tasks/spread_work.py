"""Let other machines share the work of a run, and watch over them while this one works too."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from prefect import get_client
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import State
from prefect.deployments import run_deployment
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Cancelled, Cancelling, Crashed

from handbill.domain.order import Order
from handbill.errors import StoreError
from handbill.press.outcome import Reading
from handbill.press.progress import Progress
from handbill.press.request import RunRequest
from handbill.press.run import orders_by_step
from handbill.press.shared_work import SharedWork, fetch_finished
from handbill.studio import open_studio

_DEPLOYMENT = "make-shard/shard"
_LOOK_EVERY_S = 2.0
_ASK_EVERY_S = 0.5
# Between the moment that a run counts as running and its first sign of life lie its imports.
_LOOKS_BEFORE_LIFE = 60
_LOOKS_AFTER_LIFE = 3


@contextmanager
def with_others(
    request: RunRequest, reading: Reading, run: str, machines: int
) -> Iterator[Together]:
    """Ask `machines` - 1 runs of make-shard to take part until the block ends.

    Args:
        request: what was asked for.
        reading: of the campaign.
        run: this run, by which its slices are told from others'.
        machines: how many work on it in all, at least 2.

    Raises:
        SettingsError: store or ledger are not shared.
    """
    studio = open_studio()
    parcel = studio.ship(request, reading)
    docket = studio.docket(request, reading.plan_digest)
    with (
        studio.shared_work(run, docket, run) as work,
        get_client(sync_client=True) as client,
        ThreadPoolExecutor(1, thread_name_prefix="handbill-machines") as watcher,
    ):
        together = Together(
            client=client,
            work=work,
            slices=docket.slices,
            progress=studio.progress,
            log=get_run_logger(),
        )
        together.ask(parcel, reading.campaign, machines)
        watching = watcher.submit(together.watch)
        try:
            yield together
        finally:
            together.through.set()
            watching.result()
            together.end()


def slips_so_far(request: RunRequest, reading: Reading, run: str) -> dict[int, str]:
    """The slices of a run that machines have finished: number → digest of its slip."""
    studio = open_studio()
    docket = studio.docket(request, reading.plan_digest)
    with studio.shared_work(run, docket, run) as work:
        return work.slips()


@dataclass(slots=True, kw_only=True)
class Together:
    """One run's slices, and the runs of make-shard that take part in them.

    Attributes:
        through: set when nobody need watch any more.
    """

    client: SyncPrefectClient
    work: SharedWork
    slices: Sequence[Sequence[Order]]
    progress: Progress
    log: Any
    through: threading.Event = field(default_factory=threading.Event)
    _alive: set[UUID] = field(default_factory=set)
    _seen: set[int] = field(default_factory=set)
    # Looks in a row at a running run that showed no life; a run that showed some is in `_lived`.
    _silent: dict[UUID, int] = field(default_factory=dict)
    _lived: set[UUID] = field(default_factory=set)

    def ask(self, parcel: str, campaign: str, machines: int) -> None:
        """Ask for the other machines' runs; asked again within one try, they are the same."""
        for machine in range(2, machines + 1):
            begun: Any = run_deployment(
                _DEPLOYMENT,
                parameters={
                    "parcel": parcel,
                    "run": self.work.machine,
                    "machine": machine,
                    "campaign": campaign,
                },
                timeout=0,
                idempotency_key=f"{self.work.machine}:{flow_run.run_count}:{machine}",
            )
            self._alive.add(begun.id)
        words = "%s other machines are asked to share %s slices"
        self.log.info(words, machines - 1, self.work.slices)

    def unmade(self) -> bool:
        """Whether a slice is not made yet."""
        return bool(self.work.missing())

    def wait(self) -> None:
        """Wait until others have made what they hold, or one of them was lost with it."""
        while self.unmade() and not self.work.is_idle():
            self.through.wait(_ASK_EVERY_S)

    def slips(self) -> list[str]:
        """The slips of all slices, in order."""
        slips = self.work.slips()
        return [slips[number] for number in range(self.work.slices)]

    def watch(self) -> None:
        """Tell of others' work, bring it here, and mark those that were lost, until the end."""
        while not self.through.wait(_LOOK_EVERY_S):
            self._see_work()
            with suppress(httpx.HTTPError):  # a server that restarts must not end the work
                self._look_after_runs()
        self._see_work()

    def end(self) -> None:
        """Cancel what has not begun, and what goes on although nobody needs it any more."""
        for run in sorted(self._alive):
            state = self._state(run)
            if state.is_final():
                continue
            if not state.is_running():
                self.client.set_flow_run_state(run, Cancelled(message="nothing is left to make"))
            elif self.unmade():
                self.client.set_flow_run_state(run, Cancelling())

    def _see_work(self) -> None:
        made = self.work.made_elsewhere()
        for number in sorted(set(made) - self._seen):
            self._seen.add(number)
            for step, done in orders_by_step(self.slices[number]).items():
                self.progress.tick(step, done=done)
            with suppress(StoreError):  # it is asked for again, and told, when it is packed
                fetch_finished(self.work.store, made[number])

    def _look_after_runs(self) -> None:
        for run in sorted(self._alive):
            if self.work.lives(str(run)):
                self._lived.add(run)
                self._silent[run] = 0
                continue  # the server need not be asked
            state = self._state(run)
            if state.is_failed() or state.is_crashed():
                words = "another machine cannot take part, its share is made by the rest: %s"
                self.log.warning(words, state.message or "it failed")
            if state.is_final():
                self._alive.discard(run)
            elif state.is_running() and self._is_lost(run):
                self._alive.discard(run)
                self.log.warning("another machine was lost, its share is made by the rest")
                lost: State[Any] = Crashed(message="its process ended without a word")
                self.client.set_flow_run_state(run, lost, force=True)

    def _is_lost(self, run: UUID) -> bool:
        self._silent[run] = self._silent.get(run, 0) + 1
        most = _LOOKS_AFTER_LIFE if run in self._lived else _LOOKS_BEFORE_LIFE
        # One that is through ends by itself, and shows no life while it does.
        return self._silent[run] > most and self.unmade()

    def _state(self, run: UUID) -> State[Any]:
        state = self.client.read_flow_run(run).state
        return state or Crashed(message="it has no state")
