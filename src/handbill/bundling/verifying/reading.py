"""A bundle as it is found on disk, and the faults of its files themselves."""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from typing_extensions import override

_KEYS = frozenset(
    (
        *("path", "sha256", "bytes", "mime", "brief", "row", "placement", "locale", "account"),
        *("variant", "medium", "ai", "mode", "provider", "model", "marks", "findings"),
    )
)
_MEDIA = frozenset(("copy", "image", "film", "sound", "captions", "document", "import"))
_MODES = frozenset(["offline", "live", "batch", "mock"])
_AI = frozenset(["none", "assisted", "generated"])
_TOP = frozenset(["manifest.json", "report.html", "outcomes.csv", "problems.csv", "run.json"])
# What people fill in beside a bundle of proofs.
_APPROVALS = frozenset(["approvals.csv", "approvals.xlsx"])
_LEFT_BY_FILE_MANAGERS = frozenset((".DS_Store", "Thumbs.db", "desktop.ini", ".directory"))
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_USERS_WORDS = frozenset(("campaign", "brief", "account", "audience", "message", "field", "path"))
_TIME_KEY = re.compile(r"(^|_)(time|date|moment|timestamp|started|finished|at)$")
# First bytes of what each type must look like: (offset, bytes), one of them fits.
_MAGIC: Mapping[str, tuple[tuple[int, bytes], ...]] = {
    "image/jpeg": ((0, b"\xff\xd8\xff"),),
    "image/png": ((0, b"\x89PNG\r\n\x1a\n"),),
    "image/webp": ((8, b"WEBP"),),
    "video/mp4": ((4, b"ftyp"),),
    "audio/mpeg": ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2")),
    "audio/wav": ((8, b"WAVE"),),
    "application/pdf": ((0, b"%PDF-"),),
}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class VerifyFault:
    """One thing that is not as it must be.

    Attributes:
        code: dotted, stable: ``file.digest``.
        path: of the file it concerns, below the bundle.
        message: what was found, and what was expected.
    """

    path: str
    code: str
    message: str

    @override
    def __str__(self) -> str:
        return f"{self.path}: {self.message} [{self.code}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBundle:
    """A bundle whose manifest could be read.

    Attributes:
        assets: the manifest's assets by path.
    """

    folder: Path
    manifest: Mapping[str, Any]
    assets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def read(self, path: str) -> bytes:
        """Bytes of a file of the bundle; empty when there is none."""
        try:
            return (self.folder / path).read_bytes()
        except OSError:
            return b""


def open_found(folder: Path) -> FoundBundle | VerifyFault:
    """The bundle in `folder`, or the one fault that keeps it from being read at all."""
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_bytes())
        assets = {str(asset["path"]): asset for asset in manifest["assets"]}
    except FileNotFoundError:
        return _fault("manifest.missing", "manifest.json", "a folder without it is not a bundle")
    except (OSError, ValueError, KeyError, TypeError) as error:
        return _fault("manifest.unreadable", "manifest.json", f"cannot be read: {error!r}")
    return FoundBundle(folder=folder, manifest=manifest, assets=assets)


def manifest_faults(found: FoundBundle) -> Iterator[VerifyFault]:
    """The manifest's own form: keys, order, no times."""
    text = found.read("manifest.json").decode("utf-8", "replace")
    if len(found.assets) != len(found.manifest["assets"]):
        yield _fault("manifest.twice", "manifest.json", "a path is listed twice")
    if list(found.assets) != sorted(found.assets):
        yield _fault("manifest.order", "manifest.json", "assets are not sorted by path")
    if not _sorted_keys(json.loads(text, object_pairs_hook=_Pairs)):
        yield _fault("manifest.order", "manifest.json", "keys are not sorted")
    for key in ("handbill", "campaign", "plan_digest"):
        if not isinstance(found.manifest.get(key), str):
            yield _fault("manifest.key", "manifest.json", f"has no {key!r}")
    yield from (
        _fault("manifest.time", "manifest.json", f"{where} holds a time: {value!r}")
        for where, value in _times(found.manifest)
    )
    for path, asset in found.assets.items():
        yield from _asset_faults(path, asset)


