"""Faithful copies pass the fact gate, and copies with one wrong statement do not."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest

from handbill.checking.fact_gate import check_facts
from handbill.checking.view import CopyView
from handbill.domain.brief import Brief
from handbill.domain.copy import Copy, DisplayText
from handbill.domain.money import Price
from handbill.domain.order import Order
from handbill.facts import facts_of, format_day, format_price
from tests.doubles.checked import BRIEF, KIT, order_for

LOCALES = ("en", "zh-CN", "es", "de", "ja", "ar")
COPIES = 504
TEMPLATES = {
    "en": (
        "{product} now {price} instead of {compare_at_price}. {offer}, until {ends_on}. {url}",
        "Only until {ends_on}: {offer}. A tin of {size} g, about {cups} cups. Call {store_phone}.",
        "Save {saving} on {product}, {percent_off} less: {url_short}",
        "{price}. One cup at a time, first things first. 3, 2, 1… {url_short}",
    ),
    "zh-CN": (
        "{product}现在只要{price}，原价{compare_at_price}，{offer}，{ends_on}截止。{url}",
        "{offer}！每罐{size}克，约{cups}杯。一起喝杯茶，电话{store_phone}",
        "立省{saving}（{percent_off}），{ends_on}前有效 {url_short}",
        "一年四季，一杯好茶。{price}，第一口就懂。",
    ),
    "es": (
        "{product}: {price} en lugar de {compare_at_price}. {offer} hasta el {ends_on}. {url}",
        "Una lata de {size} g, unas {cups} tazas. {offer}. Llama al {store_phone}.",
        "Ahorra {saving}, un {percent_off} menos: {url_short}",
        "Ten una taza cerca: {price}. Tres, dos, uno… {url_short}",
    ),
    "de": (
        "{product}: {price} statt {compare_at_price}. {offer} bis {ends_on}. {url}",
        "Eine Dose mit {size} g, etwa {cups} Tassen. {offer}. Ruf an: {store_phone}.",
        "Spare {saving}, das sind {percent_off}: {url_short}",
        "Ein Lächeln, eine Tasse: {price}. {url_short}",
    ),
    "ja": (
        "{product}、いまなら{price}（通常{compare_at_price}）。{offer}は{ends_on}まで。{url}",
        "一缶{size}g、約{cups}杯分。{offer}。お電話は{store_phone}",
        "{saving}お得、{percent_off}オフ。{url_short}",
        "今日の一枚、一杯のお茶。{price}",
    ),
    "ar": (
        "{product} الآن بسعر {price} بدلًا من {compare_at_price}. {offer} حتى {ends_on}. {url}",
        "علبة {size} غ، حوالي {cups} كوبًا. {offer}. اتصل على {store_phone}.",
        "وفّر {saving}، أي {percent_off} أقل: {url_short}",
        "كوب واحد في كل مرة: {price}. {url_short}",
    ),
}
INVENTED = {
    "en": "Over 48 sold today.",
    "zh-CN": "今天已售48件。",
    "es": "Más de 48 vendidos.",
    "de": "Schon 48 verkauft.",
    "ja": "本日48個販売。",
    "ar": "بيع منها ٤٨ اليوم.",
}
INVENTED_WORDS = {
    "en": "Two years of warranty.",
    "zh-CN": "三年质保。",
    "es": "Tres veces mejor.",
    "de": "Zwei Jahre Garantie.",
    "ja": "七個セット。",
    "ar": "سبعة ألوان.",
}


@dataclass(frozen=True)
class Case:
    """One order with the facts of its row and a faithful text."""

    order: Order
    facts: dict[str, str]
    text: str


def _brief(chance: random.Random) -> Brief:
    euros = chance.randrange(500, 9000)
    price = Decimal(euros) / 100
    before = price + Decimal(chance.randrange(150, 4000)) / 100
    size, cups = chance.choice((80, 125, 250, 400)), chance.choice((15, 35, 60))
    return dataclasses.replace(
        BRIEF,
        product=chance.choice(("Spring Green Tea", "Oolong No. 5", "2-Cup Teapot", "Mug 300")),
        description=f"A tin of {size} g makes about {cups} cups.",
        offer=f"{chance.choice((10, 15, 20, 25, 30))}% off your first order",
        price=Price(price, chance.choice(("EUR", "USD", "CNY", "JPY"))),
        compare_at_price=None,
        notes=f"{size}|{cups}|{before}",
        url=f"https://harbour-tea.example/p{chance.randrange(10, 99)}",
        ends_on=date(2026, 1, 1) + timedelta(days=chance.randrange(365)),
        translations={},
    )


def _cases() -> Iterator[Case]:
    chance = random.Random(7)  # noqa: S311 - seeded cases, not secrets
    for number in range(COPIES):
        locale = LOCALES[number % len(LOCALES)]
        brief = _brief(chance)
        size, cups, before = brief.notes.split("|")
        assert brief.price is not None
        brief = dataclasses.replace(
            brief, compare_at_price=Price(Decimal(before), brief.price.currency), notes=""
        )
        order = order_for("facebook.post", locale)
        order = dataclasses.replace(order, brief=brief)
        facts = facts_of(brief, KIT, locale, "")
        template = TEMPLATES[locale][number // len(LOCALES) % 4]
        yield Case(order, facts, template.format(size=size, cups=cups, **facts))


CASES = tuple(_cases())


def _fact_codes(case: Case, text: str) -> set[str]:
    copy = Copy(
        order_key=case.order.key,
        locale=case.order.locale,
        framework="plain",
        texts={"message": (text,)},
        display=DisplayText(headline=""),
    )
    view = CopyView(copy=copy, order=case.order, kit=KIT, facts=case.facts)
    return {finding.code for finding in check_facts(view)}


def _widened(text: str) -> str:
    return text.translate({ord(str(digit)): ord("０") + digit for digit in range(10)})


def _arabic(text: str) -> str:
    return text.translate({ord(str(digit)): ord("٠") + digit for digit in range(10)})


def test_faithful_copies_pass() -> None:
    alarms = [(case.text, codes) for case in CASES if (codes := _fact_codes(case, case.text))]
    assert len(alarms) <= len(CASES) // 100, alarms[:5]


def test_digits_of_other_scripts_and_widths_are_the_same_numbers() -> None:
    plain = [case for case in CASES if "example" not in case.text]
    assert len(plain) > 50
    for case in plain:
        assert _fact_codes(case, _widened(case.text)) == set(), case.text
        assert _fact_codes(case, _arabic(case.text)) == set(), case.text


def _another_price(case: Case, chance: random.Random) -> str:
    price = case.order.brief.price
    assert price is not None
    step = Decimal(chance.choice(("-1", "1", "0.10", "-0.10", "10", "0.01")))
    wrong = format_price(Price(price.amount + step, price.currency), case.order.locale)
    return f"{case.text} {wrong}"


def _another_price_in_place(case: Case, chance: random.Random) -> str:
    price = case.order.brief.price
    assert price is not None
    wrong = format_price(Price(price.amount + 1, price.currency), case.order.locale)
    text = case.text.replace(case.facts["price"], wrong)
    return text if text != case.text else f"{case.text} {wrong}"


def _another_currency(case: Case, chance: random.Random) -> str:
    price = case.order.brief.price
    assert price is not None
    other = {"EUR": "USD", "USD": "EUR", "CNY": "EUR", "JPY": "USD"}[price.currency]
    return f"{case.text} {format_price(Price(price.amount, other), case.order.locale)}"


def _another_percentage(case: Case, chance: random.Random) -> str:
    held = "".join(case.facts.values())
    free = [
        number
        for number in (37, 41, 43, 47, 53, 59)
        if f"{number}%" not in held.replace("\xa0", "")
    ]
    return f"{case.text} {chance.choice(free)}%"


def _another_day(case: Case, chance: random.Random) -> str:
    day = case.order.brief.ends_on
    assert day is not None
    wrong = day + timedelta(days=chance.choice((-7, -1, 1, 7, 31)))
    return f"{case.text} {format_day(wrong, case.order.locale)}"


def _another_day_in_figures(case: Case, chance: random.Random) -> str:
    day = case.order.brief.ends_on
    assert day is not None
    wrong = day + timedelta(days=1)
    return f"{case.text} {wrong.isoformat()}"


def _another_year(case: Case, chance: random.Random) -> str:
    day = case.order.brief.ends_on
    assert day is not None
    wrong = day.replace(year=2027, day=min(day.day, 28))
    return f"{case.text} {format_day(wrong, case.order.locale, with_year=True)}"


def _another_unit(case: Case, chance: random.Random) -> str:
    size = next(word for word in case.order.brief.description.split() if word.isdigit())
    return f"{case.text} {size} {chance.choice(('kg', 'ml', 'oz', 'km'))}"


def _another_path(case: Case, chance: random.Random) -> str:
    return f"{case.text} {case.order.brief.url}{chance.choice(('0', '/sale', 'x'))}"


def _another_host(case: Case, chance: random.Random) -> str:
    host = chance.choice(("harbour-tea.shop", "www.harbourtea.example", "tea.evil.com"))
    return f"{case.text} {host}"


def _another_phone(case: Case, chance: random.Random) -> str:
    return f"{case.text} +49 40 123 45{chance.randrange(10, 60)}"


def _an_email(case: Case, chance: random.Random) -> str:
    return f"{case.text} hello@harbour-tea.example"


def _a_handle(case: Case, chance: random.Random) -> str:
    return f"{case.text} @harbour.south"


def _a_number(case: Case, chance: random.Random) -> str:
    return f"{case.text} {INVENTED[case.order.locale]}"


def _a_number_word(case: Case, chance: random.Random) -> str:
    return f"{case.text} {INVENTED_WORDS[case.order.locale]}"


def _wide_digits(case: Case, chance: random.Random) -> str:
    return f"{case.text} {_widened('4891')}"


def _a_time(case: Case, chance: random.Random) -> str:
    return f"{case.text} 18:45"


MUTATIONS: tuple[Callable[[Case, random.Random], str], ...] = (
    _another_price,
    _another_price_in_place,
    _another_currency,
    _another_percentage,
    _another_day,
    _another_day_in_figures,
    _another_year,
    _another_unit,
    _another_path,
    _another_host,
    _another_phone,
    _an_email,
    _a_handle,
    _a_number,
    _a_number_word,
    _wide_digits,
    _a_time,
)


def test_copies_with_one_wrong_statement_are_caught() -> None:
    chance = random.Random(11)  # noqa: S311 - seeded cases, not secrets
    missed = []
    for number, case in enumerate(CASES):
        mutation = MUTATIONS[number % len(MUTATIONS)]
        text = mutation(case, chance)
        if not _fact_codes(case, text):
            missed.append((mutation.__name__, case.order.locale, text))
    assert len(missed) <= len(CASES) // 100, missed[:8]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_every_kind_of_wrong_statement_is_caught_in_every_language(
    mutation: Callable[[Case, random.Random], str],
) -> None:
    chance = random.Random(13)  # noqa: S311 - seeded cases, not secrets
    for case in CASES[:24]:
        text = mutation(case, chance)
        assert _fact_codes(case, text), (case.order.locale, text)
