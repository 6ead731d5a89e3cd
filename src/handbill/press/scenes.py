"""Scenes: a vendor's edit of the product's own picture, where the campaign asks for that.

``reference = true`` among the parameters of `image` sends the row's first picture along. What
comes back shows the product and becomes the poster's picture; it is used only where the product is
found in it as it is.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from handbill.domain.brief import Picture
from handbill.domain.campaign import Campaign
from handbill.domain.order import Order
from handbill.domain.placement import ImageSpec

# Pictures sent along are at most so long: enough for a label, and the vendor counts their size.
_SENT_PX = 1024
# On banners the picture's part is too narrow for a scene: they keep a ground and the cut-out.
_MOST_RATIO = 2.0

Shares = tuple[float, ...]


def reference_of(campaign: Campaign, order: Order, canvas: ImageSpec) -> Picture | None:
    """The picture that goes with the request for a poster; None where a ground is asked for."""
    if campaign.provider("image").parameters.get("reference") is not True:
        return None
    sides = (canvas.width_px, canvas.height_px)
    if max(sides) > _MOST_RATIO * min(sides):
        return None
    return next((picture for picture in order.brief.pictures if picture.path), None)


def reference_png(picture: Picture) -> bytes:
    """`picture` as it is sent: upright, in sRGB, without what cameras note about places.

    Empty where it cannot be read: a ground is asked for then, and the poster says what is wrong.
    """
    return _encoded(picture.path, picture.sha256)


def scene_quiet_side(ground_side: str) -> str:
    """Where words stand on a picture that fills the page: below, or where they stand anyway."""
    return "lower" if ground_side == "upper" else ground_side


def look_at_scene(
    path: Path, reference: Path, canvas: ImageSpec, quiet: str
) -> tuple[tuple[str, ...], Shares]:
    """What is wrong with a scene, and where the product stands in it; in a drawing process.

    Raises:
        OSError, ValueError: one of the two is not a picture.
    """
    import numpy as np  # noqa: PLC0415 - only drawing processes need it

    from handbill.checking.ground import ground_faults  # noqa: PLC0415 - loads OpenCV
    from handbill.checking.likeness import (  # noqa: PLC0415 - the same
        find_product,
        likeness_fault,
        product_box,
        without_product,
    )
    from handbill.rendering.picture_decoding import decode_picture  # noqa: PLC0415 - the same

    pixels = np.ascontiguousarray(decode_picture(path).pixels[:, :, :3])
    found = find_product(decode_picture(reference).pixels, pixels)
    fault = likeness_fault(found)
    if found is None or fault:
        return (fault, *ground_faults(pixels, canvas, quiet)), ()
    free = without_product(pixels, found)
    return ground_faults(free, canvas, quiet), product_box(found, pixels)


@lru_cache(maxsize=16)
def _encoded(path: str, sha256: str) -> bytes:  # noqa: ARG001 - the digest is part of the cache key
    import cv2  # noqa: PLC0415 - only where pictures are sent along

    from handbill.rendering.picture_decoding import decode_picture  # noqa: PLC0415 - the same

    try:
        decoded = decode_picture(Path(path))
    except (OSError, ValueError):
        return b""
    pixels = decoded.pixels if decoded.clear else decoded.pixels[:, :, :3]
    factor = min(1.0, _SENT_PX / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".png", small)[1].tobytes()
