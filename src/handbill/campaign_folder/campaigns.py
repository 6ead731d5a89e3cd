"""A campaign folder, or a bare sheet, into a `Campaign`."""

from __future__ import annotations

import difflib
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from handbill.campaign_folder.campaign_file import CampaignFile
from handbill.campaign_folder.faults import fail_with, read_toml, worded
from handbill.domain.campaign import Campaign, FilmWish, ProviderChoice
from handbill.errors import CampaignError

CAMPAIGN_FILE = "campaign.toml"
# A bare sheet gets a picture, a pin, a search ad and a letter: every medium that is quick to make.
DEFAULT_PLACEMENTS = (
    "instagram.feed_image", "facebook.post", "pinterest.pin", "google_ads.rsa", "email.html",
)  # fmt: skip
SHEET_SUFFIXES = frozenset(
    {".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".json", ".jsonl",
     ".ndjson", ".parquet", ".xml"}
)  # fmt: skip


def read_campaign(target: Path | str) -> Campaign:
    """The campaign of a folder with a `campaign.toml`, or the defaults around a bare sheet.

    Every path in the result is absolute. Placements are checked by form alone: the catalogue
    knows whether they exist.

    Args:
        target: a folder, its `campaign.toml`, or a sheet; ``-`` is a sheet on standard input; an
            https address (as text, for a path would lose a slash) is a sheet on the web.

    Raises:
        CampaignError: naming every fault that was found.
    """
    if is_web_address(str(target)):
        return _bare_web(str(target))
    target = Path(target)
    if str(target) == "-":
        return _bare(target, "sheet")
    if target.is_dir():
        return _read(target.resolve() / CAMPAIGN_FILE)
    if target.suffix.lower() == ".toml":
        return _read(target.resolve())
    if target.is_file() or _is_pattern(target):
        return _bare(target.absolute(), target.stem)
    raise CampaignError(
        f"there is no campaign folder and no sheet {str(target)!r}",
        remedy=f"{_near_name(target)}`handbill init {target.name or 'NAME'}` makes a new campaign",
    )


def _bare(sheet: Path, name: str) -> Campaign:
    folder = Path.cwd() if str(sheet) == "-" else sheet.parent
    return Campaign(
        name=name.strip("*?[]-_ ") or "sheet",
        folder=str(folder),
        sheet=str(sheet),
        placements=DEFAULT_PLACEMENTS,
        locales=(),
    )


def is_web_address(name: str) -> bool:
    """Whether a sheet is named by an address rather than by a path."""
    return "://" in name


def _bare_web(address: str) -> Campaign:
    """The defaults around a sheet on the web, to which no folder lends files."""
    _raise_for_address(address)
    parts = urlsplit(address)
    name = Path(unquote(parts.path)).stem or str(parts.hostname)
    return Campaign(
        name=name,
        folder=str(Path.cwd()),
        sheet=address,
        placements=DEFAULT_PLACEMENTS,
        locales=(),
    )


def _raise_for_address(address: str) -> None:
    if fault := _address_fault(address):
        raise CampaignError(fault, remedy="write an https address, or name a folder or a file")


def _address_fault(address: str) -> str:
    """What is wrong with the form of an address, or nothing; its query may hold a secret."""
    try:
        parts = urlsplit(address)
        host, user = parts.hostname, parts.username
    except ValueError:
        return "the sheet's address is no URL"
    shown = f"{parts.scheme}://{host or ''}{parts.path}"[:120]
    if parts.scheme != "https":
        return f"{shown!r}: sheets are fetched from https addresses only"
    if user is not None or not host:
        return f"{shown!r}: the address needs a host, and must carry no user name"
    return ""


def _read(path: Path) -> Campaign:
    folder = path.parent
    if not path.is_file():
        raise CampaignError(f"the folder has no {path.name}", where=str(folder),
                            remedy=_without_file(folder))  # fmt: skip
    content = read_toml(path, CampaignError)
    try:
        file = CampaignFile.model_validate(content)
    except ValidationError as fault:
        faults = [*worded(fault, CampaignFile), *_path_faults(folder, content)]
        fail_with(faults, str(path), CampaignError, "correct the keys named above")
        raise
    fail_with(_path_faults(folder, content), str(path), CampaignError, "correct the paths")
    return _campaign(file, folder)


