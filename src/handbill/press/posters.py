"""The posters of a slice, drawn in processes of their own; equal posters are drawn once."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from handbill.domain.asset import StoredFile
from handbill.domain.copy import Copy
from handbill.domain.digest import plain
from handbill.domain.finding import Finding, Severity
from handbill.domain.order import Medium, Order, Status
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.grounds import DRAWN_BY_HOUSE, Ground, fetch_grounds
from handbill.press.making import StepEnded, make_missing
from handbill.press.origins import NO_MODES, label_of_medium, vendors_of_copy
from handbill.press.pieces import Piece, Written
from handbill.press.pixels import Drawing
from handbill.press.recipes import kind_of, look_of, poster_key
from handbill.press.refreshing import NOBODY_ELSE, Refresher
from handbill.press.scenes import reference_of
from handbill.press.specs import poster_spec
from handbill.press.verdicts import judged
from handbill.rendering.spec import PosterResult, PosterSpec

_GROUND_HIDDEN = Finding(
    code="ground.hidden",
    severity=Severity.WARN,
    message="the product's own photo covers the whole poster, so the ground that was made for it "
    "is not shown and not labelled; leave image to the house for photos that fill the page",
    field="image",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterAsk:
    """What a drawing process is sent.

    Attributes:
        spec: of the poster.
        target: the file's path without suffix.
        label_without_ground: the AI label that holds when nobody gets to see a vendor's ground.
    """

    spec: PosterSpec
    target: Path
    label_without_ground: str = ""


def draw_posters(
    equipment: Equipment, docket: Docket, copies: Sequence[Written]
) -> dict[str, Piece]:
    """Posters for orders of a slice that take one; pieces by order key."""
    refresher = Refresher(equipment, docket, "image")
    wanted = wanted_posters(equipment, docket, copies, refresher)
    fetched = fetch_grounds(equipment, docket, copies, wanted, refresher)
    foreign_words = {
        wanted[order.key][0]
        for order, copy in copies
        if order.key in wanted and vendors_of_copy(copy)
    }
    grounds: dict[str, Ground] = {}
    costs: dict[str, int] = {}

    with tempfile.TemporaryDirectory(dir=equipment.scratch, prefix="posters-") as folder:

        def begin(key: str, spec: PosterSpec) -> Drawing[PosterAsk, PosterResult]:
            ground = fetched.get(key, DRAWN_BY_HOUSE)
            if isinstance(ground, StepEnded):
                raise ground
            grounds[key], costs[key] = ground, ground.cost_usd_micros
            bare = spec.ai_label if key in foreign_words else ""
            ask = PosterAsk(
                spec=_on_ground(spec, ground, bare),
                target=Path(folder) / key,
                label_without_ground=bare,
            )
            return equipment.pixels.start(draw_poster_file, ask)

        def book(key: str, result: PosterResult) -> None:
            made_by = {} if result.ground_hidden else grounds[key].made_by
            served = {name: grounds[key].mode or refresher.modes[name] for name in made_by}
            book_poster(equipment, key, result, made_by, served)

        return make_missing(
            equipment, "posters", wanted, begin, book, refresher.recall, costs=costs
        )


def wanted_posters(
    equipment: Equipment,
    docket: Docket,
    copies: Sequence[Written],
    refresher: Refresher,
) -> dict[str, tuple[str, PosterSpec]]:
    """Recipe key and spec of every poster of a slice, by order key.

    Args:
        equipment: store and templates.
        docket: of the orders.
        copies: of the slice's orders; a vendor's words are labelled on the picture.
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
    for order, copy in copies:
        found = refresher.settle(order, partial(entry, order, copy))
        if found is not None:
            wanted[order.key] = found
    return wanted


def _on_ground(spec: PosterSpec, ground: Ground, label_without_ground: str) -> PosterSpec:
    """`spec` on the ground that it has in the end, labelled as made by those who made it."""
    shown = ground.shows_product
    return dataclasses.replace(
        spec,
        background="" if shown else ground.path,
        scene=ground.path if shown else "",
        subject=ground.subject,
        ai_label=spec.ai_label if ground.made_by else label_without_ground,
        remarks=ground.remarks,
    )


def draw_poster_file(ask: PosterAsk) -> PosterResult:
    """Draw and judge one poster; runs in a drawing process.

    Where the product's own photo covers a vendor's ground, the poster is drawn without that, and
    says so: nobody made anything of it but the house.
    """
    import cv2  # noqa: PLC0415 - only drawing processes need it

    from handbill.rendering.posters import draw_poster  # noqa: PLC0415 - loads Skia

    # There is a process for every core: threads on top of that only wait for each other.
    cv2.setNumThreads(1)
    spec, result = ask.spec, draw_poster(ask.spec, ask.target)
    hidden = result.ground_hidden
    if hidden:
        remarks = (*spec.remarks, _GROUND_HIDDEN)
        label = ask.label_without_ground
        spec = dataclasses.replace(spec, background="", ai_label=label, remarks=remarks)
        result = draw_poster(spec, ask.target)
    return dataclasses.replace(judged(spec, result), ground_hidden=hidden)


def book_poster(
    equipment: Equipment,
    key: str,
    result: PosterResult,
    made_by: Mapping[str, Sequence[str]] = NOBODY_ELSE,
    modes: Mapping[str, str] = NO_MODES,
) -> None:
    """Keep a drawn poster under its recipe key.

    Args:
        equipment: the store.
        key: its recipe key.
        result: of drawing it.
        made_by: capability → provider and model, of what the house did not make.
        modes: capability → how that was made.

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
    record |= {"modes": plain(modes), "vendors": sorted(made_by)}
    equipment.store.book(key, record)
