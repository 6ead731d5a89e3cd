"""Grounds of posters that a vendor makes; the house draws its own and needs none.

What comes is looked at before it is used: size, blankness, calm where words will stand, lettering.
A picture with faults is asked for again with them named, at most twice; then the house draws the
ground, and the poster says so. The product's own photograph is set in, unless the campaign asks
for scenes: such a picture shows the product, and is refused where that is not found as it is.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from handbill.domain.finding import Finding, Severity
from handbill.domain.order import Order
from handbill.domain.placement import ImageSpec
from handbill.press.calls import MOST_REASKS, make_image
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.making import StepEnded, ended_piece, fetch_missing
from handbill.press.pieces import Written
from handbill.press.recipes import HOUSE, maker_of
from handbill.press.refreshing import NOBODY_ELSE, Refresher
from handbill.press.scenes import (
    Shares,
    look_at_scene,
    reference_of,
    reference_png,
    scene_quiet_side,
)
from handbill.providers.ports import ImageRequest
from handbill.rendering.spec import PosterSpec

_RTL = frozenset({"ar", "fa", "he", "ur"})
_WIDE = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a poster's ground is.

    Attributes:
        path: the picture, or empty where the house draws.
        shows_product: whether it is a scene, which stands for the product's own picture.
        subject: where the product stands in a scene; see `PosterSpec.subject`.
        cost_usd_micros: of everything that was asked for it.
        mode: how it was bought, or empty.
        made_by: capability → provider and model; empty where the house draws.
        remarks: what the poster says about it.
    """

    path: str = ""
    shows_product: bool = False
    subject: Shares = ()
    cost_usd_micros: int = 0
    mode: str = ""
    made_by: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=lambda: NOBODY_ELSE)
    remarks: tuple[Finding, ...] = ()


DRAWN_BY_HOUSE = Ground()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundAsk:
    """What a drawing process is sent to look at a ground, or at a scene of `reference`."""

    path: Path
    canvas: ImageSpec
    quiet: str
    reference: Path | None = None


def fetch_grounds(
    equipment: Equipment,
    docket: Docket,
    copies: Sequence[Written],
    wanted: Mapping[str, tuple[str, PosterSpec]],
    refresher: Refresher,
) -> dict[str, Ground | StepEnded]:
    """Recipe key → the ground, or why there is none, for posters that are not in the store.

    Empty where the house draws.

    Args:
        equipment: store and providers.
        docket: names the provider of pictures.
        copies: of the slice's orders.
        wanted: order key → recipe key and spec of its poster.
        refresher: tells which posters are in the store.
    """
    if maker_of(docket.campaign.provider("image")) == HOUSE:
        return {}

    def fetch(order: Order, spec: PosterSpec) -> Awaitable[Ground | StepEnded]:
        return _fetch(equipment, docket, order, spec.canvas, refresher.now)

    return fetch_missing(equipment, copies, wanted, refresher, fetch)


def ground_request(
    equipment: Equipment,
    docket: Docket,
    order: Order,
    canvas: ImageSpec,
    faults: Sequence[str] = (),
) -> ImageRequest:
    """What a vendor is asked for a poster's ground; `faults` are those of an earlier one."""
    from handbill.prompting.prompts import image_prompt  # noqa: PLC0415 - only vendors read it

    picture = reference_of(docket.campaign, order, canvas)
    reference = reference_png(picture) if picture else b""
    return ImageRequest(
        prompt=image_prompt(
            order.brief,
            docket.kit,
            equipment.templates,
            quiet=_quiet(canvas, order, scene=bool(reference)),
            staged=bool(order.brief.pictures),
            reference=bool(reference),
            faults=faults,
        ),
        width_px=canvas.width_px,
        height_px=canvas.height_px,
        reference_png=reference,
    )


def quiet_side(canvas: ImageSpec, locale: str) -> str:
    """The third where layouts set most words: the reader's side of wide canvases, else above."""
    if canvas.width_px < _WIDE * canvas.height_px:
        return "upper"
    return "right" if locale.split("-", maxsplit=1)[0] in _RTL else "left"


