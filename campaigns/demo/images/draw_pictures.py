"""Draws the demo campaign's product pictures and logos: ``python draw_pictures.py``.

Nothing in the demo was photographed or downloaded. Every picture is drawn at 1600 × 1600 pixels
on a transparent ground, then brought down to 1200 × 1200, and the same run gives the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rendercv_fonts
from PIL import Image

from handbill.rendering.skia_library import skia

SIZE = 1600
HERE = Path(__file__).resolve().parent
FONTS = Path(rendercv_fonts.__file__).parent

INK, DEEP, TEAL = 0xFF10272D, 0xFF12343B, 0xFF1F5560
CORAL, SAND, CREAM, FOAM, SUN = 0xFFE4572E, 0xFFE9D9C3, 0xFFFBF5EA, 0xFFA9D3C4, 0xFFF2B134


def colour(argb: int, alpha: float = 1.0) -> int:
    """`argb` with its alpha set to `alpha` (0 to 1)."""
    return (argb & 0x00FFFFFF) | (round(255 * alpha) << 24)


def mixed(one: int, other: int, share: float) -> int:
    """The colour `share` (0 to 1) of the way from `one` to `other`."""
    parts = [
        round(((one >> s) & 255) * (1 - share) + ((other >> s) & 255) * share)
        for s in (24, 16, 8, 0)
    ]
    return parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3]


def paint(argb: int = 0xFF000000, **more: Any) -> Any:
    """An anti-aliased paint."""
    return skia.Paint(AntiAlias=True, Color=argb, **more)


def across(left: float, right: float, stops: Sequence[tuple[float, int]]) -> Any:
    """A paint that shades from x = left to x = right: how a round body takes light."""
    return paint(
        Shader=skia.GradientShader.MakeLinear(
            points=[(left, 0), (right, 0)],
            colors=[stop[1] for stop in stops],
            positions=[stop[0] for stop in stops],
        )
    )


def down(top: float, bottom: float, stops: Sequence[tuple[float, int]]) -> Any:
    """A paint that shades from y = top to y = bottom."""
    return paint(
        Shader=skia.GradientShader.MakeLinear(
            points=[(0, top), (0, bottom)],
            colors=[stop[1] for stop in stops],
            positions=[stop[0] for stop in stops],
        )
    )


def soft(argb: int, sigma: float, alpha: float = 1.0) -> Any:
    """A blurred paint, for glows and inner shadows."""
    return paint(
        colour(argb, alpha), MaskFilter=skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, sigma)
    )


def round_body(base: int) -> list[tuple[float, int]]:
    """Shading stops of a cylinder of colour `base`, lit from the upper left."""
    white, black = 0xFFFFFFFF, 0xFF06171B
    return [
        (0.0, mixed(base, black, 0.34)),
        (0.1, mixed(base, black, 0.1)),
        (0.28, mixed(base, white, 0.26)),
        (0.42, mixed(base, white, 0.08)),
        (0.72, mixed(base, black, 0.1)),
        (0.93, mixed(base, black, 0.36)),
        (1.0, mixed(base, black, 0.26)),
    ]


def path_of(*commands: tuple[Any, ...]) -> Any:
    """A path from ``("M", x, y)``, ``("L", …)``, ``("Q", …)``, ``("C", …)`` and ``("Z",)``."""
    path = skia.Path()
    verbs = {"M": path.moveTo, "L": path.lineTo, "Q": path.quadTo, "C": path.cubicTo}
    for verb, *numbers in commands:
        if verb == "Z":
            path.close()
        else:
            verbs[verb](*numbers)
    return path


def font(family: str, style: str, size: float) -> Any:
    """A font of the rendercv-fonts package, `size` in pixels."""
    folder = FONTS / family
    names = sorted(folder.rglob("*.ttf")) + sorted(folder.rglob("*.otf"))
    file = next(name for name in names if name.stem.endswith(f"-{style}"))
    return skia.Font(skia.Typeface.MakeFromFile(str(file)), size)


def centred(canvas: Any, words: str, x: float, y: float, kind: Any, argb: int) -> None:
    """Words centred on x, baseline at y."""
    canvas.drawString(words, x - kind.measureText(words) / 2, y, kind, paint(argb))


def spaced(words: str) -> str:
    """Words set wide."""
    return " ".join(words)


def emblem(canvas: Any, x: float, y: float, radius: float, ring: int, sea: int, sun: int) -> None:
    """The brand's sign: a low sun over two waves in a ring."""
    canvas.save()
    canvas.translate(x, y)
    canvas.scale(radius / 100, radius / 100)
    canvas.drawCircle(0, 0, 96, line(ring, 8))
    clip = skia.Path().addCircle(0, 0, 84)
    canvas.clipPath(clip, doAntiAlias=True)
    canvas.drawCircle(0, 2, 40, paint(sun))
    for top, shade in ((14, sea), (46, mixed(sea, ring, 0.45))):
        wave = skia.Path()
        wave.moveTo(-120, top)
        for step in range(6):
            left = -120 + 40 * step
            wave.quadTo(left + 10, top - 16, left + 20, top)
            wave.quadTo(left + 30, top + 16, left + 40, top)
        wave.lineTo(120, 120)
        wave.lineTo(-120, 120)
        wave.close()
        canvas.drawPath(wave, paint(shade))
    canvas.restore()


