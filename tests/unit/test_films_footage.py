"""The user's own clip: the best moment, reframed, its sound, and files that are no clips."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from handbill.domain.finding import Finding
from handbill.foreign.ffmpeg import run_ffmpeg
from handbill.rendering.films.footage import Footage, open_footage
from handbill.rendering.films.painting import paint
from handbill.rendering.films.planes import frame_to_bgr, new_frame


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of plain grey, then three of a moving pattern, with a tone."""
    path = tmp_path_factory.mktemp("clips") / "own.mp4"
    sources = [
        "color=gray:size=160x90:rate=25:duration=3",
        "testsrc2=size=160x90:rate=25:duration=3",
    ]
    inputs = [part for source in sources for part in ("-f", "lavfi", "-i", source)]
    run_ffmpeg(
        [
            *(*inputs, "-f", "lavfi", "-i", "sine=300:duration=6"),
            *("-filter_complex", "[0:v][1:v]concat=n=2:v=1[v]", "-map", "[v]", "-map", "2:a"),
            *("-pix_fmt", "yuv420p", "-c:a", "aac", str(path)),
        ]
    )
    return path


@pytest.fixture
def footage(clip: Path) -> Footage:
    opened = open_footage(str(clip), (90, 160), 2.0)
    assert isinstance(opened, Footage)
    return opened


def test_liveliest_stretch_is_chosen(footage: Footage) -> None:
    assert footage.start_s >= 2.9
    footage.close()


def test_pictures_fill_the_canvas_and_change(footage: Footage) -> None:
    frames = []
    for time_s in (0.0, 0.9):
        frame = new_frame(90, 160)
        paint(frame, footage.sprite_at(time_s), (0, 0))
        frames.append(frame_to_bgr(frame).astype(int))
    footage.close()
    assert frames[0].shape == (160, 90, 3)
    assert float(np.abs(frames[0] - frames[1]).mean()) > 1
    assert frames[0].std() > 20


def test_sound_has_the_length_of_the_stretch(footage: Footage) -> None:
    sound = footage.sound()
    footage.close()
    assert sound.shape[0] == 2
    assert sound.shape[1] == pytest.approx(2.0 * 48_000, rel=0.02)
    assert np.abs(sound).max() > 0.01


def test_clip_shorter_than_its_shot_plays_to_and_fro(clip: Path) -> None:
    opened = open_footage(str(clip), (90, 160), 20.0)
    assert isinstance(opened, Footage)
    assert opened.start_s == 0.0
    assert opened.sprite_at(13.0).size_px == (90, 160)
    opened.close()


def test_playlists_and_pictures_are_no_clips(tmp_path: Path) -> None:
    playlist = tmp_path / "own.mp4"
    playlist.write_text("#EXTM3U\nfile:///etc/passwd\n")
    picture = tmp_path / "own.png"
    cv2.imwrite(str(picture), np.zeros((4, 4, 3), np.uint8))
    for path in (playlist, picture, tmp_path / "absent.mp4"):
        found = open_footage(str(path), (90, 160), 2.0)
        assert isinstance(found, Finding)
        assert "is not a video file" in found.message


def test_truncated_clip_is_a_finding(clip: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(clip.read_bytes()[:60])
    found = open_footage(str(broken), (90, 160), 2.0)
    assert isinstance(found, Finding)
    assert "broken.mp4" in found.message
