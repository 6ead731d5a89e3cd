"""Flat figures as lines: circles, rings, suns and the like, filling a box of any size.

Each function takes width and height in pixels and returns closed lines of points. Areas enclosed
an even number of times are holes.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Outline = tuple[npt.NDArray[np.float64], ...]

_STEPS = 144


def _oval(width: float, height: float, inset: float = 0.0) -> npt.NDArray[np.float64]:
    turn = np.linspace(0, 2 * np.pi, _STEPS, endpoint=False)
    across = width / 2 + (width / 2 - inset) * np.cos(turn)
    down = height / 2 + (height / 2 - inset) * np.sin(turn)
    return np.stack([across, down], axis=1)


def _box(left: float, top: float, width: float, height: float) -> npt.NDArray[np.float64]:
    right, bottom = left + width, top + height
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)


def _circle(width: float, height: float) -> Outline:
    return (_oval(width, height, 1.0),)


def _ring(width: float, height: float) -> Outline:
    stroke = 0.075 * min(width, height)
    return (_oval(width, height, 1.0), _oval(width, height, 1.0 + stroke)[::-1])


def _bar(width: float, height: float) -> Outline:
    return (_box(0, 0, width, height),)


def _tri(width: float, height: float) -> Outline:
    return (np.array([(width / 2, 0.0), (width, height), (0.0, height)], np.float64),)


def _arch(width: float, height: float) -> Outline:
    radius = min(width / 2, height)
    turn = np.linspace(np.pi, 2 * np.pi, _STEPS // 2)
    dome = np.stack([width / 2 + width / 2 * np.cos(turn), radius + radius * np.sin(turn)], axis=1)
    return (np.concatenate([dome, [(width, height), (0.0, height)]]),)


def _dots(width: float, height: float) -> Outline:
    columns = 7
    step = width / columns
    turn = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    dot = 0.14 * step * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return tuple(
        dot + np.array([(column + 0.5) * step, (row + 0.5) * step])
        for row in range(max(1, round(height / step)))
        for column in range(columns)
    )


def _lines(width: float, height: float) -> Outline:
    step = height / 6
    return tuple(
        _box(0, row * step, width * (0.55 + 0.09 * (row % 4)), step * 0.34) for row in range(6)
    )


def _squircle(width: float, height: float) -> Outline:
    """Between a circle and a square."""
    turn = np.linspace(0, 2 * np.pi, _STEPS, endpoint=False)
    across, down = np.cos(turn), np.sin(turn)
    bulge = (np.abs(across) ** 3.4 + np.abs(down) ** 3.4) ** (-1 / 3.4)
    middle = np.array([width / 2, height / 2])
    return (middle + 0.93 * middle * np.stack([across * bulge, down * bulge], axis=1),)


def _halo(width: float, height: float) -> Outline:
    """Rings around rings, for grounds."""
    middle, reach = np.array([width / 2, height / 2]), min(width, height) / 2
    edges = (0.28, 0.42, 0.56, 0.7, 0.84, 0.98)
    unit = _oval(2.0, 2.0) - 1.0
    return tuple(middle + reach * edge * unit for edge in edges)


def _spokes(width: float, height: float) -> Outline:
    """Few broad rays."""
    return _rays(width, height, 9)


def _tiles(width: float, height: float) -> Outline:
    """Quarter discs in a grid, in a pattern that does not repeat at once."""
    return _quarters(width, height, (0, 3, 1, 2, 0, 1, 3, 2, 2, 0, 3, 1))


def _tiles_between(width: float, height: float) -> Outline:
    """The places that `_tiles` leaves free, some of them."""
    return _quarters(width, height, (2, 0, 3, 1, 3, 2, 0, 1, 1, 2, 0, 3), other=True)


def _dial(width: float, height: float) -> Outline:
    """The face of a clock without hands."""
    side, middle = min(width, height), np.array([width / 2, height / 2])
    ticks = []
    for hour in range(12):
        angle = np.pi * hour / 6
        along, across = (
            np.array([np.sin(angle), -np.cos(angle)]),
            np.array([np.cos(angle), np.sin(angle)]),
        )
        near, wide = (0.3, 0.016) if hour % 3 == 0 else (0.34, 0.008)
        corners = [(near, -wide), (0.4, -wide), (0.4, wide), (near, wide)]
        ticks.append(
            np.array([middle + side * (far * along + aside * across) for far, aside in corners])
        )
    rims = (_oval(side, side, edge * side) + middle - side / 2 for edge in (0.01, 0.065))
    return (*rims, *ticks)


def _hand(width: float, height: float) -> Outline:
    """The hand of a clock, on twelve, with its hub; turned about the middle of its box."""
    side, middle = min(width, height), np.array([width / 2, height / 2])
    bar = np.array([(-0.012, 0.06), (-0.012, -0.3), (0.012, -0.3), (0.012, 0.06)])
    return (middle + side * bar,)


def _pin(width: float, height: float) -> Outline:
    """The mark of a place on a map."""
    radius = min(width / 2, height / 2.7)
    middle = np.array([width / 2, radius])
    turn = np.linspace(np.pi * 0.86, np.pi * 2.14, _STEPS)
    head = middle + radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    tip = np.array([[width / 2, 2.7 * radius]])
    hole = middle + 0.4 * (_oval(2 * radius, 2 * radius) - radius)
    return np.concatenate([head, tip]), hole[::-1]


_TILES_ACROSS = 4


def _quarters(
    width: float, height: float, turns: tuple[int, ...], *, other: bool = False
) -> Outline:
    side = width / _TILES_ACROSS
    outline = []
    for place in range(_TILES_ACROSS * math.ceil(height / side)):
        row, column = divmod(place, _TILES_ACROSS)
        free = (3 * row + 2 * column) % 5 in (1, 3)
        if free != other:
            continue
        turn = turns[place % len(turns)]
        corner = np.array([(0, 0), (1, 0), (1, 1), (0, 1)][turn], np.float64)
        angles = np.pi / 2 * (turn + np.linspace(0, 1, 24))
        arc = corner + np.stack([np.cos(angles), np.sin(angles)], axis=1)
        outline.append(side * (np.concatenate([corner[None, :], arc]) + np.array([column, row])))
    return tuple(outline)


def _sun(width: float, height: float) -> Outline:
    return _rays(width, height, 20)


def _rays(width: float, height: float, rays: int) -> Outline:
    middle = np.array([width / 2, height / 2])
    reach = min(width, height) / 2
    outline = []
    for ray in range(rays):
        angles = 2 * np.pi * (ray + np.array([-0.24, 0.24])) / rays
        ends = middle + reach * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        outline.append(np.concatenate([middle[None, :], ends]))
    return tuple(outline)


def _blob(width: float, height: float) -> Outline:
    turn = np.linspace(0, 2 * np.pi, _STEPS, endpoint=False)
    radius = 0.43 + 0.05 * np.sin(3 * turn + 0.7) + 0.02 * np.sin(5 * turn)
    across = width * (0.5 + radius * np.cos(turn))
    down = height * (0.5 + radius * np.sin(turn))
    return (np.stack([across, down], axis=1),)


def _hill(width: float, height: float) -> Outline:
    """A floor with a gently curved top."""
    along = np.linspace(0, 1, _STEPS // 2)
    ridge = np.stack([width * along, 0.4 * height * (2 * along - 1) ** 2], axis=1)
    return (np.concatenate([ridge, [(width, height), (0.0, height)]]),)


def _slope(width: float, height: float) -> Outline:
    """A floor that climbs from one side to the other."""
    along = np.linspace(0, 1, _STEPS // 2)
    ridge = np.stack([width * along, 0.34 * height * (1 - along) ** 1.6], axis=1)
    return (np.concatenate([ridge, [(width, height), (0.0, height)]]),)


def _wave(width: float, height: float) -> Outline:
    """A floor whose top swings twice."""
    along = np.linspace(0, 1, _STEPS // 2)
    swing = 0.1 * height * (1 + np.sin(3 * np.pi * along + 0.6))
    ridge = np.stack([width * along, swing], axis=1)
    return (np.concatenate([ridge, [(width, height), (0.0, height)]]),)


def _burst(width: float, height: float) -> Outline:
    """Short strokes that fly apart, in a circle."""
    middle, reach = np.array([width / 2, height / 2]), min(width, height) / 2
    outline = []
    for ray in range(16):
        angle = 2 * np.pi * ray / 16
        along = np.array([np.cos(angle), np.sin(angle)])
        across = np.array([-along[1], along[0]]) * reach * 0.022
        near, far = (0.62, 0.9) if ray % 2 else (0.7, 1.0)
        corners = [(near, -1), (far, -1), (far, 1), (near, 1)]
        outline.append(
            np.array([middle + share * reach * along + side * across for share, side in corners])
        )
    return tuple(outline)


FIGURES: dict[str, Callable[[float, float], Outline]] = {
    "circle": _circle,
    "ring": _ring,
    "bar": _bar,
    "tri": _tri,
    "arch": _arch,
    "dots": _dots,
    "lines": _lines,
    "sun": _sun,
    "blob": _blob,
    "hill": _hill,
    "slope": _slope,
    "squircle": _squircle,
    "halo": _halo,
    "spokes": _spokes,
    "dial": _dial,
    "hand": _hand,
    "pin": _pin,
    "tiles": _tiles,
    "tiles_between": _tiles_between,
    "wave": _wave,
    "burst": _burst,
}
