"""Clips that others make for films; where nobody does, films are cut without any.

With ``reference = true`` among the parameters of `video` a clip begins with the row's key visual.
What comes is looked at before it is used: length, blackness, movement, and whether the product is
still the product. A clip with faults is not asked for again, since clips are dear: the film is cut
without it and says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from handbill.domain.campaign import Campaign
from handbill.domain.finding import Finding, Severity
from handbill.domain.order import Order
from handbill.domain.placement import VideoSpec
from handbill.press.calls import make_video
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.key_visuals import kept_key_visual, key_visual, picture_to_move
from handbill.press.making import StepEnded, ended_piece, fetch_missing
from handbill.press.pieces import Written
from handbill.press.plugin_clips import plugin_clips, wants_plugin
from handbill.press.recipes import VENDOR
from handbill.press.refreshing import Refresher
from handbill.providers.ports import VideoRequest
from handbill.rendering.spec import FilmSpec

# Long enough for the longest shot of a storyboard; vendors are paid by the second.
CLIP_S = 6.0
_LOOKS_A_SECOND, _LOOK_PX = 4.0, 640


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """What a film's clip is.

    Attributes:
        path: the clip (several of the user's own: one a line), or empty where there is none.
        cost_usd_micros: of it.
        remarks: what the film says about it.
    """

    path: str = ""
    cost_usd_micros: int = 0
    remarks: tuple[Finding, ...] = ()


NO_CLIP = Clip()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipLook:
    """What a drawing process is sent to look at a clip.

    Attributes:
        path: the clip.
        shows: pictures of its product, one of which it has to resemble; empty for any clip.
    """

    path: Path
    shows: tuple[Path, ...] = ()


def wants_clip(vendors: Collection[str], spec: FilmSpec) -> bool:
    """Whether one of `vendors` makes the clip of a film: not where there is another one."""
    return "video" in vendors and not spec.video and not spec.clip_by


def way_of_clip(campaign: Campaign, order: Order) -> str:
    """How a vendor's clip is made, for the film's key."""
    return f"{VENDOR}, moved" if picture_to_move(campaign, order) else VENDOR


def fetch_clips(
    equipment: Equipment,
    docket: Docket,
    copies: Sequence[Written],
    wanted: Mapping[str, tuple[str, FilmSpec]],
    refresher: Refresher,
) -> dict[str, Clip | StepEnded]:
    """Recipe key → the clip, or why there is none, of films; as `fetch_grounds`."""
    clipped = {
        order_key: (key, spec)
        for order_key, (key, spec) in wanted.items()
        if wants_clip(refresher.vendors, spec) or wants_plugin(spec)
    }
    return fetch_missing(equipment, copies, clipped, refresher, partial(_fetch, equipment, docket))


def clip_request(
    equipment: Equipment, docket: Docket, order: Order, canvas: VideoSpec, first: bytes = b""
) -> VideoRequest:
    """What a vendor is asked for the clip of one film; `first` is the PNG that it begins with."""
    from handbill.prompting.prompts import clip_prompt  # noqa: PLC0415 - only vendors read it
    from handbill.rendering.films.clip_wishes import clip_wish  # noqa: PLC0415 - the same

    wish = clip_wish(canvas.width_px, canvas.height_px)
    return VideoRequest(
        prompt=clip_prompt(
            order.brief,
            docket.kit,
            equipment.templates,
            role=wish.role,
            quiet=wish.quiet,
            tempo=wish.tempo,
            seconds=round(CLIP_S),
            reference=bool(first),
        ),
        width_px=canvas.width_px,
        height_px=canvas.height_px,
        duration_s=CLIP_S,
        seed=order.seed,
        reference_png=first,
    )


def planned_request(
    equipment: Equipment, docket: Docket, order: Order, canvas: VideoSpec
) -> VideoRequest:
    """`clip_request` without drawing anything.

    A key visual that is not in the store yet cannot have been paid for: any bytes stand for it.
    """
    first = b""
    if picture_to_move(docket.campaign, order):
        kept = kept_key_visual(equipment, docket, order, canvas)
        first = kept.read_bytes() if kept else b"not drawn yet"
    return clip_request(equipment, docket, order, canvas, first)


def look_at_clip(look: ClipLook) -> tuple[str, ...]:
    """What is wrong with a clip; runs in a drawing process."""
    from handbill.checking.clip import clip_faults  # noqa: PLC0415 - plans check nothing
    from handbill.checking.likeness import find_product, likeness_fault  # noqa: PLC0415 - OpenCV
    from handbill.errors import RenderError  # noqa: PLC0415 - of what is caught here alone
    from handbill.rendering.films.footage_scan import sample_clip  # noqa: PLC0415 - loads OpenCV
    from handbill.rendering.picture_decoding import decode_picture  # noqa: PLC0415 - the same

    try:
        pictures = sample_clip(look.path, _LOOKS_A_SECOND, _LOOK_PX)
    except RenderError as fault:
        return (f"it cannot be read ({fault})",)
    faults = clip_faults(pictures, _LOOKS_A_SECOND)
    if faults or not look.shows:
        return faults
    middle = pictures[len(pictures) // 2]
    shown = (decode_picture(picture).pixels for picture in look.shows)
    unlike = [likeness_fault(find_product(pixels, middle)) for pixels in shown]
    return () if "" in unlike else (unlike[0],)


async def _fetch(
    equipment: Equipment, docket: Docket, order: Order, spec: FilmSpec
) -> Clip | StepEnded:
    product = picture_to_move(docket.campaign, order)
    cost = 0
    try:
        if wants_plugin(spec):
            return Clip(path=await plugin_clips(equipment, docket, order, spec))
        first = None
        if product:
            first = await asyncio.to_thread(key_visual, equipment, docket, order, spec.canvas)
        sent = first.read_bytes() if first else b""
        request = clip_request(equipment, docket, order, spec.canvas, sent)
        handle = equipment.handle("video")
        result = await make_video(equipment.calls, handle, request, row=order.brief.id)
        cost = result.cost_usd_micros
        if result.answer is None:
            return StepEnded(result.status, result.message, cost, result.cause)
        path = equipment.store.path(equipment.store.put_bytes(result.answer.data))
        look = ClipLook(path=path, shows=(Path(product.path), first) if product and first else ())
        drawing = equipment.pixels.start(look_at_clip, look)
        faults = await asyncio.to_thread(equipment.pixels.finish, drawing)
    except Exception as fault:  # noqa: BLE001 - one fault must not stop the campaign
        piece = ended_piece(fault, equipment.scratch)
        return StepEnded(piece.status, piece.message, cost, piece.cause)
    if faults:
        return Clip(cost_usd_micros=cost, remarks=(_unusable(handle.name, faults),))
    return Clip(path=str(path), cost_usd_micros=cost)


def _unusable(provider: str, faults: Sequence[str]) -> Finding:
    return Finding(
        code="clip.unusable",
        severity=Severity.WARN,
        message=f"{provider!r} gave no clip that serves ({'; '.join(faults)}), so the film was "
        "cut without it; keep that, or change templates/prompts/clip.j2",
        field="film.mp4",
    )
