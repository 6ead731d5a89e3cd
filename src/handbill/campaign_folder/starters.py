"""New campaign folders that run as they are."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

from handbill.campaign_folder.campaigns import CAMPAIGN_FILE
from handbill.campaign_folder.logo_colours import palette_from_logo
from handbill.domain.brandkit import Palette
from handbill.domain.outline import SheetOutline
from handbill.errors import CampaignError

_PLACEMENTS = ("instagram.feed_image", "instagram.reel", "facebook.post", "google_ads.rsa",
               "pinterest.pin", "email.html")  # fmt: skip
_CHINESE = ("xiaohongshu.note",)
_LOCAL = ("print.poster_a4", "sms.text")
_NO_CURRENCY = '# currency = "EUR"               # of prices that name none'
_LOGO_NAMES = ("logo.png", "logo.webp", "logo.jpg", "logo.jpeg")
_LOGO_FOLDERS = (".", "brand", "images", "assets")
_STARTER_PALETTE = Palette(primary="#1d4d4f", secondary="#e2703a", ink="#17211f",
                           paper="#faf6ee", accents=("#f2c14e", "#a8c5b5"))  # fmt: skip
_BRIEFS = """\
product,description,benefits,offer,price,compare_at_price,url,cta,keywords,image
Walnut desk lamp,"A warm light on a turned walnut foot, with a dimmer in the cord.",\
Dims without flicker; Turned from one piece; Bulb included,20% off,79.00,99.00,\
https://example.com/lamp,See the lamp,desk lamp; walnut,
Linen throw,"A washed linen throw for the sofa, woven wide enough for two.",\
Softer with every wash; Two metres wide,Free shipping,49.00,,\
https://example.com/throw,Choose a colour,linen; throw,
Saturday pottery class,"Three hours at the wheel, clay and firing included.",\
Small groups; No experience needed; Two pieces to take home,,65.00,,\
https://example.com/class,Book a seat,pottery class,
"""


def create_campaign(
    parent: Path,
    name: str,
    sheet: Path | None = None,
    outline: SheetOutline | None = None,
    *,
    address: str = "",
) -> Path:
    """Make a campaign folder: `campaign.toml`, a brand kit and, without a sheet, some briefs.

    A sheet stays where it is and is named by its relative path, so that the pictures beside it
    are still found. A logo beside it gives the brand its colours.

    Args:
        parent: where the folder is made.
        name: of the folder; also the campaign's name.
        sheet: an existing sheet to build around.
        outline: what that sheet is like; without it the sheet is described as ``auto``.
        address: of a sheet on the web, in place of `sheet`.

    Returns:
        The folder.

    Raises:
        CampaignError: the name cannot be a folder's, the folder is in use, or there is no sheet.
    """
    folder = _free_folder(parent, name)
    if sheet is not None and not sheet.is_file():
        raise CampaignError(f"there is no sheet {str(sheet)!r}", remedy="correct its path")
    (folder / "brand").mkdir(parents=True, exist_ok=True)
    source = address or "briefs.csv"
    if sheet is None and not address:
        (folder / source).write_text(_BRIEFS, encoding="utf-8")
    elif sheet is not None:
        source = Path(os.path.relpath(sheet.resolve(), folder.resolve())).as_posix()
    _write_brand(folder, name, _logo_beside(sheet))
    text = _campaign_text(name, source, outline)
    (folder / CAMPAIGN_FILE).write_text(text, encoding="utf-8")
    return folder


def _free_folder(parent: Path, name: str) -> Path:
    plain = name.strip()
    if not plain or plain in {".", ".."} or re.search(r'[/\\:*?"<>|\x00-\x1f]', plain):
        raise CampaignError(
            f"{name!r} cannot be the name of a folder",
            remedy="use letters, digits, spaces, hyphens and underscores",
        )
    folder = parent / plain
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CampaignError(
            f"{str(folder)!r} exists already", remedy="choose another name, or empty that folder"
        )
    return folder


def _campaign_text(name: str, source: str, outline: SheetOutline | None) -> str:
    known = outline or SheetOutline(preset="handbill", languages=("en",))
    lines = [
        "# Every key is explained in docs/campaign.md; `handbill check` reads this file.",
        f"campaign   = {_toml(name)}",
        f"sheet      = {_toml(source)}",
        *_column_lines(known),
        'brand      = "brand/brand.toml"',
        *([f"worksheet  = {_toml(known.worksheet)}"] if known.worksheet else []),
        f"currency   = {_toml(known.currency)}" if known.currency else _NO_CURRENCY,
        f"placements = {_toml(_suggested(known))}",
        f"locales    = {_toml(known.languages or ('en',))}",
        '# source_locale = "de"            # language of texts in Latin letters, if not English',
        "variants   = 1",
        "seed       = 7",
        'review     = "none"              # before_export: nothing goes out unapproved',
        "labels     = []                  # eu, cn, us-ca, us-ny, in",
        "# budget_usd = 5.00              # needed only with providers that cost money",
        "",
        "[providers]                      # house needs no network and no key",
        *(f'{capability:5} = "house"' for capability in ("copy", "image", "voice", "music")),
    ]
    return "\n".join([*lines, *_map_lines(known)]) + "\n"


def _suggested(outline: SheetOutline) -> tuple[str, ...]:
    chinese = any(tag.startswith("zh") for tag in outline.languages)
    extra = (_CHINESE if chinese else ()) + (_LOCAL if outline.has_store else ())
    return _PLACEMENTS + extra


def _column_lines(outline: SheetOutline) -> list[str]:
    if outline.preset != "handbill":
        return [f"columns    = {_toml(outline.preset)}"]
    return [] if outline.columns else ['columns    = "auto"']


def _map_lines(outline: SheetOutline) -> list[str]:
    if not outline.columns:
        return []
    if outline.preset != "handbill":
        return _preset_lines(outline)
    width = max(len(_key(name)) for name in outline.columns)
    unknown = ", ".join(outline.unknown)
    return [
        "",
        "[columns]                        # our field = the sheet's header, or {{ expression }}",
        *(f"{_key(name):{width}} = {_toml(header)}" for name, header in outline.columns.items()),
        *([f"# kept for templates: {unknown}"] if unknown.isprintable() and unknown else []),
    ]


def _preset_lines(outline: SheetOutline) -> list[str]:
    """What a shop's columns are taken for, to be read: the preset itself is in force."""
    return [
        "",
        f"# Of the columns of {outline.preset} these are used; a [columns] table in place of",
        "# `columns` above maps your own.",
        *(f"# {_key(name)} = {_toml(header)}" for name, header in outline.columns.items()),
    ]


