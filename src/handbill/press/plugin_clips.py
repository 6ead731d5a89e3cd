"""Clips by film plug-ins of other packages: made or changed once, kept by what decides them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handbill.domain.digest import digest
from handbill.domain.order import Order
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.pixels import Drawing
from handbill.press.recipes import file_digest
from handbill.rendering.spec import FilmSpec

PLUGIN_RECIPE = 1
_LENGTH_S = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginAsk:
    """What a drawing process is sent; the clip goes to `target`.

    Attributes:
        clip: plug-in that makes it, or empty where `source` is changed.
        effects: plug-ins that change it.
        wish: what plug-ins are told.
    """

    target: Path
    clip: str = ""
    effects: tuple[str, ...] = ()
    source: str = ""
    wish: Mapping[str, Any] = field(default_factory=dict)


def wants_plugin(spec: FilmSpec) -> bool:
    """Whether a film's clip is made or changed by a plug-in."""
    return bool(spec.clip_by or (spec.effects and spec.video))


async def plugin_clips(equipment: Equipment, docket: Docket, order: Order, spec: FilmSpec) -> str:
    """Paths of a film's clips, one a line, as its plug-ins make or change them.

    Raises:
        RenderError: a plug-in failed.
    """
    sources = [""] if spec.clip_by else spec.video.splitlines()
    made = (_one(equipment, docket, order, spec, source) for source in sources)
    return "\n".join(await asyncio.gather(*made))


def make_plugin_clip(ask: PluginAsk) -> bool:
    """Make one, or tell that the source is no clip; runs in a drawing process."""
    from handbill.foreign.film_plugins import (  # noqa: PLC0415 - looks at packages
        LONGEST_S,
        run_film_plugins,
    )
    from handbill.rendering.films.footage_files import write_even_clip  # noqa: PLC0415 - OpenCV

    even = ask.target.with_name("even.mkv") if ask.source else None
    if even and not write_even_clip(Path(ask.source), even, ask.wish["fps"], LONGEST_S):
        return False
    run_film_plugins(
        ask.target, clip=ask.clip, effects=ask.effects, source=even, ask=dict(ask.wish)
    )
    return True


async def _one(
    equipment: Equipment, docket: Docket, order: Order, spec: FilmSpec, source: str
) -> str:
    wish = _wish(docket, order, spec) if not source else {"length_s": _LENGTH_S}
    wish |= {"fps": spec.canvas.fps}
    content = wish | {"pictures": [picture.sha256 for picture in spec.pictures] * (not source)}
    made_by = [spec.clip_by, list(spec.effects), file_digest(source)]
    key = digest(["film plug-in", PLUGIN_RECIPE, made_by, content])
    if record := equipment.store.recall(key):
        return str(equipment.store.path(str(record["sha256"])))
    film = docket.campaign.film
    with tempfile.TemporaryDirectory(dir=equipment.scratch, prefix="plug-in-") as folder:
        ask = PluginAsk(
            target=Path(folder) / "clip.mp4",
            clip="" if source else film.clip,
            effects=film.effects,
            source=source,
            wish=wish,
        )
        drawing: Drawing[PluginAsk, bool] = equipment.pixels.start(make_plugin_clip, ask)
        if not await asyncio.to_thread(equipment.pixels.finish, drawing):
            return source  # the film says what is wrong with it
        sha256 = equipment.store.put_file(ask.target, adopt=True)
    equipment.store.book(key, {"sha256": sha256})
    return str(equipment.store.path(sha256))


def _wish(docket: Docket, order: Order, spec: FilmSpec) -> dict[str, Any]:
    """What a plug-in that makes a clip is told."""
    palette = spec.palette
    return {
        "product": order.brief.product,
        "pictures": [picture.path for picture in spec.pictures if picture.path],
        "brand": docket.kit.name,
        "colours": [palette.primary, palette.secondary, *palette.accents],
        "locale": spec.locale,
        "width_px": spec.canvas.width_px,
        "height_px": spec.canvas.height_px,
        "length_s": _LENGTH_S,
        "seed": spec.seed,
    }
