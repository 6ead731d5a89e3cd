"""A contact sheet as one small picture, for places that show no page."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handbill.bundling.staging import MANIFEST

if TYPE_CHECKING:
    from PIL.Image import Image

_CELL_PX, _GAP_PX, _COLUMNS = 190, 10, 4
_MOST_PICTURES = 12
_GROUND = "#eceae4"
_QUALITIES = (80, 68, 55, 42, 30)


def contact_picture(bundle: Path, most_bytes: int) -> bytes:
    """The first pictures of a bundle side by side, each placement in turn.

    Args:
        bundle: its folder.
        most_bytes: the picture is made coarser until it fits.

    Returns:
        A JPEG of at most `most_bytes`; nothing when the bundle has no pictures or none fits.
    """
    pictures = [small for path in _chosen(bundle) if (small := _small(path)) is not None]
    return _jpeg(_side_by_side(pictures), most_bytes) if pictures else b""


def _chosen(bundle: Path) -> list[Path]:
    """Paths of pictures, taking one of each placement before the second of any."""
    by_placement: dict[str, list[str]] = {}
    for asset in json.loads((bundle / MANIFEST).read_bytes())["assets"]:
        if str(asset["mime"]).startswith("image/") and asset.get("medium") == "image":
            by_placement.setdefault(asset["placement"], []).append(asset["path"])
    turns = zip_longest(*by_placement.values())
    in_turn = [path for turn in turns for path in turn if path]
    return [bundle / path for path in in_turn[:_MOST_PICTURES]]


def _small(path: Path) -> Image | None:
    from PIL import Image as Images  # noqa: PLC0415 - slow to import

    try:
        with Images.open(path, formats=("PNG", "JPEG", "WEBP")) as picture:
            picture.draft("RGB", (_CELL_PX, _CELL_PX))
            picture.thumbnail((_CELL_PX, _CELL_PX), Images.Resampling.LANCZOS, reducing_gap=2.0)
            return picture.convert("RGB")
    except (OSError, ValueError, Images.DecompressionBombError):
        return None


def _side_by_side(pictures: list[Image]) -> Image:
    from PIL import Image as Images  # noqa: PLC0415 - slow to import

    columns = min(_COLUMNS, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    step = _CELL_PX + _GAP_PX
    sheet = Images.new("RGB", (columns * step + _GAP_PX, rows * step + _GAP_PX), _GROUND)
    for number, picture in enumerate(pictures):
        row, column = divmod(number, columns)
        left = _GAP_PX + column * step + (_CELL_PX - picture.width) // 2
        top = _GAP_PX + row * step + (_CELL_PX - picture.height) // 2
        sheet.paste(picture, (left, top))
    return sheet


def _jpeg(sheet: Image, most_bytes: int) -> bytes:
    return next((data for data in _coarser(sheet) if len(data) <= most_bytes), b"")


def _coarser(sheet: Image) -> Iterable[bytes]:
    for quality in _QUALITIES:
        buffer: Any = io.BytesIO()
        sheet.save(buffer, "JPEG", quality=quality, optimize=True)
        yield buffer.getvalue()
