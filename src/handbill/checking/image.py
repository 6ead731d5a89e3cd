"""``image.*``: a picture as the platform will meet it, read from its bytes and not its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from handbill.checking.view import blocked, warned, weighed
from handbill.domain.finding import Finding
from handbill.domain.placement import ImageSpec

_MM_PER_INCH = 25.4
_POINTS_PER_INCH = 72
_POINT_TOLERANCE = 1.0
_BLANK_SPREAD = 6
_MEDIA_BOX = re.compile(
    rb"/MediaBox\s*\[\s*(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s*\]"
)
_PAGE = re.compile(rb"/Type\s*/Page(?![s\w])")


class Drawn(Protocol):
    """What a renderer says about a picture that it drew."""

    @property
    def width_px(self) -> int:
        """Width of the canvas."""
        ...

    @property
    def height_px(self) -> int:
        """Height of the canvas."""
        ...

    @property
    def mime(self) -> str:
        """Its MIME type."""
        ...


def check_image(path: Path, spec: ImageSpec, result: Drawn | None = None) -> tuple[Finding, ...]:
    """Every finding of one picture file.

    Args:
        path: JPEG, PNG, WebP or PDF.
        spec: size, formats and cap of the placement.
        result: what the renderer said; must agree with the file.
    """
    return tuple(_findings(path, spec, result))


def format_of(head: bytes) -> str:
    """``jpeg``, ``png``, ``webp``, ``gif`` or ``pdf`` by the first bytes, or empty."""
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    magic = {b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png", b"%PDF-": "pdf", b"GIF8": "gif"}
    return next((name for start, name in magic.items() if head.startswith(start)), "")


def _findings(path: Path, spec: ImageSpec, result: Drawn | None) -> Iterator[Finding]:
    name = path.name
    data = path.read_bytes() if path.is_file() else b""
    if not data:
        yield blocked("image.missing", f"{name!r} is empty or not there", name)
        return
    kind = format_of(data[:16])
    if kind not in spec.formats:
        message = f"{name!r} is {kind or 'no known format'}, taken are {', '.join(spec.formats)}"
        yield blocked("image.format", message, name)
    if result and kind and not result.mime.endswith(kind):
        yield blocked("image.mime", f"{name!r} is {kind}, but called {result.mime!r}", name)
    yield from _weight(name, len(data), spec)
    if kind == "pdf":
        yield from _pdf(name, data, spec)
    elif kind:
        yield from _pixels(path, spec)


def _weight(name: str, size: int, spec: ImageSpec) -> Iterator[Finding]:
    if spec.max_bytes and size > spec.max_bytes:
        message = f"{name!r} has {size} bytes, at most {spec.max_bytes} are taken"
        yield weighed("image.too_heavy", message, name, spec.provenance)
    if size < spec.min_bytes:
        message = f"{name!r} has {size} bytes, at least {spec.min_bytes} are needed"
        yield weighed("image.too_light", message, name, spec.provenance)


def _pixels(path: Path, spec: ImageSpec) -> Iterator[Finding]:
    from PIL import Image  # noqa: PLC0415 - loaded when there is a picture to look at

    name = path.name
    try:
        with Image.open(path) as picture:
            picture.load()
            yield from _look(name, picture, spec)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        yield blocked("image.unreadable", f"{name!r} cannot be decoded: {fault}", name)


def _look(name: str, picture: object, spec: ImageSpec) -> Iterator[Finding]:
    from PIL import Image  # noqa: PLC0415 - loaded when there is a picture to look at

    assert isinstance(picture, Image.Image)  # noqa: S101 - narrows the type for the checker
    if picture.size != (spec.width_px, spec.height_px):
        size, wanted = f"{picture.width} × {picture.height}", f"{spec.width_px} × {spec.height_px}"
        yield blocked("image.size", f"{name!r} is {size} px, ordered were {wanted} px", name)
    if picture.mode not in {"RGB", "RGBA", "L", "P"}:
        message = f"{name!r} is {picture.mode}, screens want RGB"
        yield blocked("image.colour_mode", message, name)
    profile = picture.info.get("icc_profile", b"")
    if profile and b"sRGB" not in profile and b"s\x00R\x00G\x00B" not in profile:
        yield warned("image.colour_profile", f"{name!r} has a profile that is not sRGB", name)
    small = picture.convert("RGB").resize((32, 32), Image.Resampling.BOX)
    spread = max(high - low for low, high in small.getextrema())  # type: ignore[misc]
    if spread < _BLANK_SPREAD:
        yield blocked("image.blank", f"{name!r} shows one colour alone", name)


def _pdf(name: str, data: bytes, spec: ImageSpec) -> Iterator[Finding]:
    if b"%%EOF" not in data[-1024:]:
        yield blocked("image.unreadable", f"{name!r} is a PDF without an end", name)
        return
    pages = len(_PAGE.findall(data))
    if pages != 1:
        yield blocked("image.pages", f"{name!r} has {pages} pages, one was ordered", name)
    boxes = [[float(edge) for edge in match.groups()] for match in _MEDIA_BOX.finditer(data)]
    dpi = spec.dpi or _POINTS_PER_INCH
    wanted = [edge * _POINTS_PER_INCH / dpi for edge in (spec.width_px, spec.height_px)]
    for left, bottom, right, top in boxes[:1]:
        if any(
            abs(had - want) > _POINT_TOLERANCE
            for had, want in zip((right - left, top - bottom), wanted, strict=True)
        ):
            had, want = _mm(right - left, top - bottom), _mm(*wanted)
            yield blocked("image.size", f"{name!r} is {had}, ordered were {want}", name)
    if not boxes:
        yield warned("image.size_unknown", f"the page size of {name!r} cannot be read", name)


def _mm(width_pt: float, height_pt: float) -> str:
    mm = [round(edge / _POINTS_PER_INCH * _MM_PER_INCH, 1) for edge in (width_pt, height_pt)]
    return f"{mm[0]} × {mm[1]} mm"
