from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from handbill.domain.brief import Picture
from handbill.domain.finding import Finding
from handbill.rendering.colour import Colour
from handbill.rendering.pictures import (
    MAX_ENLARGEMENT,
    LoadedPicture,
    crop_picture,
    load_picture,
    resize,
    saliency,
)
from handbill.rendering.posters.frames import Area
from handbill.rendering.posters.spots import fitted
from tests.doubles.poster_samples import bottle, save, street_photo, studio_photo


def loaded(picture: Picture) -> LoadedPicture:
    found = load_picture(picture)
    assert isinstance(found, LoadedPicture)
    return found


def test_a_cut_out_is_trimmed_to_the_product_and_loses_its_baked_shadow(tmp_path: Path) -> None:
    found = loaded(bottle(tmp_path, 420, 1100))
    assert found.kind == "cutout"
    assert abs(found.width_px - 421) <= 1
    assert abs(found.height_px - 1101) <= 1


def test_a_product_on_a_plain_ground_is_cut_out(tmp_path: Path) -> None:
    found = loaded(studio_photo(tmp_path))
    assert found.kind == "cutout"
    assert abs(found.width_px - 460) <= 8
    corner = found.pixels[2, 2]
    assert corner[3] == 0
    middle = found.pixels[found.height_px // 2, found.width_px // 2]
    assert middle[3] == 255
    assert abs(int(middle[2]) - 160) < 12


def test_the_cut_edge_carries_no_white_seam(tmp_path: Path) -> None:
    found = loaded(studio_photo(tmp_path))
    edge = (found.pixels[:, :, 3] > 40) & (found.pixels[:, :, 3] < 200)
    straight = found.pixels[edge][:, :3].astype(float) / (found.pixels[edge][:, 3:] / 255)
    assert np.median(straight[:, 1]) < 140


def test_a_photo_without_plain_ground_is_left_whole(tmp_path: Path) -> None:
    found = loaded(street_photo(tmp_path))
    assert found.kind == "photo"
    assert (found.width_px, found.height_px) == (1500, 1000)


def test_a_white_product_on_white_is_not_half_cut(tmp_path: Path) -> None:
    pixels = np.full((600, 600, 3), 250, np.uint8)
    cv2.circle(pixels, (300, 300), 160, (243, 243, 243), -1)
    assert loaded(save(tmp_path / "white.png", pixels)).kind == "photo"


def test_pictures_are_turned_upright(tmp_path: Path) -> None:
    image = Image.fromarray(np.full((300, 600, 3), 80, np.uint8))
    exif = image.getexif()
    exif[0x0112] = 6
    path = tmp_path / "turned.jpg"
    image.save(path, exif=exif)
    found = loaded(Picture(source="turned.jpg", path=str(path)))
    assert (found.width_px, found.height_px) == (300, 600)


@pytest.mark.parametrize("content", [b"just words", b"", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_picture_is_a_finding(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    found = load_picture(Picture(source="broken.png", path=str(path)))
    assert isinstance(found, Finding)
    assert found.code == "picture.unreadable"
    assert "'broken.png'" in found.message


def test_a_truncated_picture_is_a_finding(tmp_path: Path) -> None:
    whole = Path(street_photo(tmp_path).path).read_bytes()
    path = tmp_path / "half.png"
    path.write_bytes(whole[: len(whole) // 2])
    found = load_picture(Picture(source="half.png", path=str(path)))
    assert isinstance(found, Finding)


def test_a_remote_picture_is_said_to_be_remote() -> None:
    found = load_picture(Picture(source="https://example.com/a.png"))
    assert isinstance(found, Finding)
    assert found.code == "picture.not_fetched"


def test_small_pictures_are_placed_small(tmp_path: Path) -> None:
    found = loaded(bottle(tmp_path, 60, 120))
    spot = fitted(found, Area(0, 0, 1000, 1000), (0.5, 1.0))
    assert spot.height <= found.height_px * MAX_ENLARGEMENT + 0.5
    assert spot.bottom == 1000


def test_crops_keep_what_draws_the_eye(tmp_path: Path) -> None:
    pixels = np.full((400, 1600, 3), 120, np.uint8)
    cv2.circle(pixels, (1350, 200), 90, (20, 20, 230), -1)
    found = loaded(save(tmp_path / "wide.png", pixels))
    crop = crop_picture(found, 400, 400)
    red = (crop[:, :, 2] > 200) & (crop[:, :, 1] < 60)
    assert red.sum() > 0.9 * np.pi * 90**2
    assert saliency(found.pixels).sum() == pytest.approx(1.0, abs=1e-6)


def test_halving_first_gives_the_same_picture(tmp_path: Path) -> None:
    pixels = loaded(street_photo(tmp_path)).pixels
    quick = resize(pixels, 150, 100).astype(int)
    exact = cv2.resize(pixels, (150, 100), interpolation=cv2.INTER_AREA).astype(int)
    assert np.abs(quick - exact).mean() < 1.0


def test_real_products_are_all_cut_out(shared_data: Path) -> None:
    files = sorted((shared_data / "saleor-shop" / "images").glob("*.png"))[:4]
    for file in files:
        found = loaded(Picture(source=file.name, path=str(file)))
        assert found.kind == "cutout"
        share = float((found.pixels[:, :, 3] > 128).mean())
        assert share > 0.4


def test_a_head_stays_whole_in_a_wide_crop() -> None:
    pixels = np.full((900, 700, 4), (150, 120, 90, 255), np.uint8)
    pixels[600:, ::9] = (20, 20, 200, 255)
    cv2.ellipse(pixels, (350, 170), (80, 110), 0, 0, 360, (140, 170, 225, 255), -1)
    found = LoadedPicture(key="head", kind="photo", pixels=pixels, mean=Colour(90, 120, 150))
    crop = crop_picture(found, 700, 350)
    skin = (crop[:, :, 2] > 215) & (crop[:, :, 0] > 130) & (crop[:, :, 0] < 150)
    rows = np.flatnonzero(skin.any(axis=1))
    assert rows[0] > 0
    assert rows[-1] - rows[0] > 210