def grain(canvas: Any, path: Any, strength: float, frequency: float = 0.55) -> None:
    """Paper or linen grain inside `path`."""
    canvas.save()
    canvas.clipPath(path, doAntiAlias=True)
    noise = skia.PerlinNoiseShader.MakeFractalNoise(frequency, frequency, 3, 7.0)
    canvas.drawPaint(
        skia.Paint(Shader=noise, BlendMode=skia.BlendMode.kSoftLight, Alphaf=strength)
    )
    canvas.restore()


def inside(canvas: Any, path: Any, draw: Callable[[], None]) -> None:
    """Run `draw` clipped to `path`."""
    canvas.save()
    canvas.clipPath(path, doAntiAlias=True)
    draw()
    canvas.restore()


def line(argb: int, width: float, **more: Any) -> Any:
    """A paint that draws a line of `width` pixels."""
    return paint(argb, Style=skia.Paint.kStroke_Style, StrokeWidth=width, **more)


def round_line(argb: int, width: float, sigma: float = 0.0) -> Any:
    """As `line`, with round ends, and blurred by `sigma`."""
    blur = skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, sigma) if sigma else None
    return line(argb, width, StrokeCap=skia.Paint.kRound_Cap, MaskFilter=blur)


def box(left: float, top: float, right: float, bottom: float) -> Any:
    """A rectangle by its edges."""
    return skia.Rect.MakeLTRB(left, top, right, bottom)


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> Any:
    """A rectangle with round corners."""
    return skia.RRect.MakeRectXY(box(left, top, right, bottom), radius, radius)


def coffee_bag(canvas: Any) -> None:
    """A standing bag of coffee with a folded top and a paper label."""
    left, right, top, bottom = 420, 1180, 190, 1470
    body = path_of(
        ("M", left + 24, top + 130),
        ("C", left - 8, 560, left - 26, 1000, left + 6, bottom - 20),
        ("Q", 800, bottom + 34, right - 6, bottom - 20),
        ("C", right + 26, 1000, right + 8, 560, right - 24, top + 130),
        ("Z",),
    )
    stops = round_body(mixed(FOAM, TEAL, 0.12))
    canvas.drawPath(body, across(left - 20, right + 20, stops))
    inside(canvas, body, lambda: _bag_folds(canvas))
    cuff = skia.Path().addRRect(rounded(left + 14, top, right - 14, top + 150, 14))
    canvas.drawPath(cuff, across(left, right, round_body(DEEP)))
    crease = box(left + 20, top + 44, right - 20, top + 50)
    canvas.drawRect(crease, paint(colour(0xFFFFFFFF, 0.12)))
    tie = rounded(left - 16, top + 92, right + 16, top + 124, 12)
    canvas.drawRRect(tie, across(left, right, round_body(SUN)))
    _bag_label(canvas)


