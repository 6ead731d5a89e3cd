from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from handbill.checking.brand import brand_findings, judge_picture, judge_poster, read_bgr
from handbill.checking.brand_colours import match_palette
from handbill.checking.brand_words import DrawnPoster, contrast_in
from handbill.domain.brandkit import Typeface
from handbill.domain.placement import ImageSpec, SafeZone
from handbill.domain.verdict import BrandVerdict, RuleVerdict
from handbill.press.posters import PosterAsk, draw_poster_file
from handbill.rendering.spec import Box
from tests.doubles.poster_samples import CANVASES, KIT, bottle, save, spec_of, street_photo

STORY = ImageSpec(
    width_px=1080, height_px=1920, safe_zone=SafeZone(top_px=269, bottom_px=384, left_px=65)
)
PAPER = (238, 246, 250)


def ground(
    width_px: int = 600, height_px: int = 800, bgr: tuple[int, int, int] = PAPER
) -> np.ndarray:
    return np.full((height_px, width_px, 3), bgr, np.uint8)


def poster(
    *boxes: Box, canvas: ImageSpec | None = None, strange: tuple[str, ...] = ()
) -> DrawnPoster:
    return DrawnPoster(
        canvas=canvas or ImageSpec(width_px=600, height_px=800),
        kit=KIT,
        palette=KIT.palette,
        boxes=boxes,
        strange_fonts=strange,
    )


def box(role: str, left: int, top: int, right: int, bottom: int, text_px: float = 40) -> Box:
    return Box(
        role=role, left_px=left, top_px=top, right_px=right, bottom_px=bottom, text_px=text_px
    )


def rule(verdict: BrandVerdict, name: str) -> RuleVerdict:
    return next(one for one in verdict.rules if one.rule == name)


def score(verdict: BrandVerdict, name: str) -> float:
    found = rule(verdict, name).score
    assert found is not None
    return found


def written(pixels: np.ndarray, ink: tuple[int, int, int]) -> Box:
    cv2.putText(
        pixels, "Green apples", (40, 120), cv2.FONT_HERSHEY_SIMPLEX, 2.2, ink, 5, cv2.LINE_AA
    )
    return box("subhead", 36, 66, 500, 134, 30)


@pytest.mark.parametrize("canvas", ["portrait", "story", "landscape"])
def test_a_drawn_poster_keeps_to_its_brand(tmp_path: Path, canvas: str) -> None:
    spec = spec_of(CANVASES[canvas], pictures=(bottle(tmp_path),))
    result = draw_poster_file(PosterAsk(spec=spec, target=tmp_path / "poster"))
    assert result.verdict is not None
    assert result.verdict.score is not None
    assert result.verdict.score >= 90
    named = {one.rule: one.score for one in result.verdict.rules}
    assert named["palette"] == named["safe_zone"] == named["font"] == named["clutter"] == 1
    assert len(named) == 7


def test_a_print_is_judged_from_its_page(tmp_path: Path) -> None:
    canvas = ImageSpec(width_px=874, height_px=1240, dpi=150, bleed_px=18, formats=("pdf",))
    result = draw_poster_file(PosterAsk(spec=spec_of(canvas), target=tmp_path / "print"))
    assert result.verdict is not None
    height, width = read_bgr(Path(result.path), canvas.width_px).shape[:2]
    assert (width, height) == (874, pytest.approx(1240, abs=2))
    assert rule(result.verdict, "feed_text").measured.endswith("pt high")


def test_colours_of_another_brand_are_measured_and_named() -> None:
    own = match_palette(ground().reshape(-1, 3), KIT.palette)
    assert own.share == 1.0
    assert own.mean_delta_e < 4
    violet = ground(bgr=(200, 20, 140))
    other = match_palette(violet.reshape(-1, 3), KIT.palette)
    assert other.share == 0.0
    assert other.mean_delta_e > 20
    assert other.stranger == "#8c14c8"
    verdict = judge_poster(violet, poster())
    assert score(verdict, "palette") < 0.1
    assert [one.code for one in brand_findings(verdict, "image.jpg")] == ["brand.palette"]


def test_the_product_itself_may_have_any_colour() -> None:
    pixels = ground()
    pixels[200:600, 100:500] = (200, 20, 140)
    assert score(judge_poster(pixels, poster()), "palette") < 1
    with_picture = poster(box("picture", 100, 200, 500, 600, 0))
    assert score(judge_poster(pixels, with_picture), "palette") == 1


