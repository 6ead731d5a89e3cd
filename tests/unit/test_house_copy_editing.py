"""What a copy editor would strike: missing offers, places that are no news, words said twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from handbill.channels.units import sms_segments
from handbill.domain.brandkit import AccountVoice
from handbill.domain.brief import Brief
from handbill.domain.money import Price
from tests.doubles.house_writing import KIT, LOCALES, Written, briefs_in, write

URL = "https://gull.example/kettle"
OFFERED = {
    "en": "Free shipping",
    "zh-CN": "包邮",
    "es": "Envío gratis",
    "de": "Kostenloser Versand",
    "ja": "送料無料",
    "ar": "شحن مجاني",
}
SHOP_KIT = replace(
    KIT,
    accounts={
        "main": AccountVoice(
            name="main",
            display_name="Harbour Lane",
            store_name="Old Quay",
            store_address="Quay Street 9",
        )
    },
)


def kettle(locale: str, **changes: object) -> Brief:
    """A mug or a kettle that has a link; `changes` give it an offer, a date and so on."""
    bare = briefs_in(locale)[6]
    return replace(bare, url=URL, **changes)  # type: ignore[arg-type]


def messages(brief: Brief, locale: str) -> list[str]:
    return [w.copy.texts["text"][0] for w in write([brief], locale, ("sms.text",), variants=8)]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sms_carries_the_link_the_offer_and_its_last_day(locale: str) -> None:
    brief = kettle(locale, offer=OFFERED[locale], ends_on=date(2027, 4, 4))
    for written in write([brief], locale, ("sms.text",), variants=8):
        text = written.copy.texts["text"][0]
        assert "gull.example/kettle" in text
        assert written.facts["offer"].casefold() in text.casefold().replace("envio", "envío")
        assert written.facts["ends_on"] in text
        assert text.count("Harbour Lane") == 1
        assert sms_segments(text) <= (1 if locale in ("en", "de", "es") else 2), text


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sms_shows_the_former_price_with_its_last_day(locale: str) -> None:
    was = Price(Decimal("89.00"), "EUR")
    brief = kettle(locale, compare_at_price=was, ends_on=date(2027, 4, 4))
    for text in messages(brief, locale):
        assert "89" in text
        assert "gull.example/kettle" in text
        assert re.search(r"(?<!\d)(?:4|٤)(?!\d)", text), text
        assert sms_segments(text) <= 2


@pytest.mark.parametrize("locale", LOCALES)
def test_an_sms_of_a_plain_row_still_carries_the_link(locale: str) -> None:
    for text in messages(kettle(locale), locale):
        assert "gull.example/kettle" in text
        assert sms_segments(text) == 1


def test_a_brand_within_the_products_name_is_not_said_again() -> None:
    for text in messages(kettle("en", product="Harbour Lane Kettle"), "en"):
        assert text.count("Harbour Lane") == 1


def displays(brief: Brief) -> list[Written]:
    brief = replace(brief, store_name="", store_address="", accounts=("main",))
    return write([brief], "en", ("instagram.story",), variants=9, kit=SHOP_KIT)


def test_the_accounts_address_stays_off_what_nobody_comes_for() -> None:
    for written in displays(briefs_in("en")[6]):
        if written.copy.framework != "local_shop":
            assert written.copy.display.address == ""
            assert "Quay Street" not in written.main_text if written.copy.texts else True


def test_the_address_stands_where_people_come() -> None:
    workshop = next(b for b in briefs_in("en") if b.product == "Pottery Workshop")
    breakfast = replace(briefs_in("en")[6], product="Harbour Breakfast for Two")
    for brief in (workshop, breakfast):
        assert all("Quay Street 9" in each.copy.display.address for each in displays(brief))


def test_a_shop_of_the_rows_own_is_shown() -> None:
    row = next(b for b in briefs_in("en") if b.store_address)
    shown = {each.copy.display.address for each in write([row], "en", ("x.post",))}
    assert shown == {"Harbour Lane Store · Quay Street 4"}


def kickers(brief: Brief, locale: str) -> set[str]:
    written = write([brief], locale, ("instagram.story",), variants=8)
    return {each.copy.display.kicker for each in written if each.copy.framework != "audience_call"}


def test_the_kicker_is_the_category_else_the_audience() -> None:
    brief = briefs_in("en")[6]
    assert kickers(replace(brief, category="Beeswax"), "en") == {""}
    assert kickers(replace(brief, category="Lights"), "en") == {"Lights"}
    called = replace(brief, category="", audience="night owls")
    assert kickers(called, "en") == {"For night owls"}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_headline_leaves_the_offer_to_the_badge(locale: str) -> None:
    brief = kettle(locale, offer=OFFERED[locale], ends_on=date(2027, 4, 4))
    for written in write([brief], locale, ("instagram.reel",), variants=12):
        display = written.copy.display
        assert display.badge
        assert written.facts["offer"].casefold() not in display.headline.casefold()
        assert written.facts["offer"].casefold() in written.main_text.casefold()


@pytest.mark.parametrize("locale", LOCALES)
def test_speech_takes_thirteen_seconds_and_says_everything_once(locale: str) -> None:
    whole = [
        replace(brief, offer=brief.offer or OFFERED[locale], ends_on=date(2027, 4, 4), url=URL)
        for brief in briefs_in(locale)
    ]
    for written in write([*whole], locale, ("instagram.reel",), variants=3):
        speech = written.copy.speech
        text = " ".join(speech)
        assert 3 <= len(speech) <= 5, speech
        if locale in ("zh-CN", "ja"):
            assert len(text.replace(" ", "")) <= 60, speech
        else:
            assert len(text.split()) <= 30, speech
            assert len(text) <= 180, speech
        assert text.casefold().count(written.facts["spoken_price"].casefold()) <= 1


@pytest.mark.parametrize(
    "placement",
    ["linkedin.post", "facebook.post", "x.post", "pinterest.pin", "xiaohongshu.note"],
)
@pytest.mark.parametrize("locale", LOCALES)
def test_posts_name_price_or_offer_and_the_offer_its_last_day(locale: str, placement: str) -> None:
    brief = kettle(locale, offer=OFFERED[locale], ends_on=date(2027, 4, 4))
    for rows in ([brief], [replace(brief, offer="", ends_on=None)]):
        named = 0
        written = write(rows, locale, (placement,), variants=12)
        for each in written:
            text = " ".join(text for texts in each.copy.texts.values() for text in texts)
            offer = each.facts.get("offer", "\0").casefold() in text.casefold()
            named += offer or each.facts["price"] in text
            assert not offer or each.facts["ends_on"] in text, text
        assert named >= 0.8 * len(written)


def test_a_thin_row_still_makes_a_note() -> None:
    brief = replace(briefs_in("zh-CN")[2], audience="")
    for written in write([brief], "zh-CN", ("xiaohongshu.note",), variants=8):
        assert len(written.main_text) >= 80, written.main_text
        assert written.main_text.count("\n\n") >= 4


@pytest.mark.parametrize("locale", ["en", "es", "de"])
def test_no_selling_point_keeps_its_capital_inside_a_sentence(locale: str) -> None:
    points = ("Zwashes soft", "Zdries fast", "Zfolds flat")
    brief = replace(briefs_in(locale)[6], benefits=points)
    inside = re.compile(r"[a-zñß,]\s+Z(?:washes|dries|folds)")
    for written in write([brief], locale, variants=12):
        display = written.copy.display
        said = [display.headline, display.hook, display.subhead, *written.copy.speech]
        said += [text for texts in written.copy.texts.values() for text in texts]
        assert not [text for text in said if inside.search(text)]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_mail_does_not_repeat_the_headline_of_its_picture(locale: str) -> None:
    for written in write(briefs_in(locale)[:6], locale, ("email.html",)):
        headline = written.copy.texts["headline"][0]
        assert headline.casefold() != written.copy.display.headline.casefold()
