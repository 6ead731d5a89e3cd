"""Words, brands and drawn products for the gallery: nothing is downloaded."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.placement import ImageSpec, SafeZone
from handbill.rendering.canvases import blank, canvas_over, paint
from handbill.rendering.colour import Colour, mix, parse_colour, shift
from handbill.rendering.skia_library import skia

KITS = {
    "harbour": BrandKit(
        name="Harbour Juice",
        palette=Palette(
            primary="#0f6b5c",
            secondary="#f2b33d",
            ink="#10231f",
            paper="#faf6ee",
            accents=("#e4572e",),
        ),
        heading=Typeface(family="Poppins", weight=700),
        body=Typeface(family="Open Sans"),
        corner_radius=0.9,
    ),
    "volt": BrandKit(
        name="VOLT",
        palette=Palette(
            primary="#2b4bff",
            secondary="#ff6b9d",
            ink="#12142b",
            paper="#ffffff",
            accents=("#ffd23f",),
        ),
        heading=Typeface(family="Raleway", weight=700),
        body=Typeface(family="Lato"),
        corner_radius=0.2,
    ),
    "linden": BrandKit(
        name="Linden & Sons",
        palette=Palette(
            primary="#7a2e3a",
            secondary="#d9a48f",
            ink="#2a1a1c",
            paper="#fbf3ec",
            accents=("#3f5d4a",),
        ),
        heading=Typeface(family="EB Garamond", weight=700),
        body=Typeface(family="Source Sans 3"),
        corner_radius=0.0,
    ),
}

WORDS = {
    "en": DisplayText(
        kicker="Cold pressed",
        headline="Green apples. Nothing else.",
        subhead="Pressed this morning in the harbour mill and bottled without sugar or water.",
        benefits=("Pressed within six hours", "No added sugar", "Returnable glass bottle"),
        badge="2 for 1",
        price="€3.90",
        compare_at="€4.90",
        deadline="Until 31 May",
        cta="Order now",
        address="Harbour Bar, 4 Quay Street",
        legal="Offer valid while stocks last.",
    ),
    "de": DisplayText(
        kicker="Frisch gepresst",
        headline="Schmeckt wie der Garten hinter dem Haus",
        subhead="Heute Morgen gepresst und ohne Zuckerzusatz abgefüllt.",
        benefits=("Innerhalb von sechs Stunden gepresst", "Mehrwegflasche aus Glas"),
        badge="Gratis Versand",
        price="3,90 €",
        compare_at="4,90 €",
        deadline="Bis 31. Mai",
        cta="Jetzt bestellen",
        address="Hafenbar, Kaistraße 4",
        legal="Solange der Vorrat reicht.",
    ),
    "zh-CN": DisplayText(
        kicker="冷榨鲜果",
        headline="清晨现榨，每一口都是苹果",
        subhead="港口果汁坊当日压榨，无添加糖，无水稀释。",
        benefits=("六小时内压榨", "零添加糖", "玻璃瓶可回收"),
        badge="买一送一",
        price="¥39.90",
        compare_at="¥49.90",
        deadline="截至5月31日",
        cta="立即下单",
        address="港口果汁吧，码头街4号",
        legal="数量有限，售完即止。",
    ),
    "ja": DisplayText(
        kicker="しぼりたて",
        headline="朝いちばんの青りんごを、そのまま一本に",
        subhead="砂糖も水も加えずに、港の工房で今朝しぼりました。",
        benefits=("六時間以内に搾汁", "砂糖不使用"),
        badge="2本で1本分",
        price="￥590",
        deadline="5月31日まで",
        cta="注文する",
        address="港のジューススタンド",
    ),
    "ar": DisplayText(
        kicker="معصور على البارد",
        headline="تفاح أخضر طازج كل صباح",
        subhead="عصرناه هذا الصباح في معمل الميناء من دون سكر أو ماء.",
        benefits=("خلال ست ساعات", "بلا سكر مضاف"),
        badge="خصم 20%",
        price="19.90 د.إ.",
        compare_at="24.90 د.إ.",
        deadline="حتى 31 مايو",
        cta="اطلب الآن",
        address="مقهى الميناء، شارع الرصيف 4",
    ),
}

CANVASES = {
    "portrait": ImageSpec(width_px=1080, height_px=1350),
    "square": ImageSpec(width_px=1080, height_px=1080),
    "story": ImageSpec(
        width_px=1080,
        height_px=1920,
        safe_zone=SafeZone(top_px=269, bottom_px=384, left_px=65, right_px=65),
    ),
    "landscape": ImageSpec(width_px=1600, height_px=900),
    "print": ImageSpec(width_px=1276, height_px=1790, dpi=150, bleed_px=18),
}


def pictures(folder: Path) -> dict[str, list[Picture]]:
    """Drawn products by kind: cut-outs of several proportions, and a photo-like scene."""
    made = [
        _saved(folder / "bottle.png", _bottle("#4f9d4f")),
        _saved(folder / "box.png", _box("#e4572e")),
        _saved(folder / "cup.png", _cup("#2b4bff")),
    ]
    return {"cutout": made, "photo": [_saved(folder / "scene.png", _scene())]}


def _bottle(code: str) -> np.ndarray:
    pixels, colour = blank(620, 1500), parse_colour(code)
    canvas = canvas_over(pixels)
    body = skia.RRect()
    body.setRectRadii(skia.Rect.MakeLTRB(90, 330, 530, 1440), [(150, 190)] * 2 + [(60, 60)] * 2)
    canvas.drawRRect(body, _shaded(colour, 90, 530))
    canvas.drawRect(skia.Rect.MakeLTRB(225, 150, 395, 380), _shaded(shift(colour, 0.05), 225, 395))
    cap = shift(colour, -0.2)
    canvas.drawRoundRect(skia.Rect.MakeLTRB(205, 60, 415, 190), 22, 22, _shaded(cap, 205, 415))
    label = skia.Rect.MakeLTRB(90, 700, 530, 1180)
    canvas.drawRect(label, _shaded(parse_colour("#fbf3ec"), 90, 530))
    canvas.drawCircle(310, 940, 120, paint(colour.argb))
    return pixels


def _box(code: str) -> np.ndarray:
    pixels, colour = blank(1100, 900), parse_colour(code)
    canvas = canvas_over(pixels)
    sides = (
        ([(80, 250), (620, 330), (620, 860), (80, 740)], colour),
        ([(620, 330), (1020, 230), (1020, 700), (620, 860)], shift(colour, -0.12)),
        ([(80, 250), (480, 120), (1020, 230), (620, 330)], shift(colour, 0.1)),
    )
    for points, tone in sides:
        path = skia.Path()
        path.addPoly([skia.Point(*point) for point in points], close=True)
        canvas.drawPath(path, paint(tone.argb))
    return pixels


def _cup(code: str) -> np.ndarray:
    pixels, colour = blank(1200, 1000), parse_colour(code)
    canvas = canvas_over(pixels)
    canvas.drawCircle(300, 520, 210, paint(shift(colour, -0.1).argb, stroke_px=80))
    body = skia.RRect()
    body.setRectRadii(skia.Rect.MakeLTRB(320, 120, 1100, 940), [(20, 20)] * 2 + [(120, 120)] * 2)
    canvas.drawRRect(body, _shaded(colour, 320, 1100))
    rim = skia.Rect.MakeLTRB(330, 90, 1090, 170)
    canvas.drawOval(rim, paint(shift(colour, -0.18).argb))
    return pixels


def _scene() -> np.ndarray:
    """Evening lights out of focus over a table with a cup."""
    chance = np.random.default_rng(5)
    rows = np.linspace(0, 1, 1200, dtype=np.float32)[:, None, None]
    sky = np.array([70, 60, 50], np.float32) + rows * np.array([0, 50, 120], np.float32)
    pixels = np.repeat(sky, 1700, axis=1)
    for _ in range(70):
        centre = (int(chance.integers(0, 1700)), int(chance.integers(0, 800)))
        light = tuple(float(value) for value in chance.uniform(90, 255, 3))
        layer = pixels.copy()
        cv2.circle(layer, centre, int(chance.integers(18, 80)), light, -1)
        pixels = pixels * 0.55 + layer * 0.45
    pixels = cv2.GaussianBlur(pixels, (0, 0), 7)
    pixels[850:] = np.array([38, 52, 78], np.float32)
    full = np.dstack([pixels, np.full(pixels.shape[:2], 255, np.float32)])
    scene = np.ascontiguousarray(np.clip(full, 0, 255).astype(np.uint8))
    cup = cv2.resize(_cup("#d9a48f"), (620, 517), interpolation=cv2.INTER_AREA)
    canvas_over(scene).drawImage(skia.Image.fromarray(cup, skia.kBGRA_8888_ColorType), 560, 430)
    return scene


def _shaded(colour: Colour, left: float, right: float):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a Skia paint
    """A paint that rounds a form: light from the left, shade at the right."""
    tones = [shift(colour, -0.06), shift(colour, 0.09), colour, mix(colour, Colour(0, 0, 0), 0.35)]
    made = paint(colour.argb)
    made.setShader(
        skia.GradientShader.MakeLinear(
            [skia.Point(left, 0), skia.Point(right, 0)],
            [tone.argb for tone in tones],
            [0.0, 0.28, 0.6, 1.0],
        )
    )
    return made


def _saved(path: Path, pixels: np.ndarray) -> Picture:
    assert cv2.imwrite(str(path), pixels)
    return Picture(source=path.name, path=str(path))
