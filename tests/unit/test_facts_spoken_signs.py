"""Written sentences as a voice reads them: prices, units, days, times, phones, addresses."""

from __future__ import annotations

from decimal import Decimal

import pytest

from handbill.facts import spoken_text
from handbill.facts.spoken_signs import parsed_amount

_SAID = {
    "en": {
        "Only $1,299.99 until 2026-12-24, 25% off.": (
            "Only 1,299 dollars 99 until December 24, 2026, 25 percent off."
        ),
        "210 g, 3.5 kg & 500ml, 1 m": "210 grams, 3.5 kilograms and 500 milliliters, 1 meter",
        "Open 9:00-17:30, call +44 20 7946 0101.": (
            "Open 9 o'clock to 17 30, call plus 4 4, 2 0, 7 9 4 6, 0 1 0 1."
        ),
        "See harbour-tea.example/spring?utm=1.": "See harbour tea dot example slash spring.",
        "£0.99 or $1": "99 pence or 1 dollar",
        "A 5-star stay in 2024, 24/7": "A 5-star stay in 2024, 24/7",
    },
    "de": {
        "Nur 1.299,99 € bis 24.12.2026": "Nur 1.299 Euro 99 bis 24. Dezember 2026",
        "Geöffnet 9:00–17:30 Uhr": "Geöffnet 9 Uhr bis 17 Uhr 30",
    },
    "es": {"Solo 3,90 €, 500 g": "Solo 3 euros con 90, 500 gramos"},
    "zh-CN": {"仅需¥1,299.90，重1.5 L": "仅需1299.9元，重1.5升", "9:00-17:30": "9点到17点30分"},
    "ja": {"¥1,980、210g": "1980円、210 グラム"},
    "ar": {"3.90 د.إ. فقط": "3 درهم إماراتي و 90 فقط"},
}


@pytest.mark.parametrize(
    ("locale", "written", "said"),
    [(locale, text, said) for locale, pairs in _SAID.items() for text, said in pairs.items()],
)
def test_signs_and_figures_are_said_in_words(locale: str, written: str, said: str) -> None:
    assert spoken_text(written, locale) == said
    assert spoken_text(said, locale) == said


@pytest.mark.parametrize(
    ("written", "amount"),
    [("1.299,90", "1299.90"), ("1,299.90", "1299.90"), ("1'299", "1299"), ("1,980", "1980"),
     ("3,9", "3.9"), ("12", "12")],
)  # fmt: skip
def test_amounts_are_read_in_every_countrys_writing(written: str, amount: str) -> None:
    assert parsed_amount(written) == Decimal(amount)
