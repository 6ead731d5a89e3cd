"""How far the colours of a picture are from a brand's palette, its tints and its shades."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from handbill.domain.brandkit import Palette

# ΔE*ab (CIE 1976) up to which a colour counts as the brand's: side by side they look related.
NEAR_DELTA_E = 12.0
_STEPS = 9
_LEVELS = 16
_NEUTRALS = ((0, 0, 0), (255, 255, 255))

Bgr = npt.NDArray[np.uint8]
Lab = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourMatch:
    """How a picture's colours lie to a palette.

    Attributes:
        share: of the pixels that look like the palette, 0 to 1.
        mean_delta_e: mean distance of all pixels to the nearest colour of the palette.
        stranger: the commonest colour that is not the palette's, as ``#rrggbb``, or empty.
    """

    share: float
    mean_delta_e: float
    stranger: str


def match_palette(pixels: Bgr, palette: Palette) -> ColourMatch:
    """How the colours of `pixels` (n × 3, BGR) lie to `palette`."""
    step = 256 // _LEVELS
    codes = (pixels // step).astype(np.int32) @ np.array([1, _LEVELS, _LEVELS**2], np.int32)
    found, first, counts = np.unique(codes, return_index=True, return_counts=True)
    middles = np.stack([found % _LEVELS, found // _LEVELS % _LEVELS, found // _LEVELS**2], axis=1)
    colours = (middles * step + step // 2).astype(np.uint8)
    away = np.linalg.norm(_lab(colours)[:, None] - _family(palette)[None], axis=2).min(axis=1)
    near = away <= NEAR_DELTA_E + step / 2
    weights = counts / counts.sum()
    strangers = np.where(near, 0, counts)
    blue, green, red = pixels[first[int(strangers.argmax())]]
    return ColourMatch(
        share=float(weights[near].sum()),
        mean_delta_e=float((weights * np.maximum(0.0, away - step / 2)).sum()),
        stranger="" if near.all() else f"#{red:02x}{green:02x}{blue:02x}",
    )


@lru_cache(maxsize=32)
def _family(palette: Palette) -> Lab:
    """The palette with its mixtures with paper, ink, black and white, and grounds' blends."""
    named = (palette.primary, palette.secondary, palette.ink, palette.paper, *palette.accents)
    own = np.array([_bgr(code) for code in named], np.float32)
    partners = np.concatenate([own, np.array(_NEUTRALS, np.float32)])
    shares = np.linspace(0, 1, _STEPS, dtype=np.float32)[:, None, None, None]
    mixed = own[None, :, None] * (1 - shares) + partners[None, None] * shares
    colours = np.unique(mixed.reshape(-1, 3).round().astype(np.uint8), axis=0)
    return _lab(colours)


def _lab(colours: Bgr) -> Lab:
    shares = colours.reshape(-1, 1, 3).astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(shares, cv2.COLOR_BGR2LAB), np.float32).reshape(-1, 3)


def _bgr(code: str) -> tuple[int, int, int]:
    red, green, blue = (int(code[at : at + 2], 16) for at in (1, 3, 5))
    return blue, green, red
