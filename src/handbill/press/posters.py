"""The posters of a slice, drawn in processes of their own; equal posters are drawn once."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from handbill.domain.asset import StoredFile
from handbill.domain.copy import Copy
from handbill.domain.digest import plain
from handbill.domain.order import Medium, Order, Status
from handbill.press.copying import copies_of
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.grounds import DRAWN_BY_HOUSE, fetch_grounds
from handbill.press.making import StepEnded, make_missing
from handbill.press.origins import NO_MODES, label_of_medium, vendors_of_copy
from handbill.press.pixels import Drawing
from handbill.press.recipes import kind_of, look_of, poster_key
from handbill.press.refreshing import NOBODY_ELSE, Refresher
from handbill.press.scenes import reference_of
from handbill.press.slips import Piece, Slip
from handbill.press.specs import poster_spec
from handbill.press.verdicts import judged
from handbill.rendering.spec import PosterResult, PosterSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterAsk:
    """What a drawing process is sent; `target` is the file's path without suffix."""

    spec: PosterSpec
    target: Path


def draw_posters(
    equipment: Equipment, docket: Docket, orders: Sequence[Order], copies: Slip
) -> dict[str, Piece]:
    """Posters for the orders of a slice that take one and have copy; pieces by order key."""
    refresher = Refresher(equipment, docket, "image")
    wanted = wanted_posters(equipment, docket, orders, copies, refresher)
    grounds = fetch_grounds(equipment, docket, orders, wanted, refresher)
    costs: dict[str, int] = {}
    modes: dict[str, str] = {}
    makers: dict[str, Mapping[str, Sequence[str]]] = {}

    with tempfile.TemporaryDirectory(dir=equipment.scratch, prefix="posters-") as folder:

        def begin(key: str, spec: PosterSpec) -> Drawing[PosterAsk, PosterResult]:
            ground = grounds.get(key, DRAWN_BY_HOUSE)
            if isinstance(ground, StepEnded):
                raise ground
            costs[key], modes[key], makers[key] = (
                ground.cost_usd_micros,
                ground.mode,
                ground.made_by,
            )
            shown = ground.shows_product
            spec = dataclasses.replace(
                spec,
                background="" if shown else ground.path,
                scene=ground.path if shown else "",
                remarks=ground.remarks,
            )
            ask = PosterAsk(spec=spec, target=Path(folder) / key)
            return equipment.pixels.start(draw_poster_file, ask)

        def book(key: str, result: PosterResult) -> None:
            served = {name: modes[key] or refresher.modes[name] for name in makers[key]}
            book_poster(equipment, key, result, makers[key], served, refresher.vendors)

        return make_missing(
            equipment, "posters", wanted, begin, book, refresher.recall, costs=costs
        )


def wanted_posters(
    equipment: Equipment,
    docket: Docket,
    orders: Sequence[Order],
    copies: Slip,
    refresher: Refresher,
) -> dict[str, tuple[str, PosterSpec]]:
    """Recipe key and spec of every poster of a slice, by order key.

    Args:
        equipment: store and templates.
        docket: of the orders.
        orders: of the slice.
        copies: of the slice; a vendor's words are labelled on the picture.
        refresher: of pictures.
    """
    look = look_of(docket.kit)
    layouts = equipment.templates_digest.posters
    labels = docket.campaign.labels

    def entry(order: Order, copy: Copy, vendors: frozenset[str]) -> tuple[str, PosterSpec] | None:
        served = vendors | vendors_of_copy(copy)
        label = label_of_medium(labels, served, order.locale, Medium.IMAGE)
        spec = poster_spec(order, copy, docket.kit, label)
        if spec is None:
            return None
        scene = "image" in vendors and reference_of(docket.campaign, order, spec.canvas)
        way = f"{kind_of('image', vendors)}, scene" if scene else kind_of("image", vendors)
        return poster_key(spec, look, layouts, way), spec

    wanted = {}
    for order, copy in copies_of(equipment.store, orders, copies):
        found = refresher.settle(order, partial(entry, order, copy))
        if found is not None:
            wanted[order.key] = found
    return wanted


def draw_poster_file(ask: PosterAsk) -> PosterResult:
    """Draw and judge one poster; runs in a drawing process."""
    import cv2  # noqa: PLC0415 - only drawing processes need it

    from handbill.rendering.posters import draw_poster  # noqa: PLC0415 - loads Skia

    # There is a process for every core: threads on top of that only wait for each other.
    cv2.setNumThreads(1)
    return judged(ask.spec, draw_poster(ask.spec, ask.target))


def book_poster(
    equipment: Equipment,
    key: str,
    result: PosterResult,
    made_by: Mapping[str, Sequence[str]] = NOBODY_ELSE,
    modes: Mapping[str, str] = NO_MODES,
    vendors: Collection[str] = (),
) -> None:
    """Keep a drawn poster under its recipe key.

    Args:
        equipment: the store.
        key: its recipe key.
        result: of drawing it.
        made_by: capability → provider and model, of what the house did not make.
        modes: capability → how that was made.
        vendors: capabilities that its key and its label hold for a vendor's.

    Raises:
        StepEnded: it was not drawn, because its words do not fit anywhere or cannot be set.
    """
    if not result.path:
        told = "; ".join(finding.message for finding in result.findings)
        raise StepEnded(Status.BLOCKED, told)
    path = Path(result.path)
    sha256 = equipment.store.put_file(path, adopt=True)
    file = StoredFile(
        name=f"image{path.suffix}",
        sha256=sha256,
        size_bytes=path.stat().st_size,
        mime=result.mime,
        medium=Medium.IMAGE,
        width_px=result.width_px,
        height_px=result.height_px,
        verdict=result.verdict,
    )
    record = {"files": [plain(file)], "layout": result.layout, "boxes": plain(result.boxes)}
    record |= {"findings": plain(result.findings), "made_by": plain(made_by)}
    record |= {"modes": plain(modes), "vendors": sorted(vendors)}
    equipment.store.book(key, record)
