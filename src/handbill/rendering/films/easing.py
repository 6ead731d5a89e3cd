"""Curves of motion: 0 to 1 in, 0 to 1 out (some overshoot on purpose)."""

from __future__ import annotations

import math


def clamp(share: float) -> float:
    """`share` held between 0 and 1."""
    return min(1.0, max(0.0, share))


def ease_out(share: float) -> float:
    """Arrives gently: fast at first, like something thrown onto a table."""
    return float(1.0 - (1.0 - clamp(share)) ** 4)


def ease_both(share: float) -> float:
    """Leaves and arrives gently."""
    held = clamp(share)
    return float(4 * held**3 if held < 0.5 else 1 - (-2 * held + 2) ** 3 / 2)


def overshoot(share: float, strength: float = 1.5) -> float:
    """Arrives a little too far and comes back; for badges and buttons."""
    held = clamp(share) - 1.0
    return float(1.0 + (strength + 1.0) * held**3 + strength * held**2)


def breath(seconds: float, period_s: float) -> float:
    """A slow wave from -1 to 1 that starts at 0."""
    return math.sin(2 * math.pi * seconds / period_s)
