"""Every file of a bundle as a value, before anything is written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handbill.bundling.contents import BundleContents, FinishedOrder
from handbill.bundling.imports import import_files, todo_lines
from handbill.bundling.imports.format import ImportContext, ImportFile
from handbill.bundling.texts import copy_json, copy_txt, todo_txt
from handbill.domain.asset import Asset, Origin
from handbill.domain.copy import Copy
from handbill.domain.digest import plain
from handbill.domain.order import Medium
from handbill.errors import BundleError

# What every file system takes, without a leading dot or dash, trailing dot or blank.
_PART = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]{0,118}[A-Za-z0-9_-])?")
# Names that Windows reserves, whatever follows the dot.
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
# What the manifest tells of a file where it is not 0.
MEASURES = ("width_px", "height_px", "duration_s", "cover_at_s")
_BY_HOUSE = Origin(ai="none", mode="offline", provider="house")


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleFile:
    """One file of a bundle.

    Attributes:
        path: below the bundle's folder, with slashes.
        sha256: hex digest of its bytes.
        data: its bytes, or None for an object of the store.
        entry: its lines in the manifest, empty for a file that the manifest does not list.
    """

    path: str
    sha256: str
    size_bytes: int
    data: bytes | None
    entry: dict[str, object]


def bundle_files(
    contents: BundleContents, finished: Sequence[FinishedOrder]
) -> tuple[tuple[BundleFile, ...], tuple[ImportFile, ...]]:
    """All files that the manifest lists, sorted by path, and the import sheets among them.

    Raises:
        BundleError: two files would have the same path, or a path would not be safe.
    """
    context = ImportContext(
        campaign=contents.campaign, kit=contents.kit, media_base_url=contents.media_base_url
    )
    imports = import_files(finished, context)
    files = [file for one in finished for file in _files_of(one, contents)]
    files += list(_import_entries(imports))
    _refuse_unsafe([file.path for file in files])
    return tuple(sorted(files, key=lambda file: file.path)), imports


def _files_of(one: FinishedOrder, contents: BundleContents) -> Iterator[BundleFile]:
    made = {asset.file.name for asset in one.outcome.assets}
    for asset in one.outcome.assets:
        yield _stored(one, asset)
    if one.copy is not None:
        origin = contents.copy_origins.get(one.order.key) or _origin(one.copy)
        texts = {"copy.json": copy_json(one, one.copy), "copy.txt": copy_txt(one, one.copy)}
        mimes = {"copy.json": "application/json", "copy.txt": "text/plain"}
        for name in sorted(texts.keys() - made):
            yield _written(one, name, texts[name], mimes[name], Medium.COPY, origin)
    todo = contents.todos.get(one.order.key, ())
    if todo and "todo.txt" not in made:
        yield _written(one, "todo.txt", todo_txt(todo), "text/plain", Medium.DOCUMENT, _BY_HOUSE)


def _origin(copy: Copy) -> Origin:
    if copy.provider == "house":
        return _BY_HOUSE
    return Origin(ai="generated", mode="live", provider=copy.provider, model=copy.model)


def _stored(one: FinishedOrder, asset: Asset) -> BundleFile:
    file = asset.file
    entry = _entry(one, file.mime, file.medium, asset.origin)
    entry |= {"findings": plain(asset.findings), "marks": list(asset.marks)}
    sizes = {name: getattr(file, name) for name in MEASURES}
    entry |= {name: value for name, value in sizes.items() if value}
    if file.licence:
        entry["music_licence"] = file.licence
    if file.verdict is not None:
        entry["brand"] = {"score": file.verdict.score, "rules": plain(file.verdict.rules)}
    return _file(one.path(asset), file.sha256, file.size_bytes, None, entry)


def _written(
    one: FinishedOrder, name: str, data: bytes, mime: str, medium: Medium, origin: Origin
) -> BundleFile:
    sha256 = hashlib.sha256(data).hexdigest()
    entry = _entry(one, mime, medium, origin)
    if medium is Medium.COPY:
        entry["findings"] = plain(one.outcome.findings)
    return _file(f"{one.order.folder}/{name}", sha256, len(data), data, entry)


def _entry(
    one: FinishedOrder | None, mime: str, medium: Medium, origin: Origin
) -> dict[str, object]:
    """The keys that every file has; a file of no order (an import sheet) has them empty."""
    order = one.order if one else None
    return {
        "account": order.account if order else "",
        "ai": origin.ai,
        "audience": order.audience if order else "",
        "brief": order.brief.id if order else "",
        "findings": [],
        "locale": order.locale if order else "",
        "marks": [],
        "medium": medium.value,
        "mime": mime,
        "mode": origin.mode,
        "model": origin.model,
        "order": order.key if order else "",
        "placement": order.placement.id if order else "",
        "provider": origin.provider,
        "row": order.brief.source.row if order else 0,
        "variant": order.variant if order else 0,
    }


def _import_entries(imports: Sequence[ImportFile]) -> Iterator[BundleFile]:
    for file in imports:
        entry = _entry(None, file.mime, Medium.IMPORT, _BY_HOUSE)
        entry["placement"] = file.placement
        sha256 = hashlib.sha256(file.data).hexdigest()
        yield _file(f"imports/{file.name}", sha256, len(file.data), file.data, entry)
    if imports:
        data = "".join(f"{line}\n" for line in todo_lines(imports)).encode()
        entry = _entry(None, "text/plain", Medium.DOCUMENT, _BY_HOUSE)
        sha256 = hashlib.sha256(data).hexdigest()
        yield _file("imports/todo.txt", sha256, len(data), data, entry)


def _file(
    path: str, sha256: str, size_bytes: int, data: bytes | None, entry: dict[str, object]
) -> BundleFile:
    entry |= {"path": path, "sha256": sha256, "bytes": size_bytes}
    return BundleFile(path=path, sha256=sha256, size_bytes=size_bytes, data=data, entry=entry)


def _refuse_unsafe(paths: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for path in paths:
        for part in path.split("/"):
            if not _PART.fullmatch(part) or _RESERVED.fullmatch(part):
                raise BundleError(
                    f"the path {path!r} is not safe on every system\n"
                    f"  → rename what gives the part {part!r} (an id, locale or account)"
                )
        if (twin := seen.setdefault(path.casefold(), path)) is not path:
            raise BundleError(
                f"{path!r} and {twin!r} would be one file on systems that ignore case\n"
                "  → give the two briefs, locales or accounts names that differ in more than case"
            )
