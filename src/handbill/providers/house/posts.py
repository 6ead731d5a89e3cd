"""Posts: captions, messages, titles, descriptions, put together from blocks that may go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from handbill.channels.units import count
from handbill.domain.placement import TextField
from handbill.providers.house.ideas import Idea
from handbill.providers.house.pen import Pen, ended, short_names, turned
from handbill.providers.house.reading import Reading

_SOBER = frozenset({"premium", "plain", "expert"})
_SHORT_LINK_CHARS = 42
_MOST_NAMES = 2
_STARS = ("✨", "👀", "💛", "🙌")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostStyle:
    """How one text field is written.

    Attributes:
        joint: between paragraphs.
        emoji: 0 none, 1 a few, 2 as on Xiaohongshu.
        link: ``url`` inline, ``short`` as words to type, ``none``.
        target: length to aim at, in the field's unit; 0 for the field's own limit.
        sentences: how many of the description's sentences may be quoted.
        bullets: whether selling points may stand as a list.
        close: whether an invitation closes the text.
        asides: how many remarks of the writer's own may fill a text that the row leaves thin.
    """

    joint: str = "\n\n"
    emoji: int = 0
    link: str = "none"
    target: int = 0
    sentences: int = 2
    bullets: bool = True
    close: bool = True
    asides: int = 0


STYLES: dict[str, PostStyle] = {
    "instagram": PostStyle(emoji=1, link="short", target=700),
    "facebook": PostStyle(emoji=1, link="url", target=900, sentences=3),
    "linkedin": PostStyle(link="url", target=1100, sentences=4),
    "x": PostStyle(link="url", emoji=1, sentences=1, bullets=False, close=False),
    "tiktok": PostStyle(joint="\n", emoji=1, target=220, sentences=1, bullets=False),
    "youtube": PostStyle(link="url", target=1800, sentences=4),
    "pinterest": PostStyle(joint=" ", target=480, sentences=2, bullets=False),
    "xiaohongshu": PostStyle(emoji=2, target=600, sentences=3, asides=2),
}


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a post; the higher its weight, the sooner it is dropped. 0 always stays."""

    text: str
    weight: int


# Paragraphs of each framework; every word names a block below.
RECIPES: dict[str, str] = {
    "question_hook": "hook / bridge / own / moment / offer price / close / link",
    "problem_solution": "hook bridge / own / moment / bullets / offer price / link / close",
    "benefit_list": "hook bridge / bullets / price offer / close / link",
    "offer_deadline": "hook / offer bridge / own / bullets / store / close / link",
    "price_first": "hook bridge / own / moment / price offer / close / link",
    "group_buying": "hook / offer bridge / own / price / link / close",
    "local_shop": "hook bridge / own / price offer / store phone / close / link",
    "story": "hook / own bridge / price offer / link / close",
    "scene": "hook / moment bridge / own / bullets / price offer / link",
    "introduction": "hook / bridge / own / moment / bullets / price offer / close / link",
    "social_proof": "hook / bridge / own / price offer / link",
    "gift": "hook bridge / own / moment / price offer / close / link",
    "audience_call": "hook bridge / bullets / own / offer price / link / close",
}


def style_for(channel: str, rule: TextField) -> PostStyle:
    """How a text field of a channel is written; unknown channels by the room that they give."""
    if channel in STYLES:
        return STYLES[channel]
    short = rule.limit < 300
    return PostStyle(link="url", target=0 if short else 900, bullets=not short, close=not short)


def write_post(pen: Pen, idea: Idea, rule: TextField, style: PostStyle, reserve: int = 0) -> str:
    """A post of one field: as much of the framework's recipe as fits.

    Args:
        pen: picks the lines.
        idea: the creative idea.
        rule: the field's limit and unit.
        style: how the field is written.
        reserve: room to leave for hashtags, in the field's unit.
    """
    paragraphs = _paragraphs(pen, idea, style)
    most = min(rule.limit, style.target or rule.limit) - reserve
    _add_asides(pen, paragraphs, style.asides)
    while True:
        _name_product(pen, paragraphs)
        text = _joined(paragraphs, style, pen.reading)
        if count(pen.reading.filled(text), rule.unit) <= most:
            return text
        if not _drop_heaviest(paragraphs):
            return pen.fit(text, rule.limit - reserve, rule.unit) or _name_alone(pen, rule)


def write_title(pen: Pen, idea: Idea, rule: TextField, shown: int = 0) -> str:
    """A title: the idea's headline, or another line that fits better what is `shown`."""
    most = min(rule.limit, shown or rule.limit)
    for text in (idea.headline, "⟦product⟧"):
        if fitting := pen.fit(text, most, rule.unit):
            return fitting
    return _name_alone(pen, rule)


