"""How large the type of one poster is: the layout's rules, held against who sees it, and where."""

from __future__ import annotations

import math
from dataclasses import replace

from handbill.rendering.posters.frames import Frames
from handbill.rendering.posters.layouts import Layout, TypeRule
from handbill.rendering.posters.pens import Setting
from handbill.rendering.posters.wording import stacks_for
from handbill.rendering.spec import PosterSpec

_MOST_PRICE = 0.36
# Words that are read in a feed, where a picture is about so wide, and their least sizes there.
_READ_IN_FEEDS = frozenset(
    {"kicker", "subhead", "benefits", "badge", "tag", "deadline", "cta", "compare_at"}
)
_FEED_PX, _FEED_TEXT_PX, _FEED_HEADLINE_PX = 375, 8.0, 15.5
# Wider than this in heights are banners, which are shown at their own size.
_BANNER = 2.0
# Lower canvases are strips at the foot of a phone: the least and the most in pixels.
_STRIP_PX = 64
_STRIP_SIZES = {
    "headline": (11.5, 20.0),
    "tag": (9.0, 9.5),
    "cta": (10.0, 12.0),
    "price": (14.0, 22.0),
    "compare_at": (9.0, 10.0),
    "deadline": (9.0, 9.5),
}
_STRIP_GAP_PX = 4.0
# Fine print is read from nearer on paper than on a screen: its share of the size.
_FINE_ON_PAPER = 0.72


def setting_for(spec: PosterSpec, layout: Layout, frames: Frames) -> Setting:
    """Fonts and sizes of `spec` in `layout`."""
    heading, body = stacks_for(spec)
    price = layout.type["price"]
    low, high = price.size
    # On a low canvas the largest price would leave no line for the button.
    most = max(low, _MOST_PRICE * frames.short / frames.unit)
    rules = {**layout.type, "price": replace(price, size=(low, min(high, most)))}
    return Setting(
        locale=spec.locale,
        unit=frames.unit,
        rules={role: _legible(role, rule, spec, frames) for role, rule in rules.items()},
        heading=heading,
        body=body,
        corner=spec.kit.corner_radius,
        paper=spec.canvas.dpi > 0,
        gap_px=_STRIP_GAP_PX if is_strip(frames) else math.inf,
    )


def is_strip(frames: Frames) -> bool:
    """Whether the canvas is a strip at the foot of a phone, such as 320 × 50."""
    return frames.short < _STRIP_PX


def _legible(role: str, rule: TypeRule, spec: PosterSpec, frames: Frames) -> TypeRule:
    """`rule` with no size too small for where the picture is seen."""
    low, high = rule.size
    if is_strip(frames):
        sizes = _STRIP_SIZES.get(role, (low * frames.unit, high * frames.unit))
        lines = 3 if role == "headline" else rule.lines
        return replace(rule, size=tuple(size / frames.unit for size in sizes), lines=lines)
    if spec.canvas.dpi:
        fine = _FINE_ON_PAPER if role == "legal" else 1.0
        return replace(rule, size=(low * fine, high * fine))
    least = _least_px(role, spec) / frames.unit
    return replace(rule, size=(max(low, least), max(high, least)))


def _least_px(role: str, spec: PosterSpec) -> float:
    """The least size of `role` on this canvas, which a phone shows as wide as itself."""
    if spec.canvas.width_px > _BANNER * spec.canvas.height_px:
        return 0.0
    share = spec.canvas.width_px / _FEED_PX
    if role == "headline":
        return _FEED_HEADLINE_PX * share
    return _FEED_TEXT_PX * share if role in _READ_IN_FEEDS else 0.0
