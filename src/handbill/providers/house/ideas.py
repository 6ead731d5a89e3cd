"""The creative idea of one variant: framework, headline, hook, bridge. All placements share it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from handbill.channels.units import count
from handbill.domain.slots import fill_slots
from handbill.providers.house.banks import Line
from handbill.providers.house.pen import Pen, short_names
from handbill.providers.house.reading import Reading

# What each framework cannot do without. Those that need something come first: they say more.
_NEEDS: dict[str, tuple[str, ...]] = {
    "offer_deadline": ("offer",),
    "price_first": ("price",),
    "group_buying": ("offer",),
    "audience_call": ("audience",),
}
# Frameworks that speak of the row's own words.
_RICH = ("offer_deadline", "group_buying", "local_shop", "benefit_list", "story", "audience_call")
# How often a rich framework comes first. Not always: a sheet whose rows all have a description
# would tell twenty stories.
_RICH_FIRST = 0.6
_NO_GIFT = frozenset({"service", "software", "stay", "property", "place"})
# Widths of a poster's headline and a film's hook; one Han or kana letter is two wide.
HEADLINE_WIDTH = 54
HOOK_WIDTH = 40
# Variants that get lines of their own from the pools that serve every framework.
_SHARES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """What all texts of one creative share. Texts carry slots.

    Attributes:
        framework: its name in the bank.
        headline: the poster's line; always tells which row it is about.
        hook: the opening of posts and films.
        bridge: a sentence or two that carry the framework's thought.
        moment: a sentence about when and where, for the kind of product; may be empty.
    """

    framework: str
    headline: str
    hook: str
    bridge: str
    moment: str


def find_idea(reading: Reading) -> Idea:
    """The idea of the reading's variant; pure and the same for every placement."""
    deck = frameworks_for(reading)
    framework = deck[(reading.variant - 1) % len(deck)]
    pen = Pen(reading=reading)
    headline = _headline(pen, framework)
    hook = _hook(pen, framework, headline)
    return Idea(
        framework=framework,
        headline=headline,
        hook=hook,
        bridge=_bridge(pen, framework, hook),
        moment=pen.line(f"kinds.{reading.kind.name}.moment") if reading.kind else "",
    )


def frameworks_for(reading: Reading) -> tuple[str, ...]:
    """The frameworks that the row can carry, in the order in which variants take them."""
    dealer = Random(f"{reading.story}:frameworks:{reading.request.account}")
    possible = [name for name in reading.bank.frameworks if _possible(name, reading)]
    rich = [name for name in possible if name in _RICH]
    plain = [name for name in possible if name not in _RICH]
    dealer.shuffle(rich)
    dealer.shuffle(plain)
    piles = [rich, plain] if dealer.random() < _RICH_FIRST else [plain, rich]
    deck: list[str] = []
    while rich or plain:
        deck += [pile.pop(0) for pile in piles if pile]
    return tuple(deck)


def _possible(name: str, reading: Reading) -> bool:
    if not reading.has(*_NEEDS.get(name, ())):
        return False
    kind = reading.kind.name if reading.kind else ""
    checks = {
        "group_buying": reading.group,
        "local_shop": reading.has("store_name"),
        "benefit_list": len(reading.benefits) > 1,
        "story": bool(reading.sentences),
        "gift": kind not in _NO_GIFT,
    }
    return checks.get(name, True)


def _headline(pen: Pen, framework: str) -> str:
    reading = pen.reading
    place = f"frameworks.{framework}.headline"
    lines = _beside_badge(
        reading, list(pen.deal(place, _more_lines(reading, framework, "headline"), mixed=True))
    )
    # A name is shortened only when no line of the framework has room for the whole of it.
    for shorten in (False, True):
        for line in lines:
            if text := _named(pen, line, shorten=shorten):
                pen.used.append(pen.said(line))
                return text
    return shortest_name(pen, HEADLINE_WIDTH)


