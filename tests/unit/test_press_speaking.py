"""Speech: a brand's own pronunciation and manner, and captions that show what is written."""

from __future__ import annotations

from typing import Any

import pytest

from handbill.domain.brandkit import BrandKit, Palette, Speaker, Typeface
from handbill.press.speaking import exchanged, speech_request

_KIT: dict[str, Any] = {
    "name": "Harbour",
    "palette": Palette(primary="#0b6e4f", secondary="#f6ae2d", ink="#14213d", paper="#faf6ee"),
    "heading": Typeface(family="Poppins"),
    "body": Typeface(family="Lato"),
}
_SPEAKER = Speaker(
    voices={"de": "onyx", "*": "alloy"},
    pace=1.1,
    mood="warm",
    lexicon={"*": {"Nîmes": "neem", "HBR": "harbour"}, "de": {"HBR": "Hafen"}},
)


@pytest.mark.parametrize(
    ("locale", "text", "said", "voice"),
    [
        ("en", "HBR from Nîmes, 20% off.", "harbour from neem, 20 percent off.", "alloy"),
        ("de-AT", "HBR aus Nîmes.", "Hafen aus neem.", "onyx"),
        ("en", "See harbour.example/tea.", "See harbour dot example slash tea.", "alloy"),
    ],
)
def test_line_is_said_by_the_brands_lexicon_in_its_voice(
    locale: str, text: str, said: str, voice: str
) -> None:
    request = speech_request(BrandKit(**_KIT, speaker=_SPEAKER), locale, text)
    assert request.text == said
    assert request.voice == voice
    assert (request.pace, request.mood) == (1.1, "warm")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("🔥 Big sale 🎉!", "Big sale!"),
        ("New Café™ → try it 👩‍🍳", "New Café try it"),
        ("★★★★★", "★★★★★"),
        ("Just 20 °C, No. 1️⃣", "Just 20 degrees Celsius, No. 1"),
        ("क्‍षमा 🙏", "क्‍षमा"),
    ],
)
def test_what_is_only_seen_is_not_said(text: str, said: str) -> None:
    assert speech_request(BrandKit(**_KIT), "xx", text).text == said


def test_whole_words_are_exchanged_once_the_longest_first() -> None:
    words = {"3 euros 90": "€3.90", "euros": "pounds", "HBR": "euros", "海港": "港口"}
    assert exchanged("Only 3 euros 90, not 13 euros 90.", words) == "Only €3.90, not 13 pounds 90."
    assert exchanged("HBRS are no HBR", words) == "HBRS are no euros"
    assert exchanged("去海港吧", words) == "去港口吧"
    assert exchanged("Nothing", {}) == "Nothing"
