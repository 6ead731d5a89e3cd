"""Pictures that rows name by URL, each fetched once and kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handbill.sheets.fetching import Fetcher


class NotFetched(Exception):
    """The URL was not fetched; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class WebPictures:
    """Pictures from allowed hosts, kept in a folder: each URL is fetched once.

    Attributes:
        fetcher: knows what is allowed; None allows nothing.
        folder: made when the first picture comes; a file's name is the digest of its URL.
    """

    fetcher: Fetcher | None = None
    folder: Path = Path()

    def path_of(self, url: str) -> Path:
        """The file of a URL, fetched when it is not here yet.

        Raises:
            NotFetched: it is not allowed, or cannot be had.
        """
        if self.fetcher is None:
            reason = "no host is allowed"
            raise NotFetched(reason)
        path = self.folder / hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        if not path.is_file():
            data = self.fetcher.fetch(url)
            self.folder.mkdir(parents=True, exist_ok=True)
            half = path.with_suffix(".half")
            half.write_bytes(data)
            half.replace(path)
        return path
