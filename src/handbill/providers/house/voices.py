"""Which languages the house speaks, and with which of espeak-ng's voices."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseVoice:
    """How one language is spoken.

    Attributes:
        voice: espeak-ng's voice with its variant.
        words_per_minute: at pace 1.0.
        pitch, pitch_range, word_gap: as in `foreign.espeak.Utterance`.
    """

    voice: str
    words_per_minute: int = 158
    pitch: int = 46
    pitch_range: int = 62
    word_gap: int = 0


# By language, then by locale where countries differ.
VOICES: dict[str, HouseVoice] = {
    "ar": HouseVoice(voice="ar+Michael", words_per_minute=170),
    "cs": HouseVoice(voice="cs+Michael"),
    "da": HouseVoice(voice="da+Michael"),
    "de": HouseVoice(voice="de+Michael", words_per_minute=152),
    "el": HouseVoice(voice="el+Michael"),
    "en": HouseVoice(voice="en-us+Michael"),
    "en-gb": HouseVoice(voice="en-gb-x-rp+Michael"),
    "es": HouseVoice(voice="es+Michael", words_per_minute=162),
    "es-419": HouseVoice(voice="es-419+Michael", words_per_minute=162),
    "es-mx": HouseVoice(voice="es-419+Michael", words_per_minute=162),
    "fi": HouseVoice(voice="fi+Michael"),
    "fr": HouseVoice(voice="fr+Michael", words_per_minute=160),
    "hi": HouseVoice(voice="hi+Michael"),
    "hu": HouseVoice(voice="hu+Michael"),
    "id": HouseVoice(voice="id+Michael"),
    "it": HouseVoice(voice="it+Michael", words_per_minute=160),
    "ja": HouseVoice(voice="ja+Michael", words_per_minute=170, pitch_range=50),
    "ko": HouseVoice(voice="ko+Michael", words_per_minute=165),
    "nb": HouseVoice(voice="nb+Michael"),
    "nl": HouseVoice(voice="nl+Michael"),
    "pl": HouseVoice(voice="pl+Michael"),
    "pt": HouseVoice(voice="pt-br+Michael"),
    "pt-pt": HouseVoice(voice="pt+Michael"),
    "ro": HouseVoice(voice="ro+Michael"),
    "ru": HouseVoice(voice="ru+Michael"),
    "sv": HouseVoice(voice="sv+Michael"),
    "tr": HouseVoice(voice="tr+Michael"),
    "uk": HouseVoice(voice="uk+Michael"),
    "vi": HouseVoice(voice="vi+Michael"),
    "zh": HouseVoice(voice="cmn+Michael", words_per_minute=178, pitch_range=50),
    "zh-hk": HouseVoice(voice="yue+Michael", words_per_minute=170, pitch_range=50),
}


def voice_for(locale: str) -> HouseVoice | None:
    """The voice of `locale`, by country, else by language; None where there is none."""
    tag = locale.replace("_", "-").lower()
    return VOICES.get(tag) or VOICES.get(tag.split("-", maxsplit=1)[0])


def spoken_languages() -> tuple[str, ...]:
    """Every language that the house speaks, sorted."""
    return tuple(sorted({tag.split("-")[0] for tag in VOICES}))
