"""Shared work: the slices of one run, taken one by one by whichever machine has hands free.

There is no list of who does what. A machine takes the next slice that nobody made and nobody
holds, makes it, leaves its slip in the shared store, notes it in the ledger and lets go. When a
machine dies, the server lets go for it, and the slice is anybody's again; what it had finished is
in the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from handbill.domain.failpoint import reached
from handbill.errors import CampaignBusy
from handbill.press.finishing import FinishedSlip
from handbill.press.records import from_json
from handbill.store import AssetStore
from handbill.store.ledger_claims import Claims
from handbill.store.ledger_slices import MadeSlice, MadeSlices
from handbill.store.shared_store import SharedStore, as_shared


@contextmanager
def hold_everywhere(ledger: Engine, campaign: str) -> Iterator[None]:
    """Hold a campaign, by its name, among all machines that share the ledger.

    Raises:
        CampaignBusy: another run holds it.
        SettingsError: the ledger is not shared.
    """
    claims = Claims(ledger)
    try:
        if not claims.take(f"campaign {campaign}"):
            raise CampaignBusy(
                "another run holds this campaign, here or on another machine",
                where=campaign,
                remedy="wait until it has ended, or end it; its finished work is kept",
            )
        yield
    finally:
        claims.close()


@contextmanager
def open_work(
    store: AssetStore, ledger: Engine, run: str, slices: int, machine: str
) -> Iterator[SharedWork]:
    """Take part in the work of a run; everything that is held ends with the block.

    Args:
        store: shared by the machines.
        ledger: shared by them too.
        run: tells this run from others of the same plan.
        slices: how many it has.
        machine: tells this machine's part in it from others'.

    Raises:
        SettingsError: store or ledger are not shared.
    """
    shared = as_shared(store)
    claims = Claims(ledger)
    made = MadeSlices(ledger, run)
    try:
        yield SharedWork(store=shared, claims=claims, made=made, slices=slices, machine=machine)
    finally:
        claims.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedWork:
    """The slices of one run, as every machine sees them.

    Attributes:
        store: shared by the machines.
        claims: this block's own, in the shared ledger.
        made: what the ledger knows of the run.
        slices: how many there are.
        machine: this one's name in the ledger.
    """

    store: SharedStore
    claims: Claims
    made: MadeSlices
    slices: int
    machine: str

    def missing(self) -> tuple[int, ...]:
        """The slices that nobody made yet."""
        made = self.made.noted()
        return tuple(number for number in range(self.slices) if number not in made)

    def slips(self) -> dict[int, str]:
        """Number → digest of the slip, of the slices that are made."""
        return {number: made.slip for number, made in self.made.noted().items()}

    def made_elsewhere(self) -> dict[int, str]:
        """As `slips`, of those that other machines made."""
        noted = self.made.noted().items()
        return {number: made.slip for number, made in noted if made.machine != self.machine}

    def show_life(self) -> None:
        """Let others see that this machine is at work, until these claims are closed."""
        self.claims.take(f"alive {self.machine}")

    def lives(self, machine: str) -> bool:
        """Whether `machine` is at work."""
        return self.claims.is_taken(f"alive {machine}")

    def is_idle(self) -> bool:
        """Whether a slice waits that nobody made and nobody holds."""
        return any(not self.claims.is_taken(self._name(number)) for number in self.missing())

    def make(self, make_slice: Callable[[int], str]) -> int:
        """Make slices until none is left that nobody holds; answers how many were made here.

        Args:
            make_slice: number → digest of its finished slip.
        """
        count = 0
        while (number := self._take_next()) is not None:
            try:
                with self.store.handing_on_behind():
                    slip = make_slice(number)
                reached("shared_work.made")
                self.made.note(number, MadeSlice(slip=slip, machine=self.machine))
            finally:
                self.claims.free(self._name(number))
            count += 1
        return count

    def _take_next(self) -> int | None:
        for number in self.missing():
            if not self.claims.take(self._name(number)):
                continue
            if number not in self.made.noted():
                return number
            self.claims.free(self._name(number))  # it was made between the two looks
        return None

    def _name(self, number: int) -> str:
        return f"slice {self.made.run} {number}"


def fetch_finished(store: SharedStore, slip: str) -> None:
    """Bring here what a slip names, so that packing finds it.

    Raises:
        StoreError: the slip, or the storage, cannot be read.
    """
    finished = from_json(FinishedSlip, store.read(slip)).finished.values()
    files = {asset.file.sha256 for one in finished for asset in one.outcome.assets}
    store.fetch(sorted(files), {one.copy_key for one in finished if one.copy_key})
