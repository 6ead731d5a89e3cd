"""Poster layouts as a designer writes them (`templates/posters/*.toml`), read and checked.

A layout says, for each aspect, where shapes, picture, stacks of text, badge and logo go. Boxes are
``[left, top, right, bottom]`` in shares of a frame: ``page`` (bleed included), ``trim`` (what is
left after cutting), ``live`` (safe zone and a part of the margin that apps may cover: pictures
may go there), ``body`` (where text may stand, header and footer taken off) or ``picture`` (where
the picture came to lie; without one, its slot). Pictures give way to text: a slot's box is the
most that the picture gets.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from handbill.errors import TemplateError
from handbill.rendering.colour_scheme import SCHEMES
from handbill.rendering.posters.grounds import GROUNDS

ASPECTS = (
    *("square", "portrait", "story", "landscape"),
    *("billboard", "leaderboard", "skyscraper", "print"),
)
FRAMES = ("page", "trim", "live", "body", "picture")
ROLES = (
    "kicker",
    "headline",
    "subhead",
    "benefits",
    "price",
    "badge",
    "tag",
    "deadline",
    "cta",
    "address",
    "legal",
    "rule",
    "quote",
)
SHAPES = ("circle", "ring", "rect", "arch", "wedge", "blob", "line", "frame", "dots")
COLOURS = ("ground", "ground_2", "ground_3", "ink", "muted", "accent", "panel", "field", "white")
LOGO_PLACES = (
    *("top-start", "top-centre", "top-end"),
    *("middle-start", "middle-end", "bottom-start", "bottom-end"),
)
_NEAREST = {
    "print": ("portrait", "square"),
    "portrait": ("square", "story"),
    "story": ("portrait", "square"),
    "square": ("portrait", "landscape"),
    "landscape": ("square", "portrait"),
    "billboard": ("landscape", "square"),
    "leaderboard": ("billboard", "landscape"),
    "skyscraper": ("story", "portrait"),
}

# Among a layout's grounds: the motif of the season that the words name, if they name one.
SEASON = "season"

Numbers = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A flat form. `radius` and `stroke` in shares of the trim's shorter side.

    In the frame ``picture`` a circle's radius counts in picture sizes (the square root of its
    area). A circle that would run under text which could not be read on it takes a quiet colour.
    """

    kind: str
    colour: str
    frame: str = "trim"
    box: Numbers = (0.0, 0.0, 1.0, 1.0)
    centre: Numbers = (0.5, 0.5)
    radius: float = 0.0
    points: tuple[Numbers, ...] = ()
    stroke: float = 0.0
    alpha: float = 1.0
    above_picture: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSlot:
    """Where the picture goes.

    Attributes:
        fit: ``contain`` (whole; photos get a frame), ``cover`` (fills the box) or ``mask`` (fills
            `mask`; a cut-out stands before the mask in the panel's colour).
        mask: ``rect``, ``circle`` or ``arch``.
        anchor: where in the box a smaller picture stands, x and y from 0 to 1.
        shadow: ``contact``, ``drop`` or ``none``.
        tilt: degrees that a cut-out leans, clockwise.
        grow: how much a cut-out may stand out of its mask, 1 = not at all.
        cut: how the box gives way to text: ``vertical`` (keeps its width) or ``any``.
        scrim: ``none``, ``top``, ``bottom``, ``start`` or ``full``: darkened for text; ``melt``:
            its start side melts into the ground; ``card``: words stand on cards over its foot.
    """

    frame: str = "live"
    box: Numbers = (0.0, 0.0, 1.0, 1.0)
    fit: str = "contain"
    mask: str = "rect"
    anchor: Numbers = (0.5, 1.0)
    shadow: str = "contact"
    tilt: float = 0.0
    grow: float = 1.0
    scrim: str = "none"
    reflect: bool = False
    colour: str = "panel"
    cut: str = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One place of a grid of pictures: filled to its edges, cut-outs before a field of colour.

    Attributes:
        colour: the field behind cut-outs and behind photos that are too small to fill it.
        corner: times the brand's own corner radius; 0 for tiles that touch an edge.
    """

    box: Numbers
    frame: str = "live"
    colour: str = "panel"
    corner: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Elements from top to bottom in a box of the body.

    Attributes:
        flow: roles; ``price|cta`` puts two side by side, ``spring`` takes the free height.
        on: the colour role that lies under it: ``ground``, ``panel``, ``picture`` or ``accent``.
        card: whether a card in that colour is laid under the stack, as large as its content.
    """

    flow: tuple[str, ...]
    box: Numbers = (0.0, 0.0, 1.0, 1.0)
    align: str = "start"
    valign: str = "top"
    on: str = "ground"
    frame: str = "body"
    card: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeSlot:
    """Where the offer's badge sits.

    Attributes:
        at: its centre in shares of `frame`.
        size: its diameter in shares of the trim's shorter side.
        style: ``burst``, ``seal``, ``circle``, ``tag`` or ``pill``.
        angle: degrees, clockwise.
    """

    at: Numbers
    size: float = 0.24
    style: str = "burst"
    frame: str = "live"
    angle: float = -10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """One layout in one aspect.

    Attributes:
        tiles: places for several pictures, in the order in which the brief gives them.
    """

    shapes: tuple[Shape, ...] = ()
    picture: PictureSlot | None = None
    tiles: tuple[Tile, ...] = ()
    stacks: tuple[Stack, ...] = ()
    badge: BadgeSlot | None = None
    logo: str = "top-start"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRule:
    """How one role is set. Sizes in pixels on a canvas of 1080 × 1080: smallest, largest."""

    size: Numbers
    weight: int = 400
    font: str = "body"
    lines: int = 4
    leading: float = 1.2
    tracking: float = 0.0
    case: str = "as_written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A poster layout.

    Attributes:
        picture: what it is made for: ``cutout``, ``photo``, ``any`` or ``none``.
        schemes: colour schemes that suit it, best first.
        grounds: ground styles that suit it.
        pictures: how many pictures it shows; it is chosen where the brief has at least as many.
        needs: content without which it is not chosen, such as ``badge`` or ``address``; ``pair``
            asks for a picture before and one after.
        likes: feature of the content → how much that speaks for the layout.
    """

    name: str
    family: str
    summary: str
    picture: str
    schemes: tuple[str, ...]
    grounds: tuple[str, ...]
    pictures: int = 1
    needs: tuple[str, ...] = ()
    likes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    type: Mapping[str, TypeRule] = field(default_factory=lambda: MappingProxyType({}))
    aspects: Mapping[str, Composition] = field(default_factory=lambda: MappingProxyType({}))

    def composition(self, aspect: str) -> Composition:
        """The composition for `aspect`, else for the nearest aspect that the file has."""
        for name in (aspect, *_NEAREST[aspect]):
            if name in self.aspects:
                return self.aspects[name]
        return next(iter(self.aspects.values()))

    def compositions(self, aspect: str, *, wide: bool) -> tuple[Composition, ...]:
        """What may be tried for `aspect`: a wide picture on a square may stand below the words."""
        own = self.composition(aspect)
        if wide and aspect == "square" and own.picture is not None:
            return own, self.composition("portrait")
        return (own,)


TYPE_RULES = {
    "headline": TypeRule(
        size=(46, 128), weight=700, font="heading", leading=1.04, tracking=-0.015
    ),
    "kicker": TypeRule(size=(22, 26), weight=700, lines=2, tracking=0.12, case="upper"),
    "subhead": TypeRule(size=(28, 38), lines=4, leading=1.32),
    "benefits": TypeRule(size=(27, 33), lines=2, leading=1.25),
    "price": TypeRule(size=(60, 100), weight=700, font="heading", lines=1),
    "compare_at": TypeRule(size=(28, 40), lines=1),
    "badge": TypeRule(size=(20, 120), weight=700, font="heading", lines=3, leading=1.02),
    "tag": TypeRule(size=(24, 29), weight=700, lines=1),
    "deadline": TypeRule(size=(24, 29), weight=700, lines=2, leading=1.25),
    "cta": TypeRule(size=(28, 35), weight=700, lines=1),
    "address": TypeRule(size=(26, 31), lines=3, leading=1.3),
    "legal": TypeRule(size=(20, 21), lines=3, leading=1.3),
    "logo": TypeRule(size=(30, 36), weight=700, font="heading", lines=1),
}


def read_layouts(templates: Path) -> tuple[Layout, ...]:
    """Every layout in ``<templates>/posters``, in name order; read once a process.

    Raises:
        TemplateError: there is none, or a file is not a layout; says the file and the key.
    """
    return _read_layouts(str(templates))


@lru_cache(maxsize=8)
def _read_layouts(templates: str) -> tuple[Layout, ...]:
    files = sorted((Path(templates) / "posters").glob("*.toml"))
    if not files:
        raise TemplateError(
            f"no poster layouts in {templates!r}",
            remedy="add a .toml file below posters/, or unset HANDBILL_TEMPLATES",
        )
    return tuple(parse_layout(path.read_text("utf-8"), path.stem, str(path)) for path in files)


def parse_layout(text: str, name: str, where: str) -> Layout:
    """The layout in `text`.

    Raises:
        TemplateError: not TOML, an unknown key or word, or a box that is no box.
    """
    try:
        table = tomllib.loads(text)
        return _layout(table, name)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise TemplateError(
            f"this is not a poster layout: {error}",
            where=where,
            remedy="compare with docs/templates.md and the layouts that come with Handbill",
        ) from error


def _layout(table: dict[str, Any], name: str) -> Layout:
    head = {key: value for key, value in table.items() if key not in (*ASPECTS, "type")}
    _only("schemes", head["schemes"], SCHEMES)
    _only("grounds", head["grounds"], (*GROUNDS, SEASON))
    _only("picture", [head["picture"]], ("cutout", "photo", "any", "none"))
    aspects = {
        aspect: _composition(table[aspect], aspect) for aspect in ASPECTS if aspect in table
    }
    if not aspects:
        message = f"it has none of the tables {', '.join(ASPECTS)}"
        raise ValueError(message)
    own = {role: _type_rule(role, rule) for role, rule in table.get("type", {}).items()}
    return Layout(
        name=name,
        **{key: _frozen(value) for key, value in head.items() if key != "likes"},
        likes=MappingProxyType(head.get("likes", {})),
        type=MappingProxyType({**TYPE_RULES, **own}),
        aspects=MappingProxyType(aspects),
    )


def _composition(table: dict[str, Any], aspect: str) -> Composition:
    picture, badge = table.get("picture"), table.get("badge")
    made = Composition(
        shapes=tuple(Shape(**_frozen(shape)) for shape in table.get("shapes", ())),
        picture=PictureSlot(**_frozen(picture)) if picture else None,
        tiles=tuple(Tile(**_frozen(tile)) for tile in table.get("tiles", ())),
        stacks=tuple(Stack(**_frozen(stack)) for stack in table["stacks"]),
        badge=BadgeSlot(**_frozen(badge)) if badge else None,
        logo=table.get("logo", "top-start"),
    )
    frames = [shape.frame for shape in made.shapes] + [stack.frame for stack in made.stacks]
    frames += [made.picture.frame] if made.picture else []
    frames += [tile.frame for tile in made.tiles]
    frames += [made.badge.frame] if made.badge else []
    _only(f"{aspect} frame", frames, FRAMES)
    _only(f"{aspect}.logo", [made.logo], LOGO_PLACES)
    _only(f"{aspect}.shapes.kind", [shape.kind for shape in made.shapes], SHAPES)
    colours = [shape.colour for shape in made.shapes] + [tile.colour for tile in made.tiles]
    _only(f"{aspect}.colour", colours, COLOURS)
    if made.picture:
        _only(f"{aspect}.picture.cut", [made.picture.cut], ("any", "vertical"))
    roles = [role for stack in made.stacks for token in stack.flow for role in token.split("|")]
    _only(f"{aspect}.stacks.flow", roles, (*ROLES, "spring"))
    return made


def _type_rule(role: str, table: dict[str, Any]) -> TypeRule:
    base = TYPE_RULES[role]
    values = {name: getattr(base, name) for name in TypeRule.__slots__}
    return TypeRule(**{**values, **_frozen(table)})


def _only(where: str, words: Any, known: Any) -> None:
    for word in words:
        if word not in known:
            message = f"{where} says {word!r}; known are {', '.join(known)}"
            raise ValueError(message)


def _frozen(value: Any) -> Any:
    """Lists as tuples, all the way down; tables keep their keys."""
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
