from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from handbill.domain.brandkit import Typeface
from handbill.domain.copy import DisplayText
from handbill.domain.finding import Severity
from handbill.domain.placement import ImageSpec, SafeZone
from handbill.errors import RenderError
from handbill.rendering.canvases import canvas_over
from handbill.rendering.colour import contrast
from handbill.rendering.posters import draw_poster
from handbill.rendering.posters.base import Base
from handbill.rendering.posters.drawing import paint_base, paint_sketch
from handbill.rendering.posters.encoding import encode
from handbill.rendering.posters.layouts import read_layouts
from handbill.rendering.posters.pens import Pen, luminance_range
from handbill.rendering.posters.sketching import Sketch, sketch_poster
from handbill.settings import builtin_templates
from tests.doubles.poster_samples import CANVASES, KIT, bottle, save, spec_of

SMALL = ImageSpec(width_px=540, height_px=675)


def test_a_poster_is_written_as_its_result_says(tmp_path: Path) -> None:
    result = draw_poster(spec_of(SMALL, pictures=(bottle(tmp_path),)), tmp_path / "poster")
    assert result.path == str(tmp_path / "poster.jpg")
    with Image.open(result.path) as image:
        assert image.size == (540, 675) == (result.width_px, result.height_px)
        assert image.format == "JPEG"
    roles = {box.role for box in result.boxes}
    assert {"headline", "price", "cta", "logo", "legal"} <= roles
    assert not result.findings


def test_equal_specs_give_equal_bytes(tmp_path: Path) -> None:
    spec = spec_of(SMALL, "zh-CN", pictures=(bottle(tmp_path),))
    one = Path(draw_poster(spec, tmp_path / "one").path).read_bytes()
    draw_poster(replace(spec, seed=8), tmp_path / "between")
    assert Path(draw_poster(spec, tmp_path / "two").path).read_bytes() == one


def test_print_is_a_pdf_page_of_its_size_with_real_type(tmp_path: Path) -> None:
    canvas = ImageSpec(width_px=874, height_px=1240, dpi=150, bleed_px=12, formats=("pdf",))
    data = Path(draw_poster(spec_of(canvas), tmp_path / "print").path).read_bytes()
    assert data.startswith(b"%PDF")
    page = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert page is not None
    assert [float(side) for side in page.groups()] == pytest.approx([419.52, 595.2], abs=0.01)
    assert b"/FontFile2" in data
    assert b"Poppins-Bold" in data


@pytest.mark.parametrize("form", ["jpeg", "webp", "png"])
def test_the_cap_in_bytes_is_kept(tmp_path: Path, form: str) -> None:
    open_size = Path(draw_poster(spec_of(replace(SMALL, formats=(form,))), tmp_path / "open").path)
    cap = open_size.stat().st_size * 6 // 10
    canvas = replace(SMALL, formats=(form,), max_bytes=cap)
    capped = Path(draw_poster(spec_of(canvas), tmp_path / "capped").path)
    assert 0.5 * cap < capped.stat().st_size <= cap


def test_an_impossible_cap_is_an_error() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 300, 4), dtype=np.uint8)
    with pytest.raises(RenderError, match="cannot be made smaller than 500 bytes"):
        encode(noise, "jpeg", 500, 0)


def test_density_is_written() -> None:
    pixels = np.full((40, 40, 4), 200, np.uint8)
    with Image.open(io.BytesIO(encode(pixels, "jpeg", 0, 300))) as image:
        assert image.info["dpi"] == (300, 300)


def test_nothing_but_the_base_lies_outside_the_safe_zone() -> None:
    zone = SafeZone(top_px=135, bottom_px=336, left_px=40, right_px=70)
    spec = spec_of(ImageSpec(width_px=540, height_px=960, safe_zone=zone), ai_label="AI生成")
    sketch = sketch_poster(spec, spec.display)
    base = paint_base(sketch)
    before = base.pixels.copy()
    paint_sketch(sketch, canvas_over(base.pixels), base)
    changed = (before != base.pixels).any(axis=2)
    assert changed.any()
    safe = sketch.frames.safe
    changed[int(safe.top) - 1 : int(safe.bottom) + 2, int(safe.left) - 1 : int(safe.right) + 2] = 0
    assert not changed.any()


@pytest.mark.parametrize("words", ["AI-generated", "AI生成", "KI-generiert"])
@pytest.mark.parametrize("canvas", ["square", "landscape", "ad story"])
def test_the_ai_label_is_high_enough_and_stands_at_an_edge(words: str, canvas: str) -> None:
    spec = spec_of(CANVASES[canvas], ai_label=words)
    plain = replace(spec, ai_label="")
    short = min(spec.canvas.width_px, spec.canvas.height_px)
    sketch = sketch_poster(spec, spec.display)
    label = next(spot for spot in sketch.margins.placed if spot.mark.role == "label")
    base = paint_base(sketch)
    label.mark.draw(pen_over(sketch, base), label.left, label.top)
    area = label.area
    part = base.pixels[int(area.top) : int(area.bottom), int(area.left) : int(area.right), 1]
    rows = np.flatnonzero((part > 235).sum(axis=1) > 0)
    assert rows[-1] - rows[0] + 1 >= 0.05 * short
    safe = sketch.frames.safe
    assert area.top <= safe.top + 2 or area.bottom >= safe.bottom - 2
    assert sketch_poster(plain, plain.display).margins.placed[0].mark.role == "logo"