def _campaign(file: CampaignFile, folder: Path) -> Campaign:
    table = file.columns if isinstance(file.columns, dict) else {}
    return Campaign(
        name=file.campaign or folder.name,
        folder=str(folder),
        sheet=file.sheet if is_web_address(file.sheet) else _absolute(folder, file.sheet),
        brand=_absolute(folder, file.brand),
        columns="table" if table else str(file.columns),
        column_map=dict(table),
        currency=file.currency,
        source_locale=file.source_locale,
        encoding=file.encoding,
        worksheet=file.worksheet,
        pictures=_absolute(folder, file.pictures),
        placements=tuple(file.placements),
        locales=tuple(file.locales),
        variants=file.variants,
        accounts=tuple(file.accounts) or ("",),
        audiences=tuple(file.audiences),
        budget_usd=file.budget,
        seed=file.seed,
        review=file.review,
        labels=tuple(file.labels),
        media_base_url=file.media_base_url,
        providers={
            capability: ProviderChoice(
                name=table.name, model=table.model, base_url=table.base_url, key=table.key,
                parameters=dict(table.parameters),
            )
            for capability, table in file.providers.items()
        },
        film=FilmWish(
            length_s=float(file.film.length_s or 0),
            captions=file.film.captions,
            music=_absolute(folder, file.film.music),
            music_from_s=float(file.film.music_from_s),
            music_to_s=float(file.film.music_to_s or 0),
            music_gain_db=float(file.film.music_gain_db),
            music_licence=file.film.music_licence,
            footage=file.film.footage,
            clip=file.film.clip,
            effects=tuple(file.film.effects),
        ),
    )  # fmt: skip


def _absolute(folder: Path, name: str) -> str:
    return str((folder / Path(name).expanduser()).absolute()) if name else ""


def _path_faults(folder: Path, content: dict[str, object]) -> list[str]:
    """What is wrong with the files and folders that the campaign names."""
    faults: list[str] = []
    film = content.get("film")
    named = content | {"film.music": film.get("music") if isinstance(film, dict) else ""}
    for key in ("sheet", "brand", "pictures", "film.music"):
        name = named.get(key)
        if not isinstance(name, str) or not name:
            continue
        path = Path(_absolute(folder, name))
        if key == "sheet" and is_web_address(name):
            if fault := _address_fault(name):
                faults.append(f"sheet = {fault}")
        elif is_web_address(name):
            faults.append(f"{key} = {name[:80]!r}: this is read from disk; download it")
        elif not _exists(path, key):
            what = "folder" if key == "pictures" else "file"
            faults.append(f"{key} = {name!r}: there is no such {what}{_near_file(path)}")
    return faults


def _exists(path: Path, key: str) -> bool:
    if key == "pictures":
        return path.is_dir()
    return path.is_file() or (
        key == "sheet" and _is_pattern(path) and any(path.parent.glob(path.name))
    )


def _is_pattern(path: Path) -> bool:
    return any(mark in path.name for mark in "*?[")


def _near_file(path: Path) -> str:
    if not path.parent.is_dir():
        return f" (nor a folder {path.parent.name!r})"
    near = difflib.get_close_matches(path.name, [file.name for file in path.parent.iterdir()], n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _near_name(target: Path) -> str:
    if not target.parent.is_dir():
        return ""
    near = difflib.get_close_matches(
        target.name, [file.name for file in target.parent.iterdir()], n=1
    )
    return f"did you mean {str(target.parent / near[0])!r}? " if near else ""


def _without_file(folder: Path) -> str:
    sheets = sorted(
        file.name for file in folder.iterdir() if file.suffix.lower() in SHEET_SUFFIXES
    )
    if sheets:
        return (
            f"name the sheet itself ({folder / sheets[0]}), or write a {CAMPAIGN_FILE} beside it"
        )
    return f"`handbill init` makes a folder with a {CAMPAIGN_FILE}"
