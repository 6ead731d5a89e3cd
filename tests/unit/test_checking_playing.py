"""Films decoded whole: what a viewer would notice, found in films that were spoilt on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbill.checking import check_film, check_playing, film_playing
from handbill.checking.film_playing import parse_playing
from handbill.domain.placement import VideoSpec
from handbill.errors import ToolStalled
from handbill.foreign.ffmpeg import run_ffmpeg

SPEC = VideoSpec(width_px=128, height_px=96, fps=10, loudness_lufs=-14.0)
_TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
_MOVING = "testsrc2=size=128x96:rate=10:duration=4"
_TONE = "sine=400:duration=4:sample_rate=48000,volume=7.7dB"


def _film(path: Path, picture: str = _MOVING, sound: str = _TONE, tags: str = _TAGS) -> Path:
    arguments = ["-f", "lavfi", "-i", f"{picture},{tags}"]
    if sound:
        arguments += ["-f", "lavfi", "-i", f"{sound},aformat=channel_layouts=stereo"]
    encoder = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "+faststart"]
    run_ffmpeg([*arguments, *encoder, str(path)])
    return path


def _codes(path: Path, length_s: float = 4.0) -> dict[str, str]:
    return {one.code: str(one.severity) for one in check_playing(path, SPEC, length_s=length_s)}


def test_a_film_that_plays_well_has_no_findings(tmp_path: Path) -> None:
    assert _codes(_film(tmp_path / "film.mp4")) == {}


_BLACK = f"{_MOVING},drawbox=color=black:t=fill:enable='between(t,1,2)'"
_FROZEN = f"{_MOVING},trim=duration=2,tpad=stop_mode=clone:stop_duration=2"


@pytest.mark.parametrize(
    ("picture", "sound", "code", "severity"),
    [
        (_BLACK, _TONE, "film.black", "block"),
        (_FROZEN, _TONE, "film.frozen", "warn"),
        (_MOVING, "", "film.no_sound", "block"),
        (_MOVING, "anullsrc=r=48000:d=4", "film.silent", "warn"),
        (_MOVING, f"{_TONE},volume=-20dB", "film.loudness", "warn"),
        (_MOVING, f"{_TONE},volume=9dB,volume=9dB", "film.peak", "block"),
    ],
)
def test_faults_that_are_seen_and_heard(
    tmp_path: Path, picture: str, sound: str, code: str, severity: str
) -> None:
    found = _codes(_film(tmp_path / "film.mp4", picture, sound))
    assert found.get(code) == severity, found


def test_frames_and_colours_are_counted_on(tmp_path: Path) -> None:
    film = _film(tmp_path / "film.mp4", tags="setparams=colorspace=smpte170m")
    assert _codes(film, length_s=4.1) == {"film.frames": "block", "film.colour_tags": "block"}


def test_a_film_spoilt_in_its_middle_is_found(tmp_path: Path) -> None:
    film = _film(tmp_path / "film.mp4")
    data = bytearray(film.read_bytes())
    at = data.index(b"mdat") + len(data) // 3
    data[at : at + 400] = bytes(400)
    film.write_bytes(data)
    assert "film.undecodable" in _codes(film)


def test_frames_of_different_lengths_are_found(tmp_path: Path) -> None:
    steady, uneven = _film(tmp_path / "steady.mp4"), tmp_path / "uneven.mp4"
    dropped = ["-vf", "select='not(eq(n,7)+eq(n,21))'", "-fps_mode", "vfr", "-c:a", "copy"]
    run_ffmpeg(["-i", str(steady), *dropped, "-movflags", "+faststart", str(uneven)])
    spec = VideoSpec(width_px=128, height_px=96, fps=10)
    codes = [{one.code for one in check_film(path, spec)} for path in (steady, uneven)]
    assert codes[0] == set()
    assert codes[1] & {"film.variable_rate", "film.fps"}


def test_stretches_without_an_end_last_to_the_end() -> None:
    playing = parse_playing("frame=3\nframe=9\n", "[freezedetect] freeze_start: 1.5\n", 4.0)
    assert (playing.frames, playing.frozen, playing.lufs) == (9, ((1.5, 4.0),), None)


def test_a_decoder_that_stood_still_tells_nothing_of_the_film(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The film is cut anew by the next run, in place of being blocked for good."""

    def stalled(*_: object, **__: object) -> tuple[bytes, str]:
        raise ToolStalled("ffmpeg did nothing for 30 s and was stopped")

    monkeypatch.setattr(film_playing, "run_ffmpeg", stalled)
    with pytest.raises(ToolStalled):
        check_playing(tmp_path / "film.mp4", SPEC, length_s=4.0)
