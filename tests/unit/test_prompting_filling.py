"""Facts enter a draft by slots alone, and what has no fact blocks."""

from __future__ import annotations

import pytest

from handbill.domain.copy import DisplayText, Draft
from handbill.domain.finding import Severity
from handbill.domain.slots import fill_slots, in_gsm7, slots_in, tidied
from handbill.prompting import fill_draft

FACTS = {
    "product": "Apple Juice",
    "price": "€1.99",
    "offer": "buy one, get one free",
    "url": "https://a.example/x",
    "spoken_price": "one euro ninety-nine",
    "ends_on": "May 31",
}


def draft(text: str = "⟦product⟧ for ⟦price⟧.", **more: object) -> Draft:
    values: dict[str, object] = {
        "order_key": "k",
        "framework": "story",
        "texts": {"caption": (text,)},
        "display": DisplayText(headline="⟦product⟧", price="⟦price⟧", benefits=("⟦product⟧",)),
        "speech": ("Yours for ⟦price⟧.", "⟦product⟧."),
        "hashtags": ("#Juice",),
        "alt_text": "A poster: ⟦product⟧",
    }
    return Draft(**{**values, **more})  # type: ignore[arg-type]


def test_every_text_is_filled() -> None:
    copy, findings = fill_draft(draft(), FACTS, "en")
    assert findings == ()
    assert copy.texts["caption"] == ("Apple Juice for €1.99.",)
    assert copy.display.headline == "Apple Juice"
    assert copy.display.benefits == ("Apple Juice",)
    assert copy.alt_text == "A poster: Apple Juice"
    assert copy.facts == ("price", "product")
    assert copy.locale == "en"


def test_speech_takes_the_spoken_form_and_falls_back() -> None:
    copy, _ = fill_draft(draft(), FACTS, "en")
    assert copy.speech == ("Yours for one euro ninety-nine.", "Apple Juice.")


@pytest.mark.parametrize("slot", ["⟦phone⟧", "⟦ phone ⟧", "⟦Price⟧", "⟦⟧"])
def test_a_slot_without_a_fact_blocks_and_names_field_and_slot(slot: str) -> None:
    copy, findings = fill_draft(draft(f"Call {slot} now."), FACTS, "en")
    assert [finding.severity for finding in findings] == [Severity.BLOCK]
    assert findings[0].code == "slot.unknown"
    assert findings[0].field == "caption"
    assert "⟦" not in copy.texts["caption"][0]


def test_a_slot_that_is_not_closed_blocks() -> None:
    _, findings = fill_draft(draft("Only ⟦price now."), FACTS, "en")
    assert [finding.code for finding in findings] == ["slot.broken"]


def test_unknown_slots_of_pictures_and_speech_are_found_too() -> None:
    odd = draft(display=DisplayText(headline="⟦nothing⟧"), speech=("⟦nothing⟧",))
    _, findings = fill_draft(odd, FACTS, "en")
    assert {finding.field for finding in findings} == {"display.headline", "speech"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("⟦offer⟧: see ⟦product⟧", "Buy one, get one free: see Apple Juice"),
        ("Now ⟦offer⟧.", "Now buy one, get one free."),
        ("⟦empty⟧ (⟦empty⟧) done .", "done."),
        ("喜欢⟦product⟧吗", "喜欢 Apple Juice 吗"),
        ("⟦product⟧、登場", "Apple Juice、登場"),
        ("仅需⟦price⟧即可", "仅需€1.99即可"),
        ("⟦product|gsm⟧", "Apple Juice"),
    ],
)
def test_seams_are_mended(text: str, wanted: str) -> None:
    assert fill_slots(text, FACTS) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Really?. Yes!. Done..", "Really? Yes! Done."),
        ("Wait... what", "Wait... what"),
        ("好吗？。是。。", "好吗？是。"),
        ("two  spaces   here", "two spaces here"),
        ("a\n\n\n\nb ", "a\n\nb"),
        ("“Stop.”. Go", "“Stop.” Go"),
        ("مكان لـالقهوة", "مكان للقهوة"),
        ("مكان لـشمعة", "مكان لشمعة"),
        ("مكان لـ\u2068Apple\u2069", "مكان لـ\u2068Apple\u2069"),
        ("Version 2.0.1 is out", "Version 2.0.1 is out"),
        ("see a.example/x.", "see a.example/x."),
    ],
)
def test_tidying_leaves_meaning_alone(text: str, wanted: str) -> None:
    assert tidied(text) == wanted
    assert tidied(tidied(text)) == wanted


def test_a_name_in_lower_case_keeps_it() -> None:
    assert fill_slots("⟦product⟧ is here", {"product": "iPhone case"}) == "iPhone case is here"


def test_sms_letters() -> None:
    assert in_gsm7("19,90\u00a0€ – “así” está…") == '19,90 € - "asi" esta...'
    assert in_gsm7("咖啡") == "咖啡"


def test_slots_are_listed_once_in_order() -> None:
    assert slots_in("⟦b⟧ ⟦a|gsm⟧ ⟦b⟧") == ("b", "a")
