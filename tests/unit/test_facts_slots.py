from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from handbill.domain.brandkit import AccountVoice, BrandKit, Palette, Typeface
from handbill.domain.brief import Brief, SourceRow
from handbill.domain.money import Price
from handbill.facts import (
    SLOTS,
    facts_of,
    format_day,
    format_percent,
    format_price,
    is_rtl,
    isolate,
    script_of_locale,
    script_of_text,
    short_url,
    spoken_facts_of,
    spoken_phone,
    spoken_price,
    spoken_text,
    spoken_url,
)

PALETTE = Palette(primary="#112233", secondary="#445566", ink="#000000", paper="#ffffff")
KIT = BrandKit(
    name="Harbour Tea",
    palette=PALETTE,
    heading=Typeface(family="Poppins"),
    body=Typeface(family="Poppins"),
    url="https://harbour-tea.example",
    accounts={
        "north": AccountVoice(
            name="north", display_name="Harbour Tea North", store_phone="+49 40 999"
        )
    },
)
BRIEF = Brief(
    id="1",
    slug="socks",
    source=SourceRow(file="briefs.csv", row=2),
    language="en",
    product="3-Pack Socks",
    offer="20% off your first order",
    category="Clothes",
    price=Price(Decimal("19.90"), "EUR"),
    compare_at_price=Price(Decimal("29.90"), "EUR"),
    url="https://www.harbour-tea.example/spring?utm=1",
    ends_on=date(2026, 5, 31),
    store_phone="+49 40 123 456",
)


def _facts(locale: str, account: str = "", **changes: object) -> dict[str, str]:
    return facts_of(dataclasses.replace(BRIEF, **changes), KIT, locale, account)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        (
            "en",
            {
                "price": "€19.90",
                "saving": "€10",
                "percent_off": "33%",
                "offer": "20% off your first order",
                "ends_on": "May 31",
                "url_short": "harbour-tea.example/spring",
                "category": "Clothes",
            },
        ),
        ("zh-CN", {"price": "€19.90", "offer": "首单8折优惠", "ends_on": "5月31日"}),
        ("de", {"price": "19,90\xa0€", "percent_off": "33\xa0%", "ends_on": "31. Mai"}),
        ("es", {"price": "19,90\xa0€", "ends_on": "31 de mayo"}),
        ("ja", {"price": "€19.90", "ends_on": "5月31日"}),
        (
            "ar",
            {
                "price": "19.90\xa0€",
                "ends_on": "31 مايو",
                "store_phone": "\u2066+49 40 123 456\u2069",
                "product": "\u20683-Pack Socks\u2069",
                "brand": "Harbour Tea",
            },
        ),
    ],
)
def test_facts_as_the_locale_writes_them(locale: str, expected: Mapping[str, str]) -> None:
    facts = _facts(locale)
    assert {name: facts[name] for name in expected} == expected


def test_facts_that_the_row_has_not_are_absent() -> None:
    facts = facts_of(
        Brief(id="1", slug="a", source=SourceRow(file="a", row=2), language="en", product="Tea"),
        dataclasses.replace(KIT, url=""),
        "en",
        "",
    )
    assert facts == {"product": "Tea", "brand": "Harbour Tea"}


def test_a_text_of_another_language_is_no_fact_but_a_name_is() -> None:
    facts = _facts("zh-CN", offer="10% off when you bring a friend")
    assert "category" not in facts
    assert "offer" not in facts
    assert "badge" not in facts
    assert facts["product"] == "3-Pack Socks"


def test_an_account_has_its_own_name_and_phone() -> None:
    facts = _facts("en", "north", store_phone="")
    assert facts["brand"] == "Harbour Tea North"
    assert facts["store_phone"] == "+49 40 999"


@pytest.mark.parametrize(
    ("price", "before", "percent"),
    [("19.99", "29.99", "33%"), ("6.67", "10", "33%"), ("9.95", "10", ""), ("10", "10", "")],
)
def test_percentages_are_rounded_down(price: str, before: str, percent: str) -> None:
    facts = _facts(
        "en",
        offer="",
        price=Price(Decimal(price), "EUR"),
        compare_at_price=Price(Decimal(before), "EUR"),
    )
    assert facts.get("percent_off", "") == percent


def test_nothing_is_saved_across_currencies_or_upwards() -> None:
    dearer = _facts("en", offer="", compare_at_price=Price(Decimal(5), "EUR"))
    foreign = _facts("en", offer="", compare_at_price=Price(Decimal(50), "USD"))
    for facts in (dearer, foreign):
        assert not {"saving", "percent_off", "compare_at_price", "badge"} & set(facts)