def _bag_folds(canvas: Any) -> None:
    for x, width, alpha in ((470, 26, 0.5), (1120, 30, 0.55)):
        fold = path_of(
            ("M", x, 300),
            ("Q", x - 26, 850, x + 6, 1490),
            ("L", x + width, 1490),
            ("Q", x + width - 30, 850, x + width, 300),
            ("Z",),
        )
        canvas.drawPath(fold, soft(INK, 14, alpha))
    shine = path_of(
        ("M", 560, 330),
        ("Q", 530, 800, 556, 1440),
        ("L", 610, 1440),
        ("Q", 585, 800, 600, 330),
        ("Z",),
    )
    canvas.drawPath(shine, soft(0xFFFFFFFF, 26, 0.22))
    canvas.drawRect(box(380, 1340, 1220, 1520), soft(INK, 40, 0.35))
    canvas.drawRect(box(380, 300, 1220, 350), soft(INK, 16, 0.5))


def _bag_label(canvas: Any) -> None:
    label = rounded(545, 500, 1055, 1250, 26)
    canvas.drawRRect(label.makeOffset(0, 10), soft(INK, 18, 0.35))
    paper = [(0, 0xFFE4D9C6), (0.25, 0xFFFFFBF2), (0.7, 0xFFF7EEDF), (1, 0xFFD6C8B2)]
    canvas.drawRRect(label, across(545, 1055, paper))
    grain(canvas, skia.Path().addRRect(label), 0.35)
    emblem(canvas, 800, 660, 98, DEEP, TEAL, CORAL)
    centred(canvas, "Morrow", 800, 880, font("EB Garamond", "Bold", 124), DEEP)
    centred(canvas, spaced("HARBOUR"), 800, 946, font("Poppins", "Bold", 34), DEEP)
    canvas.drawRect(box(640, 994, 960, 998), paint(CORAL))
    centred(canvas, "House Blend", 800, 1074, font("EB Garamond", "Italic", 66), CORAL)
    centred(canvas, spaced("WHOLE BEAN"), 800, 1138, font("Poppins", "Regular", 24), DEEP)
    centred(canvas, "250 g", 800, 1196, font("Poppins", "Regular", 34), DEEP)


def mug(canvas: Any) -> None:
    """A stoneware mug with a dipped glaze."""
    _mug_handle(canvas)
    body = path_of(
        ("M", 300, 470),
        ("C", 300, 880, 316, 1130, 360, 1230),
        ("C", 400, 1320, 540, 1352, 740, 1352),
        ("C", 940, 1352, 1080, 1320, 1120, 1230),
        ("C", 1164, 1130, 1180, 880, 1180, 470),
        ("Z",),
    )
    canvas.drawPath(body, across(300, 1180, round_body(0xFFEFE2CC)))
    inside(canvas, body, lambda: _mug_glaze(canvas))
    grain(canvas, body, 0.3, 0.9)
    emblem(canvas, 740, 1060, 86, mixed(DEEP, 0xFFEFE2CC, 0.1), TEAL, CORAL)
    _mug_mouth(canvas)


def _mug_handle(canvas: Any) -> None:
    handle = path_of(("M", 1130, 640), ("C", 1520, 560, 1520, 1160, 1090, 1120))
    stroke = round_line(0xFF000000, 96)
    stroke.setShader(
        skia.GradientShader.MakeLinear(
            points=[(1130, 560), (1400, 1160)],
            colors=[0xFFF6EBD9, 0xFFD9C6A9, 0xFF9C8463],
            positions=[0, 0.5, 1],
        )
    )
    canvas.drawPath(handle, stroke)
    blur = skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 9)
    canvas.drawPath(handle, line(colour(0xFFFFFFFF, 0.4), 22, MaskFilter=blur))


