"""Small pictures inside the report, so that it can be looked at on its own.

The report shows them at once and puts the bundle's own picture over them when it is there. They
are embedded up to a budget for the whole page; beyond it the bundle's pictures serve alone.
"""

from __future__ import annotations

import base64
import contextlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

BUDGET_BYTES = 12 * 1024 * 1024
_WIDTH_PX, _HEIGHT_PX = 360, 420
_QUALITY = 72
# A print file takes a few hundredths of a second to draw; the first ones show what they all are.
_MOST_PDFS = 60
_PDF_WIDTH_PX = 720
# Its words are drawn sharper than its photographs need be.
_PDF_PHOTO_PX = 600
_LOGO_PX = (480, 120)
_MOST_LOGO_BYTES = 96 * 1024


class Thumbnails:
    """Makes thumbnails until `budget_bytes` of text are spent."""

    def __init__(self, bundle: Path, budget_bytes: int = BUDGET_BYTES) -> None:
        self._bundle = bundle
        self._left_bytes = budget_bytes
        self._made: dict[str, str] = {}
        self._pdfs_left = _MOST_PDFS

    def of(self, path: str, sha256: str) -> str:
        """The picture at `path` as a small ``data:`` URL; empty when it cannot be had.

        Pictures of one digest are decoded once, but each use of them counts.
        """
        if self._left_bytes <= 0:
            return ""
        if sha256 not in self._made:
            if path.endswith(".pdf"):
                self._pdfs_left -= 1
                data = _first_page(self._bundle / path) if self._pdfs_left >= 0 else b""
            else:
                data = _small_jpeg(self._bundle / path)
            self._made[sha256] = _data_url(data, "image/jpeg") if data else ""
        self._left_bytes -= len(self._made[sha256])
        return self._made[sha256]


def logo_url(path: str) -> str:
    """A brand's logo as a ``data:`` URL small enough for a page's head; empty without one."""
    from PIL import Image as Images  # noqa: PLC0415 - slow to import

    if not path:
        return ""
    try:
        with Images.open(path, formats=("PNG", "JPEG", "WEBP")) as picture:
            logo = picture.convert("RGBA")
            logo.thumbnail(_LOGO_PX, Images.Resampling.LANCZOS)
    except (OSError, ValueError, Images.DecompressionBombError):
        return ""
    # A palette takes a quarter of the room; run.json carries it, to rebuild the report from.
    small = logo.quantize(256, method=Images.Quantize.FASTOCTREE)
    buffer = io.BytesIO()
    small.save(buffer, "PNG", optimize=True)
    data = buffer.getvalue()
    return _data_url(data, "image/png") if len(data) <= _MOST_LOGO_BYTES else ""


def _small_jpeg(path: Path) -> bytes:
    from PIL import Image as Images  # noqa: PLC0415 - slow to import

    try:
        with Images.open(path, formats=("PNG", "JPEG", "WEBP")) as picture:
            # The decoder halves a large JPEG as it reads: four times less to resize.
            picture.draft("RGB", (_WIDTH_PX, _HEIGHT_PX))
            picture.thumbnail((_WIDTH_PX, _HEIGHT_PX), Images.Resampling.LANCZOS, reducing_gap=2.0)
            small = _on_white(picture)
    except (OSError, ValueError, Images.DecompressionBombError):
        return b""
    return _jpeg(small)


def _first_page(path: Path) -> bytes:
    """The first page of a PDF as a JPEG; nothing when it cannot be drawn."""
    # Slow to import, and few bundles hold print files.
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        with contextlib.closing(pypdfium2.PdfDocument(path)) as document:
            page = document[0]
            _shrink_photographs(page)
            bitmap = page.render(scale=_PDF_WIDTH_PX / page.get_width())
            return _jpeg(bitmap.to_pil().convert("RGB"))
    except (pypdfium2.PdfiumError, OSError, IndexError, ZeroDivisionError):
        return b""


def _shrink_photographs(page: Any) -> None:
    """Put small pictures in the place of a page's JPEGs: drawing them at 300 dpi takes longest."""
    import pypdfium2  # noqa: PLC0415 - as in `_first_page`
    from PIL import Image as Images  # noqa: PLC0415 - slow to import

    for found in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
        if found.get_filters() != ["DCTDecode"]:
            continue
        data = io.BytesIO(found.get_data(decode_simple=True))
        with Images.open(data, formats=("JPEG",)) as picture:
            if picture.mode != "RGB":
                continue
            picture.draft("RGB", (_PDF_PHOTO_PX, 1))
            found.set_bitmap(pypdfium2.PdfBitmap.from_pil(picture.convert("RGB")))


def _jpeg(picture: Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_QUALITY, optimize=True, progressive=False)
    return buffer.getvalue()


def _on_white(picture: Image) -> Image:
    """JPEG has no alpha: what is see-through becomes white."""
    from PIL import Image as Images  # noqa: PLC0415 - slow to import

    if "A" not in picture.getbands() and picture.mode != "P":
        return picture.convert("RGB")
    ground = Images.new("RGBA", picture.size, "#ffffff")
    return Images.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def _data_url(data: bytes, mime: str) -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"