def _beside_badge(reading: Reading, lines: list[Line]) -> list[Line]:
    """The lines without the offer, when a badge beside the headline shows it already."""
    other = [line for line in lines if "⟦offer⟧" not in line.text]
    return other if other and reading.has("badge") else lines


def _named(pen: Pen, line: Line, *, shorten: bool) -> str:
    """The line, with the product as a second beat when nothing in it tells the row."""
    text = pen.said(line)
    if line.names_the_row:
        return pen.fit(text, HEADLINE_WIDTH, "google_width", shorten=shorten)
    stop = pen.reading.bank.style.sentence_end + pen.reading.bank.style.space
    first = "store_name" in line.slots or Random(f"{pen.reading.story}:{text}").random() < 0.3
    joined = f"⟦product⟧{stop}{text}" if first else _two_beats(text, "⟦product⟧", stop)
    return pen.fit(joined, HEADLINE_WIDTH, "google_width", shorten=shorten)


def _two_beats(one: str, two: str, stop: str) -> str:
    gap = "" if stop.rstrip() == stop else " "
    return f"{one}{gap}{two}" if one[-1] in "?!…？！؟" else f"{one}{stop}{two}"


def _hook(pen: Pen, framework: str, headline: str) -> str:
    lines = _more_lines(pen.reading, framework, "hook")
    shown = pen.reading.filled(headline).casefold()
    for line in pen.deal(f"frameworks.{framework}.hook", lines):
        text = pen.said(line)
        seen = pen.reading.filled(text).casefold().rstrip(".!?…。！？؟")
        if text in pen.used or seen in shown or not fits_width(pen, text, HOOK_WIDTH):
            continue
        pen.used.append(text)
        return text
    return shortest_name(pen, HOOK_WIDTH)


def _bridge(pen: Pen, framework: str, hook: str) -> str:
    """A bridge; after a hook that names the product, not one that opens with its name again."""
    lines = [pen.said(line) for line in pen.deal(f"frameworks.{framework}.bridge")]
    fresh = [text for text in lines if not text.startswith("⟦product⟧")]
    found = fresh if "⟦product⟧" in hook and fresh else lines
    return found[0] if found else ""


def _more_lines(reading: Reading, framework: str, role: str) -> tuple[Line, ...]:
    """Lines beyond the framework's own, shared out so that no two variants hold the same."""
    anywhere = list(reading.bank.pool(f"pools.{role}"))
    Random(f"{reading.story}:{role}s").shuffle(anywhere)
    share = anywhere[(reading.variant - 1) % _SHARES :: _SHARES]
    return (*share, *_kind_lines(reading, framework, role))


def _kind_lines(reading: Reading, framework: str, role: str) -> tuple[Line, ...]:
    """Lines about this kind of product, shared out so that no two frameworks hold the same."""
    if reading.kind is None:
        return ()
    place = f"kinds.{reading.kind.name}"
    scenes = list(reading.bank.pool(f"{place}.scene"))
    Random(f"{reading.story}:scenes").shuffle(scenes)
    shares = {
        ("scene", "headline"): scenes[0::3],
        ("introduction", "headline"): scenes[1::3],
        ("story", "headline"): scenes[2::3],
        ("question_hook", "hook"): reading.bank.pool(f"{place}.question"),
        ("problem_solution", "hook"): reading.bank.pool(f"{place}.problem"),
    }
    return tuple(shares.get((framework, role), ()))


def fits_width(pen: Pen, text: str, width: int) -> bool:
    """Whether `text`, filled, is at most `width` columns wide."""
    return count(fill_slots(text, pen.reading.facts), "google_width") <= width


def shortest_name(pen: Pen, width: int) -> str:
    """The product's name, as much of it as fits."""
    if fits_width(pen, "⟦product⟧", width):
        return "⟦product⟧"
    name = pen.reading.facts["product"]
    return next(
        (text for text in short_names(name) if count(text, "google_width") <= width),
        name[: width // 2],
    )