def _mug_glaze(canvas: Any) -> None:
    dip = path_of(
        ("M", 250, 420),
        ("L", 1230, 420),
        ("L", 1230, 850),
        ("C", 1120, 930, 1030, 820, 910, 900),
        ("C", 800, 970, 700, 850, 570, 905),
        ("C", 460, 950, 370, 860, 250, 890),
        ("Z",),
    )
    canvas.drawPath(dip, soft(INK, 10, 0.35))
    canvas.drawPath(dip, across(300, 1180, round_body(0xFF2C7A82)))
    noise = skia.PerlinNoiseShader.MakeTurbulence(0.02, 0.05, 3, 11.0)
    speckles = skia.Paint(Shader=noise, BlendMode=skia.BlendMode.kSoftLight, Alphaf=0.45)
    inside(canvas, dip, lambda: canvas.drawPaint(speckles))
    shine = path_of(
        ("M", 420, 520),
        ("C", 404, 820, 424, 1050, 462, 1240),
        ("L", 520, 1260),
        ("C", 478, 1050, 462, 820, 486, 520),
        ("Z",),
    )
    canvas.drawPath(shine, soft(0xFFFFFFFF, 16, 0.55))
    edge = path_of(
        ("M", 1070, 540),
        ("C", 1070, 820, 1050, 1050, 1020, 1230),
        ("L", 1040, 1230),
        ("C", 1080, 1050, 1100, 820, 1100, 540),
        ("Z",),
    )
    canvas.drawPath(edge, soft(0xFFFFFFFF, 12, 0.2))
    canvas.drawRect(box(280, 1230, 1200, 1440), soft(INK, 50, 0.4))


def _mug_mouth(canvas: Any) -> None:
    canvas.drawOval(box(300, 382, 1180, 560), across(300, 1180, round_body(0xFF2C7A82)))
    hollow = box(328, 398, 1152, 544)
    canvas.drawOval(hollow, down(398, 544, [(0, 0xFF0D2B30), (0.6, 0xFF1C5C64), (1, 0xFF3A929A)]))

    def coffee() -> None:
        canvas.drawOval(
            box(352, 440, 1128, 546), down(440, 546, [(0, 0xFF24120A), (1, 0xFF55301A)])
        )
        canvas.drawOval(box(420, 462, 800, 512), soft(0xFFC08A55, 16, 0.5))

    inside(canvas, skia.Path().addOval(hollow), coffee)
    canvas.drawArc(box(306, 386, 1174, 556), 20, 140, False, line(colour(0xFFFFFFFF, 0.55), 7))


def kettle(canvas: Any) -> None:
    """A gooseneck kettle in coral enamel with a wooden handle."""
    _kettle_spout(canvas)
    _kettle_handle(canvas)
    body = path_of(
        ("M", 560, 560),
        ("C", 470, 700, 380, 960, 362, 1240),
        ("Q", 360, 1330, 440, 1340),
        ("L", 1140, 1340),
        ("Q", 1220, 1330, 1218, 1240),
        ("C", 1200, 960, 1110, 700, 1020, 560),
        ("Z",),
    )
    canvas.drawPath(body, across(362, 1218, round_body(CORAL)))
    inside(canvas, body, lambda: _kettle_shine(canvas))
    canvas.drawOval(box(556, 510, 1024, 612), across(556, 1024, round_body(CORAL)))
    lid = path_of(
        ("M", 590, 546), ("C", 610, 440, 970, 440, 990, 546), ("Q", 790, 604, 590, 546), ("Z",)
    )
    canvas.drawPath(lid, across(590, 990, round_body(mixed(CORAL, INK, 0.12))))
    knob = across(730, 850, [(0, 0xFF7A4A26), (0.35, 0xFFC18A52), (1, 0xFF5C3417)])
    canvas.drawRRect(rounded(768, 410, 812, 480, 14), knob)
    canvas.drawOval(box(724, 352, 856, 436), knob)
    canvas.drawOval(box(750, 366, 806, 398), soft(0xFFFFFFFF, 8, 0.45))
    emblem(canvas, 800, 990, 100, CREAM, CREAM, SUN)


