"""Words that posters and films show, words that are spoken, and alternative text."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from handbill.channels.units import count
from handbill.domain.copy import DisplayText
from handbill.domain.slots import fill_slots
from handbill.providers.house.ideas import HOOK_WIDTH, Idea
from handbill.providers.house.pen import Pen, ended, short_names, turned, usable
from handbill.providers.house.reading import Reading
from handbill.providers.house.sentences import bare, clause_of

_KICKER_WIDTH = 26
_SUBHEAD_WIDTH = 96
_BADGE_WIDTH = 16
_BENEFIT_WIDTH = 52
# Thirteen seconds of calm speech: about 2.3 words, 14 Latin or 4.6 Han or kana letters a second.
_SPOKEN_WORDS = 30
_SPOKEN_CHARS = 165
_SPOKEN_LETTERS = 54
_FEWEST_LINES, _MOST_LINES = 3, 5
_VARIANTS = 4  # that get cards of their own
# Of words of the row's own that open a film: "Long sleeves" is no opening.
_HOOK_WORDS, _HOOK_LETTERS = 3, 5


def film_idea(reading: Reading, idea: Idea) -> Idea:
    """The idea with the hook of a film: nobody has a second for a question that fits everything.

    What the row tells of itself and its offer come first, then its price or a question about its
    kind of product. Variants are dealt from one deck; when it is used up, they open as posts do.
    """
    dealer = Random(f"{reading.story}:film")
    first = [*_own_openings(reading), *_slotted(reading, "film.hook")]
    kind = f"kinds.{reading.kind.name}.question" if reading.kind else ""
    then = [*_slotted(reading, "film.hook_price"), *_slotted(reading, kind)]
    dealer.shuffle(first)
    dealer.shuffle(then)
    deck = tuple(dict.fromkeys((*first, *then)))
    shown = reading.filled(idea.headline).casefold()
    dealt = deck[reading.variant - 1 :: _VARIANTS]  # no other variant's
    fresh = [text for text in dealt if bare(reading.filled(text)).casefold() not in shown]
    return replace(idea, hook=fresh[0]) if fresh else idea


def _own_openings(reading: Reading) -> list[str]:
    """Benefits and whole sentences of the row that say enough alone, where others are left."""
    own = [*reading.benefits, *map(bare, reading.sentences)]
    most = _HOOK_LETTERS if reading.bank.style.dense else _HOOK_WORDS
    said = (len(text) if reading.bank.style.dense else len(text.split()) for text in own)
    long_enough = [text for text, long in zip(own, said, strict=True) if long >= most]
    fitting = [text for text in long_enough if count(text, "google_width") <= HOOK_WIDTH]
    return fitting if len(own) > 1 else []


def _slotted(reading: Reading, place: str) -> list[str]:
    """The lines at `place` that the row can carry and that fit, whatever its tone."""
    lines = [line for line in reading.bank.pool(place) if not (line.tones or line.fields)]
    texts = [line.text for line in lines if usable(line, reading, {})]
    return [text for text in texts if count(reading.filled(text), "google_width") <= HOOK_WIDTH]


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
        address=_address(reading, idea),
        legal=_legal(reading),
    )


def speech_for(reading: Reading, idea: Idea) -> tuple[str, ...]:
    """Three to five sentences of at most about thirteen seconds, with slots.

    Offer and price are said once, and the last sentence says what to do.
    """
    pen = Pen(reading=reading, salt="speech", used=[idea.headline, idea.hook])
    lines: list[tuple[str, int]] = []
    for own in (*_spoken_own(pen, idea), ""):
        lines = _spoken_lines(pen, idea, own)
        if _spoken_length(reading, lines) <= 1 and len(lines) <= _MOST_LINES:
            break
    return _within_time(reading, lines)


def _spoken_lines(pen: Pen, idea: Idea, own: str) -> list[tuple[str, int]]:
    """What would be said, in order, each with how readily it may go; 0 stays."""
    reading = pen.reading
    pen.used[2:] = []
    hook = ended(idea.hook, reading)
    named = "⟦product⟧" in hook or reading.facts["product"] in hook
    timed = reading.has("offer") and "⟦ends_on⟧" not in hook
    offer = "" if "⟦offer⟧" in hook else pen.line("speech.offer")
    deadline = pen.line("speech.deadline") if timed else ""
    dated = reading.bank.style.space.join(text for text in (offer, deadline) if text)
    price = "" if "⟦price⟧" in hook else pen.line("speech.price")
    wanted = [
        (hook, 0),
        ("" if named else pen.line("speech.product"), 0),
        (own, 6),
        (dated, 1),
        (price, 2),
        (pen.line("speech.store") if reading.visited else "", 5),
        (pen.line("speech.close"), 0),
    ]
    lines = [(text, weight) for text, weight in wanted if text]
    if len(lines) < _FEWEST_LINES and named:
        lines.insert(1, (pen.line("speech.product"), 0))
    return lines


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
    """The product's name if the headline lacks it; else the category, the audience, the maker.

    Else the brand's own line, where it is short, or nothing: phrases that fit everything say
    nothing, and look it.
    """
    name = pen.reading.facts["product"]
    shown = pen.reading.filled(idea.headline)
    if not any(text in shown for text in (name, *short_names(name))):
        return pen.fit("⟦product⟧", _KICKER_WIDTH, "google_width")
    bank = pen.deal("pools.kicker")
    called = [pen.said(line) for line in bank if "audience" in line.slots]
    named = ["⟦category⟧"] if pen.reading.has("category") else []
    made = ["⟦vendor⟧"] if pen.reading.has("vendor") else []
    headline = pen.reading.filled(idea.headline).casefold()
    for text in (*named, *called, *made):
        shown = pen.reading.filled(text)
        said = {word for word in (shown, pen.reading.facts.get("audience", "")) if word}
        fresh = not any(word.casefold() in headline for word in said if word in shown)
        if fresh and count(shown, "google_width") <= _KICKER_WIDTH:
            return text
    tagline = pen.reading.request.kit.tagline_in(pen.reading.request.locale)
    return tagline if count(tagline, "google_width") <= _KICKER_WIDTH and not named else ""


def _subhead(pen: Pen, idea: Idea) -> str:
    reading = pen.reading
    room = _SUBHEAD_WIDTH // 2 if reading.bank.style.dense else _SUBHEAD_WIDTH
    headline = reading.filled(idea.headline).casefold()
    for sentence in turned(reading.sentences, reading.variant - 1):
        clause = clause_of(sentence, room, reading.bank.style)
        shown = (headline, reading.filled(idea.hook).casefold())
        if clause and not any(clause.casefold().rstrip("!?！？") in text for text in shown):
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


def _address(reading: Reading, idea: Idea) -> str:
    if not (reading.visited or idea.framework == "local_shop"):
        return ""
    parts = [f"⟦{slot}⟧" for slot in ("store_name", "store_address") if reading.has(slot)]
    return " · ".join(parts)


def _legal(reading: Reading) -> str:
    legal = reading.request.kit.legal_in(reading.request.locale)
    return " ".join(ended(text, reading) for text in (legal, *reading.must) if text)


def _spoken_own(pen: Pen, idea: Idea) -> tuple[str, ...]:
    """What the row says of itself, as ever shorter sentences, in its own words."""
    reading = pen.reading
    shown = reading.filled(idea.hook).casefold()
    fresh = [text for text in reading.benefits if text.casefold() not in shown]
    if len(reading.benefits) > 1 and fresh:
        joint = reading.bank.style.sentence_end + reading.bank.style.space
        lengths = range(min(3, len(fresh)), 0, -1)
        return tuple(ended(joint.join(fresh[:most]), reading) for most in lengths)
    room = 26 if reading.bank.style.dense else 80
    clauses = (clause_of(text, room, reading.bank.style) for text in reading.sentences)
    own = next((text for text in clauses if text and text.casefold() not in shown), "")
    said = ended(own, reading) if own else idea.moment
    return (said,) if said else ()


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
    return max(len(text.split()) / _SPOKEN_WORDS, len(text) / _SPOKEN_CHARS)
