"""House music: exact, seeded, clean, and not the same twice."""

from __future__ import annotations

import asyncio

import numpy as np
import numpy.typing as npt
import pytest

from handbill.domain.sound import parse_wav
from handbill.providers.house.music import LICENCE, HouseMusicProvider, compose_bed
from handbill.providers.house.music_choices import Choices, choose, pitch_of
from handbill.providers.house.music_instruments import frequency_hz, string
from handbill.providers.house.music_moods import MOODS
from handbill.providers.house.music_score import Form, Note, compose, plan_form
from handbill.providers.ports import MusicRequest


def _sound(
    mood: str = "bright", seed: int = 1, duration_ms: int = 6400
) -> npt.NDArray[np.float64]:
    request = MusicRequest(
        mood=mood, duration_ms=duration_ms, bpm=112, seed=seed, accents_ms=(2100, 4300)
    )
    samples = parse_wav(compose_bed(request).wav)
    assert (samples.rate_hz, samples.channels) == (48_000, 2)
    return np.frombuffer(samples.pcm, "<i2").reshape(-1, 2) / 32768


@pytest.mark.parametrize("mood", sorted(MOODS))
def test_every_mood_fills_its_length_without_clipping_or_clicks(mood: str) -> None:
    sound = _sound(mood)
    assert len(sound) == round(6.4 * 48_000)
    assert 0.5 < np.abs(sound).max() < 0.95
    assert np.abs(sound[0]).max() < 0.01
    assert np.abs(sound[-1]).max() < 0.001
    seconds = [sound[at : at + 48_000] for at in range(0, 5 * 48_000, 48_000)]
    assert min(float(np.sqrt(np.mean(part**2))) for part in seconds) > 0.02


@pytest.mark.parametrize("duration_ms", [900, 1500, 6001, 20_000])
def test_length_is_exact_to_the_sample(duration_ms: int) -> None:
    assert len(_sound(duration_ms=duration_ms)) == round(duration_ms * 48)


def test_seeds_and_moods_differ_and_repeat() -> None:
    prints = {
        (mood, seed): _sound(mood, seed, 3000).tobytes()
        for mood in ("warm", "bold")
        for seed in (1, 2, 3)
    }
    assert len(set(prints.values())) == len(prints)
    assert _sound("warm", 2, 3000).tobytes() == prints["warm", 2]


def test_seeds_choose_different_harmony_and_rhythm() -> None:
    chosen = [choose("bright", seed) for seed in range(40)]
    assert len({choice.progression for choice in chosen}) >= 4
    assert len({choice.tonic for choice in chosen}) >= 4
    assert len({(choice.kick, choice.bass, choice.hats) for choice in chosen}) >= 10
    assert len({choice.motif for choice in chosen}) >= 30


@pytest.mark.parametrize("duration_ms", [6000, 8433, 9700, 15_033])
def test_ends_on_the_tonic_on_a_first_beat(duration_ms: int) -> None:
    choices, form = choose("warm", 5), plan_form(duration_ms, 104)
    notes = compose(choices, form, ())
    last = max(note.at_s for note in notes)
    assert last == pytest.approx(form.end_s)
    assert 1.0 < form.duration_s - form.end_s < 2.2
    final = [note for note in notes if note.at_s == last and note.track == "bass"]
    assert (final[0].pitch - pitch_of(choices, 0)) % 12 == 0
    assert any(start == pytest.approx(form.end_s - 4 * form.beat_s) for start in form.bars())


def _piece(mood: str, seed: int) -> tuple[Choices, Form, list[Note]]:
    choices, form = choose(mood, seed), plan_form(15_000, 112, (4000, 8000, 12_000))
    return choices, form, compose(choices, form, ())


@pytest.mark.parametrize("mood", sorted(MOODS))
def test_no_tone_rubs_against_a_chord_on_a_beat(mood: str) -> None:
    for seed in range(60):
        _, form, notes = _piece(mood, seed)
        chords = [note for note in notes if note.track == "chords"]
        pitched = [note for note in notes if note.track in ("lead", "bass", "chords")]
        for note in pitched:
            beats = note.at_s / form.beat_s - form.pickup_beats
            if abs(beats - round(beats)) < 0.05:
                moment_s = note.at_s + 0.06
                with_it = {c.pitch for c in chords if c.at_s < moment_s < c.at_s + c.length_s}
                assert not {(note.pitch - pitch) % 12 for pitch in with_it} & {1, 11}, (seed, note)


