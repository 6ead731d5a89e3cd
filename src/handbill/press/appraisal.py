"""What a run would do, told from the store alone: nothing is made and nobody is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from handbill.domain.order import Order
from handbill.errors import HandbillError
from handbill.press.copying import copies_of, key_of_copy
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.films import wanted_films
from handbill.press.finishing import FinishingDesk, Pieces
from handbill.press.history import CausesReader, read_history
from handbill.press.pieces import Piece
from handbill.press.posters import wanted_posters
from handbill.press.refreshing import Refresher, made_otherwise
from handbill.press.speaking import is_mute
from handbill.press.specs import makes


class Standing(StrEnum):
    """How an order stands against what exists."""

    NEW = "new"
    CHANGED = "changed"
    REUSED = "reused"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStanding:
    """One order of a plan.

    Attributes:
        because: what changed: ``row``, ``brand``, ``placement``, ``templates``, ``provider``,
            ``seed``; empty for a changed order when the engine itself did.
        lacks: what is to be made: ``copy``, ``image``, ``film``, or ``finish`` alone.
        kept_from: capabilities that another provider or model than the campaign's has served.
    """

    order: Order
    standing: Standing
    because: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    kept_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """A plan held against what exists.

    Attributes:
        dropped: orders of the last bundle that the plan no longer has, in words.
        unwritten: locales of the plan that the copy provider does not write.
        writes: locales that it does write; empty means any.
        unspoken: locales of films that the voice provider says it cannot speak.
    """

    standings: tuple[OrderStanding, ...]
    dropped: tuple[str, ...]
    unwritten: tuple[str, ...]
    writes: tuple[str, ...]
    unspoken: tuple[str, ...] = ()

    @property
    def kept_from(self) -> dict[str, int]:
        """Capability → reused orders that another provider or model than the campaign's served."""
        return dict(Counter(name for one in self.standings for name in one.kept_from))

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
    filmed = sorted({order.locale for order in docket.plan.orders if makes(order, "film")})
    return Appraisal(
        standings=tuple(desk.standing(order) for order in docket.plan.orders),
        dropped=desk.history.dropped(docket),
        unwritten=tuple(name for name in locales if handle.copy and not handle.copy.writes(name)),
        writes=handle.locales,
        unspoken=tuple(name for name in filmed if is_mute(equipment.handle("voice"), name)),
    )


class _AppraisalDesk:
    """Tells of each order whether its finished files are in the store."""

    def __init__(self, equipment: Equipment, docket: Docket) -> None:
        self._equipment = equipment
        self._docket = docket
        self._causes = CausesReader(docket, equipment.templates_digest)
        self._finishing = FinishingDesk(equipment, docket)
        self._copies = Refresher(equipment, docket, "copy")
        self._posters = Refresher(equipment, docket, "image")
        self._films = Refresher(equipment, docket, "voice", "music", "video")
        self.history = read_history(equipment.store, docket)

    def standing(self, order: Order) -> OrderStanding:
        lacks, kept_from = self._lacks(order)
        if not lacks:
            return OrderStanding(order=order, standing=Standing.REUSED, kept_from=kept_from)
        if not self.history.knows(order):
            return OrderStanding(order=order, standing=Standing.NEW, lacks=lacks)
        because = self.history.changes(order, self._causes.causes_of(order)) or ()
        hands = (desk.changes_hands(order) for desk in (self._copies, self._posters, self._films))
        if any(hands) or set(kept_from) & set(self._docket.refresh):
            because = tuple(dict.fromkeys((*because, "provider")))
        return OrderStanding(order=order, standing=Standing.CHANGED, because=because, lacks=lacks)

    def _lacks(self, order: Order) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What of an order is not there, and which capabilities served it otherwise than now."""
        key = key_of_copy(self._equipment, self._docket, order, self._copies)
        others = self._served_otherwise(self._copies, key)
        if self._copies.recall(key) is None:
            drawn = tuple(name for name in ("image", "film") if makes(order, name))
            return ("copy", *drawn), others
        copies = copies_of(self._equipment.store, (order,), {order.key: key})
        asked = (self._equipment, self._docket, copies)
        poster = _piece(wanted_posters(*asked, self._posters), order)
        film = _piece(wanted_films(*asked, self._films), order)
        lacks: list[str] = []
        for name, piece, desk in (("image", poster, self._posters), ("film", film, self._films)):
            if piece is not None:
                others += self._served_otherwise(desk, piece.key)
                lacks += [name] if desk.recall(piece.key) is None else []
        if not lacks and not self._is_finished(
            order, Pieces(copy=Piece(key=key), poster=poster, film=film)
        ):
            lacks = ["finish"]
        return tuple(lacks), others

    def _is_finished(self, order: Order, pieces: Pieces) -> bool:
        ready = self._finishing.ready(order, pieces)
        return ready is not None and self._equipment.store.recall(ready.key) is not None

    def _served_otherwise(self, desk: Refresher, key: str) -> tuple[str, ...]:
        record = self._equipment.store.recall(key)
        try:
            return made_otherwise(record, desk.now, desk.capabilities) if record else ()
        except HandbillError:  # told by whoever opens that provider to ask it
            return ()


def _piece(wanted: Mapping[str, tuple[str, object]], order: Order) -> Piece | None:
    found = wanted.get(order.key)
    return Piece(key=found[0]) if found else None
