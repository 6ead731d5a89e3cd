"""The posters of a slice, drawn in processes of their own; equal posters are drawn once."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from handbill.domain.asset import StoredFile
from handbill.domain.digest import plain
from handbill.domain.order import Medium, Order, Status
from handbill.press.copying import copies_of
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.grounds import DRAWN_BY_HOUSE, fetch_grounds
from handbill.press.making import StepEnded, make_missing
from handbill.press.origins import label_of_medium
from handbill.press.pixels import Drawing
from handbill.press.recipes import look_of, maker_of, poster_key
from handbill.press.refreshing import NOBODY_ELSE, Refresher
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
    wanted = wanted_posters(equipment, docket, orders, copies)
    refresher = Refresher(equipment, docket, "image")
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
            spec = dataclasses.replace(spec, background=ground.path, remarks=ground.remarks)
            ask = PosterAsk(spec=spec, target=Path(folder) / key)
            return equipment.pixels.start(draw_poster_file, ask)

        def book(key: str, result: PosterResult) -> None:
            book_poster(equipment, key, result, makers[key], modes[key])

        return make_missing(
            equipment, "posters", wanted, begin, book, refresher.recall, costs=costs
        )


def wanted_posters(
    equipment: Equipment, docket: Docket, orders: Sequence[Order], copies: Slip
) -> dict[str, tuple[str, PosterSpec]]:
    """Recipe key and spec of every poster of a slice, by order key."""
    look = look_of(docket.kit)
    maker = maker_of(docket.campaign.provider("image"))
    layouts = equipment.templates_digest.posters
    wanted = {}
    for order, copy in copies_of(equipment.store, orders, copies):
        label = label_of_medium(docket.campaign, order.locale, Medium.IMAGE)
        spec = poster_spec(order, copy, docket.kit, label)
        if spec is not None:
            wanted[order.key] = (poster_key(spec, look, layouts, maker), spec)
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
    mode: str = "",
) -> None:
    """Keep a drawn poster under its recipe key.

    Args:
        equipment: the store.
        key: its recipe key.
        result: of drawing it.
        made_by: capability → provider and model, of what the house did not make.
        mode: how its ground was bought, such as ``batch``.

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
    record |= {"modes": {"image": mode}} if mode == "batch" else {}
    equipment.store.book(key, record)
