"""The user's own clip: the best moment, reframed, its sound, and files that are no clips."""

from __future__ import annotations

import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.copy import DisplayText
from handbill.domain.placement import VideoSpec
from handbill.foreign.ffmpeg import run_ffmpeg
from handbill.rendering.colour_scheme import scheme_of
from handbill.rendering.films.actors import Set
from handbill.rendering.films.areas import canvas_of
from handbill.rendering.films.footage import Footage, open_footage
from handbill.rendering.films.footage_scan import find_moments, scan_clip
from handbill.rendering.films.painting import paint
from handbill.rendering.films.planes import frame_to_bgr, new_frame
from handbill.rendering.spec import FilmSpec
from tests.doubles.clips import a_clip_of


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


def _opened(path: Path, length_s: float = 2.0, pick: int = 0) -> tuple[Footage, set[str]]:
    footage, told = open_footage(str(path), (90, 160), length_s, pick)
    assert footage is not None, told
    return footage, {one.code for one in told}


@pytest.fixture
def footage(clip: Path) -> Footage:
    return _opened(clip)[0]


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
    opened, _ = _opened(clip, 20.0)
    assert opened.start_s == 0.0
    assert opened.sprite_at(13.0).size_px == (90, 160)
    opened.close()


def test_playlists_and_pictures_are_no_clips(tmp_path: Path) -> None:
    playlist = tmp_path / "own.mp4"
    playlist.write_text("#EXTM3U\nfile:///etc/passwd\n")
    picture = tmp_path / "own.png"
    cv2.imwrite(str(picture), np.zeros((4, 4, 3), np.uint8))
    for path in (playlist, picture, tmp_path / "absent.mp4"):
        footage, told = open_footage(str(path), (90, 160), 2.0)
        assert footage is None
        assert "is not a video file" in told[0].message


