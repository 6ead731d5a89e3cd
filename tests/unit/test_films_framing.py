"""Pictures in a film: leaning, in frames, near, and never on a ground where they drown."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from handbill.domain.brandkit import Palette
from handbill.domain.brief import Picture
from handbill.rendering.films.backdrops import drowns, shown_colour, shown_scheme
from handbill.rendering.films.framing import draw_card, draw_detail, draw_product
from handbill.rendering.pictures import LoadedPicture, load_picture

_PALETTE = Palette(
    primary="#0b0b12", secondary="#39ff88", ink="#0b0b12", paper="#f4f4f6", accents=("#ff2bd6",)
)


def _cutout(folder: Path, size_px: tuple[int, int], bgr: tuple[int, int, int]) -> LoadedPicture:
    """A block of one colour on a transparent ground."""
    width, height = size_px
    pixels = np.zeros((height + 80, width + 80, 4), np.uint8)
    cv2.rectangle(pixels, (40, 40), (40 + width, 40 + height), (*bgr, 255), -1)
    path = folder / "block.png"
    cv2.imwrite(str(path), pixels)
    return _loaded(path)


def _loaded(path: Path) -> LoadedPicture:
    loaded = load_picture(Picture(source=path.name, path=str(path)))
    assert isinstance(loaded, LoadedPicture)
    return loaded


@pytest.fixture
def photo(tmp_path: Path) -> LoadedPicture:
    """Noise all over, and one bright spot low on the right."""
    dice = np.random.default_rng(3)
    pixels = dice.integers(60, 90, (600, 800, 3), dtype=np.uint8)
    cv2.circle(pixels, (620, 450), 60, (40, 220, 250), -1)
    path = tmp_path / "photo.png"
    cv2.imwrite(str(path), pixels)
    return _loaded(path)


@pytest.mark.parametrize("tilt", [0.0, 16.0, -30.0])
def test_leaning_product_fills_its_box_and_no_more(tmp_path: Path, tilt: float) -> None:
    block = _cutout(tmp_path, (120, 400), (60, 140, 230))
    drawn, margin = draw_product(block, 300, 400, tilt)
    height, width = (side - 2 * margin for side in drawn.shape[:2])
    assert width <= 306
    assert height <= 406
    assert width > 292 or height > 392
    solid = drawn[:, :, 3] > 250
    upper, lower = np.array_split(solid, 2)
    middles = [np.nonzero(half)[1].mean() for half in (upper, lower)]
    assert np.sign(round(middles[0] - middles[1])) == np.sign(tilt)


def test_frames_cut_photos_to_their_shape(photo: LoadedPicture) -> None:
    disc, margin = draw_card(photo, (400, 300), 0.5, frame="disc")
    assert disc.shape[0] == disc.shape[1] == 300 + 2 * margin
    arch, margin = draw_card(photo, (400, 300), 0.5, frame="arch")
    inner = arch[margin:-margin, margin:-margin, 3]
    assert inner.shape[1] < inner.shape[0]
    assert inner[4, 4] < 200
    assert inner[-4, 4] == 255
    card, margin = draw_card(photo, (400, 300), 0.5, tilt=6.0)
    assert card.shape[1] - 2 * margin <= 402
    assert card.shape[0] - 2 * margin <= 302


def test_detail_shows_what_draws_the_eye_larger(photo: LoadedPicture) -> None:
    near = draw_detail(photo, 400, 300)
    assert near.shape[:2] == (300, 400)
    spot = (near[:, :, 2] > 200).mean()
    whole = (photo.pixels[:, :, 2] > 200).mean()
    assert spot > 1.5 * whole


def test_dark_product_is_not_shown_on_a_dark_ground(tmp_path: Path) -> None:
    dark = _cutout(tmp_path, (200, 200), (30, 28, 26))
    shown = shown_scheme(_PALETTE, "ink", ("secondary", ""), dark)
    assert shown.name not in ("ink", "secondary")
    assert not drowns(dark, shown.ground)
    assert shown_scheme(_PALETTE, "paper", (), dark).name == "paper"
    assert shown_scheme(_PALETTE, "ink", (), None).name == "ink"
    assert not drowns(dark, shown.colour(shown_colour(shown, "panel", dark)))
