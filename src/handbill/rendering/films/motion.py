"""How elements come in and how they live on: named moves, from seconds to a `Pose`.

Every move is a pure function of the time since the shot began. Moves that come in end exactly at
rest; drifts never stop, so that no second of a film stands still.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from handbill.rendering.films.easing import breath, clamp, ease_both, ease_out, overshoot
from handbill.rendering.films.planes import AT_REST, Pose

HIDDEN = Pose(opacity=0.0)

Move = Callable[[float, float], Pose]


CELLS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """What one element does in its shot.

    Attributes:
        enter: name of the move it comes in by, a key of `ENTRANCES`.
        at_s: when that begins, from the shot's start.
        lasts_s: how long that takes.
        drift: name of what it does all along, a key of `DRIFTS`.
        reach_px: how far big moves go: the canvas's shorter side.
        shot_s: length of the shot, by which drifts are measured.
        leave_s: when it goes again, from the shot's start; past the end for never.
        depth: how much of the drift it takes part in.
    """

    enter: str = "fade"
    at_s: float = 0.0
    lasts_s: float = 0.45
    drift: str = "still"
    reach_px: float = 1080.0
    shot_s: float = 2.0
    leave_s: float = 1e9
    depth: float = 1.0

    def pose(self, time_s: float) -> Pose:
        """Where the element stands `time_s` after its shot began."""
        if time_s < self.at_s or time_s >= self.leave_s:
            return HIDDEN
        share = (time_s - self.at_s) / self.lasts_s if self.lasts_s > 0 else 1.0
        came = ENTRANCES[self.enter](share, self.reach_px) if share < 1 else AT_REST
        if self.drift == "still":
            return came
        lived = DRIFTS[self.drift](time_s, self.shot_s, self.reach_px)
        return Pose(
            dx=came.dx + self.depth * lived.dx,
            dy=came.dy + self.depth * lived.dy,
            scale=came.scale * (1 + self.depth * (lived.scale - 1)),
            angle=came.angle + self.depth * lived.angle,
            opacity=came.opacity,
            clip=came.clip,
            fine=True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll(Motion):
    """A blurred figure on a strip of `CELLS` cells that runs past a window of one cell."""

    cell_px: int

    def pose(self, time_s: float) -> Pose:
        """Where the strip is, cut to the window."""
        if time_s < self.at_s or time_s >= self.leave_s:
            return HIDDEN
        above = (CELLS - 1) * (1 - (time_s - self.at_s) / self.lasts_s % 1.0)
        window = (0.0, above / CELLS, 1.0, (above + 1) / CELLS)
        return Pose(dy=-above * self.cell_px, clip=window)


def _rise(share: float, reach_px: float) -> Pose:
    return Pose(dy=0.07 * reach_px * (1 - ease_out(share)), opacity=clamp(share * 2.2))


def _drop(share: float, reach_px: float) -> Pose:
    return Pose(dy=-0.07 * reach_px * (1 - ease_out(share)), opacity=clamp(share * 2.2))


def _from_left(share: float, reach_px: float) -> Pose:
    return Pose(dx=-0.5 * reach_px * (1 - ease_out(share)), opacity=clamp(share * 3))


def _from_right(share: float, reach_px: float) -> Pose:
    return Pose(dx=0.5 * reach_px * (1 - ease_out(share)), opacity=clamp(share * 3))


def _from_below(share: float, reach_px: float) -> Pose:
    return Pose(dy=1.15 * reach_px * (1 - ease_out(share)))


def _pop(share: float, reach_px: float) -> Pose:
    del reach_px
    return Pose(scale=max(0.01, overshoot(share, 2.2)), opacity=clamp(share * 4))


def _grow(share: float, reach_px: float) -> Pose:
    del reach_px
    return Pose(scale=0.72 + 0.28 * overshoot(share, 0.9), opacity=clamp(share * 2.5))


def _stamp(share: float, reach_px: float) -> Pose:
    """Falls onto the picture from the viewer's side, with a turn."""
    del reach_px
    left = 1 - ease_out(share)
    return Pose(scale=1 + 0.9 * left, angle=-14 * left, opacity=clamp(share * 3))


def _land(share: float, reach_px: float) -> Pose:
    """There at once, a little too large: figures that have just stopped."""
    del reach_px
    return Pose(scale=1 + 0.12 * (1 - ease_out(share)))


