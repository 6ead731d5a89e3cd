"""The mix: ducking, placing, effects, levels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from handbill.domain.sound import Samples, wav_bytes
from handbill.rendering.sound.effects import LEADS_S, RATE_HZ, make_effect
from handbill.rendering.sound.mixing import (
    Cue,
    Spoken,
    ducking,
    mix_sound,
    music_track,
    read_sound,
    voice_track,
)

_S = RATE_HZ


def _wav(sound: npt.NDArray[np.float64], rate_hz: int = RATE_HZ, channels: int = 1) -> bytes:
    pcm = np.round(sound * 32767).astype("<i2").tobytes()
    return wav_bytes(Samples(pcm=pcm, rate_hz=rate_hz, channels=channels))


def _tone(length_s: float, hz: float = 440.0, rate_hz: int = RATE_HZ) -> npt.NDArray[np.float64]:
    return 0.4 * np.sin(2 * np.pi * hz * np.arange(round(length_s * rate_hz)) / rate_hz)


def _rms(sound: npt.NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(np.square(sound))))


def test_music_steps_back_under_speech_and_returns() -> None:
    gain = ducking([(2.0, 3.0)], 6 * _S)
    assert gain[0] == 1.0
    assert gain[round(2.5 * _S)] == pytest.approx(0.35, abs=0.01)
    assert gain[5 * _S] == 1.0
    assert np.abs(np.diff(gain)).max() < 0.001


def test_music_does_not_pump_between_lines_that_follow_at_once() -> None:
    gain = ducking([(3.4, 4.0), (2.0, 3.0)], 6 * _S)
    assert gain[2 * _S + 960 : 4 * _S].max() == pytest.approx(gain[round(2.5 * _S)])
    apart = ducking([(2.0, 3.0), (3.9, 4.5)], 6 * _S)
    assert apart[round(3.5 * _S)] > 0.9


def test_voice_is_well_above_the_music_while_it_speaks() -> None:
    music = _wav(np.repeat(_tone(6.0, 220.0), 2), channels=2)
    voice = Spoken(wav=_wav(_tone(1.5, 700.0)), at_ms=2000)
    both = mix_sound(music_track(music, 6 * _S), [voice], [], seed=1)
    only_music = both - np.array([voice_track([voice], 6 * _S)] * 2)
    speaking = np.s_[:, round(2.2 * _S) : round(3.3 * _S)]
    assert _rms(both[speaking]) > 2.8 * _rms(only_music[speaking])
    assert _rms(both[:, :_S]) > 2 * _rms(only_music[speaking])


def test_voice_starts_on_its_sample() -> None:
    track = voice_track([Spoken(wav=_wav(_tone(0.5)), at_ms=1500)], 3 * _S)
    assert not track[: round(1.5 * _S)].any()
    assert track[round(1.5 * _S) : round(1.51 * _S)].any()


def test_lines_past_the_end_are_cut_not_refused() -> None:
    track = voice_track([Spoken(wav=_wav(_tone(2.0)), at_ms=2500)], 3 * _S)
    assert track.shape == (3 * _S,)


@pytest.mark.parametrize("rate_hz", [22_050, 24_000, 44_100])
def test_other_rates_keep_pitch_and_length(rate_hz: int) -> None:
    sound = read_sound(_wav(_tone(1.0, 440.0, rate_hz), rate_hz))[0]
    assert sound.size == pytest.approx(_S, abs=2)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    assert int(spectrum.argmax()) == pytest.approx(440, abs=1)
    assert _rms(sound) == pytest.approx(0.4 / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize("name", sorted(LEADS_S))
def test_effects_are_seeded_soft_at_both_ends_and_hit_their_moment(name: str) -> None:
    sound = make_effect(name, 3)
    assert np.array_equal(sound, make_effect(name, 3))
    assert abs(float(sound[0])) < 1e-3
    assert abs(float(sound[-1])) < 1e-3
    assert 0.05 < np.abs(sound).max() <= 2.0


def test_effect_before_the_film_loses_its_head_alone() -> None:
    mixed = mix_sound(music_track(b"", 2 * _S), [], [Cue(name="whoosh", at_ms=60)], seed=1)
    assert mixed.any()
    assert mixed.shape == (2, 2 * _S)


def test_short_music_is_faded_not_broken_off() -> None:
    mixed = music_track(_wav(_tone(1.0)), 3 * _S)
    assert np.abs(mixed[:, _S - 20 : _S]).max() < 0.01
    assert not mixed[:, _S + 10 :].any()


def test_no_sound_at_all_is_silence() -> None:
    assert not mix_sound(music_track(b"", _S), [], [], seed=1).any()


def test_music_can_be_made_louder_or_softer() -> None:
    usual, softer = (_rms(music_track(_wav(_tone(2.0)), 2 * _S, gain)) for gain in (0.0, -6.0))
    assert 20 * np.log10(softer / usual) == pytest.approx(-6.0, abs=0.01)
