"""`brand.toml` into a `BrandKit`, and the kit of a house without a brand."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from handbill.campaign_folder.brand_file import (
    FONT_SUFFIXES,
    AccountTable,
    BrandFile,
    FontTable,
    PaletteTable,
    VoiceTable,
)
from handbill.campaign_folder.colours import contrast, mix
from handbill.campaign_folder.faults import fail_with, read_toml, worded
from handbill.domain.brandkit import AccountVoice, BrandKit, Palette, Speaker, Typeface
from handbill.domain.digest import digest, plain
from handbill.errors import BrandError

_INK, _PAPER = "#16181d", "#ffffff"
_SHARE_OF_PRIMARY = 0.18
_READABLE = 4.5
_FONT_MARKS = (b"\x00\x01\x00\x00", b"OTTO", b"ttcf", b"true")
_WEIGHTS = {"heading": 700, "body": 400}
_DEFAULT_FAMILY = "Poppins"


def read_brandkit(path: Path) -> BrandKit:
    """The brand kit of one `brand.toml`, its colours, fonts and logos proved.

    Raises:
        BrandError: naming every fault that was found.
    """
    path = path.absolute()
    content = read_toml(path, BrandError)
    try:
        file = BrandFile.model_validate(content)
    except ValidationError as fault:
        fail_with(worded(fault, BrandFile), str(path), BrandError, "correct the keys named above")
        raise
    folder = path.parent
    fonts = {"heading": file.fonts.heading, "body": file.fonts.body}
    faults = [fault for role, font in fonts.items() for fault in _font_faults(role, font, folder)]
    logos = {"light": file.logo.light, "dark": file.logo.dark}
    faults += [fault for role, name in logos.items() for fault in _logo_faults(role, name, folder)]
    fail_with(faults, str(path), BrandError, "correct the files named above")
    return _with_digest(_kit(file, folder))


def house_brandkit() -> BrandKit:
    """The kit of a sheet that comes without a brand: deep green, warm paper, one bright accent."""
    return _with_digest(
        BrandKit(
            name="",
            palette=Palette(
                primary="#1d4d4f",
                secondary="#e2703a",
                ink="#17211f",
                paper="#faf6ee",
                accents=("#f2c14e", "#a8c5b5", "#7a9e9f"),
            ),
            heading=Typeface(family=_DEFAULT_FAMILY, weight=700),
            body=Typeface(family="Open Sans", weight=400),
            tone=("warm", "plain"),
            tagline={},
            must_say={},
            legal={},
            accounts={},
        )
    )


def palette_of(table: PaletteTable) -> Palette:
    """A whole palette; colours that are left out are derived from the primary one."""
    paper = table.paper or _PAPER
    ink = table.ink or mix(_INK, table.primary, _SHARE_OF_PRIMARY)
    if table.ink is None and contrast(ink, paper) < _READABLE:
        ink = mix(_PAPER, table.primary, _SHARE_OF_PRIMARY)
    return Palette(
        primary=table.primary,
        secondary=table.secondary or mix(table.primary, _INK, 0.45),
        ink=ink,
        paper=paper,
        accents=tuple(table.accents),
    )


def _kit(file: BrandFile, folder: Path) -> BrandKit:
    return BrandKit(
        name=file.name,
        palette=palette_of(file.palette),
        heading=_typeface("heading", file.fonts.heading, folder),
        body=_typeface("body", file.fonts.body, folder),
        logo=_absolute(folder, file.logo.light),
        logo_on_dark=_absolute(folder, file.logo.dark),
        tone=tuple(file.tone),
        tagline=dict(file.tagline),
        hashtags=tuple(map(_hashtag, file.hashtags)),
        must_say={locale: tuple(lines) for locale, lines in file.must_say.items()},
        never_say=tuple(file.never_say),
        legal=dict(file.legal),
        corner_radius=float(file.corner_radius),
        url=file.url,
        accounts={name: _voice(name, table) for name, table in file.accounts.items()},
        speaker=_speaker(file.voice),
    )


def _speaker(table: VoiceTable) -> Speaker:
    """Entries of the lexicon without a table of their own serve every locale."""
    by_locale: dict[str, dict[str, str]] = {}
    for name, entry in table.lexicon.items():
        words = entry if isinstance(entry, dict) else {name: entry}
        by_locale.setdefault(name if isinstance(entry, dict) else "*", {}).update(words)
    return Speaker(
        voices=dict(table.voices),
        pace=float(table.pace),
        mood=table.mood,
        pause_ms=table.pause_ms,
        lexicon=by_locale,
    )


def _voice(name: str, table: AccountTable) -> AccountVoice:
    return AccountVoice(
        name=name,
        display_name=table.display_name,
        handle=table.handle,
        tone=table.tone if isinstance(table.tone, str) else ", ".join(table.tone),
        url=table.url,
        hashtags=tuple(map(_hashtag, table.hashtags)),
        palette=palette_of(table.palette) if table.palette else None,
        store_name=table.store_name,
        store_address=table.store_address,
        store_phone=table.store_phone,
    )


def _typeface(role: str, font: FontTable, folder: Path) -> Typeface:
    family = font.family or _DEFAULT_FAMILY
    shelf = _shelf(folder)
    files = tuple(_absolute(folder, name) for name in font.files)
    files = files or tuple(path for path in shelf if _is_of(path, family))
    return Typeface(
        family=family,
        files=files,
        weight=font.weight or _WEIGHTS[role],
        others=tuple(path for path in shelf if path not in files),
    )


def _shelf(folder: Path) -> tuple[str, ...]:
    """The font files below the brand's `fonts` folder, sorted."""
    found = (folder / "fonts").rglob("*")
    return tuple(sorted(str(path) for path in found if path.suffix.lower() in FONT_SUFFIXES))


