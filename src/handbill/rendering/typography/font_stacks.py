"""Font stacks: the brand's family first, then what the locale and other scripts need."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from handbill.domain.brandkit import Typeface
from handbill.domain.finding import Finding, Severity
from handbill.rendering.skia_library import skia
from handbill.rendering.typography.font_files import (
    FontFile,
    bundled_families,
    describe_font_file,
    system_family,
)

# Scripts that the bundled fonts lack: file names to look for on the machine, best first.
_SYSTEM_SCRIPTS = {
    "Arabic": ("NotoSansArabic", "NotoKufiArabic", "DejaVuSans", "GeezaPro", "Arial"),
    "Hebrew": ("NotoSansHebrew", "DejaVuSans", "ArialHB", "Arial"),
    "Thai": ("NotoSansThai", "Loma", "Garuda", "Thonburi"),
    "Devanagari": ("NotoSansDevanagari", "Kohinoor"),
    "Bengali": ("NotoSansBengali",),
    "Tamil": ("NotoSansTamil",),
    "Symbols": ("NotoSansSymbols2", "NotoSansSymbols", "DejaVuSans"),
    "Emoji": ("NotoColorEmoji", "Apple Color Emoji", "NotoEmoji"),
}
_CJK_ORDER = {
    "ja": ("Noto Sans JP", "Noto Sans SC", "Noto Sans KR"),
    "ko": ("Noto Sans KR", "Noto Sans JP", "Noto Sans SC"),
    "zh": ("Noto Sans SC", "Noto Sans JP", "Noto Sans KR"),
}
_LATIN_FALLBACKS = ("Noto Sans", "Open Sans")
_DEFAULT_FAMILY = "Poppins"


@dataclass(frozen=True, slots=True, eq=False)
class FontStack:
    """Families in the order in which they are asked for a glyph, with their faces.

    Compared by identity, for speed: `font_stack` gives the same one for the same request.
    """

    families: tuple[tuple[str, tuple[FontFile, ...]], ...]

    @property
    def names(self) -> list[str]:
        """Family names, first choice first."""
        return [name for name, _ in self.families]


@lru_cache(maxsize=64)
def font_stack(typeface: Typeface, locale: str) -> FontStack:
    """The stack for text of `locale` set in `typeface`."""
    families = [(typeface.family, _faces_of(typeface))]
    bundled = bundled_families()
    language = locale.split("-", maxsplit=1)[0]
    families += [(name, bundled[name]) for name in _LATIN_FALLBACKS if name in bundled]
    families += _others_of(typeface)
    names = _CJK_ORDER.get(language, _CJK_ORDER["zh"])
    families += [(name, bundled[name]) for name in names if name in bundled]
    families += [(name, system_family(files)) for name, files in _SYSTEM_SCRIPTS.items()]
    seen: dict[str, tuple[FontFile, ...]] = {}
    for name, faces in families:
        if faces:
            seen.setdefault(name, faces)
    return FontStack(families=tuple(seen.items()))


def family_faces(family: str) -> tuple[FontFile, ...]:
    """The faces of a family that comes with Handbill or is on this machine; empty when neither."""
    known = {name.lower(): faces for name, faces in bundled_families().items()}
    return known.get(family.lower()) or system_family((family.replace(" ", ""),))


def stand_in_for(typeface: Typeface) -> str:
    """The family that stands in for one that is nowhere, or empty when it is here."""
    here = typeface.files or family_faces(typeface.family)
    return "" if here else _DEFAULT_FAMILY


def missing_glyphs(text: str, stack: FontStack) -> str:
    """Characters of `text` that no font of `stack` can show, each once, in order."""
    return "".join(
        char for char in dict.fromkeys(text) if _needs_glyph(char) and not _face_for(char, stack)
    )


def families_showing(text: str, stack: FontStack) -> tuple[str, ...]:
    """The families of `stack` that show `text`, first needed first; empty when it is not whole."""
    shown: dict[str, None] = {}
    for char in filter(_needs_glyph, dict.fromkeys(text)):
        path = _face_for(char, stack)
        if not path:
            return ()
        family = next(name for name, faces in stack.families if path in {f.path for f in faces})
        shown[family] = None
    return tuple(shown)


def glyph_finding(text: str, stack: FontStack, field: str) -> Finding | None:
    """What to say when `text` cannot be shown whole, else None."""
    missing = missing_glyphs(text, stack)
    if not missing:
        return None
    names = sorted({unicodedata.name(char, "?").split(" ")[0].title() for char in missing})
    return Finding(
        code="font.missing_glyphs",
        severity=Severity.BLOCK,
        message=f"no font here has {missing[:12]!r} ({', '.join(names[:4])}); put a font file of "
        "that script in the brand's fonts folder or install one, such as fonts-noto-core",
        field=field,
    )


@cache
def load_face(path: str) -> Any:
    """The Skia typeface of a font file, or None when Skia cannot read it."""
    return skia.Typeface.MakeFromFile(path)


@lru_cache(maxsize=64)
def font_collection(stack: FontStack) -> Any:
    """Skia's font collection that holds exactly `stack`."""
    provider = skia.textlayout.TypefaceFontProvider()
    for name, faces in stack.families:
        for face in faces:
            if (loaded := load_face(face.path)) is not None:
                provider.registerTypeface(loaded, name)
    collection = skia.textlayout.FontCollection()
    collection.setDefaultFontManager(provider)
    return collection


