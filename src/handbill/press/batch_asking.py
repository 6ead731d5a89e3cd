"""One round of batches: collect what has ended, ask for what is lacking, hand that in."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from handbill.domain.campaign import CAPABILITIES
from handbill.domain.order import Order
from handbill.errors import UserError
from handbill.press.calls import make_image
from handbill.press.copying import copies_of, keys_of, write_copy
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.grounds import ground_request
from handbill.press.outcome import BatchFacts
from handbill.press.pieces import Piece
from handbill.press.posters import wanted_posters
from handbill.press.progress import Progress
from handbill.press.recipes import HOUSE, maker_of
from handbill.press.refreshing import Refresher
from handbill.press.specs import makes


def advance_batches(equipment: Equipment, docket: Docket) -> tuple[BatchFacts, ...]:
    """Bring a campaign's batches as far as they go today; what still waits.

    Answers that have come are in the store afterwards. Copy with findings is asked for again
    with the next batch, at most as often as in a run without batches; grounds of posters do not
    depend on the copy and go with the first.

    Raises:
        UserError: no provider of the campaign takes batches.
    """
    batches = equipment.batches
    if batches is None or not batches.desks:
        raise _no_desk(docket)
    quiet = dataclasses.replace(equipment, progress=Progress())
    equipment.loop.run(batches.collect())
    for orders in docket.slices:
        copies = write_copy(quiet, docket, orders)
        _ask_for_grounds(quiet, docket, orders, copies)
    equipment.loop.run(batches.hand_in())
    return batches.facts()


def _no_desk(docket: Docket) -> UserError:
    chosen = ", ".join(f"{name} = {docket.campaign.provider(name).name}" for name in CAPABILITIES)
    return UserError(
        f"no provider of this campaign can be asked in batches ({chosen})",
        where="--batch",
        remedy="leave --batch out; the house provider works at once and costs nothing",
    )


def _ask_for_grounds(
    equipment: Equipment, docket: Docket, orders: Sequence[Order], copies: Mapping[str, Piece]
) -> None:
    """Ask for every ground that is not in a finished poster; the answers are for later."""
    if maker_of(docket.campaign.provider("image")) == HOUSE:
        return
    handle = equipment.handle("image")
    wanted = _lacking_posters(equipment, docket, orders, copies)
    asks = {}
    for order in wanted:
        canvas = order.placement.image
        if canvas is not None:
            request = ground_request(equipment, docket, order, canvas)
            asks[order.brief.id, request.width_px, request.height_px] = request

    async def ask_all() -> None:
        await asyncio.gather(
            *(make_image(equipment.calls, handle, ask, row=key[0]) for key, ask in asks.items())
        )

    equipment.loop.run(ask_all())


def _lacking_posters(
    equipment: Equipment, docket: Docket, orders: Iterable[Order], copies: Mapping[str, Piece]
) -> list[Order]:
    """Orders that take a poster which is not there, and have copy or wait for it."""
    drawn = [order for order in orders if makes(order, "image")]
    refresher = Refresher(equipment, docket, "image")
    written = copies_of(equipment.store, drawn, keys_of(copies))
    posters = wanted_posters(equipment, docket, written, refresher)
    return [
        order
        for order in drawn
        if (order.key in posters and refresher.recall(posters[order.key][0]) is None)
        or copies[order.key].cause == "batch"
    ]