def pen_over(sketch: Sketch, base: Base) -> Pen:
    return Pen(
        canvas=canvas_over(base.pixels),
        below=base.pixels,
        scheme=sketch.choice.scheme,
        setting=sketch.setting,
    )


def test_a_missing_letter_blocks_before_anything_is_drawn(tmp_path: Path) -> None:
    spec = spec_of(SMALL, display=DisplayText(headline="Fresh 𒀀𒀁 juice"))
    result = draw_poster(spec, tmp_path / "poster")
    assert result.path == ""
    assert [finding.severity for finding in result.findings] == [Severity.BLOCK]
    assert not list(tmp_path.iterdir())


def test_a_headline_of_400_characters_is_drawn_or_said(tmp_path: Path) -> None:
    headline = ("Every single thing that we could say about this juice " * 8)[:400]
    spec = spec_of(SMALL, display=DisplayText(headline=headline, cta="Order now", price="€3.90"))
    result = draw_poster(spec, tmp_path / "poster")
    assert Path(result.path).stat().st_size > 5000
    assert any(box.role == "headline" for box in result.boxes) or any(
        finding.severity is Severity.BLOCK for finding in result.findings
    )


def test_the_smallest_display_text_makes_a_poster(tmp_path: Path) -> None:
    result = draw_poster(spec_of(SMALL, display=DisplayText(headline="Juice")), tmp_path / "p")
    assert not result.findings
    assert {box.role for box in result.boxes} == {"headline", "logo"}


def test_an_unknown_family_falls_back_to_a_bundled_one(tmp_path: Path) -> None:
    kit = replace(KIT, heading=Typeface(family="No Such Family"))
    result = draw_poster(spec_of(SMALL, kit=kit), tmp_path / "p")
    assert Path(result.path).exists()


def test_text_reads_on_what_lies_under_it(tmp_path: Path) -> None:
    """The drawn headline differs from its surroundings by the large-text contrast at least."""
    for seed in range(0, 600, 50):
        spec = spec_of(SMALL, pictures=(bottle(tmp_path),), seed=seed)
        sketch = sketch_poster(spec, spec.display)
        base = paint_base(sketch)
        before = base.pixels.copy()
        pen = paint_sketch(sketch, canvas_over(base.pixels), base)
        area = next(area for role, area in pen.boxes if role == "headline")
        window = np.s_[int(area.top) : int(area.bottom), int(area.left) : int(area.right), :3]
        under, over = before[window], base.pixels[window]
        changed = np.abs(under.astype(int) - over).sum(axis=2)
        ink = np.median(over[changed > 0.8 * changed.max()], axis=0)
        ground = np.median(under.reshape(-1, 3), axis=0)
        assert contrast(luminance(ink), luminance(ground)) >= 3.0


def luminance(bgr: np.ndarray) -> float:
    share = bgr / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.0722, 0.7152, 0.2126]))


def test_print_carries_a_code_that_opens_the_address() -> None:
    canvas = ImageSpec(width_px=1240, height_px=1754, dpi=150, formats=("jpeg",))
    address = "https://example.com/green-apples?from=poster"
    spec = spec_of(canvas, url=address)
    sketch = sketch_poster(spec, spec.display)
    base = paint_base(sketch)
    pen = paint_sketch(sketch, canvas_over(base.pixels), base)
    area = next(area for role, area in pen.boxes if role == "code")
    window = np.s_[int(area.top) : int(area.bottom), int(area.left) : int(area.right), :3]
    part = np.ascontiguousarray(base.pixels[window])
    found, _, _ = cv2.QRCodeDetector().detectAndDecode(
        cv2.resize(part, None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST)
    )
    assert found == address
    screen = spec_of(SMALL, url=address)
    roles = {spot.mark.role for spot in sketch_poster(screen, screen.display).margins.placed}
    assert "code" not in roles


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("canvas", ["portrait", "square", "story", "landscape"])
def test_a_bright_photo_is_darkened_where_text_stands(
    tmp_path: Path, canvas: str, locale: str
) -> None:
    bright = np.random.default_rng(4).integers(120, 255, (1400, 2000, 3), dtype=np.uint8)
    photo = save(tmp_path / "bright.png", cv2.GaussianBlur(bright, (0, 0), 3))
    layouts = read_layouts(builtin_templates())
    cover = tuple(layout for layout in layouts if layout.name == "magazine_cover")
    spec = spec_of(CANVASES[canvas], locale, pictures=(photo,))
    sketch = sketch_poster(spec, spec.display, (), cover)
    base = paint_base(sketch)
    for stack in sketch.stacks:
        for spot in stack.placed:
            _, brightest = luminance_range(base.pixels, spot.area)
            assert contrast(1.0, brightest) >= 3.0, spot.piece.role
