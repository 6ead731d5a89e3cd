"""A sheet on the web, from an allowed host, kept so that one run reads the same bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from handbill.errors import SheetError
from handbill.sheets.web_pictures import NotFetched

if TYPE_CHECKING:
    from handbill.sheets.fetching import Fetcher

MAX_SHEET_BYTES = 100_000_000
SHEET_DEADLINE_S = 120.0
_ACCEPTED = "text/csv, application/json, application/xml;q=0.9, */*;q=0.5"
_UNSAFE = re.compile(r"[^\w.()+ -]+")
_LONGEST_NAME = 80


def fetch_sheet(
    url: str,
    *,
    hosts: Sequence[str],
    folder: Path,
    fresh: bool = True,
    opened: Callable[[Sequence[str]], Fetcher] | None = None,
) -> Path:
    """The file of a sheet on the web; a URL has the same path every time.

    Args:
        url: an https address; it may hold a secret, so its query stands in no message.
        hosts: that are allowed on this machine; none allows nothing.
        folder: where sheets are kept.
        fresh: fetch it now; False takes what an earlier step of the same run has kept, if it is
            there.
        opened: makes the fetcher for hosts; replaced in tests.

    Raises:
        SheetError: its host is not allowed, or the sheet cannot be had.
    """
    host = _host(url)
    path = folder / hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    path = path / name_of(url)
    if not fresh and path.is_file():
        return path
    if not hosts:
        raise _not_allowed(url, host)
    try:
        data = (opened or _opened)(hosts).fetch(url)
    except NotFetched as fault:
        raise SheetError(
            f"the sheet was not fetched: {fault}",
            where=shown_url(url),
            remedy="allow its host, and every host that it redirects to, in"
            " HANDBILL_ALLOWED_HOSTS; or download the sheet and name the file",
        ) from None
    if not data.strip():
        raise SheetError(
            "the answer is empty",
            where=shown_url(url),
            remedy="open the address in a browser; it must give the sheet itself",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.half")
    half.write_bytes(data)
    half.replace(path)
    return path


def name_of(url: str) -> str:
    """A file name for a URL: its last part, or its host's where that says nothing."""
    parts = urlsplit(url)
    last = _UNSAFE.sub("-", unquote(parts.path.rstrip("/").rpartition("/")[2])).strip(". -")
    if "." in last:
        stem, _, suffix = last.rpartition(".")
        return f"{stem[:_LONGEST_NAME]}.{suffix[:10]}"
    asked = re.search(r"(?:^|&)(?:format|output|type)=(csv|tsv|xlsx|ods|json|xml)\b", parts.query)
    named = last[:_LONGEST_NAME] or _UNSAFE.sub("-", parts.hostname or "sheet")
    return f"{named}.{asked[1]}" if asked else named


def shown_url(url: str) -> str:
    """A URL for people: without its query, which may hold a secret."""
    parts = urlsplit(url)
    hidden = "?…" if parts.query else ""
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}{hidden}"[:200]


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.hostname and parts.username is None:
            return parts.hostname
    except ValueError:
        pass  # an address that is none has no host
    raise SheetError(
        "this is no address that sheets are fetched from",
        where=url.partition("?")[0].rpartition("@")[2][:80],
        remedy="write an https address without user name and password, or name a file",
    )


def _not_allowed(url: str, host: str) -> SheetError:
    return SheetError(
        "sheets are fetched from allowed hosts only, and none is allowed on this machine",
        where=shown_url(url),
        remedy=f"set HANDBILL_ALLOWED_HOSTS={host}, or download the sheet and name the file",
    )


def _opened(hosts: Sequence[str]) -> Fetcher:
    from handbill.sheets.fetching import Fetcher  # noqa: PLC0415 - loads http and ssl

    return Fetcher(
        hosts=hosts, schemes=("https",), accept=_ACCEPTED,
        deadline_s=SHEET_DEADLINE_S, max_bytes=MAX_SHEET_BYTES,
    )  # fmt: skip