def file_faults(found: FoundBundle) -> Iterator[VerifyFault]:
    """Listed files against digest, size, type and pixels; and files that no list has."""
    for path, asset in found.assets.items():
        if fault := _file_fault(found, path, asset):
            yield fault
        elif asset.get("medium") == "image":
            yield from _picture_faults(found, path, asset)
    for file in sorted(found.folder.rglob("*")):
        name = file.relative_to(found.folder).as_posix()
        known = name in found.assets or name in _TOP or file.name in _LEFT_BY_FILE_MANAGERS
        # What a person edited and has no place any more is put aside here, in no list.
        known = known or name.startswith("kept/") or name in _APPROVALS
        if not known and (file.is_symlink() or not file.is_dir()):
            yield _fault("file.stray", name, "stands in no list of this bundle")
    for name in sorted(_TOP):
        if not (found.folder / name).is_file():
            yield _fault("file.missing", name, "is part of every bundle and is not there")


def _asset_faults(path: str, asset: Mapping[str, Any]) -> Iterator[VerifyFault]:
    if missing := sorted(_KEYS - asset.keys()):
        yield _fault("manifest.key", path, f"its entry has no {', '.join(missing)}")
    for key, allowed in (("medium", _MEDIA), ("mode", _MODES), ("ai", _AI)):
        if asset.get(key) not in allowed:
            yield _fault("manifest.value", path, f"{key} is {asset.get(key)!r}")
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\\" in path:
        yield _fault("manifest.path", path, "leads out of the bundle")


def _file_fault(found: FoundBundle, path: str, asset: Mapping[str, Any]) -> VerifyFault | None:
    file = found.folder / path
    try:
        state = file.lstat()
    except OSError:
        return _fault("file.missing", path, "is listed in the manifest and is not there")
    if not stat.S_ISREG(state.st_mode):
        return _fault("file.kind", path, "is no plain file")
    if state.st_size != asset.get("bytes"):
        return _fault("file.size", path, f"has {state.st_size} bytes, not {asset.get('bytes')}")
    data = file.read_bytes()
    if hashlib.sha256(data).hexdigest() != asset.get("sha256"):
        return _fault("file.digest", path, "was changed after it was packed")
    begins = _MAGIC.get(str(asset.get("mime")), ())
    if begins and not any(data[at : at + len(magic)] == magic for at, magic in begins):
        return _fault("file.type", path, f"is no {asset.get('mime')}, whatever its name says")
    return None


def _picture_faults(
    found: FoundBundle, path: str, asset: Mapping[str, Any]
) -> Iterator[VerifyFault]:
    if asset.get("mime") not in ("image/jpeg", "image/png", "image/webp"):
        return
    from PIL import Image  # noqa: PLC0415 - slow to import, and other verbs do without

    try:
        with Image.open(found.folder / path) as picture:
            size = picture.size
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        yield _fault("file.unreadable", path, f"cannot be decoded: {error}")
        return
    said = (asset.get("width_px", size[0]), asset.get("height_px", size[1]))
    if size != said:
        yield _fault("file.pixels", path, f"is {size[0]} × {size[1]}, not {said[0]} × {said[1]}")


class _Pairs(list[tuple[str, Any]]):
    """An object of JSON with its keys in the order of the file."""


def _sorted_keys(value: object) -> bool:
    if isinstance(value, _Pairs):
        keys = [key for key, _ in value]
        return keys == sorted(keys) and all(_sorted_keys(inner) for _, inner in value)
    if isinstance(value, list):
        return all(_sorted_keys(inner) for inner in value)
    return True


def _times(value: object, where: str = "manifest") -> Iterator[tuple[str, object]]:
    """Moments by their key or by their form; what a user has named may well hold one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if _TIME_KEY.search(str(key)):
                yield f"{where}.{key}", inner
            elif key not in _USERS_WORDS:
                yield from _times(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _times(inner, f"{where}[{number}]")
    elif isinstance(value, str) and _MOMENT.search(value):
        yield where, value


def _fault(code: str, path: str, message: str) -> VerifyFault:
    return VerifyFault(code=code, path=path, message=message)
