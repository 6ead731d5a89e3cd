"""One page of PDF for print: the base as a picture, all type and marks as vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handbill.domain.placement import ImageSpec
from handbill.rendering.canvases import Pixels
from handbill.rendering.posters.encoding import jpeg
from handbill.rendering.posters.prepress import ready_for_print
from handbill.rendering.skia_library import skia

_DEFAULT_DPI = 300
_BASE_QUALITY = 92


def pdf_page(base: Pixels, sheet: ImageSpec, title: str, draw: Callable[[Any], None]) -> bytes:
    """A PDF whose page is `base` with `draw` on top, sized so that a pixel is 1/dpi inch.

    Its boxes tell where the sheet is cut; RGB with sRGB as output intent; fonts are embedded as
    subsets.

    Args:
        base: picture of the whole page, bleed included.
        sheet: its dots per inch and its bleed.
        title: of the document.
        draw: gets a canvas in pixels of `base`.
    """
    dpi = sheet.dpi or _DEFAULT_DPI
    points = 72 / dpi
    height, width = base.shape[:2]
    stream = skia.DynamicMemoryWStream()
    document = skia.PDF.MakeDocument(stream, _metadata(title, dpi))
    canvas = document.beginPage(width * points, height * points)
    canvas.scale(points, points)
    image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(jpeg(base, _BASE_QUALITY)))
    canvas.drawImage(image, 0, 0)
    draw(canvas)
    document.endPage()
    document.close()
    return ready_for_print(bytes(stream.detachAsData()), sheet.bleed_px * points)


def _metadata(title: str, dpi: int) -> Any:
    metadata = skia.PDF.Metadata()
    metadata.fTitle = title
    metadata.fCreator = "Handbill"
    metadata.fRasterDPI = dpi
    return metadata
