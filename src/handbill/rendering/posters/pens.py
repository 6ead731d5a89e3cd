"""What pieces draw with: fonts and sizes of one poster, and inks chosen by the pixels below."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from handbill.rendering.canvases import Pixels, paint
from handbill.rendering.colour import (
    BLACK,
    LARGE_TEXT_CONTRAST,
    TEXT_CONTRAST,
    WHITE,
    Colour,
    contrast,
)
from handbill.rendering.colour_scheme import Scheme
from handbill.rendering.posters.frames import Area
from handbill.rendering.posters.layouts import TypeRule
from handbill.rendering.skia_library import skia
from handbill.rendering.typography.breaking import is_rtl, upper
from handbill.rendering.typography.font_stacks import FontStack, ink_extent
from handbill.rendering.typography.paragraphs import TextLook

_HAN_KANA_HANGUL = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_TALL_SCRIPTS = re.compile(r"[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff]")
_LARGE_PX = 32.0
_SHARES = np.arange(256) / 255
# Linear light of an 8-bit channel.
_LINEAR = np.where(_SHARES <= 0.04045, _SHARES / 12.92, ((_SHARES + 0.055) / 1.055) ** 2.4).astype(
    np.float32
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Fonts, sizes and words' locale of one poster.

    Attributes:
        unit: pixels of one design unit.
        rules: role → how it is set.
        corner: 0 (square) to 1 (pill).
        paper: whether it is printed: nobody can press a button there.
        gap_px: the most room between two neighbours; low strips have little.
    """

    locale: str
    unit: float
    rules: Mapping[str, TypeRule]
    heading: FontStack
    body: FontStack
    corner: float
    paper: bool = False
    gap_px: float = math.inf

    @property
    def rtl(self) -> bool:
        """Whether the poster runs from right to left."""
        return is_rtl(self.locale)

    def words(self, role: str, text: str) -> str:
        """`text` in the case that the role wants."""
        return upper(text, self.locale) if self.rules[role].case == "upper" else text

    def look(self, role: str, text: str, align: str = "start") -> TextLook:
        """How `text` is set: rules of its role, adapted to its script."""
        rule = self.rules[role]
        leading, tracking = rule.leading, rule.tracking
        if _HAN_KANA_HANGUL.search(text):
            leading, tracking = max(leading, 1.22), max(0.0, tracking / 3)
        if _TALL_SCRIPTS.search(text):
            leading, tracking = max(leading * 1.12, 1.32), 0.0
        return TextLook(
            stack=self._stack(role),
            locale=self.locale,
            weight=rule.weight,
            leading=leading,
            tracking=tracking,
            align=align,
        )

    def _stack(self, role: str) -> FontStack:
        """The role's fonts; figures in the body font where the heading's hang below the line."""
        if self.rules[role].font != "heading":
            return self.body
        hanging = role in {"price", "badge"} and ink_extent("3479", self.heading, 700)[1] > 0.1
        return self.body if hanging else self.heading

    def sizes(self, role: str, scale: float = 1.0) -> tuple[float, float]:
        """Smallest and largest size of the role, in pixels."""
        low, high = self.rules[role].size
        return min(low, high * scale) * self.unit, high * scale * self.unit

    def step(self, steps: float) -> float:
        """`steps` of the 8-unit grid, in pixels."""
        return 8 * steps * self.unit


@dataclass(slots=True, kw_only=True)
class Pen:
    """Draws pieces and keeps account of where they lie.

    Attributes:
        canvas: raster or PDF, in pixels of the poster.
        below: the poster as drawn so far, for measuring.
        sizes: role → its smallest type in pixels.
    """

    canvas: Any
    below: Pixels
    scheme: Scheme
    setting: Setting
    boxes: list[tuple[str, Area]] = field(default_factory=list)
    sizes: dict[str, float] = field(default_factory=dict)

    def ink(self, area: Area, wishes: Sequence[Colour], size_px: float) -> Colour:
        """The first of `wishes` that reads well on what lies under `area`.

        Where neither they nor black or white do, a plate in the ground's colour is laid first.
        """
        ratio = LARGE_TEXT_CONTRAST if size_px >= _LARGE_PX * self.setting.unit else TEXT_CONTRAST
        low, high = luminance_range(self.below, area)
        own = (*wishes, self.scheme.ink)
        # Black and white come last: beside type in the scheme's ink they look like a mistake.
        best = _best_ink(low, high, own, TEXT_CONTRAST, ratio)
        best = best or _best_ink(low, high, (BLACK, WHITE), TEXT_CONTRAST, ratio)
        return best or self._on_plate(area)

    def _on_plate(self, area: Area) -> Colour:
        margin = self.setting.step(1.5)
        plate = area.inset(-margin)
        rect = skia.Rect.MakeLTRB(plate.left, plate.top, plate.right, plate.bottom)
        corner = self.setting.corner * self.setting.step(3)
        self.canvas.drawRoundRect(rect, corner, corner, paint(self.scheme.ground.argb))
        return self.scheme.ink

    def note(self, role: str, area: Area, size_px: float = 0.0) -> None:
        """Remember where a piece lies, and the size of its type where it has any."""
        self.boxes.append((role, area))
        if size_px:
            self.sizes[role] = min(size_px, self.sizes.get(role, size_px))


def luminance_range(pixels: Pixels, area: Area) -> tuple[float, float]:
    """Darkest and brightest relative luminance under `area`, 4 % left out at either end."""
    height, width = pixels.shape[:2]
    left, right = max(0, int(area.left)), min(width, int(area.right) + 1)
    top, bottom = max(0, int(area.top)), min(height, int(area.bottom) + 1)
    if right - left < 1 or bottom - top < 1:
        return 0.0, 1.0
    # A grid of single pixels: an average would hide fine patterns, and costs far more.
    across, down = max(1, (right - left) // 48), max(1, (bottom - top) // 24)
    part = pixels[top:bottom:down, left:right:across, :3].reshape(-1, 3)
    light = np.sort(luminances(part))
    rim = len(light) // 25
    return float(light[rim]), float(light[-1 - rim])


def luminances(bgr: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Relative luminances of colours (… × 3, BGR, 8 bit)."""
    return np.asarray(_LINEAR[bgr] @ np.array([0.0722, 0.7152, 0.2126], np.float32), np.float32)


def _best_ink(
    low: float, high: float, wishes: Sequence[Colour], good: float, enough: float
) -> Colour | None:
    """The first wish that reads well on both ends, else the first that reads enough."""
    for ratio in (good, enough):
        for wish in wishes:
            if min(contrast(wish, low), contrast(wish, high)) >= ratio:
                return wish
    return None