def _quiet(canvas: ImageSpec, order: Order, *, scene: bool) -> str:
    side = quiet_side(canvas, order.locale)
    return scene_quiet_side(side) if scene else side


def look_at_ground(ask: GroundAsk) -> tuple[tuple[str, ...], Shares]:
    """What is wrong with a ground, and where a scene shows the product; in a drawing process."""
    from handbill.checking.ground import ground_faults  # noqa: PLC0415 - loads OpenCV
    from handbill.rendering.picture_decoding import decode_picture  # noqa: PLC0415 - the same

    try:
        if ask.reference:
            return look_at_scene(ask.path, ask.reference, ask.canvas, ask.quiet)
        pixels = decode_picture(ask.path).pixels[:, :, :3]
    except (OSError, ValueError) as fault:
        return (f"it cannot be read ({fault})",), ()
    return ground_faults(pixels, ask.canvas, ask.quiet), ()


async def _fetch(
    equipment: Equipment,
    docket: Docket,
    order: Order,
    canvas: ImageSpec,
    made_by: Mapping[str, Sequence[str]],
) -> Ground | StepEnded:
    faults: tuple[str, ...] = ()
    cost = 0
    reference = None
    try:
        picture = reference_of(docket.campaign, order, canvas)
        handle = equipment.handle("image")
        for _ in range(1 + MOST_REASKS):
            request = ground_request(equipment, docket, order, canvas, faults)
            reference = Path(picture.path) if picture and request.reference_png else None
            result = await make_image(equipment.calls, handle, request, row=order.brief.id)
            cost += result.cost_usd_micros
            if result.answer is None and not faults:
                return StepEnded(result.status, result.message, cost, result.cause)
            if result.answer is None:
                faults = (*faults, f"then {result.message}")
                break
            path = equipment.store.path(equipment.store.put_bytes(result.answer.data))
            ask = GroundAsk(
                path=path,
                canvas=canvas,
                quiet=_quiet(canvas, order, scene=reference is not None),
                reference=reference,
            )
            faults, subject = await _looked_at(equipment, ask, faults)
            if not faults:
                return Ground(
                    path=str(path),
                    shows_product=reference is not None,
                    subject=subject,
                    cost_usd_micros=cost,
                    mode=result.mode,
                    made_by=made_by,
                )
    except Exception as fault:  # noqa: BLE001 - one fault must not stop the campaign
        piece = ended_piece(fault, equipment.scratch)
        return StepEnded(piece.status, piece.message, cost, piece.cause)
    told = _unusable(handle.name, faults, scene=reference is not None)
    return Ground(cost_usd_micros=cost, remarks=(told,))


async def _looked_at(
    equipment: Equipment, ask: GroundAsk, before: Sequence[str]
) -> tuple[tuple[str, ...], Shares]:
    """The faults of a ground, those of earlier ones that it has again said once more; its product.

    Said otherwise, so that it is another question and not the answer in the store.
    """
    drawing = equipment.pixels.start(look_at_ground, ask)
    found, subject = await asyncio.to_thread(equipment.pixels.finish, drawing)
    return tuple(f"again {fault}" if fault in before else fault for fault in found), subject


def _unusable(provider: str, faults: Sequence[str], *, scene: bool) -> Finding:
    if scene:
        return Finding(
            code="scene.unusable",
            severity=Severity.WARN,
            message=f"{provider!r} gave no scene that shows the product as it is "
            f"({'; '.join(faults)}), so the house drew the poster with the product's own picture; "
            "keep that, or change templates/prompts/image_scene.j2",
            field="image",
        )
    return Finding(
        code="ground.unusable",
        severity=Severity.WARN,
        message=f"{provider!r} gave no picture that serves as a ground ({'; '.join(faults)}), so "
        "the house drew it; keep that, or change templates/prompts/image_background.j2",
        field="image",
    )
