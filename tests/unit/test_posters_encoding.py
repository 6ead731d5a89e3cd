from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from handbill.errors import RenderError
from handbill.rendering.canvases import Pixels
from handbill.rendering.posters.capping import LOWEST_QUALITY, under_cap
from handbill.rendering.posters.encoding import QUALITY, encode, jpeg, progressive_jpeg


def picture(seed: int, noise: float, width_px: int = 900, height_px: int = 700) -> Pixels:
    """A soft scene with edges and grain, which no two seeds share."""
    chance = np.random.default_rng(seed)
    rough = chance.uniform(0, 255, (9, 12, 3)).astype(np.float32)
    smooth = cv2.resize(rough, (width_px, height_px), interpolation=cv2.INTER_CUBIC)
    for _ in range(12):
        centre = (int(chance.integers(width_px)), int(chance.integers(height_px)))
        colour = tuple(float(value) for value in chance.uniform(0, 255, 3))
        cv2.circle(smooth, centre, int(chance.integers(10, 90)), colour, -1)
    grainy = np.clip(smooth + chance.normal(0, noise, smooth.shape), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(cv2.cvtColor(grainy, cv2.COLOR_BGR2BGRA))


def bisected(pixels: Pixels, cap: int) -> int:
    fitting = [q for q in range(LOWEST_QUALITY, QUALITY + 1) if len(jpeg(pixels, q)) <= cap]
    return max(fitting)


@pytest.mark.parametrize("share", [1.01, 0.8, 0.62, 0.5])
@pytest.mark.parametrize("noise", [0.5, 6.0])
def test_a_cap_is_met_at_the_best_quality_in_three_encodes(share: float, noise: float) -> None:
    pixels = picture(int(share * 100), noise)
    cap = int(len(jpeg(pixels, QUALITY)) * share)
    found = under_cap(jpeg, pixels, QUALITY, cap)
    assert found.data == jpeg(pixels, found.quality)
    assert len(found.data) <= cap
    assert found.encodes <= 3
    assert found.quality == bisected(pixels, cap)


def test_a_cap_that_no_quality_meets_is_said() -> None:
    with pytest.raises(RenderError, match="cannot be made smaller than 900 bytes"):
        encode(picture(1, 3), "jpeg", 900, 0)


@pytest.mark.parametrize("form", ["jpeg", "webp", "png"])
def test_every_form_keeps_to_its_cap(form: str) -> None:
    pixels = picture(2, 0.0)
    whole = len(encode(pixels, form, 0, 0))
    capped = encode(pixels, form, int(whole * 0.6), 0)
    assert len(capped) <= 0.6 * whole
    with Image.open(io.BytesIO(capped)) as opened:
        assert (opened.format or "").lower() == form
        shown = np.asarray(opened.convert("RGB"), float)
    assert np.abs(shown - cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGB)).mean() < 12


def test_where_bytes_are_short_a_jpeg_is_progressive_and_the_better_for_it() -> None:
    pixels = picture(3, 4.0)
    cap = int(len(jpeg(pixels, QUALITY)) * 0.6)
    with Image.open(io.BytesIO(encode(pixels, "jpeg", cap, 0))) as opened:
        assert opened.info["progressive"]
    baseline = under_cap(jpeg, pixels, QUALITY, cap)
    assert under_cap(progressive_jpeg, pixels, QUALITY, cap).quality > baseline.quality
    with Image.open(io.BytesIO(encode(pixels, "jpeg", 10 * cap, 0))) as opened:
        assert "progressive" not in opened.info


def test_a_small_picture_is_its_own_sample() -> None:
    pixels = picture(4, 2.0, 320, 100)
    cap = int(len(jpeg(pixels, QUALITY)) * 0.6)
    assert under_cap(jpeg, pixels, QUALITY, cap).quality == bisected(pixels, cap)