def write_note_title(pen: Pen, idea: Idea, rule: TextField) -> str:
    """A title of a note: from its own lines, with an emoji where one fits."""
    title = pen.line("note.title", limit=rule.limit, unit=rule.unit) or write_title(
        pen, idea, rule
    )
    dressed = f"{title}{_emoji(pen, 'title')}"
    fits = count(pen.reading.filled(dressed), rule.unit) <= rule.limit
    return dressed if fits else title


def _name_alone(pen: Pen, rule: TextField) -> str:
    name = pen.reading.facts["product"]
    return next(
        (each for each in (name, *short_names(name)) if count(each, rule.unit) <= rule.limit), ""
    )


def _paragraphs(pen: Pen, idea: Idea, style: PostStyle) -> list[list[Block]]:
    written: list[str] = []
    paragraphs: list[list[Block]] = []
    for part in RECIPES[idea.framework].split(" / "):
        blocks: list[Block] = []
        for name in part.split():
            for block in _blocks(name, pen, idea, style, "".join(written)):
                blocks.append(block)
                written.append(block.text)
        paragraphs.append(blocks)
    paragraphs[0] = _dressed(pen, paragraphs[0], style)
    paragraphs.append([Block(ended(text, pen.reading), 0) for text in pen.reading.must])
    return paragraphs


def _name_product(pen: Pen, paragraphs: list[list[Block]]) -> None:
    """See to it that the post names its product, also when blocks that did were dropped."""
    if not any("⟦product⟧" in block.text for part in paragraphs for block in part):
        paragraphs[0].append(Block(ended("⟦product⟧", pen.reading), 0))


def _add_asides(pen: Pen, paragraphs: list[list[Block]], most: int) -> None:
    """Let the writer chat a little where the row says next to nothing of itself."""
    reading = pen.reading
    if len(reading.sentences) + len(reading.benefits) < 2:
        remarks = [pen.line("note.aside", fresh_name=True) for _ in range(most)]
        paragraphs.insert(2, [Block(text, 8) for text in remarks if text])


def _blocks(name: str, pen: Pen, idea: Idea, style: PostStyle, written: str) -> Iterator[Block]:
    fresh = written.count("⟦product⟧") > 0
    match name:
        case "hook":
            yield Block(ended(idea.hook, pen.reading), 0)
        case "bridge" | "moment":
            text = idea.bridge if name == "bridge" else idea.moment
            once_more = written.count("⟦product⟧") + text.count("⟦product⟧") <= _MOST_NAMES
            yield from _one(text if once_more else "", 3 if name == "bridge" else 6)
        case "own" | "bullets":
            yield from (_own_sentences if name == "own" else _bullets)(pen, idea, style)
        case "close":
            closing = pen.line("pools.close", fresh_name=fresh) if style.close else ""
            yield from _one(closing, 7)
        case "link":
            yield from _one(_link(pen, style), 1)
        case _:
            yield from _facts(name, pen, style, written, fresh=fresh)


def _facts(name: str, pen: Pen, style: PostStyle, written: str, *, fresh: bool) -> Iterator[Block]:
    """Blocks about offer, price and place, each said once."""
    if name == "offer" and pen.reading.has("offer"):
        # One block, so that the offer never stands without its last day.
        said = "" if "⟦offer⟧" in written else pen.line("pools.offer", fresh_name=fresh)
        until = "" if "⟦ends_on⟧" in written else pen.line("pools.deadline")
        parts = (said, _marked("🗓️", until, pen, style))
        yield from _one(pen.reading.bank.style.space.join(part for part in parts if part), 1)
    if name == "price" and "⟦price⟧" not in written:
        yield from _one(_price(pen, written, fresh=fresh), 2)
    if name == "store" and "⟦store_address⟧" not in written and _place_matters(pen, written):
        yield from _one(_marked("📍", pen.line("pools.store"), pen, style), 2)
    if name == "phone":
        yield from _one(pen.line("pools.phone"), 5)


def _place_matters(pen: Pen, written: str) -> bool:
    return pen.reading.visited or "⟦store_name⟧" in written


def _price(pen: Pen, written: str, *, fresh: bool) -> str:
    """The price; beside the former one, and until when, if the row has them."""
    lowered = pen.reading.has("compare_at_price")
    lines = [line for line in pen.deal("pools.price") if "compare_at_price" in line.slots]
    text = pen.said(lines[0]) if lowered and lines else ""
    if not text:
        return pen.line("pools.price", fresh_name=fresh)
    until = "" if "⟦ends_on⟧" in written else pen.line("pools.deadline")
    return pen.reading.bank.style.space.join(part for part in (text, until) if part)


