"""Fonts of a brand: families fetched into its `fonts` folder, and which languages they serve."""

from __future__ import annotations

import re
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from handbill.domain.brandkit import BrandKit, Typeface
from handbill.domain.finding import Problem
from handbill.errors import BrandError, RenderError
from handbill.foreign.npm import fetch_package

# Google's families as TrueType files, their licence beside them.
_PACKAGE = "@expo-google-fonts/{}"
_MEMBER = re.compile(r"package/[^/]+/[A-Za-z0-9]+_(\d{3})([A-Za-z]+)\.ttf")
_LICENCES = {"package/LICENSE_FONT": "LICENSE_FONT.txt", "package/LICENSE": "LICENSE_PACKAGE.txt"}
_FONT_MARKS = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_MOST_BYTES = 30_000_000
_MOST_CHARS = 60
WEIGHTS = (400, 700)

# A few letters that stand for each script, and how people call it.
SCRIPTS = {
    "Latin": "AaÄäÉéñßŁłÇç", "Vietnamese": "ằễộữ", "Cyrillic": "ЖжЩщ", "Greek": "ΩωΨψ",
    "Arabic": "ابتثجح", "Hebrew": "אבגד", "Devanagari": "अआकख", "Bengali": "অআকখ",
    "Tamil": "அஆகங", "Thai": "กขฃค",
    "Han (simplified)": "汉语简体", "Han (traditional)": "漢語繁體",
    "Kana": "あアんン", "Hangul": "한국어가", "Emoji": "😀🎉🚀",
}  # fmt: skip


