"""Storyboards and layouts as files: ``templates/storyboards/*.toml``, read and checked.

``layouts.toml`` holds compositions (layers with boxes for three shapes of canvas); every other
file is one storyboard that puts them in order. A wrong word in a file is named with its place.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from handbill.errors import TemplateError
from handbill.rendering.films.figures import FIGURES
from handbill.rendering.films.motion import DRIFTS, ENTRANCES
from handbill.rendering.films.transitions import LENGTHS_S
from handbill.settings import read_settings

Box = tuple[float, float, float, float]

_LAYOUTS = "layouts.toml"
_APART = ("words", "lines", "roll")  # entrances of texts that come in pieces
FIELDS = (
    "hook",
    "headline",
    "kicker",
    "subhead",
    "benefits",
    "benefit_1",
    "benefit_2",
    "benefit_3",
    "number_1",
    "number_2",
    "number_3",
    "quote_mark",
    "badge",
    "price",
    "compare_at",
    "deadline",
    "cta",
    "address",
    "legal",
    "url",
    "picture",
    "photo",
    "cutout",
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Layer(_Strict):
    """One element of a composition.

    Attributes:
        tall, square, wide: box as shares of the area (left, top, width, height) on canvases of
            9:16, 1:1 and 16:9; 4:5, and 1:1 with a product that lies, take the tall one.
        area: ``stage`` (inside the safe zone, above the captions), ``podium`` (where products
            stand: below the captions of a tall canvas), ``floor`` (from their feet over the lower
            edge), ``beside`` (what of the podium is safe for words), ``upper`` (the stage with
            the captions' strip), ``free`` (all of the safe zone; both only in shots without
            captions) or ``canvas`` (to the edges).
        enter: a move of `motion.ENTRANCES`, or for texts ``words`` or ``lines``: piece by piece;
            a price may ``roll`` in like the figures of a counter.
        field: the words to show, several names from best to last resort (``hook|headline``).
        given, lacking: fields that the brief must have, or must not have, for this layer
            (``picture`` for a picture, ``photo`` and ``cutout`` for one of that kind).
        look: how text is set.
        colour: a role of the colour scheme.
        at_s: seconds after the shot's start.
        depth: how much of the drift it takes part in; what is nearer moves more.
        veil: darkness under words that lie on a photo or clip.
        under: it moves up to stand right under the words before it, where those end early.
        bleed: a photo runs to the edges of a stacked canvas here, instead of standing in a frame.
        frame: what a photo is cut to where it does not: a ``card``, an ``arch`` or a ``disc``.
        tilt: degrees by which a product leans to the right, on stacked canvases; slender ones
            lean further, photos less.
        stagger_s: between lines or list items.
        pick: which picture, or which moment of the clips, best first (0 is the first; more than
            there are starts again).
    """

    kind: Literal[
        "ground",
        "shape",
        "product",
        "shadow",
        "photo",
        "particles",
        "text",
        "benefits",
        "price",
        "badge",
        "button",
        "logo",
        "plate",
        "footage",
    ]
    tall: Box = (0.0, 0.0, 1.0, 1.0)
    square: Box = (0.0, 0.0, 1.0, 1.0)
    wide: Box = (0.0, 0.0, 1.0, 1.0)
    area: Literal["stage", "podium", "floor", "beside", "upper", "free", "canvas"] = "stage"
    field: str = ""
    given: str = ""
    lacking: str = ""
    look: Literal[
        "mark",
        "wordmark",
        "giant",
        "title",
        "sentence",
        "item",
        "button",
        "label",
        "small",
        "price",
        "old_price",
    ] = "title"
    shape: str = "circle"
    style: Literal["flat", "gradient", "split", "glow", "confetti", "motes"] = "flat"
    colour: str = "ink"
    align: Literal["start", "centre"] = "centre"
    stand: Literal["top", "middle", "bottom"] = "middle"
    enter: str = "fade"
    drift: str = "still"
    depth: float = Field(default=1.0, ge=0, le=6)
    at_s: float = Field(default=0.0, ge=0, le=10)
    lasts_s: float = Field(default=0.45, ge=0, le=5)
    stagger_s: float = Field(default=0.09, ge=0, le=2)
    most_lines: int = Field(default=3, ge=1, le=8)
    pick: int = Field(default=0, ge=0, le=8)
    veil: bool = False
    under: bool = False
    bleed: bool = False
    frame: Literal["card", "arch", "disc"] = "card"
    tilt: float = Field(default=0.0, ge=-40, le=40)

    @field_validator("enter")
    @classmethod
    def _knows_entrance(cls, value: str) -> str:
        return _one_of(value, {*ENTRANCES, *_APART})

    @field_validator("shape")
    @classmethod
    def _knows_shape(cls, value: str) -> str:
        return _one_of(value, FIGURES)

    @field_validator("drift")
    @classmethod
    def _knows_drift(cls, value: str) -> str:
        return _one_of(value, {"still", *DRIFTS})

    @field_validator("field", "given", "lacking")
    @classmethod
    def _knows_fields(cls, value: str) -> str:
        for name in value.split("|") if value else ():
            _one_of(name, FIELDS)
        return value


class Turn(_Strict):
    """A second picture of a long shot: a composition, and what the brief must have for it."""

    layout: str
    needs: tuple[str, ...] = ()


class ShotPlan(_Strict):
    """One scene of a storyboard file.

    Attributes:
        layout: a composition; `layout_plain` stands in where there is no picture.
        also, also_plain: compositions that a film may have in the place of these.
        then: what to change to when speech makes the shot long; the first ones that the brief has
            the content for.
        scheme: colours of the scene, one of `colour_scheme.SCHEMES`.
        least_s, most_s: bounds of its length while nobody speaks; speech may lengthen it.
        needs: what the brief must have for this shot: names of display fields, ``picture``,
            ``pictures`` (two or more), ``video``, ``videos``; several joined by ``|`` mean any.
        from_s, to_s: only films of a wished length between these have the shot, the end exclusive.
        captions: ``karaoke``, ``block`` or ``none``.
        sound: cue at its start: ``whoosh``, ``pop``, ``hit``, ``riser`` or ``none``.
        speaks: whether lines of the voice-over may fall into it.
    """

    role: str
    layout: str
    layout_plain: str = ""
    also: tuple[str, ...] = ()
    also_plain: tuple[str, ...] = ()
    then: tuple[Turn, ...] = ()
    from_s: float = Field(default=0.0, ge=0, le=60)
    to_s: float = Field(default=61.0, ge=0, le=61)
    scheme: str = "paper"
    transition: str = "cut"
    motion: str = ""
    texts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    least_s: float = Field(default=1.6, ge=0.8, le=10)
    most_s: float = Field(default=3.2, ge=1.0, le=12)
    captions: Literal["karaoke", "block", "none"] = "karaoke"
    sound: Literal["whoosh", "pop", "hit", "riser", "none"] = "whoosh"
    speaks: bool = True

    @field_validator("transition")
    @classmethod
    def _knows_transition(cls, value: str) -> str:
        return _one_of(value, LENGTHS_S)


class StoryboardFile(_Strict):
    """A film as a declared list of shots.

    Attributes:
        needs: as in `ShotPlan`; the storyboard is not chosen without them.
        calls: the same names; where all of them are there, the content calls for this storyboard.
        pull: how strongly, against the others that it calls for.
        likes: the same names; each one that is there makes it likelier to be chosen.
        moods: of the music; the brand's tone decides among them.
        bpm: slowest and fastest tempo.
    """

    name: str
    about: str
    needs: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    pull: int = Field(default=1, ge=0, le=9)
    likes: tuple[str, ...] = ()
    moods: tuple[str, ...] = ("bright",)
    bpm: tuple[int, int] = (104, 120)
    shots: tuple[ShotPlan, ...] = Field(min_length=2)

    def shot(self, role: str) -> ShotPlan:
        """The shot with this role.

        Raises:
            TemplateError: the file has none.
        """
        found = next((shot for shot in self.shots if shot.role == role), None)
        if found is None:
            raise TemplateError(f"no shot has the role {role!r}", where=f"{self.name}.toml")
        return found


@lru_cache(maxsize=8)
def read_storyboards(folder: Path) -> tuple[StoryboardFile, ...]:
    """Every storyboard in `folder`, by name.

    Raises:
        TemplateError: a file cannot be read, or names a layout that does not exist.
    """
    layouts = read_layouts(folder)
    boards = tuple(
        _read_board(path, layouts)
        for path in sorted(folder.glob("*.toml"))
        if path.name != _LAYOUTS
    )
    if not boards:
        raise TemplateError("there is no storyboard", where=str(folder))
    return boards


@lru_cache(maxsize=8)
def read_layouts(folder: Path) -> dict[str, tuple[Layer, ...]]:
    """The compositions of ``layouts.toml``, by name.

    Raises:
        TemplateError: it is missing or wrong.
    """
    path = folder / _LAYOUTS
    tables = _read_toml(path)
    found = {}
    for name, layers in tables.items():
        try:
            found[name] = tuple(Layer.model_validate(layer) for layer in layers)
        except (ValidationError, TypeError) as fault:
            raise TemplateError(str(fault), where=f"{path}, layout {name!r}") from fault
    return found


def find_board(name: str) -> StoryboardFile:
    """The storyboard `name` of this machine.

    Raises:
        TemplateError: there is none (any more).
    """
    folder = storyboard_folder()
    for board in read_storyboards(folder):
        if board.name == name:
            return board
    raise TemplateError(
        f"there is no storyboard {name!r}", where=str(folder), remedy="plan the film again"
    )


@lru_cache(maxsize=8)
def templates_digest(folder: Path) -> str:
    """The sha256 (hex) over all files of `folder`, so that an edited template gives new films."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.toml")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def storyboard_folder() -> Path:
    """Where the storyboards of this machine are."""
    return read_settings().templates / "storyboards"


def _read_board(path: Path, layouts: dict[str, tuple[Layer, ...]]) -> StoryboardFile:
    try:
        board = StoryboardFile.model_validate({"name": path.stem, **_read_toml(path)})
    except ValidationError as fault:
        raise TemplateError(str(fault), where=str(path)) from fault
    for shot in board.shots:
        turns = (turn.layout for turn in shot.then)
        others = (*shot.also, *shot.also_plain, *turns)
        for layout in filter(None, (shot.layout, shot.layout_plain, *others)):
            if layout not in layouts:
                raise TemplateError(
                    f"there is no layout {layout!r}",
                    where=f"{path}, shot {shot.role!r}",
                    remedy=f"use one of {', '.join(sorted(layouts))}",
                )
    return board


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise TemplateError(f"cannot be read: {fault}", where=str(path)) from fault


def _one_of(value: str, known: Iterable[str]) -> str:
    names = sorted(known)
    if value not in names:
        raise ValueError(f"{value!r} is not one of {', '.join(names)}")
    return value
