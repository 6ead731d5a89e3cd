from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from handbill.domain.brief import Picture
from handbill.domain.finding import Finding
from handbill.rendering.canvases import as_pixels
from handbill.rendering.picture_decoding import WORKING_SIDE_PX, decode_picture
from handbill.rendering.picture_mending import grain_of, mended
from handbill.rendering.pictures import LoadedPicture, clear_picture_caches, load_picture, resize

ORANGE = (200, 120, 40)


def bgr_at_middle(path: Path) -> tuple[int, int, int]:
    pixels = decode_picture(path).pixels
    blue, green, red, _ = pixels[pixels.shape[0] // 2, pixels.shape[1] // 2]
    return int(red), int(green), int(blue)


def saved(path: Path, image: Image.Image, **options: Any) -> Path:
    image.save(path, **options)
    return path


def near(seen: tuple[int, int, int], wanted: tuple[int, int, int], slack: int) -> bool:
    return max(abs(one - other) for one, other in zip(seen, wanted, strict=True)) <= slack


def swapped_profile() -> bytes:
    """A profile in which red and green have changed places, made from sRGB's own."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ", 128), profile.index(b"gXYZ", 128)
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile).replace(b"s\0R\0G\0B", b"t\0e\0s\0t").replace(b"sRGB", b"test")


@pytest.mark.parametrize(
    "name", ["photo.jpg", "photo.png", "photo.webp", "photo.tif", "photo.avif"]
)
def test_every_kind_of_file_keeps_its_colour(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path / name, Image.new("RGB", (300, 200), ORANGE))
    assert near(bgr_at_middle(path), ORANGE, 4)


def test_a_profile_that_is_not_srgb_is_converted(tmp_path: Path) -> None:
    image = Image.new("RGB", (300, 200), ORANGE)
    for name in ("profiled.jpg", "profiled.png"):
        path = saved(tmp_path / name, image, icc_profile=swapped_profile())
        red, green, _ = bgr_at_middle(path)
        assert green > red + 40, name


def test_a_profile_of_srgb_or_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    image = Image.new("RGB", (300, 200), ORANGE)
    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for name, profile in (("own.png", own), ("broken.png", b"no profile at all" * 20)):
        assert near(bgr_at_middle(saved(tmp_path / name, image, icc_profile=profile)), ORANGE, 2)


def test_print_colours_and_greys_become_screen_colours(tmp_path: Path) -> None:
    cmyk = Image.new("RGB", (300, 200), ORANGE).convert("CMYK")
    assert near(bgr_at_middle(saved(tmp_path / "cmyk.jpg", cmyk)), ORANGE, 8)
    grey = saved(tmp_path / "grey.jpg", Image.new("L", (300, 200), 90))
    assert near(bgr_at_middle(grey), (90, 90, 90), 2)


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    deep = np.full((200, 300), 0x8000, np.uint16)
    assert cv2.imwrite(str(tmp_path / "deep.png"), deep)
    assert near(bgr_at_middle(tmp_path / "deep.png"), (128, 128, 128), 1)
    colours = np.dstack([np.full((200, 300), value * 257, np.uint16) for value in ORANGE[::-1]])
    assert cv2.imwrite(str(tmp_path / "deep_colour.png"), colours)
    assert near(bgr_at_middle(tmp_path / "deep_colour.png"), ORANGE, 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_stands_upright(tmp_path: Path, orientation: int) -> None:
    upright = np.zeros((240, 360, 3), np.uint8)
    upright[:80, :120] = (255, 0, 0)
    ways: dict[int, Any] = {
        1: lambda p: p,
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.swapaxes(0, 1),
        6: lambda p: np.rot90(p, 1),
        7: lambda p: np.rot90(p, 2).swapaxes(0, 1),
        8: lambda p: np.rot90(p, -1),
    }
    stored = Image.fromarray(np.ascontiguousarray(ways[orientation](upright)))
    exif = stored.getexif()
    exif[0x0112] = orientation
    for name in ("turned.jpg", "turned.png"):
        shown = decode_picture(saved(tmp_path / name, stored, exif=exif)).pixels
        assert shown.shape[:2] == (240, 360), name
        assert shown[30, 30, 2] > 200, name
        assert shown[200, 300, 2] < 50, name


def test_large_jpegs_are_decoded_smaller_and_never_below_working_size(tmp_path: Path) -> None:
    path = saved(tmp_path / "large.jpg", Image.new("RGB", (5000, 3100), ORANGE))
    decoded = decode_picture(path)
    assert decoded.shrunk
    assert WORKING_SIDE_PX <= max(decoded.pixels.shape[:2]) < 2 * WORKING_SIDE_PX


def test_a_cut_short_jpeg_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.effect_noise((600, 400), 60).convert("RGB").save(buffer, "JPEG")
    path = tmp_path / "short.jpg"
    path.write_bytes(buffer.getvalue()[: len(buffer.getvalue()) // 2])
    with pytest.raises(OSError, match="truncated"):
        decode_picture(path)


def scene(noise: float) -> np.ndarray:
    rough = np.random.default_rng(5).uniform(30, 220, (5, 7, 3)).astype(np.float32)
    smooth = cv2.resize(rough, (700, 500), interpolation=cv2.INTER_CUBIC)
    cv2.rectangle(smooth, (250, 150), (450, 350), (20, 20, 20), -1)
    grainy = smooth + np.random.default_rng(6).normal(0, noise, smooth.shape)
    return as_pixels(np.clip(grainy, 0, 255))


def as_bgra(bgr: np.ndarray) -> np.ndarray:
    return as_pixels(cv2.cvtColor(bgr, cv2.COLOR_BGR2BGRA))


def test_grain_is_measured_and_smoothed_and_edges_stay() -> None:
    clean, grainy = as_bgra(scene(0)), as_bgra(scene(14))
    assert grain_of(clean) < 1
    assert 8 < grain_of(grainy) < 15
    smoothed, flaw = mended(grainy, 0.0)
    assert flaw == "grainy"
    before = np.abs(grainy.astype(int) - clean).mean()
    assert np.abs(smoothed.astype(int) - clean).mean() < 0.5 * before
    outside, inside = clean[250, 244, 1], clean[250, 256, 1]
    step = int(smoothed[250, 244, 1]) - int(smoothed[250, 256, 1])
    assert step > 0.8 * (int(outside) - int(inside))
    assert mended(clean, 0.0)[1] == ""


def test_blocks_of_hard_compression_are_smoothed_and_said(tmp_path: Path) -> None:
    clear_picture_caches()
    path = saved(tmp_path / "hard.jpg", Image.fromarray(scene(0)[:, :, ::-1]), quality=12)
    found = load_picture(Picture(source=path.name, path=str(path)))
    assert isinstance(found, LoadedPicture)
    assert [note.code for note in found.notes] == ["picture.poor"]
    assert "hard.jpg" in found.notes[0].message
    with Image.open(path) as opened:
        blocky = np.asarray(opened.convert("RGB"), int)[:, :, ::-1]
    wanted = scene(0).astype(int)
    assert np.abs(found.pixels[:, :, :3] - wanted).mean() < np.abs(blocky - wanted).mean()


def test_a_product_that_cannot_be_cut_cleanly_is_framed_and_that_is_said(tmp_path: Path) -> None:
    clear_picture_caches()
    pixels = np.full((600, 600, 3), 250, np.uint8)
    cv2.circle(pixels, (300, 300), 160, (243, 243, 243), -1)
    assert cv2.imwrite(str(tmp_path / "white.png"), pixels)
    found = load_picture(Picture(source="white.png", path=str(tmp_path / "white.png")))
    assert isinstance(found, LoadedPicture)
    assert found.kind == "photo"
    assert "picture.not_cut_out" in {note.code for note in found.notes}


def test_a_reduced_picture_is_as_sharp_as_its_size_bears() -> None:
    fine = as_bgra(scene(0))
    plain = cv2.resize(fine, (350, 250), interpolation=cv2.INTER_AREA)
    ours = resize(fine, 350, 250)

    def edges(pixels: np.ndarray) -> float:
        grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGRA2GRAY)
        return float(cv2.Laplacian(grey, cv2.CV_32F).var())

    assert edges(plain) < edges(ours) < 2.5 * edges(plain)


def test_a_scaled_cut_out_never_has_more_colour_than_alpha() -> None:
    pixels = np.zeros((400, 400, 4), np.uint8)
    cv2.circle(pixels, (200, 200), 150, (250, 250, 250, 255), -1)
    for side in (130, 390, 520):
        made = resize(pixels, side, side)
        assert bool((made[:, :, :3] <= made[:, :, 3:]).all())


def loaded(path: Path, image: Image.Image, **options: Any) -> LoadedPicture | Finding:
    clear_picture_caches()
    return load_picture(Picture(source=path.name, path=str(saved(path, image, **options))))


def on_white(width: int = 600, height: int = 750) -> Image.Image:
    picture = Image.new("RGB", (width, height), "white")
    box = (width // 3, height // 5, 2 * width // 3, 4 * height // 5)
    picture.paste((40, 90, 200), box)
    return picture


def test_odd_kinds_of_files_end_as_the_same_cut_out(tmp_path: Path) -> None:
    product = on_white()
    turned = Image.Exif()
    turned[0x0112] = 6
    grey = product.convert("L")
    clear = product.convert("L")
    clear.putalpha(grey.point([255] * 250 + [0] * 6))
    deep = Image.fromarray(np.asarray(grey, np.uint16) * 257)
    few = product.quantize(16)
    frames = {"save_all": True, "append_images": [Image.new("P", few.size)]}
    found = [
        loaded(tmp_path / "turned.jpg", product.rotate(90, expand=True), exif=turned),
        loaded(tmp_path / "inks.jpg", product.convert("CMYK")),
        loaded(tmp_path / "deep.png", deep),
        loaded(tmp_path / "grey and alpha.png", clear),
        loaded(tmp_path / "palette.png", few, transparency=few.getpixel((0, 0))),
        loaded(tmp_path / "palette.gif", few, transparency=few.getpixel((0, 0))),
        loaded(tmp_path / "moving.gif", product.convert("P"), **frames),
        loaded(tmp_path / "new.avif", product, quality=90),
    ]
    for one in found:
        assert isinstance(one, LoadedPicture), one
        assert one.kind == "cutout"
        assert (one.width_px, one.height_px) == pytest.approx((200, 450), abs=4)


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (Image.new("RGBA", (300, 300)), "all of it is transparent"),
        (Image.new("RGB", (300, 300), "white"), "all of it is white"),
        (Image.new("L", (300, 300), 0), "all of it is black"),
        (Image.new("RGB", (1, 1), "red"), "it has only 1 × 1 pixels"),
    ],
)
def test_a_picture_with_nothing_in_it_is_not_used(
    tmp_path: Path, picture: Image.Image, why: str
) -> None:
    found = loaded(tmp_path / "nothing.png", picture)
    assert isinstance(found, Finding)
    assert why in found.message


def test_one_colour_may_be_what_is_sold(tmp_path: Path) -> None:
    paint = loaded(tmp_path / "paint.png", Image.new("RGB", (900, 900), "teal"))
    assert isinstance(paint, LoadedPicture)


@pytest.mark.parametrize("size", [(7001, 4003), (3000, 2000)])
def test_large_pictures_are_made_smaller_while_they_are_taken_over(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    on_white(*size).save(tmp_path / "large.png", compress_level=1)
    pixels = decode_picture(tmp_path / "large.png").pixels
    height, width = pixels.shape[:2]
    assert WORKING_SIDE_PX <= width < 1.5 * WORKING_SIDE_PX
    assert width / height == pytest.approx(size[0] / size[1], abs=0.003)
    middle = pixels[height // 2]
    assert middle[width // 2, :3].tolist() == [200, 90, 40]
    edges = np.flatnonzero(np.diff(middle[:, 2].astype(int)))
    assert edges.min() / width == pytest.approx(1 / 3, abs=0.002)
