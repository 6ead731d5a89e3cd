"""Pictures that a row names: found, proved by their bytes, or reported."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from handbill.domain.brief import Picture
from handbill.sheets.picture_proof import PictureFault, opened_decoder, proved_picture
from handbill.sheets.web_pictures import NotFetched, WebPictures

if TYPE_CHECKING:
    from handbill.foreign.picture_decoder import PictureDecoder

_MOST_REMEMBERED = 4096
_SHOWN_CHARS = 200
_SURE_SEPARATORS = re.compile(r"[\n\r|;；｜]+")
_COMMAS = re.compile(r"[,，]")
_SUFFIX = re.compile(r"\.(png|jpe?g|webp|gif|bmp|tiff?|svg|avif|heic|heif)(\?.*)?$", re.IGNORECASE)
_REMOTE = re.compile(r"^[a-z][a-z0-9+.-]+://|^//|^data:", re.IGNORECASE)


@dataclass(slots=True)
class PictureReader:
    """Reads pictures below the folders that a sheet may use, each file once.

    Attributes:
        web: for pictures on the web; None fetches none.
        folders: absolute; the first one that has the file serves. Files elsewhere are not read: a
            sheet from a stranger must not carry private files out in a bundle.
    """

    folders: tuple[Path, ...]
    web: WebPictures | None = None
    _known: dict[Path, Picture | PictureFault] = field(default_factory=dict)
    _decoder: PictureDecoder | None = None

    def close(self) -> None:
        """End the decoding process, if a picture needed one."""
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def read(self, source: str, alt: str = "") -> Picture | PictureFault:
        """The picture that a cell names by path, or why there is none."""
        found = self._find(source)
        if isinstance(found, PictureFault):
            return found
        known = self._proved(found)
        if isinstance(known, PictureFault):
            return known
        return Picture(source=source, path=known.path, alt=alt, sha256=known.sha256)

    def _proved(self, path: Path) -> Picture | PictureFault:
        if path not in self._known:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            if self._decoder is None:
                self._decoder = opened_decoder()
            self._known[path] = proved_picture(path, self._decoder)
        return self._known[path]

    def fetch(self, source: str, alt: str = "") -> Picture | PictureFault:
        """The picture that a cell names by URL, from an allowed host, or why there is none."""
        try:
            path = (self.web or WebPictures()).path_of(source)
        except NotFetched as fault:
            return PictureFault(
                "picture.not_fetched",
                f"{source[:_SHOWN_CHARS]!r} was not fetched: {fault}",
                "download the picture, put it beside the sheet and write its path here, or allow"
                f" its host on this machine: HANDBILL_ALLOWED_HOSTS={_host_of(source)}",
            )
        found = self._proved(path)
        if isinstance(found, PictureFault):
            path.unlink(missing_ok=True)
            self._known.pop(path)
            message = found.message.replace(repr(path.name), repr(source[:_SHOWN_CHARS]))
            return PictureFault(found.code, message, found.remedy)
        return Picture(source=source, path=found.path, alt=alt, sha256=found.sha256)

    def find_file(self, source: str) -> Path | None:
        """The file of any kind that a cell names, if there is one in the folders."""
        found = self._find(source)
        return None if isinstance(found, PictureFault) else found

    def _find(self, source: str) -> Path | PictureFault:
        if "\0" in source:
            return _missing(source, self.folders)
        outside = False
        for folder in self.folders:
            for name in _spellings(source):
                path = (folder / name).resolve()
                allowed = any(path.is_relative_to(root) for root in self.folders)
                if allowed and _is_file(path):
                    return path
                outside = outside or (not allowed and _is_file(path))
        if not outside:
            return _missing(source, self.folders)
        return PictureFault(
            "picture.outside",
            f"{source!r} lies outside the sheet's folder",
            "put the picture beside the sheet, or name its folder in campaign.toml: pictures = …",
        )


def split_sources(text: str) -> tuple[str, ...]:
    """The paths and URLs of one cell: one a line, or between ``|``, ``;`` or commas."""
    pieces = [piece.strip().strip("\"'") for piece in _SURE_SEPARATORS.split(text)]
    split = [part for piece in pieces for part in _by_commas(piece)]
    return tuple(part for part in split if part)


def is_remote(source: str) -> bool:
    """Whether the source is a URL of any kind, which is never opened as a path."""
    return bool(_REMOTE.match(source))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than the file system takes
        return False


def _spellings(source: str) -> tuple[str, ...]:
    """The path as typed, with Windows' separators turned, and with %20 read."""
    turned = source.replace("\\", "/")
    return tuple(dict.fromkeys((source, turned, unquote(turned))))


def _by_commas(piece: str) -> list[str]:
    parts = [part.strip() for part in _COMMAS.split(piece)]
    fits = is_remote if is_remote(piece) else _SUFFIX.search
    if len(parts) > 1 and all(fits(part) for part in parts):
        return parts
    return [piece]


def _host_of(source: str) -> str:
    try:
        return urlsplit(source).hostname or "…"
    except ValueError:
        return "…"


def _missing(source: str, folders: tuple[Path, ...]) -> PictureFault:
    looked = ", ".join(str(folder) for folder in folders)
    return PictureFault(
        "picture.missing",
        f"there is no file {source[:200]!r} (looked in {looked})",
        "put the picture there, or correct its path; paths are relative to the sheet",
    )


def web_url(text: str) -> str:
    """`text` as an http or https URL, or empty when it is none."""
    candidate = text.strip()
    if not re.match(r"^[a-zA-Z][a-zA-Z0-9+.-]*:", candidate) or re.match(
        r"^[\w.-]+:\d+(/|$)", candidate
    ):
        candidate = f"https://{candidate.removeprefix('//')}"
    try:
        parts = urlsplit(candidate)
        parts.port  # noqa: B018 - raises on a port that is none
    except ValueError:
        return ""
    host = parts.hostname or ""
    fits = parts.scheme.lower() in {"http", "https"} and not re.search(
        r"[\s<>\"{}|\\^`\x00-\x1f]", candidate
    )
    named = "." in host.strip(".") or host == "localhost" or ":" in host
    return candidate if fits and named and parts.username is None else ""
