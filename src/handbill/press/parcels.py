"""Parcels: a campaign on its way to another machine, through the store that both share.

A campaign folder travels whole but for bundles; a bare sheet travels with the pictures and clips
below its folder that its rows name. What lies elsewhere must lie there on the other machine too:
the plan's digest tells when it does not.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from handbill.bundling.staging import is_bundle
from handbill.domain.digest import digest
from handbill.errors import StoreError
from handbill.press.docket import Docket
from handbill.press.records import as_json, from_json
from handbill.press.request import RunRequest
from handbill.store import AssetStore
from handbill.store.shared_store import SharedStore, as_shared

_CAMPAIGN = "campaign.toml"
# Where a campaign's bundle goes; a folder of that name further down is anybody's own.
_OWN_OUT = "out"
# A sheet that lies outside its campaign's folder travels in a folder of its own.
_ELSEWHERE = "sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a machine needs to work on a run.

    Attributes:
        request: the run's, its paths relative to the parcel's folder (``.`` for the folder).
        plan_digest: of the plan that the request must give.
        files: relative path (with ``/``) → digest of its bytes in the store.
    """

    request: RunRequest
    plan_digest: str
    files: dict[str, str]


def pack_parcel(store: AssetStore, docket: Docket, request: RunRequest) -> str:
    """Put a docket's campaign into the store; the digest of its parcel.

    Raises:
        SettingsError: no other machine reaches the store.
        StoreError: a file cannot be read or kept.
    """
    store = as_shared(store)
    folder = Path(docket.campaign.folder)
    sheet = Path(docket.campaign.sheet)
    is_folder = (folder / _CAMPAIGN).is_file()
    files = dict(_in_folder(folder) if is_folder else _named_by_rows(docket, sheet.parent))
    inside = is_folder and sheet.is_relative_to(folder)
    home = sheet.relative_to(folder).as_posix() if inside else f"{_ELSEWHERE}/{sheet.name}"
    if not is_folder:
        home = sheet.name
    files[home] = sheet
    # An empty sheet in the request is the campaign's own.
    other = home if request.sheet or not inside else ""
    relative = dataclasses.replace(
        request,
        target="." if is_folder else home,
        sheet=other if is_folder else "",
    )
    kept = {name: store.put_file(path) for name, path in sorted(files.items())}
    parcel = Parcel(request=relative, plan_digest=docket.plan.digest, files=kept)
    name = digest([parcel.plan_digest, kept])
    # A record takes the files along to the other machines, and is whole only with all of them.
    store.book(_key(name), {"files": [{"sha256": each} for each in sorted(set(kept.values()))]})
    return store.put_bytes(as_json(parcel))


def open_parcel(store: AssetStore, sha256: str, home: Path) -> Parcel:
    """The parcel `sha256`, its files laid out below `home` and its request's paths absolute.

    Raises:
        StoreError: the parcel or one of its files is not in the store, or names a place outside.
    """
    parcel = from_json(Parcel, store.read(sha256))
    folder = home / sha256[:16]
    if not folder.is_dir():
        _lay_out(store, parcel, folder)
    request = parcel.request
    sheet = str(folder / request.sheet) if request.sheet else ""
    here = dataclasses.replace(request, target=str(folder / request.target), sheet=sheet)
    return dataclasses.replace(parcel, request=here)


def _lay_out(store: AssetStore, parcel: Parcel, folder: Path) -> None:
    """Write the parcel's files beside `folder` and give it its name at once."""
    if isinstance(store, SharedStore):
        store.fetch(sorted(set(parcel.files.values())), ())
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    for name, sha256 in parcel.files.items():
        target = unfinished / _safe(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        store.place(sha256, target, share=False)
    try:
        unfinished.rename(folder)
    except OSError:  # another process of this machine was first
        shutil.rmtree(unfinished)
        if not folder.is_dir():
            raise


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise StoreError(f"a parcel names a file outside itself: {name!r}")
    return path


def _key(name: str) -> str:
    return f"parcel.{name}"


def _in_folder(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file of a campaign's folder but those of bundles and hidden ones."""
    for path, folders, names in os.walk(folder):
        here = Path(path)
        if here == folder / _OWN_OUT or (here != folder and is_bundle(here)):
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield (here / name).relative_to(folder).as_posix(), here / name


def _named_by_rows(docket: Docket, folder: Path) -> Iterator[tuple[str, Path]]:
    """The pictures and clips below `folder` that the briefs name."""
    named = {picture.path for brief in docket.briefs for picture in brief.pictures}
    named |= {clip for brief in docket.briefs for clip in brief.video.split("\n")}
    for text in sorted(named):
        path = Path(text)
        if text and path.is_relative_to(folder) and path.is_file():
            yield path.relative_to(folder).as_posix(), path
