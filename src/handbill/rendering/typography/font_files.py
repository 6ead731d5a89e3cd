"""Where font files are: those that come with Handbill and those of the system.

Bundled (package rendercv-fonts): Latin families and Noto Sans JP, KR and SC. Arabic, Thai, Hebrew
and emoji come from the system's font folders or from the brand kit.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SUFFIXES = (".ttf", ".otf", ".ttc")
_SYSTEM_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
)
_HOME_FOLDERS = (".fonts", ".local/share/fonts", "Library/Fonts")
_WEIGHT_WORDS = (
    ("thin", 100),
    ("extralight", 200),
    ("semibold", 600),
    ("demibold", 600),
    ("extrabold", 800),
    ("black", 900),
    ("light", 300),
    ("medium", 500),
    ("bold", 700),
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class FontFile:
    """One face: a file, its weight (100 to 900) and whether it slants."""

    path: str
    weight: int
    italic: bool


def describe_font_file(path: Path) -> FontFile:
    """Weight and slant as the file's name tells them; no file is opened."""
    style = path.stem.partition("-")[2].lower() or path.stem.lower()
    weight = next((number for word, number in _WEIGHT_WORDS if word in style), 400)
    return FontFile(path=str(path), weight=weight, italic="italic" in style or "oblique" in style)


@cache
def bundled_families() -> dict[str, tuple[FontFile, ...]]:
    """Families that come with Handbill, by name (``Poppins``, ``Noto Sans SC``, …)."""
    spec = importlib.util.find_spec("rendercv_fonts")
    if spec is None or spec.origin is None:
        return {}
    found: dict[str, list[FontFile]] = {}
    for path in _font_files(Path(spec.origin).parent):
        if not path.parent.name.startswith("Font Awesome"):
            found.setdefault(_bundled_family(path), []).append(describe_font_file(path))
    return {family: tuple(sorted(files)) for family, files in sorted(found.items())}


@cache
def system_fonts() -> dict[str, FontFile]:
    """Fonts of this machine by file name without suffix, such as ``NotoSansArabic-Bold``."""
    folders = [Path(folder) for folder in _SYSTEM_FOLDERS]
    folders += [Path.home() / folder for folder in _HOME_FOLDERS]
    found: dict[str, FontFile] = {}
    for folder in folders:
        for path in _font_files(folder):
            found.setdefault(path.stem, describe_font_file(path))
    return found


def system_family(names: Iterable[str]) -> tuple[FontFile, ...]:
    """The faces of the first of `names` (file name without suffix and style) on this machine."""
    fonts = system_fonts()
    for name in names:
        pattern = re.compile(re.escape(name) + r"([-_ ]?(Regular|Bold|Medium|VF))?(\[.*\])?$")
        faces = tuple(font for stem, font in sorted(fonts.items()) if pattern.match(stem))
        if faces:
            return faces
    return ()


def _bundled_family(path: Path) -> str:
    """``Noto Sans/NotoSansJP-Bold.ttf`` is of the family ``Noto Sans JP``."""
    suffix = path.stem.partition("-")[0].removeprefix(path.parent.name.replace(" ", ""))
    return f"{path.parent.name} {suffix}".strip() if suffix.isupper() else path.parent.name


def _font_files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
