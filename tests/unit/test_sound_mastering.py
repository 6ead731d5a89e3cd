"""Mastering: loudness and true peak after AAC, measured on the decoded file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from handbill.errors import RenderError
from handbill.rendering.sound.mastering import (
    encode_master,
    encode_sound,
    estimate_lufs,
    limit_peaks,
    measure_loudness,
    parse_loudness,
    true_peaks,
)


def _rough(seconds: float, level: float) -> npt.NDArray[np.float32]:
    """Noise with loud knocks: a hard case for a limiter."""
    dice = np.random.default_rng(4)
    length = round(seconds * 48_000)
    sound = dice.standard_normal((2, length)) * level * 0.2
    for at in range(6_000, length - 600, 24_000):
        sound[:, at : at + 500] += level * dice.standard_normal(500) * 2
    return sound.astype(np.float32)


@pytest.mark.parametrize("wanted", [-14.0, -16.0])
@pytest.mark.parametrize("level", [0.02, 0.5])
def test_loudness_and_peak_hold_after_aac(tmp_path: Path, wanted: float, level: float) -> None:
    target = tmp_path / "sound.m4a"
    told = encode_master(_rough(6.0, level), target, wanted)
    measured = measure_loudness(target)
    assert measured == told
    assert measured.lufs == pytest.approx(wanted, abs=1.0)
    assert measured.peak_db <= -1.0


def test_silence_stays_silence(tmp_path: Path) -> None:
    told = encode_master(np.zeros((2, 48_000), np.float32), tmp_path / "sound.m4a", -14.0)
    assert told.lufs <= -60


def test_same_samples_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.m4a", "b.m4a"):
        encode_sound(_rough(1.0, 0.3), tmp_path / name)
    assert (tmp_path / "a.m4a").read_bytes() == (tmp_path / "b.m4a").read_bytes()


def test_limiter_keeps_the_ceiling_and_leaves_quiet_parts_alone() -> None:
    sound = _rough(2.0, 0.4)
    sound[:, :5_000] *= 0.1
    limited = limit_peaks(sound, true_peaks(sound), 0.0, -3.0)
    assert np.abs(limited).max() <= 10 ** (-3.0 / 20) + 1e-4
    assert np.allclose(limited[:, :4_000], sound[:, :4_000], atol=1e-4)


def test_summary_is_read_and_its_absence_is_told() -> None:
    said = "x I: 0\nSummary:\n I:   -14.2 LUFS\n Peak:  -1.3 dBFS\n"
    assert parse_loudness(said).lufs == -14.2
    with pytest.raises(RenderError, match="no loudness"):
        parse_loudness("nothing")


def test_file_without_sound_is_told(tmp_path: Path) -> None:
    path = tmp_path / "noise.m4a"
    path.write_bytes(b"not a sound")
    with pytest.raises(RenderError):
        measure_loudness(path)


@pytest.mark.parametrize(("seconds", "level"), [(6.0, 0.05), (3.5, 0.4)])
def test_estimate_agrees_with_the_measure(tmp_path: Path, seconds: float, level: float) -> None:
    sound = np.clip(_rough(seconds, level), -1.0, 1.0)
    encode_sound(sound, tmp_path / "sound.wav", codec="pcm_s16le")
    measured = measure_loudness(tmp_path / "sound.wav").lufs
    assert estimate_lufs(sound) == pytest.approx(measured, abs=0.3)


def test_estimate_of_silence_and_of_nothing() -> None:
    assert estimate_lufs(np.zeros((2, 48_000), np.float32)) == -70.0
    assert estimate_lufs(np.zeros((2, 0), np.float32)) == -70.0
