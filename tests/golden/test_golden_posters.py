"""Posters held against kept pictures: few, small, from fonts and words that come with the project.

A difference that is meant is kept by ``pytest tests/golden --snapshot-update``; one that is not
leaves expected, actual and their difference side by side in one picture, which the failure names.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from handbill.domain.placement import ImageSpec
from handbill.rendering.posters import draw_poster
from handbill.rendering.spec import PosterSpec
from tests.doubles.poster_samples import KIT, bottle, spec_of, street_photo

KEPT = Path(__file__).parent / "posters"
# Rounding differs between processors; a word that moves by two pixels does not pass.
MOST_MEAN, MOST_FAR = 2.2, 0.004
FAR = 48

PORTRAIT = ImageSpec(width_px=432, height_px=540)
WIDE = ImageSpec(width_px=560, height_px=315)


def specs(folder: Path) -> dict[str, PosterSpec]:
    cut_out, photo = (bottle(folder, 210, 550),), (street_photo(folder, 900, 600),)
    dark = replace(KIT.palette, ink="#f4f1ea", paper="#14201d")
    return {
        "cut-out": spec_of(PORTRAIT, pictures=cut_out, seed=1),
        "photo": spec_of(PORTRAIT, pictures=photo, seed=2),
        "words": spec_of(PORTRAIT, seed=3),
        "chinese": spec_of(PORTRAIT, "zh-CN", pictures=cut_out, seed=4),
        "wide": spec_of(WIDE, "de", pictures=cut_out, seed=5),
        "dark": spec_of(PORTRAIT, pictures=photo, palette=dark, seed=6),
    }


@pytest.mark.parametrize("name", ["cut-out", "photo", "words", "chinese", "wide", "dark"])
def test_a_poster_looks_as_it_did(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    drawn = Path(draw_poster(specs(tmp_path)[name], tmp_path / "poster").path)
    actual = pixels_of(drawn)
    kept = KEPT / f"{name}.webp"
    if request.config.getoption("--snapshot-update"):
        kept.parent.mkdir(exist_ok=True)
        Image.fromarray(actual).save(kept, quality=90, method=6)
    expected = pixels_of(kept)
    # The kept picture is compressed, so both are compared a little blurred.
    apart = np.abs(soft(actual) - soft(expected)) if actual.shape == expected.shape else None
    if apart is None or apart.mean() > MOST_MEAN or np.mean(apart.max(axis=2) > FAR) > MOST_FAR:
        pytest.fail(f"{name} looks different; see {side_by_side(expected, actual, tmp_path)}")


def pixels_of(path: Path) -> np.ndarray:
    with Image.open(path) as opened:
        return np.asarray(opened.convert("RGB"))


def soft(pixels: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.GaussianBlur(pixels, (5, 5), 0), np.float32)


def side_by_side(expected: np.ndarray, actual: np.ndarray, folder: Path) -> Path:
    """Expected, actual and, where they are of one size, what differs, in one picture."""
    parts = [expected, actual]
    if expected.shape == actual.shape:
        parts.append(np.asarray(cv2.absdiff(expected, actual)))
    high = max(part.shape[0] for part in parts)
    framed = [
        cv2.copyMakeBorder(
            part, 0, high - part.shape[0], 0, 12, cv2.BORDER_CONSTANT, value=(255,) * 3
        )
        for part in parts
    ]
    target = folder / "expected_actual_difference.png"
    Image.fromarray(np.hstack(framed)).save(target)
    return target


def test_a_moved_word_is_noticed_and_shown(tmp_path: Path) -> None:
    expected = pixels_of(KEPT / "words.webp")
    moved = np.roll(expected, 4, axis=1)
    apart = np.abs(soft(moved) - soft(expected))
    assert apart.mean() > MOST_MEAN or np.mean(apart.max(axis=2) > FAR) > MOST_FAR
    shown = side_by_side(expected, moved, tmp_path)
    assert pixels_of(shown).shape[1] == 3 * (expected.shape[1] + 12)
