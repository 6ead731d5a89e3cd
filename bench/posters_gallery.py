"""Contact sheets of every layout: aspects, scripts, with and without a picture.

Run as ``python -m bench.posters_gallery [FOLDER]``; writes one picture a layout and an index page.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from bench.posters_samples import CANVASES, KITS, WORDS, pictures
from handbill.domain.brief import Picture
from handbill.rendering.canvases import Pixels, as_pixels, canvas_over
from handbill.rendering.posters.drawing import paint_base, paint_sketch
from handbill.rendering.posters.layouts import Layout, read_layouts
from handbill.rendering.posters.sketching import sketch_poster
from handbill.rendering.posters.wording import showable, stacks_for
from handbill.rendering.spec import PosterSpec
from handbill.settings import read_settings

_TILE_PX = 190
_GAP_PX = 8
_QUALITY = 42
# Long low canvases share one place, one below the other, this wide.
_BANNER_PX = 330
_BANNERS = ("billboard", "leaderboard")
_INTRODUCTION = (
    "Drawn by `make gallery` from `templates/posters/`. Rows are scripts: English, German,",
    "Chinese, Japanese, Arabic, Korean, Hebrew, Thai, Hindi, Russian. Columns are aspects:",
    "portrait 4:5, square, story, landscape 16:9, skyscraper, half page, A-series print with",
    "bleed and QR code, billboard and leaderboard. Brands, grounds and pictures take turns.",
    "",
    "Every sheet was looked at as an art director would, and so were thirty other products, from",
    "cut-outs to panoramas and pictures of 300 pixels, in six brands, neon to black on white.",
    "Mended since: tall logos too small, logos on stickers, black type on red, buttons on paper,",
    "arches squashed, small pictures lost on empty halves, old prices far from the new, headlines",
    "that break inside a sentence, circles that run through words, badges too small to read, and",
    "strips of 320 × 50 without a button.",
)


def draw_gallery(folder: Path) -> list[Path]:
    """One contact sheet a layout in `folder`; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    layouts = read_layouts(read_settings().templates)
    with tempfile.TemporaryDirectory() as name:
        shown = pictures(Path(name))
        made = [_sheet(layout, shown, folder) for layout in layouts]
    _index(layouts, folder)
    return made


def _sheet(layout: Layout, shown: dict[str, list[Picture]], folder: Path) -> Path:
    rows = [_row(layout, locale, number, shown) for number, locale in enumerate(WORDS)]
    width = max(row.shape[1] for row in rows)
    sheet = np.full((sum(row.shape[0] for row in rows), width, 4), 232, np.uint8)
    top = 0
    for row in rows:
        sheet[top : top + row.shape[0], : row.shape[1]] = row
        top += row.shape[0]
    path = folder / f"{layout.name}.webp"
    Image.fromarray(np.ascontiguousarray(sheet[:, :, 2::-1])).save(
        path, "WEBP", quality=_QUALITY, method=6
    )
    return path


def _row(layout: Layout, locale: str, number: int, shown: dict[str, list[Picture]]) -> Pixels:
    """One script: a poster in every aspect, brands and pictures taking turns."""
    kinds = {"any": ("cutout", "photo"), "none": ("",)}.get(layout.picture, (layout.picture,))
    drawn: dict[str, Pixels] = {}
    for step, (aspect, canvas) in enumerate(CANVASES.items()):
        kind = kinds[(number + step) % len(kinds)]
        kit = list(KITS.values())[(number + step) % len(KITS)]
        spec = PosterSpec(
            canvas=canvas,
            display=WORDS[locale],
            kit=kit,
            palette=kit.palette,
            pictures=_pictures_for(layout, shown.get(kind, []), number + step),
            locale=locale,
            seed=1000 * number + step,
            url="https://example.com" if canvas.dpi else "",
        )
        drawn[aspect] = _poster(spec, layout)
    return _laid_out(drawn)


def _pictures_for(layout: Layout, have: list[Picture], turn: int) -> tuple[Picture, ...]:
    """As many pictures as the layout shows, marked as before and after where it wants a pair."""
    names = ("before", "after", "third", "fourth")[: layout.pictures]
    return tuple(
        replace(have[(turn + number) % len(have)], source=name if layout.pictures > 1 else "one")
        for number, name in enumerate(names if have else ())
    )


def _poster(spec: PosterSpec, layout: Layout) -> Pixels:
    display, findings = showable(spec.display, *stacks_for(spec))
    sketch = sketch_poster(spec, display, findings, (layout,))
    base = paint_base(sketch)
    paint_sketch(sketch, canvas_over(base.pixels), base)
    return base.pixels


def _laid_out(drawn: dict[str, Pixels]) -> Pixels:
    """Tiles of one height side by side, banners below each other at the end."""
    banners = [pixels for aspect, pixels in drawn.items() if aspect in _BANNERS]
    tall = [pixels for aspect, pixels in drawn.items() if aspect not in _BANNERS]
    tiles = [_sized(one, one.shape[1] * _TILE_PX // one.shape[0], _TILE_PX) for one in tall]
    wide = sum(tile.shape[1] + _GAP_PX for tile in tiles) + _BANNER_PX + 2 * _GAP_PX
    row = np.full((_TILE_PX + _GAP_PX, wide, 4), 232, np.uint8)
    left = _GAP_PX
    for tile in tiles:
        row[_GAP_PX:, left : left + tile.shape[1]] = tile
        left += tile.shape[1] + _GAP_PX
    top = _GAP_PX
    for banner in banners:
        tile = _sized(banner, _BANNER_PX, banner.shape[0] * _BANNER_PX // banner.shape[1])
        row[top : top + tile.shape[0], left : left + _BANNER_PX] = tile
        top += tile.shape[0] + _GAP_PX
    return as_pixels(row)


def _sized(pixels: Pixels, width_px: int, height_px: int) -> Pixels:
    return as_pixels(cv2.resize(pixels, (width_px, height_px), interpolation=cv2.INTER_AREA))


def _index(layouts: tuple[Layout, ...], folder: Path) -> None:
    families: dict[str, list[Layout]] = {}
    for layout in layouts:
        families.setdefault(layout.family, []).append(layout)
    lines = ["# The poster layouts", "", *_INTRODUCTION, ""]
    for family, members in sorted(families.items()):
        lines += [f"## {family.capitalize()}", ""]
        for layout in members:
            lines += [f"**{layout.name}**: {layout.summary}", ""]
            lines += [f"![{layout.name} in every aspect and script]({layout.name}.webp)", ""]
    (folder / "README.md").write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/gallery")
    for file in draw_gallery(target):
        print(file)
