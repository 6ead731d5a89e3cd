"""Composing in planar YUV: colours, blending, moves between pixels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from handbill.rendering.films.painting import paint
from handbill.rendering.films.planes import (
    Pose,
    Sprite,
    frame_to_bgr,
    new_frame,
    sprite_of,
    yuv_of,
)


def _disc(side: int, bgr: tuple[int, int, int], *, flat: bool = False) -> Sprite:
    alpha = np.zeros((side, side), np.uint8)
    cv2.circle(alpha, (side // 2, side // 2), side // 3, 255, -1)
    alpha = np.asarray(cv2.GaussianBlur(alpha, (9, 9), 2), dtype=np.uint8)
    colour = np.array(bgr, np.uint16) * alpha[:, :, None] // 255
    bgra = np.concatenate([colour.astype(np.uint8), alpha[:, :, None]], axis=2)
    return sprite_of(bgra, bgr if flat else None)


@pytest.mark.parametrize("bgr", [(0, 0, 0), (255, 255, 255), (30, 110, 240), (79, 110, 11)])
def test_colours_survive_the_way_through_bt709(bgr: tuple[int, int, int]) -> None:
    frame = new_frame(16, 16)
    patch = np.full((16, 16, 4), 255, np.uint8)
    patch[:, :, :3] = bgr
    paint(frame, sprite_of(patch), (0, 0))
    assert np.abs(frame_to_bgr(frame)[8, 8].astype(int) - bgr).max() <= 3
    assert (frame.y[8, 8], frame.u[4, 4], frame.v[4, 4]) == yuv_of(bgr)


def test_black_and_white_keep_to_the_limited_range() -> None:
    assert yuv_of((0, 0, 0)) == (16, 128, 128)
    assert yuv_of((255, 255, 255)) == (235, 128, 128)


def test_clear_pixels_leave_the_frame_alone() -> None:
    frame = new_frame(64, 64)
    before = frame.pixels.copy()
    paint(frame, sprite_of(np.zeros((20, 20, 4), np.uint8)), (7, 9), Pose(scale=1.2, angle=3))
    assert np.array_equal(frame.pixels, before)


def test_half_opacity_lies_half_way() -> None:
    frame = new_frame(16, 16)
    paint(frame, sprite_of(np.full((16, 16, 4), 255, np.uint8)), (0, 0), Pose(opacity=0.5))
    assert abs(int(frame.y[8, 8]) - (16 + 235) // 2) <= 1


@pytest.mark.parametrize("at", [(-20, -10), (50, 40), (-200, 0), (63, 63), (10.5, 3.25), (5, 7)])
@pytest.mark.parametrize("pose", [Pose(), Pose(fine=True, dx=0.4), Pose(scale=1.3, angle=20)])
def test_sprites_may_hang_over_every_edge(at: tuple[float, float], pose: Pose) -> None:
    frame = new_frame(64, 48)
    paint(frame, _disc(40, (0, 0, 255)), at, pose)
    assert frame.y.shape == (48, 64)


def test_fine_shift_moves_the_middle_by_parts_of_a_pixel() -> None:
    def middle(dx: float) -> float:
        frame = new_frame(96, 64)
        paint(frame, _disc(40, (255, 255, 255)), (20, 10), Pose(dx=dx, fine=True))
        weight = frame.y.astype(float) - 16
        return float((weight.sum(axis=0) * np.arange(96)).sum() / weight.sum())

    rest = middle(0.0)
    for dx in (0.25, 0.5, 0.75, 1.5, 2.25):
        assert middle(dx) - rest == pytest.approx(dx, abs=0.06)


def test_warp_and_shift_agree_where_they_mean_the_same() -> None:
    straight, warped = new_frame(96, 96), new_frame(96, 96)
    sprite = _disc(60, (40, 200, 90))
    paint(straight, sprite, (18, 18))
    paint(warped, sprite, (18, 18), Pose(scale=1.0000001))
    assert np.abs(straight.pixels.astype(int) - warped.pixels).max() <= 2


def test_flat_sprites_look_like_full_ones() -> None:
    full, flat = new_frame(96, 96), new_frame(96, 96)
    pose = Pose(scale=1.17, angle=30)
    paint(full, _disc(60, (40, 120, 230)), (18, 18), pose)
    paint(flat, _disc(60, (40, 120, 230), flat=True), (18, 18), pose)
    assert np.abs(full.pixels.astype(int) - flat.pixels).max() <= 3


def test_clip_shows_its_share() -> None:
    frame = new_frame(40, 40)
    paint(frame, sprite_of(np.full((40, 40, 4), 255, np.uint8)), (0, 0), Pose(clip=(0, 0, 1, 0.5)))
    assert frame.y[10, 20] == 235
    assert frame.y[30, 20] == 16


@pytest.mark.parametrize("scale", [0.6, 1.0004, 1.013, 1.05, 1.3])
@pytest.mark.parametrize("at", [(30.0, 40.0), (-120.4, 200.7)])
def test_enlarging_by_whole_pixels_is_where_a_warp_would_be(
    scale: float, at: tuple[float, float]
) -> None:
    resized, warped = new_frame(540, 640), new_frame(540, 640)
    sprite = _disc(400, (40, 200, 90))
    paint(resized, sprite, at, Pose(scale=scale))
    paint(warped, sprite, at, Pose(scale=scale, angle=1e-6))
    assert np.abs(resized.pixels.astype(int) - warped.pixels).max() <= 12
    assert np.abs(resized.pixels.astype(int) - warped.pixels).mean() < 0.1


def test_photos_move_between_pixels_too() -> None:
    ramp = np.tile(np.arange(200, dtype=np.uint8), (120, 1))
    photo = sprite_of(np.dstack([ramp, ramp, ramp, np.full_like(ramp, 255)]))
    frames = []
    for dx in (0.0, 0.5):
        frame = new_frame(100, 60)
        paint(frame, photo, (-50, -30), Pose(dx=dx, fine=True))
        frames.append(frame.y.astype(float))
    moved = float((frames[0] - frames[1]).mean())
    assert moved == pytest.approx(0.5 * 219 / 255, abs=0.25)