def _unmask(share: float, reach_px: float) -> Pose:
    """A line of text rises out of its own baseline, cut off below it."""
    del reach_px
    return Pose(clip=(0.0, 0.0, 1.0, max(0.0, ease_out(share))))


def _wipe(share: float, reach_px: float) -> Pose:
    del reach_px
    return Pose(clip=(0.0, 0.0, ease_both(share), 1.0))


def _wipe_back(share: float, reach_px: float) -> Pose:
    del reach_px
    return Pose(clip=(1.0 - ease_both(share), 0.0, 1.0, 1.0))


def _fade(share: float, reach_px: float) -> Pose:
    del reach_px
    return Pose(opacity=ease_both(share))


def _present(share: float, reach_px: float) -> Pose:
    del share, reach_px
    return AT_REST


ENTRANCES: dict[str, Move] = {
    "present": _present,
    "fade": _fade,
    "rise": _rise,
    "drop": _drop,
    "from_left": _from_left,
    "from_right": _from_right,
    "from_below": _from_below,
    "pop": _pop,
    "grow": _grow,
    "stamp": _stamp,
    "land": _land,
    "unmask": _unmask,
    "wipe": _wipe,
    "wipe_back": _wipe_back,
}


Drift = Callable[[float, float, float], Pose]


def _travel(time_s: float, shot_s: float) -> float:
    """0 to 1 through a shot: a camera that starts and stops gently and never stands."""
    share = time_s / max(2.0, shot_s)
    return share - 0.09 * math.sin(2 * math.pi * clamp(share))


def _towards(time_s: float, shot_s: float, reach_px: float) -> Pose:
    del reach_px
    return Pose(scale=1.0 + 0.07 * _travel(time_s, shot_s))


def _away(time_s: float, shot_s: float, reach_px: float) -> Pose:
    del reach_px
    return Pose(scale=1.07 - 0.07 * _travel(time_s, shot_s))


def _ken_burns(time_s: float, shot_s: float, reach_px: float) -> Pose:
    """Closer, and a little to the side; for photos, which are drawn larger than their place."""
    share = _travel(time_s, shot_s)
    return Pose(scale=1.0 + 0.08 * share, dx=reach_px * 0.028 * (0.5 - share))


def _camera(time_s: float, shot_s: float, reach_px: float) -> Pose:
    """The camera slides by; layers of different depth part from each other."""
    share = _travel(time_s, shot_s)
    return Pose(dx=reach_px * 0.04 * (0.5 - share), scale=1.0 + 0.03 * share)


def _float(time_s: float, shot_s: float, reach_px: float) -> Pose:
    del shot_s
    return Pose(dy=0.011 * reach_px * breath(time_s + 0.4, 3.1), angle=1.1 * breath(time_s, 4.3))


def _pan_left(time_s: float, shot_s: float, reach_px: float) -> Pose:
    return Pose(dx=reach_px * (0.02 - 0.045 * _travel(time_s, shot_s)))


def _pan_right(time_s: float, shot_s: float, reach_px: float) -> Pose:
    return Pose(dx=reach_px * (-0.02 + 0.045 * _travel(time_s, shot_s)))


def _climb(time_s: float, shot_s: float, reach_px: float) -> Pose:
    return Pose(dy=reach_px * (0.03 - 0.07 * _travel(time_s, shot_s)))


def _pulse(time_s: float, shot_s: float, reach_px: float) -> Pose:
    del shot_s, reach_px
    return Pose(scale=1.0 + 0.022 * breath(time_s, 1.1))


def _sway(time_s: float, shot_s: float, reach_px: float) -> Pose:
    del shot_s, reach_px
    return Pose(angle=3.2 * breath(time_s, 2.7))


def _turn(time_s: float, shot_s: float, reach_px: float) -> Pose:
    del shot_s, reach_px
    return Pose(angle=11.0 * time_s)


DRIFTS: dict[str, Drift] = {
    "towards": _towards,
    "away": _away,
    "ken_burns": _ken_burns,
    "camera": _camera,
    "float": _float,
    "pan_left": _pan_left,
    "pan_right": _pan_right,
    "climb": _climb,
    "pulse": _pulse,
    "sway": _sway,
    "turn": _turn,
}
