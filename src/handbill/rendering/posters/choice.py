"""Which layout, scheme and ground a poster gets: by its content, with a seeded spread."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.order import story_seed
from handbill.errors import TemplateError
from handbill.rendering.colour import distance
from handbill.rendering.colour_scheme import Scheme, scheme_of
from handbill.rendering.pictures import LoadedPicture
from handbill.rendering.posters.layouts import SEASON, Layout, PictureSlot
from handbill.rendering.posters.logos import logo_reads
from handbill.rendering.posters.placing import CLEAR_DISTANCE
from handbill.rendering.posters.seasons import season_of
from handbill.rendering.posters.subjects import pair_of
from handbill.rendering.spec import PosterSpec

_LONG_HEADLINE = 34
_SHORT_HEADLINE = 18
# Layouts whose score lies this near to the best take part in the draw.
_NEAR = 2.2
# Pictures with fewer pixels on their longer side stay small on the page.
_SMALL_PX = 520
# How often a poster whose words name a season shows its motif.
_SEASONAL = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a poster is drawn with."""

    layout: Layout
    scheme: Scheme
    ground: str


def choices(
    layouts: Sequence[Layout], spec: PosterSpec, picture: LoadedPicture | None, aspect: str
) -> Iterator[Choice]:
    """Layouts for this content with scheme and ground, best first; at least one.

    Variants of one story draw from one shuffled deck, so that they differ; different stories have
    different decks, so that a hundred products do not look alike.
    """
    deck = _deck(layouts, spec, picture)
    first = (spec.variant - 1) % len(deck)
    for layout in (*deck[first:], *deck[:first]):
        yield _dressed(layout, spec, picture, aspect)


def _dressed(
    layout: Layout, spec: PosterSpec, picture: LoadedPicture | None, aspect: str
) -> Choice:
    chance = random.Random(f"{spec.seed}:{layout.name}")  # noqa: S311 - variety, not secrets
    schemes = [scheme_of(spec.palette, name) for name in layout.schemes]
    clear = [scheme for scheme in schemes if _shows(scheme, layout, picture, aspect)]
    # A logo of several colours stands where it reads without a plate, if the layout can do so.
    signed = [scheme for scheme in clear or schemes if logo_reads(spec.kit, scheme.ground)]
    scheme = _leaning(signed or clear or schemes, chance)
    ground = _ground(layout, spec.display, chance)
    return Choice(layout=layout, scheme=scheme, ground=ground)


def _ground(layout: Layout, display: DisplayText, chance: random.Random) -> str:
    """One of the layout's grounds; the season's motif every other time that the words name one."""
    season = season_of(display) if SEASON in layout.grounds else ""
    drawn = chance.choice([ground for ground in layout.grounds if ground != SEASON])
    return season if season and chance.random() < _SEASONAL else drawn


def features(
    display: DisplayText, picture: LoadedPicture | None, pictures: Sequence[Picture] = ()
) -> dict[str, bool]:
    """What there is to show, by the words that layout files use under ``likes``."""
    length = _visual_length(display.headline)
    return {
        "badge": bool(display.badge),
        "price": bool(display.price),
        "benefits": len(display.benefits) >= 2,
        "address": bool(display.address),
        "subhead": bool(display.subhead),
        "deadline": bool(display.deadline),
        "short_headline": length <= _SHORT_HEADLINE,
        "long_headline": length > _LONG_HEADLINE,
        "tall_picture": picture is not None and picture.aspect < 0.75,
        "wide_picture": picture is not None and picture.aspect > 1.3,
        "small_picture": picture is not None and _is_small(picture),
        "plain_photo": picture is not None and _is_plain(picture),
        "picture": picture is not None,
        "pair": pair_of(pictures) is not None,
    }


def fits(
    layout: Layout,
    display: DisplayText,
    picture: LoadedPicture | None,
    pictures: Sequence[Picture] = (),
) -> bool:
    """Whether the layout is made for these pictures and has the content that it needs."""
    kind = picture.kind if picture else "none"
    made_for = layout.picture == kind or (layout.picture == "any" and picture is not None)
    enough = layout.pictures == 1 or sum(bool(one.path) for one in pictures) >= layout.pictures
    paired = "pair" not in layout.needs or pair_of(pictures) is not None
    said = all(getattr(display, need) for need in layout.needs if need != "pair")
    return made_for and enough and paired and said


def _deck(
    layouts: Sequence[Layout], spec: PosterSpec, picture: LoadedPicture | None
) -> list[Layout]:
    beside = () if spec.scene else spec.pictures
    have = {**features(spec.display, picture, beside), "scene": bool(spec.scene)}
    fitting = [layout for layout in layouts if fits(layout, spec.display, picture, beside)]
    if not fitting:
        kind = picture.kind if picture else "none"
        raise TemplateError(
            f"no poster layout is made for this content (picture: {kind!r})",
            where="posters/*.toml",
            remedy='add a layout with picture = "any" or "none" that needs nothing',
        )
    scored = [(_score(layout, have), layout) for layout in fitting]
    best = max(score for score, _ in scored)
    near = [layout for score, layout in scored if score >= best - _NEAR]
    rest = [layout for score, layout in scored if score < best - _NEAR]
    story = story_seed(spec.seed, spec.variant)
    random.Random(story).shuffle(near)  # noqa: S311 - variety, not secrets
    random.Random(story + 1).shuffle(rest)  # noqa: S311 - variety, not secrets
    return near + rest


def _score(layout: Layout, have: dict[str, bool]) -> float:
    return sum(weight for name, weight in layout.likes.items() if have.get(name))


def _shows(scheme: Scheme, layout: Layout, picture: LoadedPicture | None, aspect: str) -> bool:
    """Whether a cut-out would stand clear of what lies behind it."""
    if picture is None or picture.kind != "cutout":
        return True
    slot = layout.composition(aspect).picture or PictureSlot()
    behind = scheme.colour(slot.colour) if slot.fit != "contain" else scheme.ground
    return distance(picture.mean, behind) >= CLEAR_DISTANCE


def _leaning(schemes: Sequence[Scheme], chance: random.Random) -> Scheme:
    """A draw in which earlier schemes come more often."""
    weights = [1 / (1 + index * 0.7) for index in range(len(schemes))]
    return chance.choices(schemes, weights)[0]


def _is_small(picture: LoadedPicture) -> bool:
    """Whether a picture has too few pixels to be shown large."""
    return max(picture.width_px, picture.height_px) < _SMALL_PX


def _is_plain(picture: LoadedPicture) -> bool:
    """Whether it is a photo on a plain ground that could not be cut out."""
    return any(note.code == "picture.not_cut_out" for note in picture.notes)


def _visual_length(text: str) -> int:
    """Characters, wide ones (Han, kana, Hangul) counted twice."""
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)
