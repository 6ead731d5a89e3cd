"""Which slices of a run are made, by which machine, and where their slips lie: in the ledger.

One question tells them all, however many there are; the store would have to be asked for each.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from handbill.store.ledger_tables import SLICES


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSlice:
    """A slice that is made: the digest of its slip, and the machine that made it."""

    slip: str
    machine: str


class MadeSlices:
    """The slices of one run that are made.

    Args:
        engine: of the ledger that the machines share.
        run: tells this run from others of the same plan.
    """

    def __init__(self, engine: Engine, run: str) -> None:
        self._engine = engine
        self.run = run

    def note(self, number: int, made: MadeSlice) -> None:
        """Slice `number` is made; what was noted before stays."""
        row = {"run": self.run, "number": number, "slip": made.slip, "machine": made.machine}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(SLICES).values(row))
        except IntegrityError:
            return  # its holder was thought lost and made it after all: the work is the same

    def noted(self) -> dict[int, MadeSlice]:
        """Every slice that is made, by number."""
        of_run = select(SLICES).where(SLICES.c.run == self.run).order_by(SLICES.c.number)
        with self._engine.begin() as connection:
            rows = connection.execute(of_run).all()
        return {row.number: MadeSlice(slip=row.slip, machine=row.machine) for row in rows}
