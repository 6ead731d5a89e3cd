"""Black bars burnt into clips: cut away, and left where a thing stands on black."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from handbill.foreign.ffmpeg import run_ffmpeg
from handbill.rendering.films.footage import open_footage
from handbill.rendering.films.footage_files import write_even_clip
from handbill.rendering.films.footage_scan import sample_clip, scan_clip
from tests.doubles.clips import Picture, a_clip_of

WIDE, HIGH = 320, 180


def a_view(at: int, wide: int, high: int) -> Picture:
    """Cloudy ground with a ball that rolls over it."""
    dice = np.random.default_rng(3)
    ground = cv2.resize(dice.normal(120, 25, (9, 16, 3)), (wide, high))
    picture = np.clip(ground, 60, 220).astype(np.uint8)
    cv2.circle(picture, (wide // 5 + 2 * at, high // 2), high // 8, (40, 90, 230), -1)
    return picture


def framed(left: int, top: int, *, below: int | None = None) -> list[Picture]:
    """Twelve pictures within black bars of these widths, in pixels."""
    below = top if below is None else below
    bars = (top, below, left, left)
    size = WIDE - 2 * left, HIGH - top - below
    return [
        np.asarray(cv2.copyMakeBorder(a_view(at, *size), *bars, cv2.BORDER_CONSTANT), np.uint8)
        for at in range(12)
    ]


@pytest.mark.parametrize(
    ("left", "top", "size_px"),
    [(0, 24, (320, 132)), (108, 0, (104, 180)), (40, 22, (240, 136)), (0, 0, (320, 180))],
)
def test_bars_are_cut_away_to_a_line(
    left: int, top: int, size_px: tuple[int, int], tmp_path: Path
) -> None:
    scan = scan_clip(a_clip_of(tmp_path / "bars.mp4", framed(left, top)))
    lost = [want - has for want, has in zip(size_px, (scan.width_px, scan.height_px), strict=True)]
    assert all(0 <= one <= 8 for one in lost), (scan.width_px, scan.height_px)
    assert bool(scan.crop) == (left + top > 0)


def test_no_bar_is_left_in_a_film_and_it_is_said(tmp_path: Path) -> None:
    clip = a_clip_of(tmp_path / "bars.mp4", framed(0, 30))
    footage, told = open_footage(str(clip), (320, 180), 1.0)
    assert footage is not None
    darkest = min(int(footage.sprite_at(time_s).y.min()) for time_s in (0.0, 0.5, 0.9))
    footage.close()
    assert darkest > 40
    assert "'bars.mp4' was cut free of its black bars" in " ".join(one.message for one in told)


def test_what_is_painted_anew_or_looked_at_has_no_bars_either(tmp_path: Path) -> None:
    clip = a_clip_of(tmp_path / "bars.mp4", framed(0, 30))
    assert sample_clip(clip, 4, 160).min() > 30
    assert write_even_clip(clip, tmp_path / "even.mkv", 10, 60)
    again = scan_clip(tmp_path / "even.mkv")
    assert (again.crop, again.width_px) == ("", 320)
    assert again.height_px < 125


def test_clips_of_odd_sizes_are_painted_anew(tmp_path: Path) -> None:
    clip = tmp_path / "odd.mkv"
    source = ["-f", "lavfi", "-i", "testsrc2=size=161x91:rate=10:duration=1"]
    run_ffmpeg([*source, "-pix_fmt", "yuv444p", str(clip)])
    assert write_even_clip(clip, tmp_path / "even.mkv", 10, 60)
    again = scan_clip(tmp_path / "even.mkv")
    assert (again.width_px, again.height_px) == (160, 90)


def test_a_thing_on_black_ground_and_a_dark_floor_are_no_bars(tmp_path: Path) -> None:
    on_black = [np.zeros((HIGH, WIDE, 3), np.uint8) for _ in range(12)]
    for at, picture in enumerate(on_black):
        cv2.circle(picture, (150 + at, HIGH // 2), 50, (90, 160, 220), -1)
    assert scan_clip(a_clip_of(tmp_path / "ring.mp4", on_black)).crop == ""
    floor = framed(0, 0, below=40)
    assert scan_clip(a_clip_of(tmp_path / "floor.mp4", floor)).crop == ""
    darkness = [np.zeros((HIGH, WIDE, 3), np.uint8)] * 12
    assert scan_clip(a_clip_of(tmp_path / "night.mp4", darkness)).crop == ""


def test_words_in_a_bar_keep_it(tmp_path: Path) -> None:
    pictures = framed(0, 30)
    for picture in pictures:
        cv2.putText(picture, "what she says", (90, 170), 0, 0.6, (255, 255, 255), 2)
    assert scan_clip(a_clip_of(tmp_path / "subtitled.mp4", pictures)).crop == ""
