"""Which words each shot of a film shows: none twice, and none that there is no time to read.

The end card alone may repeat: headline, call to action and address are what people keep.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from handbill.domain.storyboard import Shot
from handbill.rendering.films.storyboard_files import Layer, ShotPlan
from handbill.rendering.films.words import has, shown_words
from handbill.rendering.spec import FilmSpec

# Adults read about 240 words a minute in silence; Chinese and Japanese about 540 characters.
_CHARS_A_SECOND = 22.0
_WIDE_A_SECOND = 9.0
_FOUND_S = 0.4  # until the eye has found the words
_WIDE = 0x2E80
_WORDY = {"text": "", "benefits": "benefits", "price": "price", "badge": "badge"}
_ORNAMENTS = ("number_", "quote_mark")
_PICTURED = ("product", "photo")

Layouts = Mapping[str, Sequence[Layer]]


def reading_time_s(words: Sequence[str]) -> float:
    """How long `words` take to be found and read, in seconds; 0 for none."""
    text = " ".join(words)
    wide = sum(ord(char) >= _WIDE for char in text)
    slow_s = wide / _WIDE_A_SECOND + (len(text) - wide) / _CHARS_A_SECOND
    return _FOUND_S + slow_s if text else 0.0


def telling_plans(spec: FilmSpec, plans: Sequence[ShotPlan], layouts: Layouts) -> list[ShotPlan]:
    """Those of `plans` that have something new to show, each with the fields that are new in it.

    What a later shot is there for is left to it, but for the words that a shot itself is there
    for. The first shot that shows the product stays, also without a word; so does the last one.
    """
    told: set[str] = set()
    kept: list[ShotPlan] = []
    pictured = False
    for place, plan in enumerate(plans[:-1]):
        later = {
            word for other in plans[place + 1 : -1] for word in _lead(spec, other.texts, told)
        }
        fields = _fresh_fields(spec, plan.texts, told, later)
        shows = has(spec, "picture") and any(
            layer.kind in _PICTURED for layer in layouts[plan.layout]
        )
        if plan.texts and not fields and (pictured or not shows):
            continue
        pictured = pictured or (shows and place > 0)
        kept.append(plan.model_copy(update={"texts": fields}))
        told |= {word for field in fields for word in shown_words(spec, field)}
    return [*kept, *plans[-1:]]


@dataclass(slots=True, kw_only=True)
class Telling:
    """What a film tells while its shots are made.

    Attributes:
        planned: words that its shots are there for.
        shown: layouts that it has.
    """

    spec: FilmSpec
    layouts: Layouts
    planned: set[str]
    shown: set[str]

    def news(self, layout: str, own: Collection[str], room_s: float) -> tuple[str, ...] | None:
        """What a shot may change to `layout` for; None where it tells nothing new in `room_s`.

        Args:
            layout: a composition.
            own: words of the shot's own that it may leave to the other one.
            room_s: how long the layout would stand.
        """
        fields = fields_of(self.layouts[layout])
        told = self.planned - set(own)
        words = tuple(word for field in fields for word in _fresh(self.spec, field, told)[1])
        if layout in self.shown or (fields and not words):
            return None
        if reading_time_s(words[:1]) > room_s:
            return None
        self.shown.add(layout)
        self.planned |= set(words)
        return words


def with_words(spec: FilmSpec, shots: Sequence[Shot], layouts: Layouts) -> tuple[Shot, ...]:
    """The same shots with the words that each of them really shows.

    Args:
        spec: what there is to be told.
        shots: with the words that they are there for, the first of these for sure.
        layouts: the compositions.
    """
    told: set[str] = set()
    made: list[Shot] = []
    for place, shot in enumerate(shots[:-1]):
        later = {word for other in shots[place + 1 : -1] for word in other.texts[:1]}
        made.append(replace(shot, texts=_readable(spec, shot, layouts, told, later)))
        told |= set(made[-1].texts)
    last = shots[-1]
    words = (shown_words(spec, field) for field in fields_of(layouts[last.layout]))
    whole = (*shown_words(spec, "cta"), *(word for each in words for word in each))
    return (*made, replace(last, texts=tuple(dict.fromkeys(whole))))


def only_told(spec: FilmSpec, texts: Collection[str]) -> FilmSpec:
    """`spec` as a shot shows it: of its display words those among `texts` alone."""
    display = spec.display
    kept = {
        name: text if text in texts else ""
        for name in ("headline", "hook", "kicker", "subhead", "badge", "price", "deadline")
        if (text := getattr(display, name))
    }
    benefits = tuple(text if text in texts else "" for text in display.benefits)
    return replace(spec, display=replace(display, benefits=benefits, **kept))


def fields_of(layers: Sequence[Layer]) -> tuple[str, ...]:
    """The fields of words that a composition shows, in the order of its layers."""
    named = (layer.field or _WORDY[layer.kind] for layer in layers if layer.kind in _WORDY)
    words = (name for name in named if not name.startswith(_ORNAMENTS))
    return tuple(dict.fromkeys(words))


def _readable(
    spec: FilmSpec, shot: Shot, layouts: Layouts, told: set[str], later: set[str]
) -> tuple[str, ...]:
    fields = fields_of(layouts[shot.layout])
    shows = [word for field in fields for word in _fresh(spec, field, told)[1]]
    main = [word for word in dict.fromkeys(shot.texts) if word in shows]
    others = [word for word in dict.fromkeys((*main[1:], *shows)) if word not in later]
    kept = main[:1]
    span_s = (shot.end_ms - shot.start_ms) / 1000
    for word in others:
        fits = reading_time_s([*kept, word]) <= span_s
        if word not in kept and fits and not _hangs(spec, word, told | set(kept)):
            kept.append(word)
    return tuple(kept)


def _hangs(spec: FilmSpec, word: str, told: Collection[str]) -> bool:
    """Whether `word` is the end of an offer that nobody has been told of yet."""
    display = spec.display
    return word == display.deadline and bool(display.badge) and display.badge not in told


def _lead(spec: FilmSpec, fields: Sequence[str], told: Collection[str]) -> tuple[str, ...]:
    """The words that a shot is there for: of its first field that has any."""
    found = (_fresh(spec, field, told)[1] for field in fields)
    return next((words for words in found if words), ())


def _fresh_fields(
    spec: FilmSpec, fields: Sequence[str], told: Collection[str], later: Collection[str]
) -> tuple[str, ...]:
    def walk() -> Iterator[str]:
        lead = True
        for field in fields:
            name, words = _fresh(spec, field, told)
            if words and (lead or not set(words) & set(later)):
                lead = False
                yield name

    return tuple(walk())


def _fresh(spec: FilmSpec, field: str, told: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """The first of `a|b` that has words which are not told yet, and those words."""
    for name in field.split("|"):
        words = tuple(word for word in shown_words(spec, name) if word not in told)
        if words:
            return name, words
    return "", ()
