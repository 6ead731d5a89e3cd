"""A drawn face, plain enough to be nobody's and shaded enough to be found."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
_SKIN, _DARK = (140, 170, 215), (30, 40, 60)


def a_face(side_px: int) -> Picture:
    """Head and neck on a blue ground, BGR."""
    picture = np.full((side_px, side_px, 3), (150, 120, 90), np.uint8)

    def oval(x: float, y: float, wide: float, high: float, colour: tuple[int, ...]) -> None:
        middle, axes = (round(x * side_px), round(y * side_px)), (wide * side_px, high * side_px)
        whole = (round(axes[0]), round(axes[1]))
        cv2.ellipse(picture, middle, whole, 0, 0, 360, colour, -1, cv2.LINE_AA)

    oval(0.5, 0.4, 0.3, 0.33, _DARK)
    oval(0.5, 0.95, 0.13, 0.2, (119, 144, 183))
    oval(0.5, 0.52, 0.235, 0.31, _SKIN)
    for x in (0.405, 0.595):
        oval(x, 0.405, 0.06, 0.012, _DARK)
        oval(x, 0.47, 0.05, 0.025, (240, 240, 240))
        oval(x, 0.47, 0.022, 0.024, (40, 30, 20))
    oval(0.5, 0.56, 0.035, 0.06, (123, 150, 189))
    oval(0.5, 0.605, 0.045, 0.02, (112, 136, 172))
    oval(0.5, 0.69, 0.085, 0.03, (90, 80, 170))
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), side_px / 120), np.uint8)


def a_street(size_px: tuple[int, int], seed: int = 1) -> Picture:
    """Soft patches of colour, in which there is nobody."""
    dice = np.random.default_rng(seed)
    rough = dice.integers(80, 160, (size_px[1], size_px[0], 3), np.uint8)
    return np.asarray(cv2.GaussianBlur(rough, (0, 0), 9), np.uint8)


def with_face(picture: Picture, left: int, top: int, side_px: int) -> Picture:
    """`picture` with a face in it."""
    joined = picture.copy()
    joined[top : top + side_px, left : left + side_px] = a_face(side_px)
    return joined
