"""Every placement gets its own texts, and each fits when its slots are filled."""

from __future__ import annotations

from functools import cache

import pytest

from handbill.channels import load_catalogue
from handbill.channels.units import count, is_gsm7, sms_segments
from handbill.domain.brief import Brief
from tests.doubles.house_writing import LOCALES, Written, briefs_in, renamed, write

LONG_NAME = (
    "The Extraordinarily Long and Winding Handwoven Mediterranean Striped Beach Towel with "
    "Fringes, Loop and Carrying Strap in Ocean Blue, Sand and Coral for the Whole Family"
)


@cache
def everything(locale: str) -> tuple[Written, ...]:
    return tuple(write(briefs_in(locale)[::2], locale, variants=2))


def fitting(written: Written) -> list[str]:
    """What is wrong with the lengths of one order's texts."""
    faults = []
    for name, rule in written.order.placement.written_texts.items():
        texts = written.copy.texts.get(name, ())
        if not rule.min_items <= len(texts) <= rule.max_items:
            faults.append(f"{name}: {len(texts)} texts")
        faults += [
            f"{name}: {count(text, rule.unit)} of {rule.limit}: {text}"
            for text in texts
            if not text or count(text, rule.unit) > rule.limit
        ]
    return faults


@pytest.mark.parametrize("locale", LOCALES)
def test_every_field_of_every_placement_fits(locale: str) -> None:
    for written in everything(locale):
        assert not fitting(written), (written.order.placement.id, fitting(written))
        assert not written.findings
        assert written.copy.alt_text


@pytest.mark.parametrize("locale", LOCALES)
def test_search_ads_have_many_calm_different_headlines(locale: str) -> None:
    for written in everything(locale):
        if written.order.placement.id == "google_ads.rsa":
            headlines = written.copy.texts["headline"]
            descriptions = written.copy.texts["description"]
            assert 8 <= len({text.casefold() for text in headlines}) == len(headlines) <= 15
            assert len({text.casefold() for text in descriptions}) == len(descriptions) == 4
            assert not any("!" in text or "！" in text for text in headlines)
            assert any(written.order.brief.product in text for text in headlines)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_message_takes_one_segment_and_offers_in_wide_letters_two_at_most(locale: str) -> None:
    for written in everything(locale):
        if written.order.placement.id == "sms.text":
            text = written.copy.texts["text"][0]
            # An offer with its last day may need a second segment in 70 letters' alphabets.
            most = 2 if written.facts.get("offer") and locale in ("zh-CN", "ja", "ar") else 1
            assert sms_segments(text) <= most, text
            if locale in ("en", "es", "de"):
                assert is_gsm7(text), text


@pytest.mark.parametrize("locale", LOCALES)
def test_a_post_on_x_leaves_room_for_its_hashtag(locale: str) -> None:
    for written in everything(locale):
        if written.order.placement.id == "x.post":
            whole = "\n\n".join([written.copy.texts["text"][0], " ".join(written.copy.hashtags)])
            assert count(whole, "x_weighted") <= 280


@pytest.mark.parametrize("locale", LOCALES)
def test_an_email_has_the_parts_of_its_body(locale: str) -> None:
    for written in everything(locale):
        if written.order.placement.id == "email.html":
            parts = {"subject", "preheader", "headline", "intro", "cta", "closing", "offer"}
            assert parts <= set(written.copy.texts)


@pytest.mark.parametrize("locale", LOCALES)
def test_films_are_spoken_in_a_few_short_sentences(locale: str) -> None:
    for written in everything(locale):
        speech = written.copy.speech
        if "film" in written.order.placement.makes:
            assert 3 <= len(speech) <= 5
            assert "⟦" not in "".join(speech)
            assert "http" not in "".join(speech)
        else:
            assert speech == ()


@pytest.mark.parametrize("locale", LOCALES)
def test_posters_say_which_product_they_are_about(locale: str) -> None:
    for written in everything(locale):
        display = written.copy.display
        assert display.headline
        assert count(display.headline, "google_width") <= 60
        assert count(display.hook, "google_width") <= 40
        assert len(display.benefits) <= 4
        assert display.price
        assert display.cta


@pytest.mark.parametrize(
    "name",
    [
        LONG_NAME,
        "x" * 400,
        "非常非常长的商品名称" * 40,
        "🎁🎁🎁",
        "A",
        "Café – Édition spéciale (2026)",
        "100% Wool",
        "⟦price⟧",
        "Nice name!!",
    ],
)
@pytest.mark.parametrize("locale", ["en", "zh-CN", "ar"])
def test_odd_names_still_fit_everywhere(name: str, locale: str) -> None:
    for written in write([renamed(briefs_in(locale)[0], name)], locale, variants=2):
        assert not fitting(written), (written.order.placement.id, fitting(written))
        assert count(written.copy.display.headline, "google_width") <= 60


def test_a_long_name_is_cut_between_words_and_a_price_never() -> None:
    for written in write([renamed(briefs_in("en")[0], LONG_NAME)], "en", ("google_ads.rsa",)):
        words = set(LONG_NAME.replace(",", "").split())
        for text in written.copy.texts["headline"]:
            shown = [word.strip(":,.?") for word in text.split()]
            cut = [word for word in shown if word and word not in words and word in LONG_NAME]
            assert not [word for word in cut if len(word) > 3], text
            assert "€14" not in text or "€14.50" in text


def test_a_bare_row_without_url_store_or_price_is_written_whole() -> None:
    whole = briefs_in("en")[2]
    bare = Brief(
        id="bare", slug="bare", source=whole.source, language="en", product="White Plimsolls"
    )
    for written in write([bare], "en"):
        assert not fitting(written)
        assert not written.findings


def test_every_placement_that_handbill_makes_gets_its_texts() -> None:
    made = set(load_catalogue().made_ids)
    assert {written.order.placement.id for written in everything("en")} == made
