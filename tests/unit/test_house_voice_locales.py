"""The house voice: which locales it speaks, and what its sound is like."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from handbill.domain.sound import parse_wav
from handbill.errors import CapabilityMissing
from handbill.providers.house.voice import HouseVoiceProvider, speak_line
from handbill.providers.house.voice_japanese import kana_of
from handbill.providers.ports import SpeechRequest

_LINES = {
    "en": "Fresh juice, every morning.",
    "zh-CN": "新鲜果汁，每天早上。",
    "es": "Zumo fresco cada mañana.",
    "de": "Frischer Saft, jeden Morgen.",
    "ar": "عصير طازج كل صباح.",
    "ja": "毎朝のジュース。",
}


@pytest.mark.parametrize("locale", sorted(_LINES))
def test_every_house_language_is_spoken(locale: str) -> None:
    answer = speak_line(SpeechRequest(text=_LINES[locale], locale=locale))
    samples = parse_wav(answer.wav)
    assert (samples.rate_hz, samples.channels) == (48_000, 1)
    assert 700 < samples.duration_ms < 6_000
    assert answer.words
    assert answer.words[-1].end_ms == pytest.approx(samples.duration_ms, abs=5)


def test_sound_is_level_and_soft_at_both_ends() -> None:
    answer = speak_line(SpeechRequest(text=_LINES["en"], locale="en"))
    sound = np.frombuffer(parse_wav(answer.wav).pcm, "<i2") / 32768
    assert np.abs(sound).max() < 0.9
    spoken = sound[np.abs(sound) > 0.01]
    assert 0.08 < float(np.sqrt(np.mean(spoken**2))) < 0.25
    assert abs(sound[0]) < 0.001
    assert abs(sound[-1]) < 0.001


def test_pace_changes_the_length() -> None:
    def length_ms(pace: float) -> int:
        request = SpeechRequest(text=_LINES["en"], locale="en", pace=pace)
        return parse_wav(speak_line(request).wav).duration_ms

    assert length_ms(0.8) > length_ms(1.0) > length_ms(1.4)


def test_locale_without_voice_is_refused_with_what_there_is() -> None:
    assert not HouseVoiceProvider().speaks("tlh")
    with pytest.raises(CapabilityMissing, match=r"does not speak 'tlh'.*de, .*en, "):
        speak_line(SpeechRequest(text="nuqneH", locale="tlh"))


def test_same_request_gives_the_same_bytes() -> None:
    request = SpeechRequest(text=_LINES["de"], locale="de-AT")
    provider = HouseVoiceProvider()
    first = asyncio.run(provider.speak(request))
    assert asyncio.run(provider.speak(request)) == first


@pytest.mark.parametrize(
    ("text", "kana"),
    [
        ("毎朝のジュース。", "マイアサのジュース。"),
        ("石けんは手にやさしい。", "セッケンワテにヤサシイ。"),
        ("20%オフ", "ニジュウパーセントオフ"),
        ("¥2,980", "ニセンキュウヒャクハチジュウエン"),
        ("5月1日まで", "ゴガツツイタチまで"),
        ("4月20日", "シガツハツカ"),
        ("１０８００円", "イチマンハッピャクエン"),
        ("3.5倍", "サンテンゴバイ"),
    ],
)
def test_japanese_is_read_in_kana(text: str, kana: str) -> None:
    assert kana_of(text) == kana


def test_japanese_is_read_by_several_threads_at_once() -> None:
    text = "毎朝の新しいジュースを、港の店で。" * 40
    with ThreadPoolExecutor(4) as threads:
        read = set(threads.map(kana_of, [text] * 40))
    assert read == {kana_of(text)}
