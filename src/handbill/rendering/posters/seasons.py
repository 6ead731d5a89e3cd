"""Season motifs: blossom, sunshine, leaves, snow; which of them a poster's words ask for."""

from __future__ import annotations

import math
import random
import re
from typing import Any

from handbill.domain.copy import DisplayText
from handbill.rendering.canvases import Pixels, blank, canvas_over, paint
from handbill.rendering.colour import Colour, mix
from handbill.rendering.colour_scheme import Scheme
from handbill.rendering.skia_library import skia

# Words that name a season or a feast in it, lower case, as they stand in kickers and headlines.
_WORDS = {
    "blossom": "spring frühling frühjahr ostern easter primavera printemps pâques pascua весна "
    "весенн 春 봄 벚꽃 ربيع אביב ฤดูใบไม้ผลิ वसंत",
    "sunshine": "summer sommer verano été estate лето летн 夏 여름 صيف קיץ ฤดูร้อน गर्मी",
    "leaves": "autumn herbst otoño automne autunno harvest halloween thanksgiving осень осенн 秋 "
    "가을 خريف סתיו ฤดูใบไม้ร่วง पतझड़",
    "snow": "winter christmas xmas advent weihnacht weihnachten navidad invierno noël hiver "
    "inverno зима зимн рождеств 冬 圣诞 聖誕 クリスマス 겨울 크리스마스 شتاء חורף คริสต์มาส सर्दी",
}
_WIDE = re.compile(r"[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7a3]")
# Cyrillic stems stand for their cases; two letters more or less are the same word.
_STEM_CHARS = 5


def season_of(display: DisplayText) -> str:
    """The motif that the kicker or headline asks for, or empty: never guessed from a date."""
    text = f"{display.kicker} {display.headline}".lower()
    words = set(re.findall(r"\w+", text))
    for motif, known in _WORDS.items():
        if any(_named(word, text, words) for word in known.split()):
            return motif
    return ""


def _named(word: str, text: str, words: set[str]) -> bool:
    if _WIDE.search(word):
        return word in text
    if "а" <= word[0] <= "я":
        return any(one.startswith(word[:_STEM_CHARS]) for one in words)
    return word in words


