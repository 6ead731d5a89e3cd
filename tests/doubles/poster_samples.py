"""Brands, words and pictures for posters: made here, nothing is downloaded."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.placement import ImageSpec, SafeZone
from handbill.rendering.spec import PosterSpec

KIT = BrandKit(
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
)

WORDS = {
    "en": DisplayText(
        kicker="Cold pressed",
        headline="Green apples. Nothing else.",
        subhead="Pressed this morning in the harbour mill, without sugar or water.",
        benefits=("Pressed within six hours", "No added sugar", "Returnable bottle"),
        badge="2 for 1",
        price="€3.90",
        compare_at="€4.90",
        deadline="Until 31 May",
        cta="Order now",
        address="Harbour Bar, 4 Quay Street, Bristol",
        legal="Offer valid while stocks last. Harbour Juice Ltd, 4 Quay Street.",
    ),
    "de": DisplayText(
        kicker="Frisch gepresst",
        headline="Geschwindigkeitsbegrenzung gilt nicht für unseren Apfelsaft",
        subhead="Heute Morgen gepresst, ohne Zuckerzusatz abgefüllt.",
        benefits=("Innerhalb von sechs Stunden gepresst", "Mehrwegflasche aus Glas"),
        badge="Gratis Versand",
        price="1.249,90 €",
        deadline="Nur bis 31. Mai",
        cta="Jetzt bestellen",
        address="Hafenbar, Kaistraße 4, Hamburg",
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
}

CANVASES = {
    "square": ImageSpec(width_px=1080, height_px=1080),
    "portrait": ImageSpec(width_px=1080, height_px=1350),
    "story": ImageSpec(
        width_px=1080,
        height_px=1920,
        safe_zone=SafeZone(top_px=269, bottom_px=384, left_px=65, right_px=65),
    ),
    "ad story": ImageSpec(
        width_px=1080,
        height_px=1920,
        safe_zone=SafeZone(top_px=269, bottom_px=672, left_px=80, right_px=140),
    ),
    "landscape": ImageSpec(width_px=1600, height_px=900),
    "billboard": ImageSpec(width_px=970, height_px=250),
    "leaderboard": ImageSpec(width_px=728, height_px=90),
    "skyscraper": ImageSpec(width_px=160, height_px=600),
    "half page": ImageSpec(width_px=300, height_px=600),
    "print": ImageSpec(width_px=2551, height_px=3579, dpi=300, bleed_px=35, formats=("pdf",)),
}


def spec_of(canvas: ImageSpec, locale: str = "en", **changes: object) -> PosterSpec:
    """A poster's spec with the sample brand and words."""
    values: dict[str, object] = {
        "canvas": canvas,
        "display": WORDS[locale],
        "kit": KIT,
        "palette": KIT.palette,
        "pictures": (),
        "locale": locale,
        "seed": 7,
        **changes,
    }
    return PosterSpec(**values)  # type: ignore[arg-type]


def bottle(folder: Path, width_px: int = 420, height_px: int = 1100) -> Picture:
    """A cut-out: a bottle with a detached soft shadow, on transparent ground."""
    pixels = np.zeros((height_px + 300, width_px + 400, 4), np.uint8)
    left, top = 200, 60
    body = (left, top + height_px // 5)
    cv2.rectangle(pixels, body, (left + width_px, top + height_px), (90, 140, 40, 255), -1)
    neck = (left + width_px // 3, top)
    cv2.rectangle(pixels, neck, (left + 2 * width_px // 3, body[1]), (60, 90, 20, 255), -1)
    shadow = pixels[:, :, 3].copy() * 0
    centre = (left + width_px // 2, top + height_px + 140)
    cv2.ellipse(shadow, centre, (width_px // 2, 14), 0, 0, 360, 150, -1)
    pixels[:, :, 3] = np.maximum(pixels[:, :, 3], cv2.GaussianBlur(shadow, (0, 0), 9))
    return save(folder / "bottle.png", pixels)


def studio_photo(folder: Path) -> Picture:
    """A photo on a plain white ground, with the sensor's noise."""
    pixels = np.full((900, 900, 3), 250, np.uint8)
    cv2.ellipse(pixels, (450, 470), (230, 300), 0, 0, 360, (40, 60, 160), -1)
    noise = np.random.default_rng(1).normal(0, 1.5, pixels.shape)
    return save(folder / "studio.png", np.clip(pixels + noise, 0, 255).astype(np.uint8))


def street_photo(folder: Path, width_px: int = 1500, height_px: int = 1000) -> Picture:
    """A photo without a plain ground: it can only be framed."""
    rough = np.random.default_rng(2).uniform(0, 255, (12, 18, 3)).astype(np.float32)
    size = (width_px, height_px)
    pixels = cv2.resize(rough, size, interpolation=cv2.INTER_CUBIC)
    return save(folder / "street.png", np.clip(pixels, 0, 255).astype(np.uint8))


def save(path: Path, pixels: np.ndarray) -> Picture:
    """Write a picture file."""
    assert cv2.imwrite(str(path), pixels)
    return Picture(source=path.name, path=str(path))
