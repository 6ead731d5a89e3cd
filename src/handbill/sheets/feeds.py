"""Google Merchant feeds in XML, RSS 2.0 or Atom, item by item."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handbill.domain.finding import Problem
from handbill.errors import SheetError
from handbill.sheets.options import MAX_COLUMNS
from handbill.sheets.presets import GOOGLE_MERCHANT
from handbill.sheets.tables import TableRow

_ITEMS = frozenset({"item", "entry"})
_KNOWN = tuple(dict.fromkeys(name for names in GOOGLE_MERCHANT.names.values() for name in names
                             if not name.startswith("g:")))  # fmt: skip


def read_feed_rows(path: Path, file: str) -> Iterator[TableRow | Problem]:
    """A header row with every attribute of the feed, then a row for each item.

    Row n is the (n - 1)-th item of the feed. It is read twice, because only its end tells which
    attributes there are.

    Raises:
        SheetError: the file is no feed, or carries entities (which can be bombs).
    """
    names: dict[str, None] = {}
    items = 0
    for item in _items(path, file):
        items += 1
        names.update(dict.fromkeys(_name(child) for child in item))
        if len(names) > MAX_COLUMNS:
            raise SheetError(
                f"the items have more than {MAX_COLUMNS} attributes", where=file,
                remedy="keep the attributes that say something about the product",
            )  # fmt: skip
    if not items:
        raise SheetError(
            "the file is no product feed: it holds no <item> and no <entry>", where=file,
            remedy="export a Google Merchant feed (RSS 2.0 or Atom), or a CSV file",
        )  # fmt: skip
    # Known attributes come first, in the order of what they are good for.
    header = (*(name for name in _KNOWN if name in names),
              *(name for name in names if name not in _KNOWN))  # fmt: skip
    yield TableRow(1, header)
    for number, item in enumerate(_items(path, file), start=2):
        yield TableRow(number, _cells(item, header))


def _items(path: Path, file: str) -> Iterator[Any]:
    """The items, each let go after use."""
    # The hardened parser loads the whole XML package, and few sheets are feeds.
    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # noqa: PLC0415
    from defusedxml.ElementTree import (  # type: ignore[import-untyped]  # noqa: PLC0415
        ParseError,
        iterparse,
    )

    opened: list[Any] = []
    inside = 0
    try:
        for event, element in iterparse(str(path), events=("start", "end"), forbid_dtd=True):
            ours = _name(element) in _ITEMS
            if event == "start":
                opened.append(element)
                inside += ours
                continue
            opened.pop()
            inside -= ours
            if ours and not inside:
                yield element
            if not inside and opened:
                opened[-1].clear()
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
