from __future__ import annotations

from decimal import Decimal

import pytest

from handbill.domain.money import Price
from handbill.facts import HOUSE_LANGUAGES, Offer, badge_in, offer_in, parse_offer

EUR = "EUR"


def _percent(number: str, **more: object) -> Offer:
    return Offer(kind="percent", percent=Decimal(number), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "20% off",
        "20 % OFF",
        "−20%",
        "Save 20%",
        "20% discount",
        "8折",
        "八折",
        "打8折",
        "立减20%",
        "２０％オフ",
        "2割引",
        "20% de descuento",
        "20 % dto.",
        "20 % Rabatt",
        "Spare 20 %",
        "خصم 20%",
        "خصم ٢٠٪",
        "Now 20% off!",
    ],
)
def test_reads_twenty_percent_in_every_house_language(text: str) -> None:
    assert parse_offer(text) == _percent("20")


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("Up to 50% off everything", _percent("50", up_to=True, conditions=("everything",))),
        ("低至5折", _percent("50", up_to=True)),
        ("全场五折起", _percent("50", up_to=True, conditions=("everything",))),
        ("八五折", _percent("15")),
        ("7.5折", _percent("25")),
        ("半額", _percent("50")),
        ("20% off your first order", _percent("20", conditions=("first_order",))),
        ("20% off with code SPRING20", _percent("20", code="SPRING20")),
        ("€10 off", Offer(kind="amount", amount=Price(Decimal(10), EUR))),
        ("500円引き", Offer(kind="amount", amount=Price(Decimal(500), "JPY"))),
        (
            "满200减30",
            Offer(kind="amount", amount=Price(Decimal(30), EUR), minimum=Price(Decimal(200), EUR)),
        ),
        (
            "Spend $50, save $10",
            Offer(
                kind="amount",
                amount=Price(Decimal(10), "USD"),
                minimum=Price(Decimal(50), "USD"),
            ),
        ),
        ("2 for 1", Offer(kind="bundle", get=2, pay=1)),
        ("Buy 2 get 1 free", Offer(kind="bundle", get=3, pay=2)),
        ("买一送一", Offer(kind="bundle", get=2, pay=1)),
        ("3x2", Offer(kind="bundle", get=3, pay=2)),
        ("3 für 2", Offer(kind="bundle", get=3, pay=2)),
        ("اشترِ 2 واحصل على 1 مجانًا", Offer(kind="bundle", get=3, pay=2)),
        ("3 for €10", Offer(kind="bundle_price", get=3, amount=Price(Decimal(10), EUR))),
        ("第二件半价", Offer(kind="second_half")),
        ("送料無料", Offer(kind="free_shipping")),
        ("满99包邮", Offer(kind="free_shipping", minimum=Price(Decimal(99), EUR))),
        ("Free gift", Offer(kind="free_gift")),
        ("ab 9,90 €", Offer(kind="from_price", amount=Price(Decimal("9.90"), EUR))),
        ("9.9元起", Offer(kind="from_price", amount=Price(Decimal("9.9"), "CNY"))),
        ("ab 1.299 €", Offer(kind="from_price", amount=Price(Decimal(1299), EUR))),
    ],
)
def test_reads_offers(text: str, offer: Offer) -> None:
    assert parse_offer(text, EUR) == offer


@pytest.mark.parametrize(
    "text", ["", "Brew your best cup", "New arrival", "12 months warranty", "150% off", "🎉🎉"]
)
def test_what_is_no_offer_is_none(text: str) -> None:
    assert parse_offer(text) is None


def test_words_that_were_not_understood_keep_an_offer_in_its_language() -> None:
    offer = parse_offer("10% off when you bring a friend")
    assert offer is not None
    assert offer.rest
    assert [offer_in(offer, locale) for locale in HOUSE_LANGUAGES] == [""] * 6
    assert [badge_in(offer, locale) for locale in HOUSE_LANGUAGES] == [""] * 6


@pytest.mark.parametrize(
    ("text", "locale", "said", "badge"),
    [
        ("20% off", "zh-CN", "8折优惠", "8折"),
        ("17% off", "zh-CN", "立减17%", "立减17%"),
        ("20% off", "de", "20\xa0% Rabatt", "−20\xa0%"),
        ("20% off", "ja", "20%オフ", "20%OFF"),
        ("20% off", "ar", "خصم 20%", "خصم 20%"),
        ("8折", "en-GB", "20% off", "20% off"),
        ("2x1", "en", "Buy one, get one free", "2 for 1"),
        ("3 for 2", "zh-CN", "买二送一", "买二送一"),
        ("满99包邮", "es", "Envío gratis desde 99\xa0€", "Envío gratis desde 99\xa0€"),
        ("20% off your first order", "ja", "初回購入20%オフ", "20%OFF"),
        ("20% off with code HI5", "de", "20\xa0% Rabatt mit Code HI5", "−20\xa0%"),
        ("20% off", "fr", "", ""),
    ],
)
def test_says_offers(text: str, locale: str, said: str, badge: str) -> None:
    offer = parse_offer(text, EUR)
    assert offer is not None
    assert offer_in(offer, locale) == said
    assert badge_in(offer, locale) == badge


@pytest.mark.parametrize("locale", HOUSE_LANGUAGES)
@pytest.mark.parametrize(
    "text",
    [
        "20% off",
        "17% off",
        "Up to 50% off",
        "€10 off",
        "Up to €10 off",
        "Spend €50, save €10",
        "2 for 1",
        "3 for 2",
        "3 for €10",
        "Second one half price",
        "Free shipping",
        "Free shipping over €50",
        "Free gift",
        "From €9.90",
        "20% off everything",
        "20% off selected items",
        "20% off online only",
        "20% off in store",
        "20% off today",
        "20% off this week",
        "20% off this weekend",
        "20% off for students",
        "20% off for members",
        "20% off your first order",
        "20% off with code SPRING",
    ],
)
def test_what_is_said_in_one_language_is_read_back_the_same(text: str, locale: str) -> None:
    offer = parse_offer(text, EUR)
    assert offer is not None
    assert parse_offer(offer_in(offer, locale), EUR) == offer
