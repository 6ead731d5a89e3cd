"""The brand's colours as a page can use them: readable on light and on dark grounds."""

from __future__ import annotations

import re

Rgb = tuple[float, float, float]

_HEX = re.compile(r"#[0-9a-f]{6}")
# WCAG 2.2, 1.4.3: text against its ground.
READABLE = 4.5
_STEPS = 100
_FALLBACK = "#3b5bdb"


def hex_or_fallback(colour: object) -> str:
    """`colour` as ``#rrggbb`` in lower case; the page's own blue when it is none."""
    text = str(colour).lower()
    return text if _HEX.fullmatch(text) else _FALLBACK


def contrast(one: str, other: str) -> float:
    """Contrast of two ``#rrggbb`` colours as WCAG 2.2 defines it, 1 to 21."""
    bright, dark = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def readable_on(colour: str, *grounds: str) -> str:
    """`colour`, moved towards black or white until it can be read on every one of `grounds`."""
    lightest = max(_luminance(_rgb(ground)) for ground in grounds)
    away = "#000000" if lightest > 0.4 else "#ffffff"  # noqa: PLR2004 - middle grey by eye
    for step in range(_STEPS + 1):
        mixed = _mixed(colour, away, step / _STEPS)
        if all(contrast(mixed, ground) >= READABLE for ground in grounds):
            return mixed
    return away


def text_on(ground: str) -> str:
    """Black or white, whichever is read better on `ground`."""
    return max(("#ffffff", "#101014"), key=lambda ink: contrast(ink, ground))


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
        for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(one: str, other: str, share: float) -> str:
    parts = zip(_rgb(one), _rgb(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02x}" for a, b in parts)
