"""Clips that a vendor makes for films; where the house serves video, films are cut without any."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence

from handbill.domain.order import Order
from handbill.domain.placement import VideoSpec
from handbill.press.calls import make_video
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.making import Fetched, StepEnded, ended_piece
from handbill.press.refreshing import Refresher
from handbill.providers.ports import VideoRequest
from handbill.rendering.spec import FilmSpec

# Long enough for the longest shot of a storyboard; vendors are paid by the second.
CLIP_S = 6.0


def wants_clip(vendors: Collection[str], spec: FilmSpec) -> bool:
    """Whether one of `vendors` makes the clip of a film: not where the brief has its own."""
    return "video" in vendors and not spec.video


def fetch_clips(
    equipment: Equipment,
    docket: Docket,
    orders: Sequence[Order],
    wanted: Mapping[str, tuple[str, FilmSpec]],
    refresher: Refresher,
) -> dict[str, Fetched | StepEnded]:
    """Ask for the clip of every film that is not in the store, all at once.

    Args:
        equipment: store and providers.
        docket: names the provider of video.
        orders: of the slice.
        wanted: order key → recipe key and spec of its film.
        refresher: tells which films are in the store.

    Returns:
        Recipe key → path, cost and mode of the clip, or why there is none; empty where none is
        wanted.
    """
    by_key = {order.key: order for order in orders}
    missing = {
        key: (by_key[order_key], spec)
        for order_key, (key, spec) in wanted.items()
        if wants_clip(refresher.vendors, spec) and refresher.recall(key) is None
    }
    if not missing:
        return {}

    async def ask_all() -> list[Fetched | StepEnded]:
        asks = (_fetch(equipment, docket, order, spec) for order, spec in missing.values())
        return await asyncio.gather(*asks)

    return dict(zip(missing, equipment.loop.run(ask_all()), strict=True))


def clip_request(
    equipment: Equipment, docket: Docket, order: Order, canvas: VideoSpec
) -> VideoRequest:
    """What a vendor is asked for the clip of one film."""
    from handbill.prompting.prompts import clip_prompt  # noqa: PLC0415 - only vendors read it

    return VideoRequest(
        prompt=clip_prompt(order.brief, docket.kit, equipment.templates),
        width_px=canvas.width_px,
        height_px=canvas.height_px,
        duration_s=CLIP_S,
        seed=order.seed,
    )


async def _fetch(
    equipment: Equipment, docket: Docket, order: Order, spec: FilmSpec
) -> Fetched | StepEnded:
    try:
        request = clip_request(equipment, docket, order, spec.canvas)
        handle = equipment.handle("video")
        result = await make_video(equipment.calls, handle, request, row=order.brief.id)
    except Exception as fault:  # noqa: BLE001 - one fault must not stop the campaign
        piece = ended_piece(fault, equipment.scratch)
        return StepEnded(piece.status, piece.message, cause=piece.cause)
    if result.answer is None:
        return StepEnded(result.status, result.message, result.cost_usd_micros, result.cause)
    path = equipment.store.path(equipment.store.put_bytes(result.answer.data))
    return str(path), result.cost_usd_micros, result.mode