def test_truncated_clip_is_a_finding(clip: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(clip.read_bytes()[:60])
    footage, told = open_footage(str(broken), (90, 160), 2.0)
    assert footage is None
    assert "broken.mp4" in told[0].message


def _clip(path: Path, picture: str, *options: str) -> Path:
    run_ffmpeg(["-f", "lavfi", "-i", picture, "-pix_fmt", "yuv420p", *options, str(path)])
    return path


def test_shots_are_told_apart_and_moments_stay_inside_one(tmp_path: Path) -> None:
    parts = [
        "testsrc2=s=160x90:r=25:d=2",
        "mandelbrot=s=160x90:r=25",
        "smptebars=s=160x90:r=25:d=2",
    ]
    inputs = [part for source in parts for part in ("-f", "lavfi", "-t", "2", "-i", source)]
    path = tmp_path / "shots.mp4"
    joined = ["-filter_complex", "concat=n=3", "-pix_fmt", "yuv420p", str(path)]
    run_ffmpeg([*inputs, *joined])
    scan = scan_clip(path)
    assert scan.cuts_s == pytest.approx((0.0, 2.0, 4.0), abs=0.13)
    for moment in find_moments((scan,), 1.5):
        assert int((moment.start_s + 0.01) // 2) == int((moment.start_s + 1.49) // 2)


def test_every_clip_gives_its_best_moment_before_any_gives_a_second(
    clip: Path, tmp_path: Path
) -> None:
    other = _clip(tmp_path / "other.mp4", "testsrc2=size=160x90:rate=25:duration=9")
    moments = find_moments((scan_clip(clip), scan_clip(other)), 1.0)
    assert {moment.scan.path for moment in moments[:2]} == {clip, other}
    two, _ = open_footage(f"{clip}\n{other}", (90, 160), 1.0, pick=1)
    assert two is not None
    two.close()


def test_clips_of_telephones_stand_upright(clip: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.mp4"
    run_ffmpeg(["-display_rotation", "90", "-i", str(clip), "-c", "copy", str(turned)])
    scan = scan_clip(turned)
    assert (scan.width_px, scan.height_px) == (90, 160)
    footage, _ = _opened(turned)
    assert footage.enlarged == pytest.approx(1.0, abs=0.15)
    footage.close()


def test_uneven_frame_rate_and_silence_are_taken(clip: Path, tmp_path: Path) -> None:
    uneven = tmp_path / "uneven.mp4"
    run_ffmpeg(
        ["-i", str(clip), "-vf", "select='not(mod(n,3))'", "-fps_mode", "vfr", "-an", str(uneven)]
    )
    footage, told = _opened(uneven)
    assert "film.footage" not in told
    assert footage.sound().shape == (2, 0)
    assert footage.sprite_at(1.9).size_px == (90, 160)
    footage.close()


def test_a_single_frame_is_shown_as_a_picture(clip: Path, tmp_path: Path) -> None:
    single = tmp_path / "single.mp4"
    run_ffmpeg(["-ss", "4", "-i", str(clip), "-frames:v", "1", "-an", str(single)])
    footage, told = open_footage(str(single), (90, 160), 2.0)
    assert footage is not None
    assert "holds one picture" in told[0].message
    assert np.array_equal(footage.sprite_at(0.0).y, footage.sprite_at(1.5).y)
    footage.close()


def test_a_clip_that_breaks_off_is_used_as_far_as_it_goes(clip: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.mp4"
    run_ffmpeg(["-i", str(clip), "-c", "copy", "-movflags", "+faststart", str(whole)])
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    footage, told = open_footage(str(broken), (90, 160), 1.0)
    assert footage is not None
    assert "breaks off" in told[0].message
    footage.close()


def _still(folder: Path) -> str:
    """A source that shows one textured ground."""
    dice = np.random.default_rng(3)
    ground = cv2.GaussianBlur(dice.integers(0, 255, (180, 320), np.uint8), (0, 0), 3)
    ground = np.clip((ground.astype(float) - 128) * 4 + 128, 0, 200).astype(np.uint8)
    cv2.imwrite(str(folder / "ground.png"), ground)
    return f"movie={folder / 'ground.png'},loop=100:1,fps=25,trim=duration=4"


def test_a_shaky_clip_is_steadied_and_a_steady_one_left_alone(tmp_path: Path) -> None:
    still = _still(tmp_path)
    shaking = "crop=256:144:32+10*sin(n*2.1):18+6*cos(n*2.7)"
    shaky = _clip(tmp_path / "shaky.mp4", f"{still},{shaking}")
    steady = _clip(tmp_path / "steady.mp4", f"{still},crop=256:144:32:18")
    left_alone, nothing = _opened(steady)
    left_alone.close()
    assert nothing == {"film.footage"}  # nothing moves in it
    footage, told = _opened(shaky)
    assert told == {"film.footage_mended"}
    crops = [footage.sprite_at(at / 30).y.astype(float) for at in range(10, 40)]
    seen = np.mean([np.abs(one - other).mean() for one, other in itertools.pairwise(crops)])
    footage.close()
    assert seen < 4


def test_the_crop_follows_what_moves(tmp_path: Path) -> None:
    ground = f"{_still(tmp_path)}[ground]"
    box = "color=white:size=30x60:rate=25[box];[ground][box]overlay=x=20+60*t:y=70:shortest=1"
    moving = _clip(tmp_path / "moving.mp4", f"{ground};{box}")
    footage, _ = _opened(moving, 3.5)
    path = footage.camera.centres[:, 0]
    footage.close()
    assert path[0] < 0.35
    assert path[-1] > 0.55
    assert np.abs(np.diff(path, 2)).max() < 0.004


@pytest.mark.parametrize(("where", "stand"), [(30, "top"), (140, "bottom")])
def test_words_leave_what_is_to_be_seen_in_a_clip(where: int, stand: str, tmp_path: Path) -> None:
    """A ball rolls over calm ground; words asked for below go above it, or stay."""
    pictures = []
    for at in range(12):
        picture = np.full((160, 90, 3), 120, np.uint8)
        cv2.circle(picture, (20 + 4 * at, 170 - where), 14, (20, 60, 240), -1)
        pictures.append(picture)
    clip = a_clip_of(tmp_path / "ball.mp4", pictures)
    footage, _ = open_footage(str(clip), (90, 160), 1.0)
    assert footage is not None
    upper, lower = footage.watched(0.0, 0.5), footage.watched(0.5, 1.0)
    footage.close()
    assert upper + lower == pytest.approx(1.0)
    assert (upper < 0.2) if stand == "top" else (lower < 0.2)


def test_words_have_no_veil_where_no_clip_plays(clip: Path) -> None:
    """The clip of a film may be unreadable, and other shots of the film show none."""
    palette = Palette(primary="#0b6e4f", secondary="#f6ae2d", ink="#14213d", paper="#faf6ee")
    face = Typeface(family="Poppins", weight=700)
    video = VideoSpec(width_px=90, height_px=160)
    spec = FilmSpec(
        canvas=video,
        display=DisplayText(headline="Soap"),
        speech=(),
        kit=BrandKit(name="Harbour", palette=palette, heading=face, body=face),
        palette=palette,
        pictures=(),
        locale="en",
        seed=5,
        video=str(clip),
    )
    canvas = canvas_of(video, captions=False)
    stage = Set(spec=spec, canvas=canvas, scheme=scheme_of(palette, "ink"), shot_s=1.0)
    assert not stage.shows_photo
    footage, _ = open_footage(str(clip), (90, 160), 1.0)
    assert footage is not None
    stage.opened.append(footage)
    assert stage.shows_photo
    footage.close()