def _kettle_spout(canvas: Any) -> None:
    spout = path_of(("M", 430, 1170), ("C", 180, 1150, 330, 700, 150, 560))
    gleam = mixed(CORAL, 0xFFFFFFFF, 0.45)
    for width, argb, sigma in ((92, mixed(CORAL, INK, 0.3), 0), (78, CORAL, 0), (26, gleam, 10)):
        canvas.save()
        canvas.translate(-(92 - width) / 9, -(92 - width) / 12)
        canvas.drawPath(spout, round_line(argb, width, sigma))
        canvas.restore()
    canvas.drawOval(box(98, 530, 196, 584), paint(0xFF5E1D0C))


def _kettle_handle(canvas: Any) -> None:
    handle = path_of(("M", 1110, 640), ("C", 1560, 500, 1560, 1180, 1180, 1210))
    canvas.drawPath(handle, round_line(0xFF9DB0B4, 40))
    grip = path_of(("M", 1396, 700), ("C", 1490, 830, 1480, 980, 1400, 1090))
    wood = across(900, 1300, [(0, 0xFF7A4A26), (0.4, 0xFFB57B45), (1, 0xFF5C3417)])
    wood.setStyle(skia.Paint.kStroke_Style)
    wood.setStrokeWidth(84)
    wood.setStrokeCap(skia.Paint.kRound_Cap)
    canvas.drawPath(grip, wood)
    canvas.drawPath(grip, round_line(colour(0xFFFFE0B8, 0.5), 14, 6))


def _kettle_shine(canvas: Any) -> None:
    shine = path_of(
        ("M", 610, 580),
        ("C", 540, 720, 480, 960, 470, 1250),
        ("L", 540, 1260),
        ("C", 548, 960, 600, 720, 668, 580),
        ("Z",),
    )
    canvas.drawPath(shine, soft(0xFFFFFFFF, 18, 0.6))
    canvas.drawRect(box(340, 1262, 1240, 1400), soft(INK, 30, 0.35))
    canvas.drawRect(box(540, 540, 1040, 596), soft(INK, 14, 0.35))


def chocolate(canvas: Any) -> None:
    """A bar of chocolate, half out of its paper sleeve."""
    canvas.save()
    canvas.rotate(-11, 800, 800)
    _chocolate_slab(canvas)
    _chocolate_foil(canvas)
    _chocolate_sleeve(canvas)
    emblem(canvas, 800, 730, 74, DEEP, DEEP, CORAL)
    centred(canvas, "Salt Line", 800, 935, font("EB Garamond", "Bold", 140), DEEP)
    centred(canvas, spaced("SEA SALT CHOCOLATE"), 800, 1010, font("Poppins", "Bold", 27), DEEP)
    centred(canvas, "80 g", 800, 1070, font("Poppins", "Regular", 34), DEEP)
    canvas.restore()


def _chocolate_slab(canvas: Any) -> None:
    """Nine squares with salt on them."""
    canvas.drawRect(box(500, 110, 1100, 700), down(110, 700, [(0, 0xFF5B3320), (1, 0xFF35190D)]))
    for row in range(3):
        for column in range(3):
            x, y = 512 + column * 196, 124 + row * 192
            shades = [(0, 0xFF7B4A30), (0.12, 0xFF5A311D), (1, 0xFF41200F)]
            canvas.drawRRect(rounded(x, y, x + 184, y + 180, 16), down(y, y + 180, shades))
            inner = rounded(x + 22, y + 22, x + 162, y + 158, 10)
            canvas.drawRRect(inner, down(y, y + 170, [(0, 0xFF4A2413), (1, 0xFF633824)]))
            light = paint(colour(0xFFFFD9B8, 0.35), StrokeWidth=5)
            canvas.drawLine(x + 18, y + 8, x + 166, y + 8, light)
    generator = np.random.default_rng(5)
    spans = ((520, 1080), (120, 520), (2.5, 6.5))
    grains = (generator.uniform(low, high, 60) for low, high in spans)
    for x, y, r in zip(*grains, strict=True):
        canvas.drawCircle(float(x), float(y), float(r), paint(0xFFFFFFFF, Alphaf=0.85))


