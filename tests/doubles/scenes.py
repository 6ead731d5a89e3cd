"""Products, and scenes with them as a model would paint them."""

from __future__ import annotations

import cv2
import numpy as np


def a_jar(label: str = "TIDE", colour: tuple[int, int, int] = (60, 90, 190)) -> np.ndarray:
    """A jar with a printed label, BGRA, cut out."""
    jar = np.zeros((700, 460, 4), np.uint8)
    cv2.rectangle(jar, (60, 110), (400, 680), (*colour, 255), -1)
    cv2.rectangle(jar, (100, 30), (360, 110), (40, 40, 44, 255), -1)
    cv2.rectangle(jar, (85, 240), (375, 560), (225, 238, 244, 255), -1)
    for row, words in enumerate((label, label[::-1], label[1:] + label[0])):
        place = (105, 325 + 95 * row)
        cv2.putText(jar, words, place, cv2.FONT_HERSHEY_DUPLEX, 2.3, (50, 40, 30, 255), 6)
    cv2.circle(jar, (230, 180), 32, (120, 200, 235, 255), -1)
    return jar


def a_scene_with(
    product: np.ndarray, size: tuple[int, int] = (1088, 1360), *, share: float = 0.5,
    at: tuple[float, float] = (0.5, 0.38), light: float = 1.0, turned: float = 0.0,
) -> np.ndarray:  # fmt: skip
    """A calm room, BGR, `product` in it at a share of its height, in other light, a little turned.

    Args:
        product: BGRA.
        size: of the scene, width and height in pixels.
        share: height of the product in heights of the scene.
        at: its middle, in widths and heights.
        light: factor of its brightness.
        turned: in degrees.
    """
    width, height = size
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    room = (1 - rows) * np.array([214, 222, 228]) + rows * np.array([150, 170, 186])
    room = np.repeat(room, width, axis=1)
    scale = share * height / product.shape[0]
    way = cv2.getRotationMatrix2D((product.shape[1] / 2, product.shape[0] / 2), turned, scale)
    for axis, middle in enumerate(product.shape[1::-1]):
        way[axis, 2] += at[axis] * size[axis] - middle / 2
    soft = cv2.GaussianBlur(product, (0, 0), max(0.1, 0.35 / scale))
    laid = cv2.warpAffine(soft, way, size).astype(np.float32)
    cover = laid[:, :, 3:] / 255
    made = room * (1 - cover) + laid[:, :, :3] * light * cover
    return np.clip(made, 0, 255).astype(np.uint8)
