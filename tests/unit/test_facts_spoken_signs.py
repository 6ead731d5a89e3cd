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
        "A 5-star stay in 2024, 24/7": "A 5-star stay in 2024, 24 7",
        "Approx. 3 m², approx. 5 GB, No. 5 & #2": (
            "Approx. 3 square meters, approximately 5 gigabytes, number 5 and number 2"
        ),
        "Great 🎉 deal ✨! Disney+ and C++": "Great deal! Disney plus and C plus plus",
        "20 cm x 30 cm, 2x stronger": "20 centimeters by 30 centimeters, 2 times stronger",
        "Open 9:00 am–5:30 pm, tyres 205/55 R16": "Open 9 am–5 30 pm, tyres 205 55 R16",
        "Raised €1.5M": "Raised €1.5M",
    },
    "en-GB": {"Due 03/04/2027, 500 ml": "Due 3 April 2027, 500 millilitres"},
    "fr": {
        "env. 3 m², n° 5, p. ex. 2x": "environ 3\xa0mètres carrés, numéro 5, par exemple 2 fois",
        "Ouvert à 15:30 h, −20 %": "Ouvert à 15 heures 30, 20 pour cent",
        "Sel & poivre, 3,90 €": "Sel et poivre, 3 euros 90",
        "Appelez le 01 23 45 67 89": "Appelez le 0 1, 2 3, 4 5, 6 7, 8 9",
    },
    "it": {"ca. 1,5 kg, n. 5, €9,90": "circa 1,5 chilogrammi, numero 5, 9 euro e 90"},
    "pt-BR": {
        "US$ 1.299, aprox. 20 cm x 30 cm": (
            "1.299 dólares, aproximadamente 20 centímetros por 30 centímetros"
        )
    },
    "nl": {"ca. 2x sneller, € 9,90 incl. btw": "circa 2 keer sneller, 9 euro 90 inclusief btw"},
    "pl": {
        "ok. 25 % taniej, 500 ml & 2x": "około 25 procent taniej, 500 mililitrów i 2 razy",
        "sklep.example/wiosna": "sklep kropka example ukośnik wiosna",
        "19,90 zł": "19 złotych 90",
    },
    "de": {
        "Nur 1.299,99 € bis 24.12.2026": "Nur 1.299 Euro 99 bis 24. Dezember 2026",
        "Geöffnet 9:00–17:30 Uhr": "Geöffnet 9 Uhr bis 17 Uhr 30",
        "ca. 3 m², inkl. MwSt., z. B. Nr. 5": (
            "circa 3 Quadratmeter, inklusive MwSt., zum Beispiel Nummer 5"
        ),
        "Tel. 030 1234567": "Telefon 0 3 0, 1 2 3 4 5 6 7",
    },
    "es": {"Solo 3,90 €, 500 g": "Solo 3 euros con 90, 500 gramos"},
    "zh-CN": {
        "仅需¥1,299.90，重1.5 L": "仅需1299.9元，重1.5升",
        "9:00-17:30": "9点到17点30分",
        "iPad+ 🎁，快2x，25%": "iPad 加，快2倍，百分之25",
    },
    "ja": {"¥1,980、210g": "1980円、210 グラム", "25%オフ、2x": "25パーセントオフ、2倍"},
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
