"""Words that posters and films show, words that are spoken, and alternative text."""

from __future__ import annotations

from handbill.channels.units import count
from handbill.domain.copy import DisplayText
from handbill.domain.slots import fill_slots
from handbill.providers.house.ideas import Idea
from handbill.providers.house.pen import Pen, ended, turned
from handbill.providers.house.reading import Reading
from handbill.providers.house.sentences import clause_of

_KICKER_WIDTH = 26
_SUBHEAD_WIDTH = 96
_BADGE_WIDTH = 16
_BENEFIT_WIDTH = 52
# Eight to fifteen seconds of calm speech: about 2.4 words or 4.6 Han or kana letters a second.
_SPOKEN_WORDS = 34
_SPOKEN_LETTERS = 66
_MOST_LINES = 6


def display_for(reading: Reading, idea: Idea) -> DisplayText:
    """The words for pictures, with slots; the same for every placement of one creative."""
    pen = Pen(reading=reading, salt="display", used=[idea.headline, idea.hook])
    priced = "⟦price⟧" if reading.has("price") else ""
    return DisplayText(
        headline=idea.headline,
        hook=idea.hook,
        kicker=_kicker(pen, idea),
        subhead=_subhead(pen, idea),
        benefits=tuple(t for t in reading.benefits if count(t, "google_width") <= _BENEFIT_WIDTH),
        badge=_badge(reading),
        price=priced,
        compare_at="⟦compare_at_price⟧" if priced and reading.has("compare_at_price") else "",
        deadline=_deadline(reading),
        cta=reading.cta,
        address=_address(reading),
        legal=_legal(reading),
    )


def speech_for(reading: Reading, idea: Idea) -> tuple[str, ...]:
    """Three to six sentences for eight to fifteen seconds, with slots."""
    pen = Pen(reading=reading, salt="speech", used=[idea.headline, idea.hook])
    hook = ended(idea.hook, reading)
    named = "⟦product⟧" in idea.hook or reading.facts["product"] in idea.hook
    offer = pen.line("speech.offer") if "⟦offer⟧" not in idea.hook else ""
    price = pen.line("speech.price") if "⟦price⟧" not in idea.hook else ""
    wanted = [
        (hook, 0),
        ("" if named else pen.line("speech.product"), 0),
        (_spoken_own(pen, idea), 4),
        (offer, 1),
        (pen.line("speech.deadline") if reading.has("offer") else "", 5),
        (price, 3 if offer else 2),
        (pen.line("speech.store"), 6),
        (pen.line("speech.close"), 1),
    ]
    return _within_time(reading, [(text, weight) for text, weight in wanted if text])


def alt_text_for(reading: Reading, idea: Idea, salt: str, limit: int) -> str:
    """What the picture shows, for people who cannot see it."""
    pen = Pen(reading=reading, salt=f"alt:{salt}")
    style = reading.bank.style
    pen.own["quoted"] = f"{style.quote_open}{idea.headline}{style.quote_close}"
    text = pen.line("pools.alt")
    extra = (_picture_alt(reading), pen.line("pools.alt_offer"), pen.line("pools.alt_price"))
    for piece in extra:
        longer = f"{text}{style.space}{piece}" if piece else text
        if len(reading.filled(longer)) <= (limit or 500):
            text = longer
    return text


def _picture_alt(reading: Reading) -> str:
    brief = reading.request.brief
    own = brief.text("product", reading.request.locale) == brief.product
    alt = next((picture.alt for picture in brief.pictures if picture.alt), "")
    return ended(alt, reading) if alt and own else ""


def _kicker(pen: Pen, idea: Idea) -> str:
    reading = pen.reading
    choices = [slot for slot in ("category", "vendor") if reading.has(slot)]
    cut = reading.request.seed % (len(choices) + 1)
    for slot in (*choices[cut:], "", *choices[:cut]):
        text = (
            f"⟦{slot}⟧"
            if slot
            else pen.line("pools.kicker", limit=_KICKER_WIDTH, unit="google_width")
        )
        shown = reading.filled(text)
        if (
            text
            and shown.casefold() not in reading.filled(idea.headline).casefold()
            and (count(shown, "google_width") <= _KICKER_WIDTH)
        ):
            return text
    return ""


def _subhead(pen: Pen, idea: Idea) -> str:
    reading = pen.reading
    room = _SUBHEAD_WIDTH // 2 if reading.bank.style.dense else _SUBHEAD_WIDTH
    headline = reading.filled(idea.headline).casefold()
    for sentence in turned(reading.sentences, reading.variant - 1):
        clause = clause_of(sentence, room, reading.bank.style)
        if clause and clause.casefold().rstrip("!?！？") not in headline:
            return ended(clause, reading)
    # Bridges speak of comments and pages, and a poster has neither.
    moment = idea.moment
    if moment and count(reading.filled(moment), "google_width") <= _SUBHEAD_WIDTH:
        return moment
    return pen.line("pools.subhead", limit=_SUBHEAD_WIDTH, unit="google_width")


def _badge(reading: Reading) -> str:
    if reading.has("badge"):
        return "⟦badge⟧"
    shown = reading.facts.get("offer", "")
    return "⟦offer⟧" if shown and count(shown, "google_width") <= _BADGE_WIDTH else ""


def _deadline(reading: Reading) -> str:
    # Shown apart, also when the headline says it: films have a shot of their own for the offer.
    pen = Pen(reading=reading, salt="deadline")
    return pen.line("pools.deadline_short") if reading.has("offer", "ends_on") else ""


def _address(reading: Reading) -> str:
    parts = [f"⟦{slot}⟧" for slot in ("store_name", "store_address") if reading.has(slot)]
    return " · ".join(parts)


def _legal(reading: Reading) -> str:
    legal = reading.request.kit.legal_in(reading.request.locale)
    return " ".join(ended(text, reading) for text in (legal, *reading.must) if text)


def _spoken_own(pen: Pen, idea: Idea) -> str:
    reading = pen.reading
    shown = reading.filled(idea.hook).casefold()
    if len(reading.benefits) > 1:
        joint = reading.bank.style.sentence_end + reading.bank.style.space
        return ended(joint.join(reading.benefits[:3]), reading)
    room = 26 if reading.bank.style.dense else 80
    clauses = (clause_of(text, room, reading.bank.style) for text in reading.sentences)
    own = next((text for text in clauses if text and text.casefold() not in shown), "")
    return ended(own, reading) if own else idea.moment


def _within_time(reading: Reading, wanted: list[tuple[str, int]]) -> tuple[str, ...]:
    while len(wanted) > 3 and (_spoken_length(reading, wanted) > 1 or len(wanted) > _MOST_LINES):
        heaviest = max(wanted, key=lambda pair: pair[1])
        if heaviest[1] == 0:
            break
        wanted.remove(heaviest)
    return tuple(text for text, _ in wanted)


def _spoken_length(reading: Reading, wanted: list[tuple[str, int]]) -> float:
    """How much of the time the sentences take; 1 fills it."""
    text = " ".join(fill_slots(text, reading.facts, spoken=True) for text, _ in wanted)
    if reading.bank.style.dense:
        return len(text.replace(" ", "")) / _SPOKEN_LETTERS
    return len(text.split()) / _SPOKEN_WORDS
