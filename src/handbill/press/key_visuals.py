"""Key visuals: the poster's picture in a film's shape, without a word, for a clip to begin with.

Words and prices stay out of it, and the logo: a model that moves letters misspells them. The film
sets its own words over the clip.
"""

from __future__ import annotations

import dataclasses
import tempfile
from dataclasses import dataclass
from pathlib import Path

from handbill.domain.brandkit import BrandKit
from handbill.domain.brief import Picture
from handbill.domain.campaign import Campaign
from handbill.domain.copy import DisplayText
from handbill.domain.order import Order
from handbill.domain.placement import ImageSpec, VideoSpec
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.pixels import Drawing
from handbill.press.recipes import HOUSE, look_of, poster_key
from handbill.rendering.spec import PosterSpec

_LONG_PX = 1280
_NO_WORDS = DisplayText(headline="")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyVisualAsk:
    """What a drawing process is sent; the picture goes to `target` with a suffix."""

    spec: PosterSpec
    target: Path


def picture_to_move(campaign: Campaign, order: Order) -> Picture | None:
    """The product's picture that a clip has to show; None where a clip is made from words."""
    if campaign.provider("video").parameters.get("reference") is not True:
        return None
    return next((picture for picture in order.brief.pictures if picture.path), None)


def kept_key_visual(
    equipment: Equipment, docket: Docket, order: Order, canvas: VideoSpec
) -> Path | None:
    """The key visual, a PNG, when it was drawn before."""
    record = equipment.store.recall(_key(equipment, _spec(docket, order, canvas)))
    return equipment.store.path(str(record["sha256"])) if record else None


def key_visual(
    equipment: Equipment, docket: Docket, order: Order, canvas: VideoSpec
) -> Path | None:
    """The key visual, a PNG, drawn where the store has none; None where no layout takes it.

    Waits for a drawing process.
    """
    if kept := kept_key_visual(equipment, docket, order, canvas):
        return kept
    spec = _spec(docket, order, canvas)
    with tempfile.TemporaryDirectory(dir=equipment.scratch, prefix="key-visual-") as folder:
        ask = KeyVisualAsk(spec=spec, target=Path(folder) / "key")
        drawing: Drawing[KeyVisualAsk, str] = equipment.pixels.start(draw_key_visual, ask)
        path = equipment.pixels.finish(drawing)
        if not path:
            return None
        sha256 = equipment.store.put_file(Path(path), adopt=True)
    equipment.store.book(_key(equipment, spec), {"sha256": sha256})
    return equipment.store.path(sha256)


def draw_key_visual(ask: KeyVisualAsk) -> str:
    """Draw one and tell its path, or nothing; runs in a drawing process."""
    import cv2  # noqa: PLC0415 - only drawing processes need it

    from handbill.rendering.posters import draw_poster  # noqa: PLC0415 - loads Skia

    cv2.setNumThreads(1)
    return draw_poster(ask.spec, ask.target).path


def _key(equipment: Equipment, spec: PosterSpec) -> str:
    return poster_key(spec, look_of(spec.kit), equipment.templates_digest.posters, HOUSE)


def _spec(docket: Docket, order: Order, canvas: VideoSpec) -> PosterSpec:
    factor = min(1.0, _LONG_PX / max(canvas.width_px, canvas.height_px))
    wide, high = (round(side * factor) for side in (canvas.width_px, canvas.height_px))
    return PosterSpec(
        canvas=ImageSpec(width_px=wide, height_px=high, formats=("png",)),
        display=_NO_WORDS,
        kit=_unnamed(docket.kit),
        palette=docket.kit.palette_for(order.account),
        pictures=order.brief.pictures[:1],
        locale=order.locale,
        seed=order.seed,
    )


def _unnamed(kit: BrandKit) -> BrandKit:
    return dataclasses.replace(kit, name="", tagline={}, logo="", logo_on_dark="")
