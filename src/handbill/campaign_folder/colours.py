"""Colours as people write them, made ``#rrggbb``."""

from __future__ import annotations

import difflib
import re
from functools import cache

_HEX = re.compile(r"^#?(?P<digits>[0-9a-f]{3}|[0-9a-f]{6})$")
_RGB = re.compile(r"^rgb\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*\)$")
_FULL = 255
_SHORT_DIGITS = 3


def parse_colour(text: str) -> str:
    """``#rrggbb`` in lower case from a hex code, ``rgb(…)`` or a CSS colour name.

    Raises:
        ValueError: it is no colour; the message says what is, and names the nearest.
    """
    plain = text.strip().lower()
    if match := _HEX.match(plain):
        digits = match["digits"]
        doubled = "".join(digit * 2 for digit in digits)
        return f"#{doubled if len(digits) == _SHORT_DIGITS else digits}"
    if (match := _RGB.match(plain)) and all(int(part) <= _FULL for part in match.groups()):
        return "#" + "".join(f"{int(part):02x}" for part in match.groups())
    if named := _css_colours().get(plain.replace(" ", "").replace("grey", "gray")):
        return named
    raise ValueError(_advice(text, plain))


def mix(one: str, other: str, share: float) -> str:
    """The colour that is `share` (0 to 1) of `other` on the way from `one`."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def lightness(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 (black) to 1 (white), as WCAG 2 defines it."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
        for value in (channel / _FULL for channel in _channels(colour))
    ]
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21, as WCAG 2 defines it."""
    low, high = sorted((lightness(one), lightness(other)))
    return (high + 0.05) / (low + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@cache
def _css_colours() -> dict[str, str]:
    # The 148 names of CSS Color Module Level 4 stand in Pillow, which takes 40 ms to load.
    from PIL import ImageColor  # noqa: PLC0415 - see above

    # Asked by name: the table itself turns from text to numbers as its colours are used.
    return {
        name: "#" + "".join(f"{part:02x}" for part in ImageColor.getrgb(name)[:3])
        for name in ImageColor.colormap
    }


def _advice(text: str, plain: str) -> str:
    near = difflib.get_close_matches(plain, _css_colours(), n=1, cutoff=0.6)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    return f"{text!r} is no colour{hint}; write #rrggbb, #rgb, rgb(…) or a CSS name such as navy"
