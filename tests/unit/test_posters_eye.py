"""What an art director sends back: logos, type on lively grounds, strips, paper, sentences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from handbill.domain.brief import Picture
from handbill.domain.placement import ImageSpec
from handbill.rendering.colour import contrast, parse_colour
from handbill.rendering.colour_scheme import scheme_of
from handbill.rendering.posters.layouts import Layout, read_layouts
from handbill.rendering.posters.logos import logo_reads
from handbill.rendering.posters.sketching import Sketch, sketch_poster
from handbill.rendering.typography.breaking import by_sentence
from handbill.settings import builtin_templates
from tests.doubles.poster_samples import CANVASES, KIT, bottle, save, spec_of

LAYOUTS = {layout.name: layout for layout in read_layouts(builtin_templates())}
STRIP = ImageSpec(width_px=320, height_px=50)


def pieces(sketch: Sketch) -> dict[str, float]:
    return {one.piece.role: one.piece.size_px for s in sketch.stacks for one in s.placed}


def logo_area(sketch: Sketch) -> tuple[float, float]:
    spot = next(one for one in sketch.margins.placed if one.mark.role == "logo")
    return spot.mark.width_px, spot.mark.height_px


def drawn_logo(folder: Path, width_px: int, height_px: int, second: int = 0) -> str:
    """A bar in dark blue with a transparent rim; its lower half in another grey if asked."""
    pixels = np.zeros((height_px, width_px, 4), np.uint8)
    pixels[20:-20, 20:-20] = (60, 30, 10, 255)
    if second:
        pixels[height_px // 2 : -20, 20:-20, :3] = second
    return save(folder / f"logo-{width_px}-{height_px}-{second}.png", pixels).path


def test_logos_of_all_shapes_look_equally_large(tmp_path: Path) -> None:
    areas = []
    for width, height in ((300, 300), (900, 300), (250, 400)):
        kit = replace(KIT, logo=drawn_logo(tmp_path, width, height))
        spec = spec_of(CANVASES["portrait"], kit=kit)
        wide, high = logo_area(sketch_poster(spec, spec.display, (), (LAYOUTS["type_poster"],)))
        areas.append(wide * high)
    assert max(areas) < 1.3 * min(areas)


def test_a_logo_in_one_ink_is_reversed_and_one_in_two_wants_another_ground(tmp_path: Path) -> None:
    dark = parse_colour("#101820")
    assert logo_reads(replace(KIT, logo=drawn_logo(tmp_path, 600, 200)), dark)
    two = replace(KIT, logo=drawn_logo(tmp_path, 600, 200, 250))
    assert not logo_reads(two, dark)
    assert not logo_reads(two, parse_colour("#fbfbfb"))


def test_lively_middle_tones_carry_light_type() -> None:
    red = replace(KIT.palette, primary="#dc3c1e", paper="#fffdf7", ink="#141414")
    scheme = scheme_of(red, "primary")
    assert scheme.ink == parse_colour("#fffdf7")
    assert contrast(scheme.ink, scheme.ground) >= 4.5
    neon = scheme_of(replace(KIT.palette, primary="#39ff14", ink="#0a0a0a"), "primary")
    assert neon.ground == parse_colour("#39ff14")
    assert neon.ink == parse_colour("#0a0a0a")


@pytest.mark.parametrize(
    ("headline", "most", "lines"),
    [
        ("One hour. One fixed price.", 26, ["One hour.", "One fixed price."]),
        ("Unbox. Set up. Go. Studio Headphones", 12, ["Unbox.", "Set up.", "Go."]),
        ("Green apples every morning", 26, []),
        ("清晨现榨。每一口都是苹果", 26, []),
    ],
)
def test_sentences_keep_to_their_lines(headline: str, most: int, lines: list[str]) -> None:
    told = by_sentence(headline, most)
    assert bool(told) == bool(lines)
    for line in lines:
        assert line.replace(" ", "\u00a0") in told


@pytest.mark.parametrize("name", ["split_half", "price_giant", "type_poster"])
def test_a_strip_says_headline_and_button_and_no_fine_print(name: str, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    shown = (bottle(tmp_path),) if layout.picture != "none" else ()
    spec = spec_of(STRIP, pictures=shown)
    sketch = sketch_poster(spec, spec.display, (), (layout,))
    sizes = pieces(sketch)
    assert sizes["headline"] >= 11
    assert sizes["cta"] >= 9.5
    assert "legal" not in {one.mark.role for one in sketch.margins.placed}
    assert any(finding.field == "legal" for finding in sketch.findings)


def test_paper_has_a_code_with_words_and_no_button(tmp_path: Path) -> None:
    url = "https://www.example.com/apples"
    spec = spec_of(CANVASES["print"], pictures=(bottle(tmp_path),), url=url)
    sketch = sketch_poster(spec, spec.display, (), (LAYOUTS["hero_tilt"],))
    assert "cta" not in pieces(sketch)
    code = next(one for one in sketch.margins.placed if one.mark.role == "code")
    assert code.mark.width_px > 1.5 * code.mark.height_px


def test_a_picture_of_few_pixels_is_a_postcard(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 300, 3)).astype(np.uint8)
    small = Picture(source="small.png", path=str(tmp_path / "small.png"))
    assert cv2.imwrite(small.path, noise)
    names = set()
    for seed in range(6):
        spec = spec_of(CANVASES["portrait"], pictures=(small,), seed=seed)
        names.add(sketch_poster(spec, spec.display).choice.layout.name)
    assert names == {"postcard"}


def test_an_old_price_stands_in_the_corner_below_raised_cents(tmp_path: Path) -> None:
    spec = spec_of(CANVASES["portrait"], pictures=(bottle(tmp_path),))
    alone = replace(spec, display=replace(spec.display, compare_at=""))
    high = [price_height(one, LAYOUTS["price_giant"]) for one in (spec, alone)]
    assert high[0] == pytest.approx(high[1], rel=0.02)


def price_height(spec: object, layout: Layout) -> float:
    sketch = sketch_poster(spec, spec.display, (), (layout,))  # type: ignore[attr-defined, arg-type]
    return next(
        one.piece.height_px for s in sketch.stacks for one in s.placed if one.piece.role == "price"
    )


@pytest.mark.parametrize("offer", ["2 for 1", "Kostenlose Lieferung"])
def test_words_of_badges_are_read_on_small_canvases(offer: str, tmp_path: Path) -> None:
    from handbill.rendering.posters.badges import badge_reads  # noqa: PLC0415 - this test alone

    spec = spec_of(ImageSpec(width_px=300, height_px=250), pictures=(bottle(tmp_path),))
    spec = replace(spec, display=replace(spec.display, badge=offer))
    for name in ("hero_circle", "price_giant", "round_window"):
        sketch = sketch_poster(spec, spec.display, (), (LAYOUTS[name],))
        slot = sketch.composition.badge
        if sketch.badge is not None and slot is not None:
            assert badge_reads(offer, sketch.setting, slot.style, sketch.badge.width)
        else:
            assert offer in {sketch.display.kicker, sketch.display.badge}
