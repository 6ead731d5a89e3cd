"""The house voice: espeak-ng with voices picked by locale and a little studio work on top.

A draft voice: clear, timed to the word, and audibly synthetic. It needs no network and no key.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from functools import lru_cache

import numpy as np

from handbill.domain.sound import Samples, wav_bytes
from handbill.errors import CapabilityMissing, RenderError, Unavailable
from handbill.foreign.espeak import Recording, Utterance, run_espeak
from handbill.providers.house.voice_japanese import kana_of
from handbill.providers.house.voice_studio import polish
from handbill.providers.house.voices import HouseVoice, spoken_languages, voice_for
from handbill.providers.ports import SpeechAnswer, SpeechRequest

# Words of a mood → pace and swing of the pitch.
_MOODS = {
    "calm": (0.92, -10),
    "unhurried": (0.92, 0),
    "serious": (0.95, -18),
    "warm": (0.97, 4),
    "bright": (1.03, 10),
    "lively": (1.07, 18),
    "excited": (1.1, 26),
    "urgent": (1.12, 12),
}


class HouseVoiceProvider:
    """Speaks by espeak-ng in a process of its own; the same request gives the same bytes."""

    def speaks(self, locale: str) -> bool:
        """Whether there is a voice for `locale`."""
        return voice_for(locale) is not None

    async def speak(self, request: SpeechRequest) -> SpeechAnswer:
        """One line of speech at 48 000 Hz with word times.

        Raises:
            CapabilityMissing: no voice for the locale, or kanji without the extra ``japanese``.
            Unavailable: espeak-ng is not there or gave no sound.
        """
        return await asyncio.to_thread(speak_line, request)


@lru_cache(maxsize=32)
def speak_line(request: SpeechRequest) -> SpeechAnswer:
    """`HouseVoiceProvider.speak` without an event loop; raises the same.

    Films of one row in several shapes say the same, so the last lines are kept.
    """
    voice = _must_be_speakable(request)
    name = request.voice or voice.voice
    pace, swing = _manner(request.mood)
    speed = voice.words_per_minute * request.pace * pace
    text = _speakable(request)
    spelt = {f"[[{sounds}]]": word for word, sounds in request.phonemes}
    said = Utterance(
        text=text,
        phonemes=bool(spelt),
        voice=name,
        words_per_minute=round(min(450.0, max(80.0, speed))),
        pitch=voice.pitch,
        pitch_range=min(100, max(0, voice.pitch_range + swing)),
        word_gap=voice.word_gap,
    )
    try:
        recording = run_espeak((said,))[0]
    except RenderError as fault:
        raise Unavailable(str(fault), provider="house", model="espeak-ng") from fault
    words = tuple(replace(one, text=spelt.get(one.text, one.text)) for one in recording.words)
    return _answer(replace(recording, words=words))


def _manner(mood: str) -> tuple[float, int]:
    """Pace and swing of the pitch for the first word of `mood` that is known."""
    found = (manner for word, manner in _MOODS.items() if word in mood.lower())
    return next(found, (1.0, 0))


def _must_be_speakable(request: SpeechRequest) -> HouseVoice:
    voice = voice_for(request.locale)
    if voice is None:
        known = ", ".join(spoken_languages())
        raise CapabilityMissing(
            f"the house voice does not speak {request.locale!r}; it speaks {known}",
            provider="house",
        )
    return voice


def _speakable(request: SpeechRequest) -> str:
    """The text as espeak-ng can read it."""
    if request.locale.lower().startswith("ja"):
        return kana_of(request.text)
    sounds = dict(request.phonemes)
    if not sounds:
        return request.text
    plain = request.text.replace("[[", " ").replace("]]", " ")
    words = "|".join(re.escape(word) for word in sorted(sounds, key=len, reverse=True))
    return re.sub(rf"(?<!\w)({words})(?!\w)", lambda one: f"[[{sounds[one.group()]}]]", plain)


def _answer(recording: Recording) -> SpeechAnswer:
    samples = np.frombuffer(recording.pcm, dtype="<i2").astype(np.float32) / 32768.0
    polished, rate_hz = polish(samples, recording.rate_hz)
    pcm = np.round(polished * 32767.0).astype("<i2").tobytes()
    wav = wav_bytes(Samples(pcm=pcm, rate_hz=rate_hz, channels=1))
    return SpeechAnswer(wav=wav, words=recording.words)