def _write_brand(folder: Path, name: str, logo: Path | None) -> None:
    drafted = palette_from_logo(logo) if logo else None
    palette = drafted or _STARTER_PALETTE
    lines = [
        "# Colours are #rrggbb, #rgb, rgb(…) or CSS names; fonts are known families or files.",
        f"name          = {_toml(name)}",
        'tone          = ["warm", "plain"]',
        "corner_radius = 0.35             # 0 square, 1 round",
        "never_say     = []",
    ]
    if logo and drafted:
        (folder / "brand" / logo.name).write_bytes(logo.read_bytes())
        lines.append(f"logo          = {_toml(logo.name)}")
    lines += [
        "",
        "[palette]" + ("                        # drafted from the logo" if drafted else ""),
        f"primary   = {_toml(palette.primary)}",
        f"secondary = {_toml(palette.secondary)}",
        f"ink       = {_toml(palette.ink)}",
        f"paper     = {_toml(palette.paper)}",
        f"accents   = {_toml(palette.accents)}",
        "",
        "[fonts]",
        'heading = { family = "Poppins", weight = 700 }',
        'body    = { family = "Open Sans", weight = 400 }',
    ]
    (folder / "brand" / "brand.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _logo_beside(sheet: Path | None) -> Path | None:
    if sheet is None:
        return None
    places = (sheet.parent / folder / name for folder in _LOGO_FOLDERS for name in _LOGO_NAMES)
    return next((place for place in places if place.is_file()), None)


def _toml(value: str | Iterable[str]) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[{', '.join(_toml(item) for item in value)}]"


def _key(name: str) -> str:
    return name if re.match(r"^[A-Za-z0-9_-]+$", name) else _toml(name)