def _chocolate_foil(canvas: Any) -> None:
    teeth = (
        ("L", 478 + step * 16, 520 + (18 if step % 2 else 0) + 10 * math.sin(step))
        for step in range(41)
    )
    foil = path_of(("M", 478, 520), *teeth, ("L", 1118, 720), ("L", 478, 720), ("Z",))
    shades = (0xFF9FA9AC, 0xFFF2F5F6, 0xFFB9C2C5, 0xFFFFFFFF, 0xFFA7B1B4, 0xFF7F8A8D)
    stops = list(zip((0, 0.2, 0.35, 0.55, 0.8, 1), shades, strict=True))
    canvas.drawPath(foil, across(478, 1118, stops))


def _chocolate_sleeve(canvas: Any) -> None:
    sleeve = rounded(462, 590, 1138, 1500, 10)
    canvas.save()
    canvas.clipRect(box(500, 110, 1100, 700))
    canvas.drawRRect(sleeve.makeOffset(0, -14), soft(INK, 16, 0.5))
    canvas.restore()
    light = mixed(SUN, 0xFFFFFFFF, 0.16)
    shades = (mixed(SUN, INK, 0.16), SUN, light, SUN, mixed(SUN, INK, 0.22))
    stops = list(zip((0, 0.06, 0.3, 0.94, 1), shades, strict=True))
    canvas.drawRRect(sleeve, across(462, 1138, stops))

    def pattern() -> None:
        for band in range(7):
            y = 1150 + band * 58
            wave = skia.Path()
            wave.moveTo(440, y)
            for step in range(12):
                left = 440 + step * 60
                wave.quadTo(left + 15, y - 26, left + 30, y)
                wave.quadTo(left + 45, y + 26, left + 60, y)
            canvas.drawPath(wave, line(colour(DEEP, 0.92), 13))

    inside(canvas, skia.Path().addRRect(sleeve), pattern)
    grain(canvas, skia.Path().addRRect(sleeve), 0.4)


def tote(canvas: Any) -> None:
    """A linen tote bag with two handles."""
    for shade, lift in ((0xFFB89F7C, -34), (0xFFE0CFB2, 0)):
        loop = path_of(("M", 560, 640), ("C", 560, 60 + lift, 1040, 60 + lift, 1040, 640))
        canvas.drawPath(loop, line(mixed(shade, INK, 0.12), 62))
        canvas.drawPath(loop, line(shade, 50))
    body = path_of(
        ("M", 300, 560),
        ("Q", 800, 600, 1300, 560),
        ("C", 1330, 860, 1350, 1180, 1372, 1460),
        ("Q", 800, 1520, 228, 1460),
        ("C", 250, 1180, 270, 860, 300, 560),
        ("Z",),
    )
    shades = (0xFFBFA988, 0xFFE3D4BA, 0xFFF4E9D6, 0xFFE8DAC1, 0xFFD2BE9D, 0xFFA89069)
    stops = list(zip((0, 0.12, 0.34, 0.62, 0.88, 1), shades, strict=True))
    canvas.drawPath(body, across(228, 1372, stops))
    inside(canvas, body, lambda: _tote_cloth(canvas))
    grain(canvas, body, 0.35, 0.8)
    emblem(canvas, 800, 950, 170, DEEP, TEAL, CORAL)
    centred(canvas, "Morrow", 800, 1256, font("EB Garamond", "Bold", 150), DEEP)
    centred(canvas, spaced("HARBOUR"), 800, 1330, font("Poppins", "Bold", 44), DEEP)
    for x in (560, 1040):
        canvas.drawRect(box(x - 30, 590, x + 30, 682), paint(0xFFDCCAAC))
        for corner in ((x - 24, 600, x + 24, 672), (x + 24, 600, x - 24, 672)):
            canvas.drawLine(*corner, paint(colour(CORAL, 0.9), StrokeWidth=4))


