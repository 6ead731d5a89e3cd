"""Whether a reader that has never seen our layouts reads headline and price back: Tesseract.

Posters of many seeds, Latin and Chinese, in every shape of feeds. Tesseract gets what lies in the
headline's and in the price's box, as drawn, and runs as a process of its own. Without it, or
without its Chinese, there is no figure.
"""

from __future__ import annotations

import difflib
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from bench.posters_samples import CANVASES, KITS, WORDS, pictures
from handbill.domain.brief import Picture
from handbill.rendering.posters import draw_poster
from handbill.rendering.spec import Box, PosterSpec

_SHAPES = ("portrait", "square", "story", "landscape")
_HEADLINES = {
    "en": (
        "Green apples. Nothing else.", "Fresh bread every morning", "Warm socks for cold boats",
        "Your garden, in a glass", "Coffee roasted next door", "A lamp that lasts",
        "Soap that smells of pine", "Honey from our own hives", "Built for a hundred winters",
        "Quiet shoes for long days", "One bag, twenty years", "Sharp knives, kind price",
    ),
    "zh-CN": (
        "清晨现榨，每一口都是苹果", "新鲜面包每天早晨出炉", "好茶值得慢慢等", "一盏灯，照亮整个家",
        "手工香皂，松木清香", "自家蜂蜜，香甜如初", "轻便雨伞，随身出行", "冬日暖袜，温暖双脚",
        "厨房好刀，价格实在", "现磨咖啡，就在隔壁", "一个背包，陪你二十年", "安静好鞋，适合长路",
    ),
}  # fmt: skip
_PRICES = {"en": "€{}.{:02}", "zh-CN": "¥{}.{:02}"}
_LANGUAGES = {"en": "eng", "zh-CN": "chi_sim"}
# Of the headline's letters, in order, that must be read.
_READ = 0.85
# Heights of lines at which Tesseract looks, in turn: at some it finds no line of Han at all.
_LINES_PX = (64, 48)
# Heights of figures at which Tesseract looks, in turn.
_FIGURE_LINES_PX = (40, 32, 56)
_PROGRAM = shutil.which("tesseract") or ""


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The share of posters that are read back, in the shape of ``bench/results.json``."""
    if missing := _missing():
        print(f"legibility: {missing}, so nothing is read back", file=sys.stderr)
        return {}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as readers:
        asks = list(_posters(Path(folder), 24 if fast else 300))
        read = list(readers.map(lambda ask: _is_read(*ask), asks))
    share = sum(read) / len(read)
    return {
        "posters.read_back": {
            "value": round(100 * share, 2),
            "unit": f"% of {len(read)} posters whose headline and price Tesseract reads",
            "target": 99,
            "holds": share >= 0.99,
            "better": "higher",
        }
    }


def _missing() -> str:
    if not _PROGRAM:
        return "there is no Tesseract here"
    told = subprocess.run([_PROGRAM, "--list-langs"], capture_output=True, text=True, check=False)
    lacking = [name for name in _LANGUAGES.values() if name not in told.stdout.split()]
    return f"Tesseract has no {', '.join(lacking)} here" if lacking else ""


def _posters(folder: Path, count: int) -> Iterator[tuple[Path, PosterSpec, tuple[Box, ...]]]:
    """Drawn posters with their specs and where their words lie."""
    shown: list[Picture | None] = [
        *(one for kind in pictures(folder).values() for one in kind),
        None,
    ]
    kits = list(KITS.values())
    for number in range(count):
        locale = ("en", "zh-CN")[number % 2]
        chance = np.random.default_rng(number)
        picture, kit = shown[int(chance.integers(len(shown)))], kits[int(chance.integers(3))]
        price = _PRICES[locale].format(int(chance.integers(2, 400)), int(chance.integers(100)))
        headline = _HEADLINES[locale][int(chance.integers(12))]
        spec = PosterSpec(
            canvas=CANVASES[_SHAPES[int(chance.integers(4))]],
            display=replace(WORDS[locale], headline=headline, price=price, compare_at=""),
            kit=kit,
            palette=kit.palette,
            pictures=(picture,) if picture else (),
            locale=locale,
            seed=int(chance.integers(2**32)),
        )
        result = draw_poster(spec, folder / f"poster-{number}")
        yield Path(result.path), spec, result.boxes


def _is_read(path: Path, spec: PosterSpec, boxes: tuple[Box, ...]) -> bool:
    pixels = cv2.imread(str(path))
    assert pixels is not None
    headline = next(box for box in boxes if box.role == "headline")
    price = next((box for box in boxes if box.role == "price"), None)
    language = _LANGUAGES[spec.locale]
    is_said = any(
        _likeness(text, spec.display.headline) >= _READ
        for text in _readings(pixels, headline, language)
    )
    return is_said and (price is None or _is_priced(pixels, price, spec.display.price))


def _readings(pixels: np.ndarray, box: Box, language: str) -> Iterator[str]:
    """What Tesseract reads in a box: as it is and inverted, as a paragraph and as loose words."""
    for line in _LINES_PX:
        grey = _scaled(_cut(pixels, box), line / (box.text_px or box.bottom_px - box.top_px))
        for mode in ("6", "11"):
            for sign in (grey, 255 - grey):
                yield _tesseract(sign, "-l", language, "--psm", mode)


def _is_priced(pixels: np.ndarray, box: Box, meant: str) -> bool:
    """Whether the price is read: its large figures as one line, raised cents as another."""
    grey = _cut(pixels, box)
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    inverted = float(np.mean(ink > 0)) > 0.5
    if inverted:
        ink = 255 - ink
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    rows = stats[1:]
    tallest = int(rows[:, cv2.CC_STAT_HEIGHT].max(initial=1))
    tall = [n for n, row in enumerate(rows, 1) if row[cv2.CC_STAT_HEIGHT] >= 0.75 * tallest]
    last = max(stats[n][cv2.CC_STAT_LEFT] for n in tall)
    small = [
        n
        for n, row in enumerate(rows, 1)
        if 0.2 * tallest < row[cv2.CC_STAT_HEIGHT] < 0.75 * tallest
        and row[cv2.CC_STAT_LEFT] > last
    ]
    # Dark figures on a light ground, which is what a reader of print expects.
    dark = 255 - grey if inverted else grey
    wanted = re.sub(r"\D", "", meant)
    return any(
        wanted
        in "".join(_figures(dark, labels, stats, group, line) for group in (tall, small) if group)
        for line in _FIGURE_LINES_PX
    )


def _figures(
    dark: np.ndarray, labels: np.ndarray, stats: np.ndarray, group: list[int], line_px: int
) -> str:
    """The figures that Tesseract reads in some of the forms, all others wiped away."""
    mine = cv2.dilate(np.isin(labels, group).astype(np.uint8), np.ones((5, 5), np.uint8))
    ground = int(np.median(dark))
    alone = np.where(mine > 0, dark, ground).astype(np.uint8)
    tops, lefts = stats[group, cv2.CC_STAT_TOP], stats[group, cv2.CC_STAT_LEFT]
    bottoms = tops + stats[group, cv2.CC_STAT_HEIGHT]
    rights = lefts + stats[group, cv2.CC_STAT_WIDTH]
    part = alone[int(tops.min()) : int(bottoms.max()), int(lefts.min()) : int(rights.max())]
    framed = cv2.copyMakeBorder(
        _scaled(part, line_px / part.shape[0]),
        20,
        20,
        20,
        20,
        cv2.BORDER_CONSTANT,
        value=(ground,),
    )
    wanted = "tessedit_char_whitelist=0123456789"
    text = _tesseract(np.asarray(framed, np.uint8), "-l", "eng", "--psm", "7", "-c", wanted)
    return re.sub(r"\D", "", text)


def _cut(pixels: np.ndarray, box: Box) -> np.ndarray:
    """A box with a rim, in grey."""
    rim = max(8, (box.bottom_px - box.top_px) // 8)
    top, left = max(0, box.top_px - rim), max(0, box.left_px - rim)
    part = pixels[top : box.bottom_px + rim, left : box.right_px + rim]
    return np.asarray(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), np.uint8)


def _scaled(grey: np.ndarray, factor: float) -> np.ndarray:
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=way), np.uint8)


def _tesseract(grey: np.ndarray, *options: str) -> str:
    encoded = cv2.imencode(".png", grey)[1].tobytes()
    command = [_PROGRAM, "-", "-", "--dpi", "150", *options]
    # Tesseract's own threads get in each other's way on small pictures.
    told = subprocess.run(
        command, input=encoded, capture_output=True, check=False, env={"OMP_THREAD_LIMIT": "1"}
    )
    return told.stdout.decode(errors="replace")


def _likeness(read: str, meant: str) -> float:
    """Share of the meant letters and figures that were read in their order."""
    one, other = _letters(read), _letters(meant)
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / max(1, len(other))


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in plain if char.isalnum())
