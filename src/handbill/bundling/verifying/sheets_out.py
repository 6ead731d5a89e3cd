"""Native import sheets, read as the platform would read them."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from handbill.bundling.verifying.lists import formula_faults, table
from handbill.bundling.verifying.reading import FoundBundle, VerifyFault

_OUT = frozenset(("made", "reused"))
_EDITOR_COLUMNS = frozenset(
    (
        *("Campaign", "Ad Group", "Ad type", "Headline 1", "Headline 15", "Description 1"),
        *("Description 4", "Path 1", "Path 2", "Final URL", "Status"),
    )
)
_PIN_HEADER = (
    *("Title", "Media URL", "Pinterest board", "Thumbnail", "Description"),
    *("Link", "Publish date", "Keywords"),
)
_HEADLINE, _DESCRIPTION, _PATH = 30, 90, 15
_PIN_TITLE, _PIN_DESCRIPTION, _PIN_ROWS = 100, 500, 100

Rows = list[dict[str, str]]


def import_faults(found: FoundBundle, outcomes: Rows) -> Iterator[VerifyFault]:
    """Every sheet in ``imports``: it parses, keeps its limits, and names what may go out."""
    out = {row["order"] for row in outcomes if row["status"] in _OUT}
    for path in found.assets:
        if not path.startswith("imports/") or not path.endswith(".csv"):
            continue
        try:
            header, rows = table(found.read(path))
        except (ValueError, csv.Error) as error:
            yield VerifyFault(code="import.unreadable", path=path, message=str(error))
            continue
        yield from formula_faults(path, rows)
        name = path.removeprefix("imports/")
        if name.startswith("google_ads_editor"):
            yield from _editor_faults(found, path, header, rows, out)
        elif name.startswith("pinterest_pins"):
            yield from _pin_faults(found, path, header, rows, out)
        elif name == "handoff.csv":
            yield from _file_faults(found, path, [row["file"] for row in rows], out)


def _editor_faults(
    found: FoundBundle, path: str, header: tuple[str, ...], rows: Rows, out: set[str]
) -> Iterator[VerifyFault]:
    if missing := sorted(_EDITOR_COLUMNS - set(header)):
        yield _fault("import.columns", path, f"has no column {', '.join(missing)}")
        return
    ours = _headlines_of_orders(found, out)
    for number, row in enumerate(rows, start=2):
        headlines = [row[f"Headline {n}"] for n in range(1, 16) if row[f"Headline {n}"]]
        descriptions = [row[f"Description {n}"] for n in range(1, 5) if row[f"Description {n}"]]
        yield from _too_wide(path, number, headlines, _HEADLINE)
        yield from _too_wide(path, number, descriptions, _DESCRIPTION)
        yield from _too_wide(path, number, [row["Path 1"], row["Path 2"]], _PATH)
        if len(set(headlines)) < 3 or len(set(descriptions)) < 2:  # noqa: PLR2004 - Google's minima
            yield _fault(
                "import.too_few", path, f"row {number}: too few headlines or descriptions"
            )
        if not row["Final URL"].startswith(("http://", "https://")):
            yield _fault("import.url", path, f"row {number}: Final URL {row['Final URL']!r}")
        if not any(set(headlines) <= texts for texts in ours):
            yield _fault("import.unknown", path, f"row {number} belongs to no order that goes out")


def _headlines_of_orders(found: FoundBundle, out: set[str]) -> list[set[str]]:
    texts: list[set[str]] = []
    for path, asset in found.assets.items():
        ours = asset.get("placement") == "google_ads.rsa" and asset.get("order") in out
        if ours and path.endswith("/copy.json"):
            try:
                headlines = json.loads(found.read(path))["texts"].get("headline", [])
                texts.append({" ".join(text.split()) for text in headlines})
            except (ValueError, KeyError, AttributeError, TypeError):
                continue  # what is wrong with it stands among the faults of copies
    return texts


def _pin_faults(
    found: FoundBundle, path: str, header: tuple[str, ...], rows: Rows, out: set[str]
) -> Iterator[VerifyFault]:
    if header != _PIN_HEADER:
        yield _fault("import.columns", path, f"its header is {header!r}")
        return
    if len(rows) > _PIN_ROWS:
        yield _fault("import.too_many", path, f"{len(rows)} rows, {_PIN_ROWS} at most")
    titles = [row["Title"].casefold() for row in rows]
    if len(set(titles)) < len(titles):
        yield _fault("import.twice", path, "a title stands in it twice")
    for number, row in enumerate(rows, start=2):
        if not 0 < len(row["Title"]) <= _PIN_TITLE:
            yield _fault("import.too_long", path, f"row {number}: title {row['Title']!r}")
        if len(row["Description"]) > _PIN_DESCRIPTION:
            yield _fault("import.too_long", path, f"row {number}: description")
        if not row["Pinterest board"]:
            yield _fault("import.empty", path, f"row {number}: no board")
    yield from _file_faults(found, path, [row["Media URL"] for row in rows], out)


def _file_faults(
    found: FoundBundle, path: str, named: list[str], out: set[str]
) -> Iterator[VerifyFault]:
    """A named file, by its path or at the end of its public address, is there and may go out."""
    for number, address in enumerate(named, start=2):
        if not address:
            continue
        asset = _asset_at(found.assets, address)
        if asset is None:
            yield _fault("import.file", path, f"row {number}: {address!r} is not in the bundle")
        elif asset.get("order") not in out:
            yield _fault("import.blocked", path, f"row {number}: {address!r} must not go out")


def _asset_at(
    assets: Mapping[str, Mapping[str, object]], address: str
) -> Mapping[str, object] | None:
    _, slash, below = unquote(address).partition("channels/")
    return assets.get(slash + below) if slash else None


def _too_wide(path: str, number: int, texts: list[str], most: int) -> Iterator[VerifyFault]:
    for text in texts:
        if (width := _width(text)) > most:
            yield _fault("import.too_long", path, f"row {number}: {text!r} has {width} of {most}")


def _width(text: str) -> int:
    """Google's count: East Asian wide and full-width letters are two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _fault(code: str, path: str, message: str) -> VerifyFault:
    return VerifyFault(code=code, path=path, message=message)