# Scripts that no font of ours shows: who writes in them, and the files that machines have.
_SCRIPT_OF = {
    "ar": "Arabic", "fa": "Arabic", "ur": "Arabic", "ckb": "Arabic", "ps": "Arabic",
    "th": "Thai", "bn": "Bengali", "as": "Bengali", "ta": "Tamil",
}  # fmt: skip
_FILES_OF = {
    "Arabic": ("NotoSansArabic", "NotoKufiArabic", "DejaVuSans", "GeezaPro", "Arial"),
    "Thai": ("NotoSansThai", "Loma", "Garuda", "Thonburi"),
    "Bengali": ("NotoSansBengali",),
    "Tamil": ("NotoSansTamil",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedFamily:
    """A family that lies in the brand's `fonts` folder now.

    Attributes:
        files: of its faces, then those of its licences.
    """

    family: str
    package: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptCoverage:
    """Which font shows a script for each role; empty where none does."""

    script: str
    heading: str
    body: str


def add_family(family: str, brand_folder: Path, weights: tuple[int, ...] = WEIGHTS) -> AddedFamily:
    """Fetch `family` through the machine's npm and put its upright faces into the brand's folder.

    Args:
        family: as Google Fonts calls it, such as ``Playfair Display``.
        brand_folder: where `brand.toml` lies.
        weights: wanted; where the family lacks one, the nearest that it has.

    Raises:
        BrandError: that is no name of a family.
        ToolMissing: there is no npm.
        RenderError: there is no such family, or its package holds no usable font.
    """
    package = _PACKAGE.format(_slug(family))
    with tempfile.TemporaryDirectory(prefix="handbill-fonts-") as folder:
        archive = fetch_package(package, Path(folder))
        with tarfile.open(archive, "r:gz") as tar:
            faces = _faces(tar)
            if not faces:
                raise RenderError(f"the package {package!r} holds no TrueType font")
            chosen = {min(faces, key=lambda has: (abs(has - want), has)) for want in weights}
            contents = {
                _file_name(family, faces[weight]): _read(tar, faces[weight])
                for weight in sorted(chosen)
            }
            licences = {
                name: _read(tar, tar.getmember(member))
                for member, name in _LICENCES.items()
                if member in tar.getnames()
            }
    for name, data in contents.items():
        if not data.startswith(_FONT_MARKS):
            raise RenderError(f"{name!r} of the package {package!r} is no TrueType font")
    target = brand_folder / "fonts" / _slug(family)
    target.mkdir(parents=True, exist_ok=True)
    for name, data in (contents | licences).items():
        (target / name).write_bytes(data)
    files = tuple(str(target / name) for name in (*contents, *licences))
    return AddedFamily(family=family, package=package, files=files)


def coverage_of(kit: BrandKit, locale: str) -> Iterator[ScriptCoverage]:
    """For every script that Handbill knows of, the fonts that show it in posters of the kit."""
    for script, letters in SCRIPTS.items():
        yield ScriptCoverage(
            script=script,
            heading=_shown_by(letters, kit.heading, locale),
            body=_shown_by(letters, kit.body, locale),
        )


def font_problems(kit: BrandKit, locales: Sequence[str], file: str) -> tuple[Problem, ...]:
    """What posters of the kit would lack on this machine, told before anything is drawn.

    Looks at names of files alone, so that it costs next to nothing.

    Args:
        kit: its families are looked for.
        locales: in which posters are to be made.
        file: the brand's or the campaign's, which the problems name.
    """
    from handbill.rendering.typography.font_files import (  # noqa: PLC0415 - lists folders
        bundled_families,
        system_family,
    )

    known = {name.lower() for name in bundled_families()}
    faces = {face.family: face for face in (kit.heading, kit.body)}
    problems = [
        _remark(file, "font.family_missing", f"the font {name!r} is nowhere here", name)
        for name, face in faces.items()
        if not face.files
        and name.lower() not in known
        and not system_family((name.replace(" ", ""),))
    ]
    own = [Path(name).stem for name in (*kit.heading.files, *kit.heading.others)]
    scripts = {_SCRIPT_OF.get(locale.split("-", maxsplit=1)[0].lower(), "") for locale in locales}
    for script in sorted(scripts - {""}):
        family = f"Noto Sans {script}"
        here = system_family(_FILES_OF[script]) or any(script in name for name in own)
        if not here:
            problems.append(
                _remark(file, "font.no_script", f"no font here shows {script}", family)
            )
    return tuple(problems)


def _remark(file: str, code: str, message: str, family: str) -> Problem:
    remedy = f'put its files into the brand\'s fonts folder, or run: handbill fonts add "{family}"'
    return Problem(code=code, message=message, remedy=remedy, file=file, rejects=False)


def _shown_by(letters: str, typeface: Typeface, locale: str) -> str:
    """The families that show `letters`, joined; empty when one of them is shown by none."""
    from handbill.rendering.typography.font_stacks import (  # noqa: PLC0415 - loads Skia
        families_showing,
        font_stack,
    )

    families = families_showing(letters, font_stack(typeface, locale))
    return ", ".join(families) if families else ""


def _slug(family: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", family.lower()).strip("-")
    if not slug or len(slug) > _MOST_CHARS or not re.fullmatch(r"[\w .+&'-]+", family):
        raise BrandError(
            f"{family!r} is no name of a font family",
            remedy="use the name that Google Fonts shows, such as 'Playfair Display'",
        )
    return slug


def _faces(tar: tarfile.TarFile) -> dict[int, tarfile.TarInfo]:
    """Weight → the upright face of the package; links and oversized members are left out."""
    found = {}
    for member in tar.getmembers():
        match = _MEMBER.fullmatch(member.name)
        if match and member.isfile() and member.size <= _MOST_BYTES:
            found[int(match.group(1))] = member
    return found


def _file_name(family: str, member: tarfile.TarInfo) -> str:
    """``PlayfairDisplay-Bold.ttf``: by such names a brand's fonts are told apart."""
    match = _MEMBER.fullmatch(member.name)
    style = match.group(2) if match else "Regular"
    return f"{re.sub(r'[^A-Za-z0-9]', '', family)}-{style}.ttf"


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = tar.extractfile(member)
    return stream.read(_MOST_BYTES) if stream else b""
