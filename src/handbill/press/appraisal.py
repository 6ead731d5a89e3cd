"""What a run would do, told from the store alone: nothing is made and nobody is asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from handbill.domain.order import Order
from handbill.press.copying import key_of_copy
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.films import wanted_films
from handbill.press.finishing import FinishingDesk, Pieces
from handbill.press.history import CausesReader, read_history
from handbill.press.posters import wanted_posters
from handbill.press.slips import Piece, Slip


class Standing(StrEnum):
    """How an order stands against what exists."""

    NEW = "new"
    CHANGED = "changed"
    REUSED = "reused"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStanding:
    """One order of a plan; `because` names what changed (``row``, ``brand``, ``templates``)."""

    order: Order
    standing: Standing
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """A plan held against what exists.

    Attributes:
        dropped: orders of the last bundle that the plan no longer has, in words.
        unwritten: locales of the plan that the copy provider does not write.
        writes: locales that it does write; empty means any.
    """

    standings: tuple[OrderStanding, ...]
    dropped: tuple[str, ...]
    unwritten: tuple[str, ...]
    writes: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Orders by standing, all standings named, and those that were dropped."""
        found = Counter(one.standing for one in self.standings)
        by_standing = {standing.value: found[standing] for standing in Standing}
        return by_standing | {"dropped": len(self.dropped)}


def appraise(equipment: Equipment, docket: Docket) -> Appraisal:
    """Hold a docket against the store and the campaign's last bundle."""
    desk = _AppraisalDesk(equipment, docket)
    handle = equipment.handle("copy")
    locales = sorted({order.locale for order in docket.plan.orders})
    return Appraisal(
        standings=tuple(desk.standing(order) for order in docket.plan.orders),
        dropped=desk.history.dropped(docket),
        unwritten=tuple(name for name in locales if handle.copy and not handle.copy.writes(name)),
        writes=handle.locales,
    )


class _AppraisalDesk:
    """Tells of each order whether its finished files are in the store."""

    def __init__(self, equipment: Equipment, docket: Docket) -> None:
        self._equipment = equipment
        self._docket = docket
        self._causes = CausesReader(docket, equipment.templates_digest)
        self._finishing = FinishingDesk(equipment, docket)
        self.history = read_history(equipment.store, docket)

    def standing(self, order: Order) -> OrderStanding:
        if self._exists(order):
            return OrderStanding(order=order, standing=Standing.REUSED)
        because = self.history.changes(order, self._causes.causes_of(order))
        standing = Standing.NEW if because is None else Standing.CHANGED
        return OrderStanding(order=order, standing=standing, because=because or ())

    def _exists(self, order: Order) -> bool:
        equipment, docket = self._equipment, self._docket
        key = key_of_copy(equipment, docket, order)
        if equipment.store.recall(key) is None:
            return False
        slip = Slip(pieces={order.key: Piece(key=key)})
        posters = wanted_posters(equipment, docket, (order,), slip)
        films = wanted_films(equipment, docket, (order,), slip)
        ready = self._finishing.ready(
            order,
            Pieces(
                copy=Piece(key=key),
                poster=_piece(posters.get(order.key)),
                film=_piece(films.get(order.key)),
            ),
        )
        return ready is not None and equipment.store.recall(ready.key) is not None


def _piece(wanted: tuple[str, object] | None) -> Piece | None:
    return Piece(key=wanted[0]) if wanted else None
