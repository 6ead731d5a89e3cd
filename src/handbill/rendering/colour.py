"""Colours: sRGB, OKLCH, contrast. Pure arithmetic; no pixels.

Sources: OKLab by Björn Ottosson (https://bottosson.github.io/posts/oklab/, 2020-12-23);
relative luminance and contrast ratio from WCAG 2.2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from handbill.errors import BrandError

TEXT_CONTRAST = 4.5
LARGE_TEXT_CONTRAST = 3.0


@dataclass(frozen=True, slots=True, order=True)
class Colour:
    """An opaque sRGB colour, channels 0 to 255."""

    red: int
    green: int
    blue: int

    @property
    def hex(self) -> str:
        """``#rrggbb``."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def bgr(self) -> tuple[int, int, int]:
        """Channels in the order of OpenCV and of our buffers."""
        return self.blue, self.green, self.red

    @property
    def argb(self) -> int:
        """0xAARRGGBB with full alpha, as Skia takes it."""
        return 0xFF000000 | self.red << 16 | self.green << 8 | self.blue

    @property
    def luminance(self) -> float:
        """WCAG relative luminance, 0 (black) to 1 (white)."""
        red, green, blue = (_linear(value) for value in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def with_alpha(self, alpha: float) -> int:
        """0xAARRGGBB with `alpha` from 0 to 1."""
        return round(255 * alpha) << 24 | (self.argb & 0xFFFFFF)


WHITE = Colour(255, 255, 255)
BLACK = Colour(0, 0, 0)


def parse_colour(text: str) -> Colour:
    """The colour of ``#rrggbb`` or ``#rgb``.

    Raises:
        BrandError: `text` is neither.
    """
    digits = text.strip().lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    try:
        number = int(digits, 16) if len(digits) == 6 else -1
    except ValueError:
        number = -1
    if number < 0:
        raise BrandError(
            f"{text!r} is not a colour", remedy="write it as #rrggbb, such as #1b998b"
        )
    return Colour(number >> 16, number >> 8 & 255, number & 255)


def contrast(one: Colour | float, other: Colour | float) -> float:
    """WCAG contrast ratio, 1 to 21, of two colours or relative luminances."""
    first = one if isinstance(one, float) else one.luminance
    second = other if isinstance(other, float) else other.luminance
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def oklch(colour: Colour) -> tuple[float, float, float]:
    """Lightness 0 to 1, chroma 0 to about 0.33, hue in degrees 0 to 360."""
    lightness, a, b = _oklab(colour)
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def from_oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """The sRGB colour of an OKLCH one; chroma is lowered until it lies in the gamut."""
    lightness = min(1.0, max(0.0, lightness))
    low, high = 0.0, max(0.0, chroma)
    best = _to_rgb(lightness, high, hue)
    if _in_gamut(best):
        return _rounded(best)
    for _ in range(14):
        middle = (low + high) / 2
        if _in_gamut(_to_rgb(lightness, middle, hue)):
            low = middle
        else:
            high = middle
    return _rounded(_to_rgb(lightness, low, hue))


def shade(colour: Colour, lightness: float, *, chroma: float = 1.0) -> Colour:
    """`colour` at another OKLCH lightness (0 to 1), its chroma multiplied by `chroma`."""
    _, own_chroma, hue = oklch(colour)
    return from_oklch(lightness, own_chroma * chroma, hue)


def shift(colour: Colour, by: float) -> Colour:
    """`colour` lighter (`by` > 0) or darker (`by` < 0) by that much OKLCH lightness."""
    return shade(colour, oklch(colour)[0] + by)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A blend with `share` (0 to 1) of `other`, mixed in OKLab so that it does not turn muddy."""
    light_1, a_1, b_1 = _oklab(one)
    light_2, a_2, b_2 = _oklab(other)
    a, b = a_1 + (a_2 - a_1) * share, b_1 + (b_2 - b_1) * share
    hue = math.degrees(math.atan2(b, a)) % 360
    return from_oklch(light_1 + (light_2 - light_1) * share, math.hypot(a, b), hue)


def distance(one: Colour, other: Colour) -> float:
    """How different two colours look: Euclidean in OKLab, 0 to about 1."""
    return math.dist(_oklab(one), _oklab(other))


def readable(ground: Colour, wishes: Sequence[Colour], *, ratio: float = TEXT_CONTRAST) -> Colour:
    """The first of `wishes` with at least `ratio` against `ground`, else black or white.

    White wins where both serve about equally: on saturated colours it looks right to people
    though black may measure a little higher.
    """
    for wish in wishes:
        if contrast(ground, wish) >= ratio:
            return wish
    return WHITE if contrast(ground, WHITE) >= ratio else _darker_or_lighter(ground)


@lru_cache(maxsize=4096)
def _oklab(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = (_linear(value) for value in (colour.red, colour.green, colour.blue))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _darker_or_lighter(ground: Colour) -> Colour:
    return BLACK if contrast(ground, BLACK) > contrast(ground, WHITE) else WHITE


def _linear(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _encoded(light: float) -> float:
    light = min(1.0, max(0.0, light))
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def _to_rgb(lightness: float, chroma: float, hue: float) -> list[float]:
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return [
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    ]


def _in_gamut(light: list[float]) -> bool:
    return all(-0.0005 <= value <= 1.0005 for value in light)


def _rounded(light: list[float]) -> Colour:
    red, green, blue = (round(255 * _encoded(value)) for value in light)
    return Colour(red, green, blue)
