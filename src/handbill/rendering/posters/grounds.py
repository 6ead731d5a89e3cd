"""Backgrounds drawn in a scheme's colours: seeded, quiet enough to carry text.

Smooth grounds are computed small and enlarged; patterns are drawn by Skia at full size. A poster's
ground and a film's ground come from here alike.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from handbill.rendering.canvases import Pixels, blank, canvas_over, paint
from handbill.rendering.colour import Colour, mix, shift
from handbill.rendering.colour_scheme import Scheme
from handbill.rendering.pixel_cache import PixelCache
from handbill.rendering.posters.ground_fields import blended, enlarged, grained, grid, over
from handbill.rendering.posters.seasons import blossom, leaves, snow, sunshine
from handbill.rendering.skia_library import skia

SEEDS = 6
_grounds: PixelCache[Pixels] = PixelCache(16_000_000, lambda held: held.nbytes)

Painter = Callable[[int, int, Scheme, random.Random], Pixels]


def draw_ground(style: str, scheme: Scheme, width_px: int, height_px: int, seed: int) -> Pixels:
    """The ground `style` (one of `GROUNDS`) as BGRA; cached, so do not write into it.

    Only `SEEDS` variations exist of each style, so that posters of one campaign share grounds and
    a run draws few of them.
    """
    variation = seed % SEEDS
    key = (style, scheme, width_px, height_px, variation)

    def make() -> Pixels:
        chance = random.Random(f"{style}:{variation}")  # noqa: S311 - variety, not secrets
        return GROUNDS[style](width_px, height_px, scheme, chance)

    return _grounds.recall(key, make)


def _plain(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """One colour with the faintest light from above: perfectly flat areas look dead."""
    light = grid(width, height)[1] * -0.5 + 0.5 + chance.uniform(-0.02, 0.02)
    return blended(scheme.ground, scheme.ground_2, 0.35 * (1 - light), width, height)


def _sweep(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """A studio sweep: a wall that turns softly into a floor, light falling from one side."""
    across, down = grid(width, height)
    side = chance.choice((-0.35, 0.35))
    light = np.exp(-(((across - side) / 1.1) ** 2 + ((down + 0.35) / 1.0) ** 2))
    floor = 1 / (1 + np.exp(-(down - 0.42) * 9))
    wall = blended(scheme.ground_2, shift(scheme.ground, 0.03), light, width, height)
    return over(wall, scheme.ground_2, 0.7 * floor * (1 - 0.5 * light))


def _mesh(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """A mesh gradient: a few large soft lights in neighbouring colours."""
    across, down = grid(width, height)
    made = blank(across.shape[1], across.shape[0], scheme.ground).astype(np.float32)
    colours = (scheme.ground_2, scheme.ground_3, shift(scheme.ground, 0.06), scheme.ground_3)
    for colour in colours:
        x, y = chance.uniform(-1, 1), chance.uniform(-1, 1)
        reach = chance.uniform(0.55, 1.0)
        weight = np.exp(-(((across - x) ** 2 + (down - y) ** 2) / reach**2))[:, :, None]
        made += (np.array((*colour.bgr, 255), np.float32) - made) * weight * 0.9
    return enlarged(made, width, height)


def _waves(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """Layered hills along the lower edge."""
    pixels = blank(width, height, scheme.ground)
    canvas = canvas_over(pixels)
    for step in range(4):
        top = height * (0.66 + 0.1 * step)
        swing = height * chance.uniform(0.02, 0.05)
        turn = chance.uniform(0, math.tau)
        rate = chance.uniform(0.8, 1.6) * math.tau / width
        path = skia.Path()
        path.moveTo(0, height)
        for x in range(0, width + 16, 16):
            path.lineTo(x, top + swing * math.sin(x * rate + turn))
        path.lineTo(width, height)
        canvas.drawPath(path, paint(mix(scheme.ground, scheme.ground_3, 0.3 + 0.23 * step).argb))
    return pixels


def _blobs(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """A few calm organic forms leaning in from the corners."""
    pixels = blank(width, height, scheme.ground)
    canvas = canvas_over(pixels)
    corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    chance.shuffle(corners)
    short = min(width, height)
    for (x, y), colour in zip(corners, _companions(scheme), strict=False):
        reach = short * chance.uniform(0.3, 0.48)
        path = blob_path(x * width, y * height, reach, chance)
        canvas.drawPath(path, paint(colour.argb))
    return pixels


def _geometric(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """A grid of quarter circles and squares, tone in tone."""
    pixels = blank(width, height, scheme.ground)
    canvas = canvas_over(pixels)
    cell = min(width, height) / chance.choice((4, 5))
    colours = (scheme.ground_2, mix(scheme.ground_2, scheme.ground_3, 0.45), scheme.ground)
    for row in range(math.ceil(height / cell)):
        for column in range(math.ceil(width / cell)):
            _tile(canvas, (column * cell, row * cell, cell), chance.choice(colours), chance)
    return pixels


def _tile(
    canvas: Any, place: tuple[float, float, float], colour: Colour, chance: random.Random
) -> None:
    x, y, cell = place
    canvas.save()
    canvas.clipRect(skia.Rect.MakeXYWH(x, y, cell + 1, cell + 1))
    kind = chance.randrange(4)
    if kind < 2:
        corner_x, corner_y = x + cell * chance.randrange(2), y + cell * chance.randrange(2)
        canvas.drawCircle(corner_x, corner_y, cell, paint(colour.argb))
    elif kind == 2:
        canvas.drawRect(skia.Rect.MakeXYWH(x, y, cell + 1, cell + 1), paint(colour.argb))
    canvas.restore()


def _halftone(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """Print dots that grow towards one corner."""
    pixels = blank(width, height, scheme.ground)
    canvas = canvas_over(pixels)
    pitch = min(width, height) / 34
    corner_x, corner_y = chance.choice(((1.0, 1.0), (0.0, 1.0), (1.0, 0.0)))
    colour = paint(mix(scheme.ground_2, scheme.ground_3, 0.6).argb)
    long = math.hypot(width, height)
    for row in range(math.ceil(height / pitch) + 1):
        for column in range(math.ceil(width / pitch) + 1):
            x, y = (column + row % 2 / 2) * pitch, row * pitch
            away = math.hypot(x - corner_x * width, y - corner_y * height) / long
            radius = pitch * 0.62 * max(0.0, 1 - away / 0.62) ** 0.8
            if radius > 0.6:
                canvas.drawCircle(x, y, radius, colour)
    return pixels


def _bokeh(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """Lights out of focus on a mesh gradient."""
    small_w, small_h = max(64, width // 3), max(64, height // 3)
    pixels = _mesh(small_w, small_h, scheme, chance).copy()
    canvas = canvas_over(pixels)
    short = min(small_w, small_h)
    bright = mix(shift(scheme.ground, 0.1), scheme.ground_3, 0.4)
    for _ in range(26):
        radius = short * chance.uniform(0.02, 0.11)
        ink = paint(bright.with_alpha(chance.uniform(0.1, 0.34)), blur_px=chance.uniform(0.5, 4))
        canvas.drawCircle(chance.uniform(0, small_w), chance.uniform(0, small_h), radius, ink)
    return enlarged(pixels.astype(np.float32), width, height)


def _stripes(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """Broad diagonal stripes, tone in tone."""
    pixels = blank(width, height, scheme.ground)
    canvas = canvas_over(pixels)
    broad = min(width, height) / chance.choice((7, 9, 12))
    canvas.rotate(chance.choice((-35, -45, 35)), width / 2, height / 2)
    ink = paint(mix(scheme.ground, scheme.ground_2, 0.75).argb)
    reach = math.hypot(width, height)
    x = width / 2 - reach
    while x < width / 2 + reach:
        canvas.drawRect(skia.Rect.MakeXYWH(x, height / 2 - reach, broad, 2 * reach), ink)
        x += 2 * broad
    return pixels


def _rays(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """A sunburst from behind the product."""
    pixels = blank(width, height, scheme.ground)
    canvas = canvas_over(pixels)
    centre_x, centre_y = width * 0.5, height * chance.choice((0.55, 0.62))
    count = chance.choice((14, 18, 22))
    reach = math.hypot(width, height)
    ink = paint(mix(scheme.ground, scheme.ground_2, 0.9).argb)
    for index in range(count):
        angle = math.tau * index / count
        path = skia.Path()
        path.moveTo(centre_x, centre_y)
        for edge in (angle, angle + math.pi / count):
            path.lineTo(centre_x + reach * math.cos(edge), centre_y + reach * math.sin(edge))
        canvas.drawPath(path, ink)
    return pixels


def _confetti(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """Paper snippets along the edges; the part where text may stand stays free."""
    pixels = blank(width, height, scheme.ground)
    canvas = canvas_over(pixels)
    short = min(width, height)
    colours = (scheme.accent, scheme.panel, scheme.ground_3)
    for _ in range(420):
        x, y = chance.random() * width, chance.random() * height
        if min(x, y, width - x, height - y) > 0.03 * short:
            continue
        canvas.save()
        canvas.translate(x, y)
        canvas.rotate(chance.uniform(0, 180))
        size = short * chance.uniform(0.007, 0.016)
        snippet = skia.Rect.MakeXYWH(-size, -size / 2.6, 2 * size, size / 1.3)
        canvas.drawRoundRect(snippet, size / 5, size / 5, paint(chance.choice(colours).argb))
        canvas.restore()
    return pixels


def _terrazzo(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """Stone chips in related tones."""
    pixels = blank(width, height, scheme.ground)
    canvas = canvas_over(pixels)
    short = min(width, height)
    tones = (scheme.ground_2, scheme.ground_3, mix(scheme.ground_2, scheme.ground_3, 0.5))
    for _ in range(150):
        x, y = chance.uniform(0, width), chance.uniform(0, height)
        path = skia.Path()
        corners = chance.randrange(4, 7)
        size = short * chance.uniform(0.006, 0.024)
        for corner in range(corners):
            angle = math.tau * corner / corners + chance.uniform(-0.3, 0.3)
            reach = size * chance.uniform(0.6, 1.3)
            point = (x + reach * math.cos(angle), y + reach * math.sin(angle))
            (path.lineTo if corner else path.moveTo)(*point)
        path.close()
        canvas.drawPath(path, paint(chance.choice(tones).argb))
    return pixels


def _arcs(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """Concentric rings from one corner."""
    pixels = blank(width, height, scheme.ground)
    canvas = canvas_over(pixels)
    x, y = chance.choice(((0, 0), (width, 0), (width, height), (0, height)))
    step = min(width, height) / chance.choice((7, 9))
    ink = paint(mix(scheme.ground, scheme.ground_2, 0.9).argb, stroke_px=step * 0.42)
    for ring in range(1, chance.choice((6, 8))):
        canvas.drawCircle(x, y, ring * step, ink)
    return pixels


def _streets(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """A street map that is nobody's town: blocks, avenues, a river, a park."""
    pixels = blank(width, height, mix(scheme.ground, scheme.ground_2, 0.8))
    canvas = canvas_over(pixels)
    short = min(width, height)
    canvas.rotate(chance.uniform(-24, 24), width / 2, height / 2)
    reach = math.hypot(width, height)
    left, top = (width - reach) / 2, (height - reach) / 2
    park = paint(mix(scheme.ground, scheme.ground_3, 0.9).argb)
    spot = skia.Rect.MakeXYWH(
        width * chance.uniform(0.1, 0.5), height * chance.uniform(0.3, 0.6), short / 3, short / 4
    )
    canvas.drawRoundRect(spot, short / 40, short / 40, park)
    for horizontal in (True, False):
        at = 0.0
        while at < reach:
            broad = short * chance.choice((0.012, 0.012, 0.016, 0.03))
            road = paint(shift(scheme.ground, 0.03).argb)
            rect = (left, top + at, reach, broad) if horizontal else (left + at, top, broad, reach)
            canvas.drawRect(skia.Rect.MakeXYWH(*rect), road)
            at += broad + short * chance.uniform(0.07, 0.16)
    river = skia.Path()
    river.moveTo(left, height * 0.75)
    river.cubicTo(width * 0.3, height * 0.55, width * 0.6, height * 0.95, left + reach, height / 2)
    canvas.drawPath(river, paint(scheme.ground_3.argb, stroke_px=short * 0.06))
    return pixels


