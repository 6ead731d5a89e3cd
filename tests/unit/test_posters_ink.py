"""A seeded sample of layouts, canvases, scripts and brands: boxes against the drawn ink."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from handbill.domain.brandkit import Palette
from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.rendering.canvases import Pixels, canvas_over
from handbill.rendering.posters.drawing import paint_base, paint_sketch
from handbill.rendering.posters.frames import Area
from handbill.rendering.posters.layouts import read_layouts
from handbill.rendering.posters.pens import Pen
from handbill.rendering.posters.sketching import Sketch, sketch_poster
from handbill.settings import builtin_templates
from tests.doubles.poster_samples import CANVASES, KIT, WORDS, bottle, spec_of, street_photo

LAYOUTS = read_layouts(builtin_templates())
PALETTES = {
    "dark": ("#17151f", "#c9a227", "#f4f0e6", "#1d1b26", ("#6d5a8c",)),
    "neon": ("#ff2bd6", "#00f0ff", "#0a0a12", "#ffffff", ("#c6ff00",)),
    "one colour": ("#c8102e", "#c8102e", "#1a1a1a", "#ffffff", ()),
    "pastel": ("#f6c6d0", "#bfe3dd", "#5a4a55", "#fffaf5", ("#ffe8a3",)),
    "grey": ("#808080", "#909090", "#707070", "#a0a0a0", ()),
}
ARABIC = DisplayText(
    kicker="معصور على البارد",
    headline="تفاح أخضر طازج كل صباح",
    subhead="عصرناه هذا الصباح في معمل الميناء من دون سكر أو ماء.",
    benefits=("خلال ست ساعات", "بلا سكر مضاف"),
    badge="خصم 20%",
    price="19.90 د.إ.",
    compare_at="24.90 د.إ.",
    deadline="حتى 31 مايو",
    cta="اطلب الآن",
    legal="حتى نفاد الكمية.",
)
THAI = DisplayText(headline="แอปเปิลเขียวสดใหม่ทุกเช้า", badge="ลด 20%", price="฿59", cta="สั่งเลย")
TEXTS = {**WORDS, "ar": ARABIC, "th": THAI}
SMALL = {
    name: replace(
        canvas,
        width_px=canvas.width_px // 2,
        height_px=canvas.height_px // 2,
        safe_zone=canvas.safe_zone.scaled(0.5),
    )
    for name, canvas in CANVASES.items()
    if name not in {"print", "billboard", "leaderboard", "skyscraper", "half page"}
} | {name: CANVASES[name] for name in ("billboard", "leaderboard", "skyscraper", "half page")}
_WORDS_ON_GROUND = {"kicker", "headline", "subhead", "deadline", "legal", "price"}
# What a pen may draw around a box: plates, the points of a badge, the slant of a struck price.
_AROUND_STEPS = 3.0


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Picture]:
    folder: Path = tmp_path_factory.mktemp("pictures")
    return {"cutout": bottle(folder), "photo": street_photo(folder)}


def drawn(number: int, pictures: dict[str, Picture]) -> tuple[Sketch, Pixels, Pixels, Pen]:
    """A poster of the sample: its sketch, what lies under the words, what was drawn, the pen."""
    chance = random.Random(number)  # noqa: S311 - a sample, not a secret
    layout = LAYOUTS[number % len(LAYOUTS)]
    canvas = SMALL[chance.choice(sorted(SMALL))]
    locale = chance.choice(sorted(TEXTS))
    kind = {"any": chance.choice(("cutout", "photo"))}.get(layout.picture, layout.picture)
    names = ("before", "after", "third", "fourth")[: layout.pictures]
    mine = tuple(replace(pictures[kind], source=name) for name in names if kind in pictures)
    colours = PALETTES[chance.choice(sorted(PALETTES))]
    palette = Palette(
        primary=colours[0],
        secondary=colours[1],
        ink=colours[2],
        paper=colours[3],
        accents=colours[4],
    )
    kit = replace(KIT, palette=palette, corner_radius=chance.random())
    text = TEXTS[locale]
    text = replace(text, address="") if not layout.needs else text
    spec = replace(
        spec_of(canvas, pictures=mine), display=text, kit=kit, palette=palette, locale=locale
    )
    spec = replace(spec, seed=number, ai_label="AI" if number % 3 == 0 else "")
    if "address" in layout.needs and not text.address:
        spec = replace(spec, display=replace(text, address="4 Quay Street"))
    if "benefits" in layout.needs and not text.benefits:
        spec = replace(spec, display=replace(spec.display, benefits=("100 %", "24/7")))
    sketch = sketch_poster(spec, spec.display, (), (layout,))
    base = paint_base(sketch)
    below = base.pixels.copy()
    pen = paint_sketch(sketch, canvas_over(base.pixels), base)
    return sketch, below, base.pixels, pen


@pytest.mark.parametrize("number", range(3 * len(LAYOUTS)))
def test_ink_lies_in_its_boxes_and_reads(number: int, pictures: dict[str, Picture]) -> None:
    sketch, below, after, pen = drawn(number, pictures)
    changed = (below != after).any(axis=2)
    safe = sketch.frames.safe
    outside = changed.copy()
    outside[window(safe.inset(-sketch.setting.step(2)))] = False
    assert not outside.any(), sketch.choice.layout.name
    unboxed = changed.copy()
    pieces = [placed.area for stack in sketch.stacks for placed in stack.placed]
    for area in (*pieces, *(area for _, area in pen.boxes)):
        unboxed[window(area.inset(-sketch.setting.step(_AROUND_STEPS)))] = False
    assert not unboxed.any(), sketch.choice.layout.name
    for role, area in pen.boxes:
        if role in _WORDS_ON_GROUND:
            told = (sketch.choice.layout.name, sketch.choice.scheme.name, role)
            # Strokes of the smallest type are thinner than a pixel, and so paler than their ink.
            least = 2.9 if pen.sizes.get(role, area.height) > 11 else 2.2
            assert measured_contrast(below, after, area) >= least, told


def window(area: Area) -> tuple[slice, slice]:
    """The pixels of an area."""
    left, top = max(0, round(area.left)), max(0, round(area.top))
    return slice(top, max(top, round(area.bottom))), slice(left, max(left, round(area.right)))


def measured_contrast(below: Pixels, after: Pixels, area: Area) -> float:
    """WCAG contrast of the ink in `area` against the ground round it, by the drawn pixels."""
    spot = window(area)
    ground, light = luminance(below[spot]), luminance(after[spot])
    moved = np.abs(light - ground)
    if not moved.size or moved.max() < 0.02:
        return 1.0
    if np.mean(moved > 0.02) > 0.8:  # a plate was laid first
        ground = np.full_like(light, np.median(light))
        moved = np.abs(light - ground)
    ink = float(np.median(light[moved > 0.9 * moved.max()]))
    rest = light[moved < 0.05 * moved.max()]
    under = float(np.median(rest)) if rest.size else float(np.median(ground))
    return (max(ink, under) + 0.05) / (min(ink, under) + 0.05)


def luminance(pixels: Pixels) -> np.ndarray:
    """WCAG relative luminance of BGRA pixels."""
    share = pixels[:, :, :3].astype(np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.0722, 0.7152, 0.2126]))