def _tote_cloth(canvas: Any) -> None:
    """Folds, weave and hem."""
    for x, bend, alpha in ((420, 40, 0.16), (700, -30, 0.1), (980, 36, 0.14), (1210, -24, 0.2)):
        fold = path_of(
            ("M", x, 560),
            ("Q", x + bend, 1000, x - bend, 1500),
            ("L", x - bend + 60, 1500),
            ("Q", x + bend + 70, 1000, x + 40, 560),
            ("Z",),
        )
        canvas.drawPath(fold, soft(0xFF6B5636, 26, alpha))
    canvas.drawRect(box(200, 1380, 1400, 1540), soft(0xFF5D4A2D, 50, 0.4))
    thread = paint(colour(0xFF8A7350, 0.10), StrokeWidth=2)
    for step in range(0, 1200, 7):
        canvas.drawLine(210 + step, 540, 210 + step, 1530, thread)
        canvas.drawLine(200, 520 + step, 1400, 520 + step, thread)
    dashes = skia.DashPathEffect.Make([16, 11], 0)
    hem = path_of(("M", 296, 628), ("Q", 800, 668, 1304, 628))
    canvas.drawPath(hem, line(colour(0xFF8A7350, 0.8), 4, PathEffect=dashes))


def candle(canvas: Any) -> None:
    """A candle in smoked glass, burning."""
    glass = path_of(
        ("M", 400, 560),
        ("L", 420, 1400),
        ("Q", 430, 1470, 520, 1480),
        ("L", 1080, 1480),
        ("Q", 1170, 1470, 1180, 1400),
        ("L", 1200, 560),
        ("Z",),
    )
    shades = (0xFF5E3B1E, 0xFF9A6632, 0xFFD9A35C, 0xFFC4894A, 0xFF82522A, 0xFF4A2C15)
    stops = list(zip((0, 0.1, 0.3, 0.55, 0.85, 1), shades, strict=True))
    canvas.drawPath(glass, across(400, 1200, stops))
    inside(canvas, glass, lambda: _candle_wax(canvas))
    canvas.drawOval(box(400, 512, 1200, 608), line(colour(0xFFFFE9C8, 0.9), 10))
    canvas.drawOval(box(410, 520, 1190, 600), paint(colour(0xFF6A4522, 0.35)))
    _candle_flame(canvas)
    _candle_label(canvas)


def _candle_wax(canvas: Any) -> None:
    body = [(0, 0xFF8A5A30), (0.3, 0xFFF0CB8E), (0.6, 0xFFDDAA68), (1, 0xFF74482A)]
    canvas.drawRect(box(380, 700, 1220, 1430), across(400, 1200, body))
    glow = [(0, colour(0xFFFFE3A6, 0.95)), (1, colour(0xFFFFE3A6, 0.0))]
    canvas.drawRect(box(380, 690, 1220, 900), down(690, 900, glow))
    canvas.drawOval(box(410, 650, 1190, 760), down(650, 760, [(0, 0xFFFFF1C4), (1, 0xFFF0C77F)]))
    canvas.drawRect(box(436, 560, 486, 1460), soft(0xFFFFFFFF, 14, 0.5))
    canvas.drawRect(box(1130, 600, 1150, 1440), soft(0xFFFFFFFF, 8, 0.35))
    canvas.drawRect(box(380, 1400, 1220, 1500), soft(0xFF2B1808, 22, 0.55))


