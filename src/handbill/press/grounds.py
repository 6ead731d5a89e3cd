"""Grounds of posters that a vendor makes; the house draws its own and needs none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from handbill.domain.order import Order
from handbill.domain.placement import ImageSpec
from handbill.press.calls import make_image
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.making import Fetched, StepEnded, ended_piece
from handbill.press.recipes import HOUSE, maker_of
from handbill.press.refreshing import Refresher
from handbill.providers.ports import ImageRequest
from handbill.rendering.spec import PosterSpec


def fetch_grounds(
    equipment: Equipment,
    docket: Docket,
    orders: Sequence[Order],
    wanted: Mapping[str, tuple[str, PosterSpec]],
    refresher: Refresher,
) -> dict[str, Fetched | StepEnded]:
    """Ask for the ground of every poster that is not in the store, all at once.

    Args:
        equipment: store and providers.
        docket: names the provider of pictures.
        orders: of the slice.
        wanted: order key → recipe key and spec of its poster.
        refresher: tells which posters are in the store.

    Returns:
        Recipe key → path, cost and mode of the ground, or why there is none; empty where the
        house does.
    """
    if maker_of(docket.campaign.provider("image")) == HOUSE:
        return {}
    by_key = {order.key: order for order in orders}
    missing = {
        key: (by_key[order_key], spec)
        for order_key, (key, spec) in wanted.items()
        if refresher.recall(key) is None
    }

    async def ask_all() -> list[Fetched | StepEnded]:
        asks = (_fetch(equipment, docket, order, spec) for order, spec in missing.values())
        return await asyncio.gather(*asks)

    return dict(zip(missing, equipment.loop.run(ask_all()), strict=True))


def ground_request(
    equipment: Equipment, docket: Docket, order: Order, canvas: ImageSpec
) -> ImageRequest:
    """What a vendor is asked for the ground of one poster."""
    from handbill.prompting.prompts import image_prompt  # noqa: PLC0415 - only vendors read it

    return ImageRequest(
        prompt=image_prompt(order.brief, docket.kit, equipment.templates),
        width_px=canvas.width_px,
        height_px=canvas.height_px,
    )


async def _fetch(
    equipment: Equipment, docket: Docket, order: Order, spec: PosterSpec
) -> Fetched | StepEnded:
    try:
        request = ground_request(equipment, docket, order, spec.canvas)
        handle = equipment.handle("image")
        result = await make_image(equipment.calls, handle, request, row=order.brief.id)
    except Exception as fault:  # noqa: BLE001 - one fault must not stop the campaign
        piece = ended_piece(fault, equipment.scratch)
        return StepEnded(piece.status, piece.message, cause=piece.cause)
    if result.answer is None:
        return StepEnded(result.status, result.message, result.cost_usd_micros, result.cause)
    path = equipment.store.path(equipment.store.put_bytes(result.answer.data))
    return str(path), result.cost_usd_micros, result.mode