def _one(text: str, weight: int) -> Iterator[Block]:
    if text:
        yield Block(text, weight)


def _own_sentences(pen: Pen, idea: Idea, style: PostStyle) -> Iterator[Block]:
    reading = pen.reading
    shown = reading.filled(idea.hook).casefold()
    fresh = [text for text in reading.sentences if shown not in text.casefold()]
    # Neighbours belong together: the row's order is kept, only the starting point moves.
    start = turned(range(len(fresh)), reading.variant - 1)[: style.sentences]
    for rank, at in enumerate(sorted(start)):
        yield Block(ended(fresh[at], reading), 4 + rank)


def _bullets(pen: Pen, idea: Idea, style: PostStyle) -> Iterator[Block]:
    quoted = len(pen.reading.sentences) > 0 and idea.framework != "benefit_list"
    own = bool(pen.reading.request.brief.lines("benefits", pen.reading.request.locale))
    if not pen.reading.benefits or (quoted and not own) or not (style.bullets or not quoted):
        return
    mark = pen.reading.bank.style.bullet if style.emoji < 2 else f"{_emoji(pen, 'bullet')} "
    if style.bullets:
        yield Block("\n".join(f"{mark}{text}" for text in pen.reading.benefits), 3)
    else:
        joint = pen.reading.bank.style.sentence_end + pen.reading.bank.style.space
        yield Block(ended(joint.join(pen.reading.benefits[:3]), pen.reading), 4)


def _link(pen: Pen, style: PostStyle) -> str:
    facts = pen.reading.facts
    if style.link == "url" and facts.get("url"):
        return _marked("👉", pen.line("pools.link"), pen, style)
    short = facts.get("url_short", "")
    if style.link == "short" and 0 < len(short) <= _SHORT_LINK_CHARS:
        return _marked("👉", pen.line("pools.short_link"), pen, style)
    return _marked("👉", pen.line("pools.no_link"), pen, style)


def _dressed(pen: Pen, blocks: list[Block], style: PostStyle) -> list[Block]:
    """The opening paragraph with an emoji at its end, where the tone takes one."""
    if not _wants_emoji(pen, style) or (style.emoji == 1 and not _coin(pen, "hook")):
        return blocks
    last = blocks[-1]
    if last.text.endswith((":", "：")):
        return blocks
    gap = "" if pen.reading.bank.style.dense else " "
    return [*blocks[:-1], Block(f"{last.text}{gap}{_emoji(pen, 'hook')}", last.weight)]


def _marked(mark: str, text: str, pen: Pen, style: PostStyle) -> str:
    wanted = _wants_emoji(pen, style) and (style.emoji == 2 or _coin(pen, mark))
    return f"{mark} {text}" if text and wanted else text


def _wants_emoji(pen: Pen, style: PostStyle) -> bool:
    return style.emoji == 2 or (style.emoji == 1 and pen.reading.tone not in _SOBER)


def _coin(pen: Pen, what: str) -> bool:
    chance = 0.8 if pen.reading.tone == "playful" else 0.5
    return Random(f"{pen.reading.request.seed}:{pen.salt}:{what}").random() < chance


def _emoji(pen: Pen, what: str) -> str:
    kind = pen.reading.kind
    choices = (*(kind.emoji if kind else ()), *_STARS[: 2 if kind else 4])
    if what == "bullet":
        choices = ("✅", "▫️", "🔸", "✨", "💡")
    return Random(f"{pen.reading.request.seed}:{pen.salt}:{what}").choice(choices)


def _joined(paragraphs: Iterable[list[Block]], style: PostStyle, reading: Reading) -> str:
    space = reading.bank.style.space
    parts = []
    for blocks in paragraphs:
        text = ""
        for block in blocks:
            gap = "\n" if "\n" in block.text else space
            text = f"{text}{gap}{block.text}" if text else block.text
        parts.append(text)
    joint = style.joint if style.joint != " " else space
    return joint.join(part for part in parts if part)


def _drop_heaviest(paragraphs: list[list[Block]]) -> bool:
    blocks = [block for part in paragraphs for block in part if block.weight]
    if not blocks:
        return False
    heaviest = max(blocks, key=lambda block: block.weight)
    for part in paragraphs:
        if heaviest in part:
            part.remove(heaviest)
            return True
    return False
