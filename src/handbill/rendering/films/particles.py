"""Small pieces in the brand's colours: confetti that bursts and falls, motes that rise slowly."""

from __future__ import annotations

import random
from dataclasses import dataclass

from handbill.rendering.colour import Colour
from handbill.rendering.films import shapes
from handbill.rendering.films.actors import Actor, Set
from handbill.rendering.films.areas import Area
from handbill.rendering.films.motion import HIDDEN, Motion
from handbill.rendering.films.planes import Pose
from handbill.rendering.films.storyboard_files import Layer

_CONFETTI, _MOTES = 22, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight(Motion):
    """A piece thrown from where it rests: it flies, slows in the air, falls, and is gone.

    Attributes:
        speed: across and up, in reaches a second.
        spin: degrees a second.
    """

    speed: tuple[float, float]
    spin: float

    def pose(self, time_s: float) -> Pose:
        """Where the piece is; hidden before it is thrown and after it is gone."""
        age_s = time_s - self.at_s
        if not 0 <= age_s < self.lasts_s:
            return HIDDEN
        slowed = (1 - 2.718 ** (-2.6 * age_s)) / 2.6
        return Pose(
            dx=self.reach_px * self.speed[0] * slowed,
            dy=self.reach_px * (0.34 * age_s * age_s - self.speed[1] * slowed),
            angle=self.spin * age_s,
            scale=min(1.0, 6 * (1 - age_s / self.lasts_s)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rising(Motion):
    """A mote that rises through its field without end, growing and shrinking."""

    speed: float
    field_px: float
    start: float

    def pose(self, time_s: float) -> Pose:
        """Where the mote is; it begins again below when it has left above."""
        share = (self.start + self.speed * (time_s + 1.0)) % 1.0
        sway = 0.012 * self.reach_px * (2 * abs(2 * ((share * 3) % 1.0) - 1) - 1)
        return Pose(dx=sway, dy=-share * self.field_px, scale=max(0.02, 4 * share * (1 - share)))


def build_particles(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The pieces of the layer, in colours that stand out from the ground."""
    dice = random.Random(f"{stage.spec.seed}/{layer.style}/{layer.at_s}")  # noqa: S311 - variety
    colours = _colours(stage)
    if layer.style == "motes":
        return [_mote(area, stage, dice, layer) for _ in range(_MOTES)]
    return [
        _piece(area, stage, dice, (colours[number % len(colours)], layer))
        for number in range(_CONFETTI)
    ]


def _colours(stage: Set) -> list[Colour]:
    names = ("accent", "panel", "field", "white")
    found = [stage.colour(name) for name in names]
    return [colour for colour in dict.fromkeys(found) if colour != stage.scheme.ground]


def _piece(area: Area, stage: Set, dice: random.Random, kind: tuple[Colour, Layer]) -> Actor:
    colour, layer = kind
    side = stage.canvas.side_px
    size = dice.uniform(0.014, 0.027) * side
    figure = dice.choice(("bar", "bar", "circle", "tri"))
    width = size if figure != "bar" else size * 0.55
    sprite = shapes.figure_sprite(figure, round(width), round(size), colour.bgr)
    moves = Flight(
        at_s=layer.at_s - stage.early_s + dice.uniform(0.0, 0.12),
        lasts_s=dice.uniform(1.1, 1.9),
        reach_px=side,
        speed=(dice.uniform(-1.5, 1.5), dice.uniform(0.35, 1.7)),
        spin=dice.uniform(-420.0, 420.0),
    )
    at = (area.left + area.width * dice.uniform(0.35, 0.65), area.top + area.height / 2)
    return Actor(sprite=sprite, at=at, motion=moves)


def _mote(area: Area, stage: Set, dice: random.Random, layer: Layer) -> Actor:
    side = stage.canvas.side_px
    size = round(dice.uniform(0.018, 0.046) * side)
    colour = stage.colour(layer.colour)
    sprite = shapes.figure_sprite("circle", size, size, colour.bgr)
    moves = Rising(
        reach_px=side,
        field_px=area.height,
        speed=dice.uniform(0.05, 0.12),
        start=dice.random(),
    )
    at = (area.left + area.width * dice.random(), area.bottom)
    return Actor(sprite=sprite, at=at, motion=moves)