def test_tints_and_shades_of_the_palette_are_the_brands() -> None:
    ramp = np.linspace(0, 1, 600, dtype=np.float32)[None, :, None]
    primary = np.array((92, 107, 15), np.float32)
    pixels = np.repeat(primary * (1 - ramp) + 255 * ramp, 100, axis=0).astype(np.uint8)
    assert match_palette(pixels.reshape(-1, 3), KIT.palette).share > 0.98


@pytest.mark.parametrize(
    ("ink", "low", "high"), [((31, 35, 16), 12, 17), ((170, 175, 180), 1.5, 2.6)]
)
def test_contrast_is_measured_between_ink_and_ground(
    ink: tuple[int, int, int], low: float, high: float
) -> None:
    pixels = ground()
    words = written(pixels, ink)
    assert low < contrast_in(pixels, words) < high
    assert (score(judge_poster(pixels, poster(words)), "contrast") == 1) is (low > 4.5)


def test_a_logo_wants_air() -> None:
    logo = box("logo", 40, 40, 140, 80, 0)
    near, far = box("headline", 40, 84, 400, 160), box("headline", 40, 120, 400, 200)
    assert score(judge_poster(ground(), poster(logo, near)), "logo_space") < 0.5
    assert score(judge_poster(ground(), poster(logo, far)), "logo_space") == 1
    assert rule(judge_poster(ground(), poster(near)), "logo_space").score is None


def test_words_under_the_controls_are_found() -> None:
    pixels = ground(1080, 1920)
    inside, outside = box("headline", 80, 300, 900, 500, 90), box("cta", 80, 1500, 500, 1600)
    assert score(judge_poster(pixels, poster(inside, canvas=STORY)), "safe_zone") == 1
    found = rule(judge_poster(pixels, poster(inside, outside, canvas=STORY)), "safe_zone")
    assert found.score == 0
    assert found.measured.startswith("cta reach")


def test_small_type_is_told_in_pixels_of_a_phone_and_in_points_of_paper() -> None:
    wide = ImageSpec(width_px=1500, height_px=800)
    small = judge_poster(ground(1500), poster(box("subhead", 40, 40, 400, 60, 16), canvas=wide))
    assert rule(small, "feed_text").measured == "the subhead is 4.0 px high"
    assert score(small, "feed_text") == pytest.approx(4 / 7)
    paper = ImageSpec(width_px=600, height_px=800, dpi=300)
    print_ = judge_poster(ground(), poster(box("legal", 40, 40, 400, 60, 20), canvas=paper))
    assert rule(print_, "feed_text").measured == "the legal is 4.8 pt high"


def test_fonts_that_stand_in_are_named() -> None:
    verdict = judge_poster(ground(), poster(strange=("Poppins",)))
    assert "Poppins instead" in rule(verdict, "font").measured
    assert score(verdict, "font") == 0


def test_noise_is_clutter() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (400, 375, 3), dtype=np.uint8)
    assert score(judge_poster(noise, poster()), "clutter") < 0.6


def test_a_missing_family_is_said_with_the_way_to_add_it(tmp_path: Path) -> None:
    kit = replace(KIT, heading=Typeface(family="No Such Family"))
    spec = spec_of(CANVASES["square"], kit=kit)
    result = draw_poster_file(PosterAsk(spec=spec, target=tmp_path / "poster"))
    told = next(one for one in result.findings if one.code == "font.family_missing")
    assert "handbill fonts add 'No Such Family'" in told.message
    assert {one.code for one in result.findings} >= {"brand.font"}


def test_a_picture_from_elsewhere_says_what_cannot_be_measured(tmp_path: Path) -> None:
    path = Path(street_photo(tmp_path, 540, 960).path)
    verdict = judge_picture(read_bgr(path, 540), KIT.palette, (STORY,), (540, 960))
    unmeasured = {one.rule for one in verdict.rules if one.score is None}
    assert unmeasured == {"font", "logo_space", "contrast", "feed_text"}
    assert score(verdict, "resolution") == 0.5
    assert score(verdict, "sharpness") < 0.2
    assert rule(verdict, "safe_zone").score is not None


def test_words_on_a_brought_story_under_the_controls_are_found(tmp_path: Path) -> None:
    pixels = ground(1080, 1920)
    for top in range(40, 240, 40):
        cv2.putText(
            pixels, "Swipe up now and save", (40, top), 0, 1.4, (20, 30, 20), 3, cv2.LINE_AA
        )
    path = Path(save(tmp_path / "story.png", pixels).path)
    verdict = judge_picture(read_bgr(path, 1080), KIT.palette, (STORY,), (1080, 1920))
    assert score(verdict, "safe_zone") < 0.5
    assert score(verdict, "resolution") == 1
