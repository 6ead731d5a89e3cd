"""Shared work: the slices of one run, taken one by one by whichever machine has hands free.

There is no list of who does what. A machine takes the next slice that has no slip and that nobody
holds, makes it, leaves its slip in the shared store and lets go. When a machine dies, the server
lets go for it, and the slice is anybody's again; what it had finished is in the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from handbill.domain.digest import digest
from handbill.domain.failpoint import reached
from handbill.errors import CampaignBusy
from handbill.store import AssetStore
from handbill.store.ledger_claims import Claims


@contextmanager
def open_work(store: AssetStore, ledger: Engine, run: str, slices: int) -> Iterator[SharedWork]:
    """Take part in the work of a run; everything that is held ends with the block.

    Raises:
        SettingsError: the ledger is not shared.
    """
    claims = Claims(ledger)
    try:
        yield SharedWork(store=store, claims=claims, run=run, slices=slices)
    finally:
        claims.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedWork:
    """The slices of one run, as every machine sees them.

    Attributes:
        store: shared by the machines.
        claims: this process's own, in the shared ledger.
        run: tells this run from others of the same plan.
        slices: how many there are.
    """

    store: AssetStore
    claims: Claims
    run: str
    slices: int

    def slip(self, number: int) -> str:
        """The digest of slice `number`'s slip, or empty when it is not made yet."""
        record = self.store.recall(self._key(number))
        return str(record["sha256"]) if record else ""

    def missing(self) -> tuple[int, ...]:
        """The slices without a slip."""
        return tuple(number for number in range(self.slices) if not self.slip(number))

    def hold_campaign(self, campaign: str) -> None:
        """Hold a campaign, by its name, among all machines that share the ledger.

        Raises:
            CampaignBusy: another run holds it.
        """
        if not self.claims.take(f"campaign {campaign}"):
            raise CampaignBusy(
                "another run holds this campaign, here or on another machine",
                where=campaign,
                remedy="wait until it has ended, or end it; its finished work is kept",
            )

    def show_life(self, name: str) -> None:
        """Let others see that `name` is at work, until these claims are closed."""
        self.claims.take(f"alive {name}")

    def lives(self, name: str) -> bool:
        """Whether `name` is at work, on whatever machine."""
        return self.claims.is_taken(f"alive {name}")

    def make(self, make_slice: Callable[[int], str], *, first: int = 0) -> int:
        """Make slices until none is left that nobody holds; answers how many were made here.

        Args:
            make_slice: number → digest of its finished slip.
            first: where to begin; machines that begin at different places meet late.
        """
        made = 0
        while (number := self._take_next(first)) is not None:
            try:
                sha256 = make_slice(number)
                reached("shared_work.made")
                self.store.book(self._key(number), {"sha256": sha256})
            finally:
                self.claims.free(self._key(number))
            made += 1
        return made

    def _take_next(self, first: int) -> int | None:
        for step in range(self.slices):
            number = (first + step) % self.slices
            if self.slip(number) or not self.claims.take(self._key(number)):
                continue
            if not self.slip(number):
                return number
            self.claims.free(self._key(number))  # it was made between the two looks
        return None

    def _key(self, number: int) -> str:
        return digest(["slip", self.run, number])