def _is_of(path: str, family: str) -> bool:
    """Whether a file is of `family`, as its name tells: ``PlayfairDisplay-Bold.ttf``."""
    name = Path(path).stem.partition("-")[0]
    return name.replace("_", "").lower() == family.replace(" ", "").lower()


def _hashtag(word: str) -> str:
    return word if word.startswith("#") else f"#{word}"


def _absolute(folder: Path, name: str) -> str:
    return str((folder / Path(name).expanduser()).absolute()) if name else ""


def _font_faults(role: str, font: FontTable, folder: Path) -> list[str]:
    faults: list[str] = []
    for name in font.files:
        path = Path(_absolute(folder, name))
        place = f"fonts.{role}.files: {name!r}"
        if not path.is_file():
            faults.append(f"{place} is no file; put the font there, or correct the path")
        elif path.suffix.lower() not in FONT_SUFFIXES or not _is_font(path):
            faults.append(f"{place} is no TrueType or OpenType font; convert it to .ttf or .otf")
    return faults


def _is_font(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) in _FONT_MARKS


def _logo_faults(role: str, name: str, folder: Path) -> list[str]:
    if not name:
        return []
    path = Path(_absolute(folder, name))
    place = f"logo.{role}: {name!r}"
    if not path.is_file():
        return [f"{place} is no file; put the logo there, or correct the path"]
    # Pillow takes 60 ms to load, and a kit without a logo needs none of it.
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - see above

    try:
        with Image.open(path, formats=("PNG", "JPEG", "WEBP", "GIF")) as picture:
            picture.load()
    except UnidentifiedImageError:
        return [f"{place} is no picture that can be read; save it as PNG with a clear ground"]
    except Exception as fault:  # noqa: BLE001 - decoders raise whatever their format makes them
        return [f"{place} is damaged ({str(fault)[:80]}); export it anew"]
    return []


def _with_digest(kit: BrandKit) -> BrandKit:
    """The kit with the digest of its values and of its files' bytes, wherever these lie."""
    values = plain(kit)
    assert isinstance(values, dict)  # noqa: S101 - a dataclass is always a mapping here
    files = {
        "logo": kit.logo, "logo_on_dark": kit.logo_on_dark,
        **{f"heading {number}": name for number, name in enumerate(kit.heading.files)},
        **{f"body {number}": name for number, name in enumerate(kit.body.files)},
        **{f"other {number}": name for number, name in enumerate(kit.body.others)},
    }  # fmt: skip
    for name in ("logo", "logo_on_dark", "digest"):
        values.pop(name)
    for role in ("heading", "body"):
        values[role].pop("files")
        values[role].pop("others")
    return dataclasses.replace(kit, digest=digest([values, _digests(files)]))


def _digests(files: Mapping[str, str]) -> dict[str, str]:
    return {role: hashlib.sha256(Path(name).read_bytes()).hexdigest()
            for role, name in files.items() if name}  # fmt: skip
