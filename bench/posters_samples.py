"""Words, brands and pictures for the galleries: the demo's products, nothing is downloaded."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.placement import ImageSpec, SafeZone
from handbill.rendering.canvases import canvas_over, paint
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
    "ko": DisplayText(
        kicker="갓 짜낸",
        headline="아침에 짠 사과를 한 병에",
        subhead="설탕도 물도 넣지 않고 항구 공방에서 오늘 아침 짰습니다.",
        benefits=("여섯 시간 안에 착즙", "무가당"),
        badge="1+1",
        price="₩4,900",
        compare_at="₩5,900",
        deadline="5월 31일까지",
        cta="주문하기",
        address="하버 주스 바, 부두길 4",
    ),
    "he": DisplayText(
        kicker="כבישה קרה",
        headline="תפוחים ירוקים, שום דבר אחר",
        subhead="נסחט הבוקר בנמל, בלי סוכר ובלי מים. בקבוק של 0.5 ליטר.",
        benefits=("בתוך שש שעות", "ללא תוספת סוכר"),
        badge="20% הנחה",
        price="₪19.90",
        compare_at="₪24.90",
        deadline="עד 31 במאי",
        cta="להזמנה",
        address="בר הנמל, רחוב הרציף 4",
    ),
    "th": DisplayText(
        kicker="สกัดเย็น",
        headline="แอปเปิลเขียวสดใหม่ทุกเช้า",
        subhead="คั้นสดเช้านี้ที่โรงงานริมท่าเรือ ไม่เติมน้ำตาล ไม่เติมน้ำ",
        benefits=("คั้นภายในหกชั่วโมง", "ไม่เติมน้ำตาล"),
        badge="ลด 20%",
        price="฿59",
        compare_at="฿79",
        deadline="ถึง 31 พฤษภาคม",
        cta="สั่งเลย",
        address="ฮาร์เบอร์บาร์ ถนนท่าเรือ 4",
    ),
    "hi": DisplayText(
        kicker="ठंडा निचोड़ा",
        headline="हर सुबह ताज़ा हरे सेब",
        subhead="आज सुबह बंदरगाह की मिल में निचोड़ा, बिना चीनी और बिना पानी के।",
        benefits=("छह घंटे के भीतर", "बिना चीनी"),
        badge="20% छूट",
        price="₹199",
        compare_at="₹249",
        deadline="31 मई तक",
        cta="अभी मँगाएँ",
        address="हार्बर बार, घाट मार्ग 4",
    ),
    "ru": DisplayText(
        kicker="Холодный отжим",
        headline="Зелёные яблоки. И больше ничего",
        subhead="Отжато сегодня утром в порту, без сахара и воды.",
        benefits=("Отжим за шесть часов", "Без сахара"),
        badge="−20 %",
        price="199,90 ₽",
        compare_at="249,90 ₽",
        deadline="До 31 мая",
        cta="Заказать",
        address="Бар «Гавань», Портовая, 4",
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
    "skyscraper": ImageSpec(width_px=160, height_px=600),
    "half page": ImageSpec(width_px=300, height_px=600),
    "print": ImageSpec(width_px=1276, height_px=1790, dpi=150, bleed_px=18),
    "billboard": ImageSpec(width_px=970, height_px=250),
    "leaderboard": ImageSpec(width_px=728, height_px=90),
}


_DEMO = Path(__file__).resolve().parents[1] / "campaigns" / "demo" / "images"
_CUTOUTS = ("gull-kettle", "house-blend", "tide-mug", "quay-tote", "lantern-candle", "salt-line")
# Product on the table, the evening's colour behind it (BGR), the seed of its lights.
_SCENES = (
    ("tide-mug", (50, 120, 0), 5),
    ("lantern-candle", (120, 60, 20), 8),
    ("gull-kettle", (60, 110, 60), 11),
    ("house-blend", (110, 40, 60), 14),
)


def pictures(folder: Path) -> dict[str, list[Picture]]:
    """The demo's products by kind: cut-outs of several proportions, and photo-like scenes."""
    cutouts = [Picture(source=f"{name}.png", path=str(_DEMO / f"{name}.png")) for name in _CUTOUTS]
    scenes = [
        _saved(folder / f"scene-{name}.png", _scene(name, glow, seed))
        for name, glow, seed in _SCENES
    ]
    return {"cutout": cutouts, "photo": scenes}


def _scene(name: str, glow: tuple[int, int, int], seed: int) -> np.ndarray:
    """Evening lights out of focus behind a table with a product of the demo on it."""
    chance = np.random.default_rng(seed)
    rows = np.linspace(0, 1, 1200, dtype=np.float32)[:, None, None]
    sky = np.array([48, 40, 34], np.float32) + rows * np.array(glow, np.float32) * 0.7
    pixels = np.repeat(sky, 1700, axis=1)
    for _ in range(60):
        centre = (int(chance.integers(0, 1700)), int(chance.integers(0, 820)))
        light = tuple(float(value) for value in chance.uniform(110, 255, 3))
        layer = pixels.copy()
        cv2.circle(layer, centre, int(chance.integers(18, 90)), light, -1)
        pixels = pixels * 0.7 + layer * 0.3
    pixels = cv2.GaussianBlur(pixels, (0, 0), 16)
    table = np.linspace(0.75, 1.25, 350, dtype=np.float32)[:, None, None]
    grain = cv2.blur(chance.normal(0, 26, (350, 1700, 1)).astype(np.float32), (160, 1))
    pixels[850:] = np.array([48, 70, 104], np.float32) * table + grain[:, :, None]
    pixels[820:880] = cv2.GaussianBlur(pixels, (0, 0), 7)[820:880]
    full = np.dstack([pixels, np.full(pixels.shape[:2], 255, np.float32)])
    scene = np.ascontiguousarray(np.clip(full, 0, 255).astype(np.uint8))
    product = np.asarray(cv2.imread(str(_DEMO / f"{name}.png"), cv2.IMREAD_UNCHANGED))
    product[:, :, :3] = (product[:, :, :3] * (product[:, :, 3:] / 255)).astype(np.uint8)
    product = cv2.resize(product, (820, 820), interpolation=cv2.INTER_AREA)
    foot = int(np.flatnonzero(product[:, :, 3].any(axis=1))[-1])
    canvas = canvas_over(scene)
    shadow = skia.Rect.MakeXYWH(640, 960, 480, 60)
    canvas.drawOval(shadow, paint(0x90000000, blur_px=22))
    sprite = skia.Image.fromarray(
        product, skia.kBGRA_8888_ColorType, skia.AlphaType.kPremul_AlphaType
    )
    canvas.drawImage(sprite, 440, 1000 - foot)
    return scene


def _saved(path: Path, pixels: np.ndarray) -> Picture:
    assert cv2.imwrite(str(path), pixels)
    return Picture(source=path.name, path=str(path))
