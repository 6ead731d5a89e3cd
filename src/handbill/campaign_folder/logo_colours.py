"""A palette drafted from a logo's own colours."""

from __future__ import annotations

import colorsys
from pathlib import Path

from handbill.campaign_folder.brand_file import PaletteTable
from handbill.campaign_folder.brands import palette_of
from handbill.campaign_folder.colours import contrast, lightness
from handbill.domain.brandkit import Palette

_SIDE_PX = 96
_COLOURS = 12
_SOLID_ALPHA = 160
_LEAST_SHARE = 0.01
_NEAR_WHITE = 0.82
_NEAR_BLACK = 0.012
_APART = 1.25
_MOST_ACCENTS = 4


def palette_from_logo(logo: Path) -> Palette | None:
    """Primary, secondary and accents from the logo; None when it has no colour that carries one.

    The primary is the most frequent colour that is neither near white nor near black, weighed by
    how colourful it is.
    """
    counted = _counted_colours(logo)
    total = sum(counted.values())
    usable = {
        colour: count * (0.25 + _colourfulness(colour)) for colour, count in counted.items()
        if count >= total * _LEAST_SHARE and _NEAR_BLACK < lightness(colour) < _NEAR_WHITE
    }  # fmt: skip
    ranked = sorted(usable, key=lambda colour: (-usable[colour], colour))
    chosen: list[str] = []
    for colour in ranked:
        if all(_differs(colour, other) for other in chosen):
            chosen.append(colour)
    if not chosen:
        return None
    first, *rest = chosen
    second = rest[0] if rest else None
    return palette_of(
        PaletteTable(primary=first, secondary=second, accents=rest[1 : 1 + _MOST_ACCENTS])
    )


def _counted_colours(logo: Path) -> dict[str, int]:
    # Pillow takes 60 ms to load, and only a new campaign with a logo needs it.
    from PIL import Image  # noqa: PLC0415 - see above

    try:
        with Image.open(logo, formats=("PNG", "JPEG", "WEBP")) as picture:
            picture.thumbnail((_SIDE_PX, _SIDE_PX))
            pixels = picture.convert("RGBA")
    except Exception:  # noqa: BLE001 - a logo that cannot be read drafts no brand
        return {}
    data = pixels.tobytes()
    solid = bytes(byte for start in range(0, len(data), 4) if data[start + 3] >= _SOLID_ALPHA
                  for byte in data[start : start + 3])  # fmt: skip
    if not solid:
        return {}
    line = Image.frombytes("RGB", (len(solid) // 3, 1), solid)
    few = line.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT).convert("RGB")
    found = few.getcolors(_COLOURS * 2) or []
    return {"#" + "".join(f"{part:02x}" for part in colour): count
            for count, colour in found if isinstance(colour, tuple)}  # fmt: skip


def _colourfulness(colour: str) -> float:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return colorsys.rgb_to_hsv(red, green, blue)[1]


def _differs(one: str, other: str) -> bool:
    hues = [colorsys.rgb_to_hls(*(int(c[s : s + 2], 16) / 255 for s in (1, 3, 5)))[0]
            for c in (one, other)]  # fmt: skip
    apart = abs(hues[0] - hues[1])
    return contrast(one, other) > _APART or min(apart, 1 - apart) > 1 / 18