def test_prices_alone_make_a_badge() -> None:
    assert _facts("zh-CN", offer="")["badge"] == "立减33%"
    assert _facts("de", offer="")["badge"] == "−33\xa0%"


def test_every_slot_has_a_known_name() -> None:
    assert {name.removeprefix("spoken_") for name in _facts("en")} <= set(SLOTS)
    assert _facts("en")["spoken_price"] == "19 euros 90"


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "text"),
    [
        ("1299", "CNY", "zh-CN", "¥1,299"),
        ("1299.5", "USD", "en", "$1,299.50"),
        ("1980", "JPY", "ja", "￥1,980"),
        ("45.00", "SAR", "ar", "45\xa0ر.س."),
        ("45", "SAR", "en", "SAR\xa045"),
        ("19.9", "", "de", "19,90"),
        ("0", "EUR", "en", "€0"),
        ("1.005", "EUR", "en", "€1.005"),
        ("5", "EUR", "xx-YY", "€5"),
    ],
)
def test_prices(amount: str, currency: str, locale: str, text: str) -> None:
    assert format_price(Price(Decimal(amount), currency), locale) == text


def test_days_and_percentages() -> None:
    assert format_day(date(2026, 5, 31), "en-GB", with_year=True) == "31 May 2026"
    assert format_percent(Decimal("12.5"), "es") == "12,5\xa0%"


@pytest.mark.parametrize(
    ("url", "short"),
    [
        ("https://www.a.example/", "a.example"),
        ("a.example/b/", "a.example/b"),
        ("https://a.example/" + "long/" * 9, "a.example"),
    ],
)
def test_short_addresses(url: str, short: str) -> None:
    assert short_url(url) == short


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Spring tea", "Latn"),
        ("春茶上市", "Hani"),
        ("春のお茶", "Jpan"),
        ("新商品の緑茶、本日発売", "Jpan"),
        ("شاي الربيع", "Arab"),
        ("Весна", "Cyrl"),
        ("봄", "Hang"),
        ("123 🎉", ""),
    ],
)
def test_scripts(text: str, script: str) -> None:
    assert script_of_text(text) == script


def test_locales_have_scripts_and_directions() -> None:
    assert [script_of_locale(tag) for tag in ("zh-CN", "zh-Hant", "ja", "sr-Latn", "pt-BR")] == [
        "Hani",
        "Hani",
        "Jpan",
        "Latn",
        "Latn",
    ]
    assert is_rtl("ar-EG")
    assert is_rtl("he")
    assert not is_rtl("en")


def test_isolates_only_where_a_line_would_be_taken_apart() -> None:
    assert isolate("Harbour Tea", "ar") == "Harbour Tea"
    assert isolate("شاي", "ar") == "شاي"
    assert isolate("3-Pack", "en") == "3-Pack"
    assert isolate("", "ar") == ""


@pytest.mark.parametrize(
    ("locale", "spoken"),
    [
        ("en", "19 euros 90"),
        ("de", "19 Euro 90"),
        ("es", "19 euros con 90"),
        ("zh-CN", "19.9欧元"),
        ("ja", "19.9ユーロ"),
        ("ar", "19 يورو و 90"),
    ],
)
def test_prices_for_the_ear(locale: str, spoken: str) -> None:
    assert spoken_price(Price(Decimal("19.90"), "EUR"), locale) == spoken


def test_addresses_phones_and_percentages_for_the_ear() -> None:
    assert spoken_url("https://www.harbour-tea.example/spring?x=1", "en") == (
        "harbour tea dot example slash spring"
    )
    assert spoken_phone("+49 40 12", "en") == "plus 4 9, 4 0, 1 2"
    assert spoken_text("−20\xa0% bis Mai, www.tee.de/neu", "de") == (
        "20 Prozent bis Mai, tee Punkt de Schrägstrich neu"
    )
    assert spoken_text("\u20683-Pack\u2069", "ar") == "3-Pack"
    assert spoken_text("2x1", "es") == "2 por 1"


@pytest.mark.parametrize("locale", ["en", "zh-CN", "es", "de", "ja", "ar", "fr"])
def test_spoken_facts_have_the_same_names(locale: str) -> None:
    spoken = spoken_facts_of(BRIEF, KIT, locale, "")
    written = {name for name in _facts(locale) if not name.startswith("spoken_")}
    assert set(spoken) == written
    assert not any(
        sign in text for text in spoken.values() for sign in ("\u2066", "\u2069", "://")
    )