def test_no_two_pieces_begin_alike_and_moods_have_their_own_drums() -> None:
    pieces = {(mood, seed): _piece(mood, seed) for mood in MOODS for seed in range(60)}
    openings = {
        tuple((note.track, round(note.at_s, 2), note.pitch) for note in notes if note.at_s < 8)
        for _, _, notes in pieces.values()
    }
    assert len(openings) == len(pieces)
    drums = [
        {(c.kick, c.hats) for (m, _), (c, _, _) in pieces.items() if m == mood} for mood in MOODS
    ]
    assert len(set().union(*drums)) > 0.97 * sum(map(len, drums))


@pytest.mark.parametrize(("card_s", "lands_s"), [(12.0, 12.0), (9.0, 9.0), (1.0, 13.5)])
def test_floor_drops_away_before_the_end_card_however_long_it_stands(
    card_s: float, lands_s: float
) -> None:
    form = plan_form(15_000, 120, (round(card_s * 1000),))
    for seed in range(8):
        notes = compose(choose("bold", seed), form, (card_s,))
        floor = [note for note in notes if note.track in ("kick", "bass")]
        assert not [n for n in floor if lands_s - 0.98 < n.at_s < lands_s - 0.05]
        assert not [
            n for n in floor if n.at_s < lands_s - 1 < n.at_s + n.length_s - 0.02 and n.pitch
        ]
        roll = [n for n in notes if n.track == "backbeat" and lands_s - 1 <= n.at_s < lands_s]
        assert len(roll) >= 6
        assert [n for n in floor if n.track == "kick" and abs(n.at_s - lands_s) < 0.01]
        assert [n for n in floor if n.track == "kick" and n.at_s == form.end_s]


def test_every_piece_sounds_from_its_first_moment_on() -> None:
    for mood in MOODS:
        for seed in range(20):
            for duration_ms in (2600, 6000, 15_500, 30_000):
                notes = compose(choose(mood, seed), plan_form(duration_ms, 97), ())
                firm = [note.at_s for note in notes if note.track != "cymbal"]
                assert min(firm) < 0.1, (mood, seed, duration_ms)


@pytest.mark.parametrize("pitch", [55, 67, 74, 79, 84, 86])
def test_plucked_strings_are_in_tune(pitch: int) -> None:
    sound = string(pitch, 1.0, np.random.default_rng(3))[2400:26_400]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size), 1 << 18))
    near = frequency_hz(pitch) * (1 << 18) / 48_000
    first = round(near * 0.95)
    found = first + int(spectrum[first : round(near * 1.05)].argmax())
    assert abs(1200 * np.log2(found / near)) < 3


def test_accents_fall_on_their_moments() -> None:
    form = plan_form(9000, 120)
    notes = compose(choose("bold", 3), form, (3.0, 6.0))
    crashes = [note.at_s for note in notes if note.track == "crash"]
    assert {3.0, 6.0} <= set(crashes)


def test_provider_names_its_licence_and_moods() -> None:
    provider = HouseMusicProvider()
    request = MusicRequest(mood="calm", duration_ms=1000, bpm=80, seed=1)
    assert asyncio.run(provider.compose(request)).licence == LICENCE
    assert provider.moods == ("bold", "bright", "calm", "elegant", "playful", "urban", "warm")


def _level_db(sound: npt.NDArray[np.float64]) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-12))


@pytest.mark.parametrize("mood", sorted(MOODS))
def test_piece_builds_up_and_lands_on_the_end_card(mood: str) -> None:
    beat_s = 60 / 120
    request = MusicRequest(
        mood=mood, duration_ms=14_500, bpm=120, seed=4, accents_ms=(4000, 8000, 12_000)
    )
    pcm = parse_wav(compose_bed(request).wav).pcm
    sound = np.frombuffer(pcm, "<i2").reshape(-1, 2) / 32768
    part = {at: sound[round(at * 48_000) : round((at + 2) * 48_000)] for at in (0, 8, 12)}
    assert _level_db(part[8]) > _level_db(part[0]) + 1.5
    card, before = sound[12 * 48_000 :][:9600], sound[round((12 - beat_s) * 48_000) :][:9600]
    assert _level_db(card) > _level_db(before)
    assert _level_db(sound[-9600:]) < _level_db(part[12]) - 8
    assert plan_form(14_500, 120, request.accents_ms).end_s == pytest.approx(12.0)


@pytest.mark.parametrize("mood", sorted(MOODS))
def test_small_speakers_hear_the_music_and_both_ears_differ(mood: str) -> None:
    sound = _sound(mood, 2, 8000)
    power = np.abs(np.fft.rfft(sound.mean(axis=1))) ** 2
    frequencies = np.fft.rfftfreq(len(sound), 1 / 48_000)
    low = power[(frequencies > 40) & (frequencies < 250)].sum()
    mids = power[(frequencies > 500) & (frequencies < 8000)].sum()
    assert -13 < 10 * np.log10(mids / low) < 9
    assert np.atleast_2d(np.corrcoef(sound.T))[0, 1] < 0.97
