"""The user's own music: begun where asked, repeated without a gap, faded, exact to the sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from handbill.domain.sound import Samples, parse_wav, wav_bytes
from handbill.errors import RenderError
from handbill.rendering.sound.own_music import own_bed


def _song(folder: Path, length_s: float, loudness: float = 0.4) -> Path:
    """A tone that climbs from 200 Hz by 40 Hz a second."""
    time = np.arange(round(length_s * 48_000)) / 48_000
    tone = loudness * np.sin(2 * np.pi * (200 * time + 20 * time**2))
    pcm = np.repeat(np.round(tone * 32767).astype("<i2"), 2).tobytes()
    path = folder / "song.wav"
    path.write_bytes(wav_bytes(Samples(pcm=pcm, rate_hz=48_000, channels=2)))
    return path


def _samples(wav: bytes) -> npt.NDArray[np.float64]:
    return np.frombuffer(parse_wav(wav).pcm, "<i2").reshape(-1, 2)[:, 0] / 32768


def _pitch_hz(sound: npt.NDArray[np.float64]) -> float:
    return float(
        np.argmax(np.abs(np.fft.rfft(sound * np.hanning(sound.size)))) * 48_000 / sound.size
    )


def test_long_music_is_cut_from_where_it_shall_begin(tmp_path: Path) -> None:
    bed = _samples(own_bed(_song(tmp_path, 20), (5.0, 0.0), 6000))
    assert bed.size == 6 * 48_000
    assert _pitch_hz(bed[12_000:24_000]) == pytest.approx(200 + 40 * 5.375, abs=12)
    assert np.abs(bed[:10]).max() < 0.01
    assert np.abs(bed[-10:]).max() < 0.01


def test_short_music_is_repeated_without_a_gap(tmp_path: Path) -> None:
    bed = _samples(own_bed(_song(tmp_path, 4), (0.0, 0.0), 15_000))
    assert bed.size == 15 * 48_000
    inner = bed[4800 : -2 * 48_000].reshape(-1, 4800)
    levels = [float(np.sqrt(np.mean(part**2))) for part in inner]
    assert min(levels) > 0.12
    assert max(levels) < 0.45


def test_music_without_sound_is_told(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="less than a second"):
        own_bed(_song(tmp_path, 3), (2.5, 0.0), 6000)
    with pytest.raises(RenderError, match=r"ends at 3\.0 s, before music_to_s = 9"):
        own_bed(_song(tmp_path, 3), (0.0, 9.0), 6000)
    with pytest.raises(RenderError, match="silent from 0 to 3 s"):
        own_bed(_song(tmp_path, 3, loudness=1e-5), (0.0, 0.0), 6000)


def test_a_file_that_is_no_music_is_told_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "ours.mp3"
    path.write_text("no music at all" * 100)
    with pytest.raises(RenderError, match=r"'ours\.mp3' holds no sound.*save it as WAV or MP3"):
        own_bed(path, (0.0, 0.0), 6000)


def test_nothing_is_heard_of_music_after_its_end(tmp_path: Path) -> None:
    bed = _samples(own_bed(_song(tmp_path, 20), (5.0, 9.0), 9000))
    # The tone climbs, so its highest pitch tells the last moment that was played.
    pitches = [_pitch_hz(bed[at : at + 9600]) for at in range(0, bed.size - 9600, 4800)]
    assert min(pitches) == pytest.approx(200 + 40 * 5.1, abs=15)
    assert max(pitches) < 200 + 40 * 9.0
    assert max(pitches) > 200 + 40 * 7.5


def test_music_begins_again_on_its_own_beat(tmp_path: Path) -> None:
    beat, bars = 24_000 * 60 // 55, 8.3  # 110 beats a minute, broken off within a beat
    song = np.zeros(round(beat * bars))
    knock = 0.6 * np.exp(-np.arange(4000) / 500) * np.sin(np.arange(4000) / 5)
    for at in range(0, song.size - 4000, beat):
        song[at : at + 4000] += knock
    path = tmp_path / "knocks.wav"
    pcm = np.repeat(np.round(song * 32767).astype("<i2"), 2).tobytes()
    path.write_bytes(wav_bytes(Samples(pcm=pcm, rate_hz=48_000, channels=2)))
    bed = np.abs(_samples(own_bed(path, (0.0, 0.0), 15_000)))[: 13 * 48_000]
    loud = np.flatnonzero(bed > 0.15)
    begins = loud[np.diff(loud, prepend=-9600) > 4800]
    assert np.abs(np.diff(begins) - beat).max() < 480
