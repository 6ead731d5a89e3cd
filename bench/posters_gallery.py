"""Contact sheets of every layout: aspects, scripts, with and without a picture.

Run as ``python -m bench.posters_gallery [FOLDER]``; writes one JPEG a layout and an index page.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from bench.posters_samples import CANVASES, KITS, WORDS, pictures
from handbill.domain.brief import Picture
from handbill.rendering.canvases import Pixels, as_pixels, canvas_over
from handbill.rendering.posters.drawing import paint_base, paint_sketch
from handbill.rendering.posters.encoding import jpeg
from handbill.rendering.posters.layouts import Layout, read_layouts
from handbill.rendering.posters.sketching import sketch_poster
from handbill.rendering.posters.wording import showable, stacks_for
from handbill.rendering.spec import PosterSpec
from handbill.settings import read_settings

_TILE_PX = 250
_GAP_PX = 10
_QUALITY = 78


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
    rows = [list(_row(layout, locale, number, shown)) for number, locale in enumerate(WORDS)]
    width = max(sum(tile.shape[1] + _GAP_PX for tile in row) for row in rows) + _GAP_PX
    sheet = np.full((len(rows) * (_TILE_PX + _GAP_PX) + _GAP_PX, width, 4), 232, np.uint8)
    for number, row in enumerate(rows):
        left, top = _GAP_PX, _GAP_PX + number * (_TILE_PX + _GAP_PX)
        for tile in row:
            sheet[top : top + _TILE_PX, left : left + tile.shape[1]] = tile
            left += tile.shape[1] + _GAP_PX
    path = folder / f"{layout.name}.jpg"
    path.write_bytes(jpeg(sheet, _QUALITY))
    return path


def _row(
    layout: Layout, locale: str, number: int, shown: dict[str, list[Picture]]
) -> Iterator[Pixels]:
    kinds = {"any": ("cutout", "photo"), "none": ("",)}.get(layout.picture, (layout.picture,))
    kits = list(KITS.values())
    for step, canvas in enumerate(CANVASES.values()):
        kind = kinds[(number + step) % len(kinds)]
        have = shown.get(kind, [])
        kit = kits[(number + step) % len(kits)]
        spec = PosterSpec(
            canvas=canvas,
            display=WORDS[locale],
            kit=kit,
            palette=kit.palette,
            pictures=(have[(number + step) % len(have)],) if have else (),
            locale=locale,
            seed=1000 * number + step,
            url="https://example.com" if canvas.dpi else "",
        )
        yield _tile(spec, layout)


def _tile(spec: PosterSpec, layout: Layout) -> Pixels:
    display, findings = showable(spec.display, *stacks_for(spec))
    sketch = sketch_poster(spec, display, findings, (layout,))
    base = paint_base(sketch)
    paint_sketch(sketch, canvas_over(base.pixels), base)
    height, width = base.pixels.shape[:2]
    size = (round(width * _TILE_PX / height), _TILE_PX)
    return as_pixels(cv2.resize(base.pixels, size, interpolation=cv2.INTER_AREA))


def _index(layouts: tuple[Layout, ...], folder: Path) -> None:
    families: dict[str, list[Layout]] = {}
    for layout in layouts:
        families.setdefault(layout.family, []).append(layout)
    lines = ["# The poster layouts", "", "Drawn by `make gallery` from `templates/posters/`.", ""]
    for family, members in sorted(families.items()):
        lines += [f"## {family.capitalize()}", ""]
        for layout in members:
            lines += [f"**{layout.name}**: {layout.summary}", ""]
            lines += [f"![{layout.name} in every aspect and script]({layout.name}.jpg)", ""]
    (folder / "README.md").write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/gallery")
    for file in draw_gallery(target):
        print(file)