def _candle_flame(canvas: Any) -> None:
    wick = path_of(("M", 800, 690), ("Q", 790, 620, 806, 560))
    canvas.drawPath(wick, round_line(0xFF2B1A10, 12))
    flame = path_of(
        ("M", 804, 612),
        ("C", 700, 560, 740, 440, 812, 290),
        ("C", 872, 430, 912, 556, 804, 612),
        ("Z",),
    )
    canvas.drawPath(flame, soft(0xFFFFB640, 30, 0.9))
    heat = [(0, 0xFFFFF2C2), (0.45, 0xFFFFD25C), (0.8, 0xFFFF9A2E), (1, 0xFF6C7BD0)]
    canvas.drawPath(flame, down(290, 612, heat))
    core = path_of(
        ("M", 804, 596),
        ("C", 760, 560, 778, 480, 808, 410),
        ("C", 840, 480, 852, 560, 804, 596),
        ("Z",),
    )
    canvas.drawPath(core, soft(0xFFFFFFFF, 8, 0.85))


def _candle_label(canvas: Any) -> None:
    label = rounded(560, 900, 1040, 1320, 12)
    canvas.drawRRect(label.makeOffset(0, 6), soft(0xFF2B1808, 12, 0.45))
    paper = [(0, 0xFFE9DCC5), (0.3, 0xFFFFFAEE), (1, 0xFFE0D0B4)]
    canvas.drawRRect(label, across(560, 1040, paper))
    grain(canvas, skia.Path().addRRect(label), 0.35)
    emblem(canvas, 800, 1000, 62, DEEP, TEAL, CORAL)
    centred(canvas, "Lantern", 800, 1166, font("EB Garamond", "Bold", 104), DEEP)
    centred(canvas, spaced("BEESWAX CANDLE"), 800, 1226, font("Poppins", "Bold", 22), DEEP)
    centred(canvas, "40 h", 800, 1284, font("Poppins", "Regular", 32), DEEP)


def save(name: str, draw: Callable[[Any], None], width: int = SIZE, height: int = SIZE) -> None:
    """Draw on a transparent canvas and write an optimised PNG."""
    pixels = np.zeros((height, width, 4), np.uint8)
    surface = skia.Surface(pixels, colorType=skia.kRGBA_8888_ColorType)
    draw(surface.getCanvas())
    surface.flushAndSubmit()
    straight = pixels.astype(np.float32)
    alpha = straight[..., 3:] / 255
    straight[..., :3] = np.where(alpha > 0, straight[..., :3] / np.maximum(alpha, 1e-6), 0)
    picture = Image.fromarray(np.clip(straight + 0.5, 0, 255).astype(np.uint8), "RGBA")
    if width == SIZE:
        picture = picture.resize((1200, 1200), Image.Resampling.LANCZOS)
    picture.save(name, optimize=True)


def logo(ink: int, sea: int, sun: int) -> Callable[[Any], None]:
    """The horizontal logo in the given colours."""

    def draw(canvas: Any) -> None:
        emblem(canvas, 150, 150, 130, ink, sea, sun)
        canvas.drawString("Morrow", 320, 172, font("EB Garamond", "Bold", 178), paint(ink))
        canvas.drawString(spaced("HARBOUR"), 330, 248, font("Poppins", "Bold", 52), paint(ink))

    return draw


PICTURES: dict[str, Callable[[Any], None]] = {
    "house-blend.png": coffee_bag,
    "tide-mug.png": mug,
    "gull-kettle.png": kettle,
    "salt-line.png": chocolate,
    "quay-tote.png": tote,
    "lantern-candle.png": candle,
}


def main() -> None:
    """Draw everything, beside this file and into the brand folder."""
    for name, draw in PICTURES.items():
        save(str(HERE / name), draw)
    brand = HERE.parent / "brand"
    save(str(brand / "logo.png"), logo(DEEP, TEAL, CORAL), 960, 300)
    save(str(brand / "logo-on-dark.png"), logo(CREAM, FOAM, CORAL), 960, 300)


if __name__ == "__main__":
    main()