def _paper(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """Paper: fibres and grain, lit a little unevenly."""
    base = _plain(width, height, scheme, chance)
    noise = np.random.default_rng(chance.randrange(2**32))
    fine = noise.normal(0, 1, (height // 2 + 1, width // 2 + 1)).astype(np.float32)
    fibres = cv2.GaussianBlur(fine, (0, 0), 0.6) + cv2.blur(fine, (9, 1)) * 1.4
    grain = cv2.resize(fibres, (width, height), interpolation=cv2.INTER_LINEAR)
    return grained(base, grain, 2.6)


def _marble(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """Veins on polished stone."""
    across, down = grid(width, height, side=320)
    noise = np.random.default_rng(chance.randrange(2**32))
    field = np.zeros_like(across)
    for octave in range(4):
        cells = 3 * 2**octave
        rough = noise.normal(0, 1, (cells, cells)).astype(np.float32)
        size = (across.shape[1], across.shape[0])
        field += cv2.resize(rough, size, interpolation=cv2.INTER_CUBIC) / 2**octave
    veins = np.exp(-(np.abs(np.sin((across + down * 0.7) * 1.6 + field * 0.8)) * 22))
    clouds = blended(scheme.ground, scheme.ground_2, 0.35 + 0.2 * field, width, height)
    return over(clouds, scheme.ground_2, np.clip(veins, 0, 1) * 0.8)


def blob_path(x: float, y: float, reach: float, chance: random.Random) -> Any:
    """A closed, soft, irregular form around (`x`, `y`)."""
    count = 7
    radii = [reach * chance.uniform(0.78, 1.12) for _ in range(count)]
    points = [
        (x + r * math.cos(math.tau * i / count), y + r * math.sin(math.tau * i / count))
        for i, r in enumerate(radii)
    ]
    path = skia.Path()
    path.moveTo(*_halfway(points[-1], points[0]))
    for here, after in zip(points, points[1:] + points[:1], strict=True):
        path.quadTo(*here, *_halfway(here, after))
    path.close()
    return path


def _halfway(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _companions(scheme: Scheme) -> tuple[Colour, Colour, Colour]:
    return scheme.ground_2, scheme.ground_3, mix(scheme.ground_2, scheme.ground_3, 0.5)


GROUNDS: dict[str, Painter] = {
    "plain": _plain,
    "sweep": _sweep,
    "mesh": _mesh,
    "waves": _waves,
    "blobs": _blobs,
    "geometric": _geometric,
    "halftone": _halftone,
    "bokeh": _bokeh,
    "stripes": _stripes,
    "rays": _rays,
    "confetti": _confetti,
    "terrazzo": _terrazzo,
    "arcs": _arcs,
    "streets": _streets,
    "paper": _paper,
    "marble": _marble,
    "blossom": blossom,
    "sunshine": sunshine,
    "leaves": leaves,
    "snow": snow,
}
