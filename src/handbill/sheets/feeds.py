"""Google Merchant feeds in XML, RSS 2.0 or Atom, item by item."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handbill.domain.finding import Problem
from handbill.errors import SheetError
from handbill.sheets.presets import GOOGLE_MERCHANT
from handbill.sheets.tables import TableRow

_ITEMS = frozenset({"item", "entry"})
_HEADER = tuple(dict.fromkeys(name for names in GOOGLE_MERCHANT.names.values() for name in names
                              if not name.startswith("g:")))  # fmt: skip


def read_feed_rows(path: Path, file: str) -> Iterator[TableRow | Problem]:
    """A header row with the attributes that Handbill uses, then a row for each item.

    Row n is the (n - 1)-th item of the feed.

    Raises:
        SheetError: the file is no XML, or carries entities (which can be bombs).
    """
    # The hardened parser loads the whole XML package, and few sheets are feeds.
    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # noqa: PLC0415
    from defusedxml.ElementTree import (  # type: ignore[import-untyped]  # noqa: PLC0415
        ParseError,
        iterparse,
    )

    header = (*_HEADER, "gtin")
    yield TableRow(1, header)
    number = 1
    try:
        for _, element in iterparse(str(path), events=("end",), forbid_dtd=True):
            if _name(element) in _ITEMS:
                number += 1
                yield TableRow(number, _cells(element, header))
                element.clear()
    except DefusedXmlException as fault:
        raise SheetError(f"the feed is refused: {type(fault).__name__}", where=file,
                         remedy="export it without DOCTYPE and entities") from None  # fmt: skip
    except ParseError as fault:
        raise SheetError(f"the file is no XML: {fault}", where=file,
                         remedy="export the feed anew") from None  # fmt: skip


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _cells(item: Any, header: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, list[str]] = {}
    for child in item:
        name = _name(child)
        if text := _text(child):
            found.setdefault(name, []).append(text)
    return tuple("\n".join(found.get(name, ())) for name in header)


def _text(element: Any) -> str:
    """The element's text; of a structured text its content; of an Atom link its address."""
    content = next((child for child in element if _name(child) == "content"), None)
    if content is not None:
        return str(content.text or "").strip()
    text = str(element.text or "").strip()
    return text or str(element.get("href") or "").strip()