def blossom(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """Branches of five-petalled blossom leaning in from two corners."""
    pixels, canvas = _sheet(width, height, scheme)
    tones = (scheme.ground_3, mix(scheme.ground_2, scheme.ground_3, 0.5))
    for x, y, turn, size in _along_edges(width, height, chance, 22):
        _flower(canvas, (x, y, turn, size), chance.choice(tones), scheme.ground)
    return pixels


def sunshine(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """A low sun in one corner with rounded rays, tone in tone."""
    pixels, canvas = _sheet(width, height, scheme)
    short = min(width, height)
    x, y = width * chance.choice((0.0, 1.0)), height * chance.choice((0.0, 1.0))
    radius = short * 0.24
    canvas.drawCircle(x, y, radius, paint(scheme.ground_3.argb))
    ink = paint(mix(scheme.ground_2, scheme.ground_3, 0.6).argb, stroke_px=short * 0.022)
    ink.setStrokeCap(skia.Paint.kRound_Cap)
    for index in range(28):
        angle = math.tau * index / 28
        near, far = radius * 1.25, radius * (1.55 if index % 2 else 1.8)
        canvas.drawLine(
            x + near * math.cos(angle),
            y + near * math.sin(angle),
            x + far * math.cos(angle),
            y + far * math.sin(angle),
            ink,
        )
    return pixels


def leaves(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """Leaves that fall along the edges."""
    pixels, canvas = _sheet(width, height, scheme)
    tones = (scheme.ground_2, scheme.ground_3, mix(scheme.ground_2, scheme.ground_3, 0.5))
    for x, y, turn, size in _along_edges(width, height, chance, 22):
        _leaf(canvas, (x, y, turn, size * 1.2), chance.choice(tones), scheme.ground)
    return pixels


def snow(width: int, height: int, scheme: Scheme, chance: random.Random) -> Pixels:
    """Large quiet snow crystals along the edges, small flakes between them."""
    pixels, canvas = _sheet(width, height, scheme)
    short = min(width, height)
    light = paint(scheme.ground_2.argb)
    for _ in range(70):
        spot = (chance.uniform(0, width), chance.uniform(0, height))
        canvas.drawCircle(*spot, short * chance.uniform(0.002, 0.006), light)
    for x, y, turn, size in _along_edges(width, height, chance, 14):
        _crystal(canvas, (x, y, turn, size * 1.15), scheme.ground_3)
    return pixels


Spot = tuple[float, float, float, float]


def _sheet(width: int, height: int, scheme: Scheme) -> tuple[Pixels, Any]:
    pixels = blank(width, height, scheme.ground)
    return pixels, canvas_over(pixels)


def _along_edges(width: int, height: int, chance: random.Random, count: int) -> list[Spot]:
    """Spots (x, y, turn, size) that gather in two opposite corners: the middle is for words."""
    short = min(width, height)
    left = chance.choice((0, width))
    corners = ((left, 0), (width - left, height))
    spots: list[Spot] = []
    for _ in range(count * 30):
        x, y = chance.uniform(-0.02, 1.02) * width, chance.uniform(-0.02, 1.02) * height
        away = min(math.hypot(x - at_x, y - at_y) for at_x, at_y in corners) / short
        inwards = min(x, y, width - x, height - y) / short
        size = short * chance.uniform(0.05, 0.1) * max(0.45, 1 - away)
        apart = all(math.hypot(x - a, y - b) > 1.1 * (size + c) for a, b, _, c in spots)
        if away < 0.62 and inwards < 0.2 * (0.62 - away) + 0.015 and apart:
            spots.append((x, y, chance.uniform(0, 360), size))
        if len(spots) == count:
            break
    return spots


def _flower(canvas: Any, spot: Spot, colour: Colour, heart: Colour) -> None:
    x, y, turn, size = spot
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(turn)
    for _ in range(5):
        petal = skia.Rect.MakeXYWH(-size * 0.3, -size, size * 0.6, size * 0.82)
        canvas.drawOval(petal, paint(colour.argb))
        canvas.rotate(72)
    canvas.drawCircle(0, 0, size * 0.17, paint(heart.argb))
    canvas.restore()


def _leaf(canvas: Any, spot: Spot, colour: Colour, vein: Colour) -> None:
    x, y, turn, size = spot
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(turn)
    path = skia.Path()
    path.moveTo(0, -size)
    path.cubicTo(size * 0.75, -size * 0.5, size * 0.6, size * 0.55, 0, size)
    path.cubicTo(-size * 0.6, size * 0.55, -size * 0.75, -size * 0.5, 0, -size)
    canvas.drawPath(path, paint(colour.argb))
    line = paint(vein.argb, stroke_px=size * 0.05)
    canvas.drawLine(0, -size * 0.75, 0, size * 1.2, line)
    for step in (-0.3, 0.05, 0.4):
        for side in (-1, 1):
            canvas.drawLine(0, size * step, side * size * 0.34, size * (step - 0.26), line)
    canvas.restore()


def _crystal(canvas: Any, spot: Spot, colour: Colour) -> None:
    x, y, turn, size = spot
    ink = paint(colour.argb, stroke_px=max(1.5, size * 0.085))
    ink.setStrokeCap(skia.Paint.kRound_Cap)
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(turn)
    for _ in range(6):
        canvas.drawLine(0, 0, 0, -size, ink)
        for at, reach in ((0.5, 0.3), (0.76, 0.2)):
            for side in (-1, 1):
                canvas.drawLine(
                    0, -size * at, side * size * reach * 0.8, -size * (at + reach * 0.6), ink
                )
        canvas.rotate(60)
    canvas.restore()
