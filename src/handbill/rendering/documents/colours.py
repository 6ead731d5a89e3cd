"""Colours of an e-mail out of a palette: grounds, tints, and inks that can be read on them."""

from __future__ import annotations

from dataclasses import dataclass

from handbill.domain.brandkit import Palette

_WHITE, _BLACK = "#ffffff", "#111111"
_READABLE = 4.5
_DARK_GROUND, _DARK_PAPER, _DARK_INK = "#101113", "#1b1d20", "#f2f2f0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shades:
    """Colours as ``#rrggbb``; every ink has a contrast of 4.5:1 or more on its ground.

    Attributes:
        ground, paper: behind the sheet, and the sheet.
        accent_ink: the brand's colour where it is text on paper.
        tint: a breath of the brand's colour.
        button, on_button: on the band in the primary colour.
    """

    ground: str
    paper: str
    ink: str
    soft_ink: str
    primary: str
    on_primary: str
    accent: str
    on_accent: str
    accent_ink: str
    tint: str
    line: str
    button: str
    on_button: str


def light_shades(palette: Palette) -> Shades:
    """The palette on paper. A dark paper colour is lightened: mail clients invert dark mails."""
    paper = palette.paper if luminance(palette.paper) > 0.7 else mix(palette.paper, _WHITE, 0.94)
    accent = palette.accents[0] if palette.accents else palette.secondary
    button = _button(palette, accent)
    return Shades(
        ground=mix(palette.primary, paper, 0.9),
        paper=paper,
        ink=readable(palette.ink, paper),
        soft_ink=readable(mix(palette.ink, paper, 0.35), paper),
        primary=palette.primary,
        on_primary=on(palette.primary),
        accent=accent,
        on_accent=on(accent),
        accent_ink=readable(palette.primary, paper),
        tint=mix(palette.primary, paper, 0.86),
        line=mix(palette.ink, paper, 0.86),
        button=button,
        on_button=on(button),
    )


def dark_shades(palette: Palette) -> Shades:
    """The same mail where the reader has asked for dark."""
    light = light_shades(palette)
    return Shades(
        ground=_DARK_GROUND,
        paper=_DARK_PAPER,
        ink=_DARK_INK,
        soft_ink=mix(_DARK_INK, _DARK_PAPER, 0.35),
        primary=light.primary,
        on_primary=light.on_primary,
        accent=light.accent,
        on_accent=light.on_accent,
        accent_ink=readable(palette.primary, mix(palette.primary, _DARK_PAPER, 0.75)),
        tint=mix(palette.primary, _DARK_PAPER, 0.75),
        line=mix(_DARK_INK, _DARK_PAPER, 0.85),
        button=light.button,
        on_button=light.on_button,
    )


def mix(one: str, other: str, share: float) -> str:
    """`one` with `share` (0 to 1) of `other` in it."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2, 0 (black) to 1 (white)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast after WCAG 2.2, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def on(ground: str) -> str:
    """White or near black, whichever can be read better on `ground`."""
    return max((_WHITE, _BLACK), key=lambda ink: contrast(ink, ground))


def readable(ink: str, ground: str) -> str:
    """`ink`, moved towards black or white in small steps until it can be read on `ground`."""
    target = on(ground)
    for step in range(21):
        shade = mix(ink, target, step / 20)
        if contrast(shade, ground) >= _READABLE:
            return shade
    return target


def _button(palette: Palette, accent: str) -> str:
    """A button that stands out from the band: the accent, else paper, else white."""
    for colour in (accent, palette.secondary, palette.paper, _WHITE):
        if contrast(colour, palette.primary) >= 2.2:
            return colour
    return _BLACK


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
