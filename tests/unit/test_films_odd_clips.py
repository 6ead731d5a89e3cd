"""Clips as telephones, cameras and chat programs really leave them: used well, or said clearly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handbill.foreign.ffmpeg import run_ffmpeg
from handbill.rendering.films.footage import open_footage
from handbill.rendering.films.footage_scan import scan_clip

PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=1")
TONE = ("-f", "lavfi", "-i", "sine=300:duration=1")
PLAIN = ("-pix_fmt", "yuv420p")
SIDES = "pan=5.1|FL=0*c0|FR=0*c0|FC=c0|LFE=0*c0|BL=0*c0|BR=0*c0"
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le")
HLG = "colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc:log-level=none"


def made(path: Path, *arguments: str) -> Path:
    run_ffmpeg([*arguments, str(path)])
    return path


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ten_bit.mp4", (*PICTURE, *HEVC, "-x265-params", "log-level=none")),
        ("full_range.mp4", (*PICTURE, "-pix_fmt", "yuvj420p")),
        ("uneven_sides.mp4", (*PICTURE, "-vf", "scale=161:91", "-pix_fmt", "yuv444p")),
        ("see_through.webm", (*PICTURE, "-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p")),
        ("camcorder.mpg", (*PICTURE, "-c:v", "mpeg2video", "-flags", "+ilme+ildct")),
        ("camcorder.m2ts", (*PICTURE, *PLAIN)),
        ("television.ts", (*PICTURE, *PLAIN)),
        ("chat.gif", PICTURE),
        ("very_fast.mp4", (*PICTURE, "-r", "240", *PLAIN)),
        ("slow.mp4", (*PICTURE, "-r", "5", *PLAIN)),
    ],
)
def test_unusual_forms_are_used(name: str, arguments: tuple[str, ...], tmp_path: Path) -> None:
    path = made(tmp_path / name, *arguments)
    footage, told = open_footage(str(path), (90, 160), 0.8)
    assert footage is not None, told
    early, late = footage.sprite_at(0.0).y.astype(int), footage.sprite_at(0.7).y.astype(int)
    footage.close()
    assert not [one for one in told if one.code == "film.footage"]
    assert np.abs(early - late).mean() > 0.5
    assert early.std() > 20


@pytest.mark.parametrize(("turn", "first"), [("90", "left"), ("270", "right"), ("180", "below")])
def test_a_turned_clip_stands_as_it_was_held(turn: str, first: str, tmp_path: Path) -> None:
    band = "color=black:size=160x90:rate=25:duration=1,drawbox=c=white:t=fill:h=30"
    lying = made(tmp_path / "lying.mp4", "-f", "lavfi", "-i", band, *PLAIN)
    turned = made(tmp_path / "t.mp4", "-display_rotation", turn, "-i", str(lying), "-c", "copy")
    upright = turn != "180"
    size = (90, 160) if upright else (160, 90)
    footage, _ = open_footage(str(turned), size, 0.8)
    assert footage is not None
    luma = footage.sprite_at(0.4).y.astype(int)
    footage.close()
    lightest = {
        "left": luma[:, :25],
        "right": luma[:, -25:],
        "below": luma[-25:],
    }[first]
    assert lightest.mean() > 200
    assert luma.mean() < 120


def test_stretched_pixels_are_shown_at_their_true_shape(tmp_path: Path) -> None:
    squeezed = ("-vf", "scale=90:90,setsar=16/9")
    scan = scan_clip(made(tmp_path / "dv.mp4", *PICTURE, *squeezed, *PLAIN))
    assert (scan.width_px, scan.height_px) == (160, 90)


def test_light_of_telephones_is_brought_to_that_of_films(tmp_path: Path) -> None:
    white = (
        "color=black:size=64x64:rate=25:duration=1,format=yuv420p10le,geq=lum=721:cb=512:cr=512"
    )
    tags = ("-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc")
    coded = (*HEVC, "-x265-params", HLG, *tags, "-tag:v", "hvc1")
    path = made(tmp_path / "hlg.mov", "-f", "lavfi", "-i", white, *coded)
    footage, told = open_footage(str(path), (64, 64), 0.8, care="as_is")
    assert footage is not None
    level = footage.sprite_at(0.4).y.mean()
    footage.close()
    assert "HDR" in told[0].message
    assert 190 < level < 225  # paper, three quarters of the signal, stays paper


@pytest.mark.parametrize(
    ("channels", "loudest"),
    [(("-ac", "1"), 0.05), (("-ac", "2"), 0.05), (("-af", SIDES), 0.02)],
)
def test_sound_of_any_number_of_channels_is_heard(
    channels: tuple[str, ...], loudest: float, tmp_path: Path
) -> None:
    path = made(tmp_path / "heard.mp4", *PICTURE, *TONE, *channels, *PLAIN, "-c:a", "aac")
    footage, _ = open_footage(str(path), (90, 160), 0.8)
    assert footage is not None
    sound = footage.sound()
    footage.close()
    assert sound.shape[0] == 2
    assert np.abs(sound).max(axis=1).min() > loudest


def test_a_very_short_clip_plays_to_and_fro_and_that_is_said(tmp_path: Path) -> None:
    path = made(tmp_path / "short.mp4", *PICTURE, "-t", "0.3", *PLAIN)
    footage, told = open_footage(str(path), (90, 160), 2.0)
    assert footage is not None
    assert "plays to and fro" in told[0].message
    assert footage.sprite_at(1.9).size_px == (90, 160)
    footage.close()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_damaged_files_end_in_words_or_in_pictures(share: float, tmp_path: Path) -> None:
    whole = made(tmp_path / "whole.mp4", *PICTURE, *TONE, *PLAIN, "-movflags", "+faststart")
    data = bytearray(whole.read_bytes())
    dice = np.random.default_rng(round(10 * share))
    start = round(share * len(data))
    data[start:] = dice.integers(0, 256, len(data) - start, np.uint8).tobytes()
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    footage, told = open_footage(str(path), (90, 160), 0.8)
    if footage is None:
        assert "damaged.mp4" in told[0].message or "cannot be read" in told[0].message
    else:
        assert footage.sprite_at(0.5).size_px == (90, 160)
        assert footage.sound().shape[0] == 2
        footage.close()


def test_a_sound_is_no_clip(tmp_path: Path) -> None:
    path = made(tmp_path / "song.m4a", *TONE)
    footage, told = open_footage(str(path), (90, 160), 0.8)
    assert footage is None
    assert "holds no picture" in told[0].message


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("color=black:size=160x90:rate=25:duration=2", "is black throughout"),
        ("color=black:size=160x90:rate=25:duration=2,noise=alls=6:allf=t", "is black throughout"),
        ("smptebars=size=160x90:rate=25:duration=2", "nothing moves in"),
        ("testsrc2=size=160x90:rate=25:duration=2", ""),
    ],
)
def test_what_shows_nothing_or_stands_still_is_said(
    source: str, words: str, tmp_path: Path
) -> None:
    clip = made(tmp_path / "clip.mp4", "-f", "lavfi", "-i", source, *PLAIN)
    footage, told = open_footage(str(clip), (90, 160), 0.8)
    assert (footage is None) == ("black" in words)
    if footage:
        footage.close()
    messages = [one.message for one in told if one.code == "film.footage"]
    assert len(messages) == bool(words), messages
    assert words in "".join(messages)