@lru_cache(maxsize=1024)
def ink_extent(text: str, stack: FontStack, weight: int) -> tuple[float, float]:
    """How far the ink of `text` reaches above and below the baseline, in em (both ≥ 0)."""
    top, bottom = 0.0, 0.0
    for char in dict.fromkeys(text):
        if _needs_glyph(char) and (path := _face_for(char, stack, weight)):
            high, low = _glyph_extent(path, char)
            top, bottom = max(top, high), max(bottom, low)
    return (top, bottom) if top else (0.7, 0.0)


@lru_cache(maxsize=8192)
def _glyph_extent(path: str, char: str) -> tuple[float, float]:
    font = skia.Font(load_face(path), 100)
    bounds = font.getBounds([font.unicharToGlyph(ord(char))], skia.Paint())[0]
    return -bounds.top() / 100, bounds.bottom() / 100


def _others_of(typeface: Typeface) -> list[tuple[str, tuple[FontFile, ...]]]:
    """The brand's further fonts by family, as their files are named."""
    found: dict[str, list[FontFile]] = {}
    for name in typeface.others:
        path = Path(name)
        found.setdefault(path.stem.partition("-")[0], []).append(describe_font_file(path))
    return [(f"{family} of the brand", tuple(faces)) for family, faces in sorted(found.items())]


def _faces_of(typeface: Typeface) -> tuple[FontFile, ...]:
    if typeface.files:
        return tuple(describe_font_file(Path(path)) for path in typeface.files)
    return family_faces(typeface.family) or bundled_families()[_DEFAULT_FAMILY]


@lru_cache(maxsize=16384)
def _face_for(char: str, stack: FontStack, weight: int = 400) -> str:
    """Path of the first face that has `char`, or empty."""
    for _, faces in stack.families:
        upright = [face for face in faces if not face.italic] or list(faces)
        nearest = min(upright, key=lambda face: abs(face.weight - weight))
        loaded = load_face(nearest.path)
        if loaded is not None and loaded.unicharToGlyph(ord(char)):
            return nearest.path
    return ""


@lru_cache(maxsize=16384)
def _needs_glyph(char: str) -> bool:
    """Whether `char` shows: not space, control, joiner or variation selector."""
    if char.isspace() or 0xFE00 <= ord(char) <= 0xFE0F:
        return False
    return unicodedata.category(char) not in {"Cc", "Cf", "Zl", "Zp", "Zs"}
