"""``outcomes.csv``, ``problems.csv``, the texts of each order, and the report."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from handbill.bundling.verifying.reading import FoundBundle, VerifyFault
from handbill.channels import load_catalogue
from handbill.channels.units import count
from handbill.domain.placement import Placement
from handbill.errors import ChannelError

_STATUSES = frozenset(
    (
        *("made", "reused", "rejected", "blocked", "refused", "failed", "uncertain"),
        *("waiting_for_review", "over_budget"),
    )
)
_OUT = frozenset(("made", "reused"))
_OUTCOME_COLUMNS = frozenset(
    (
        *("brief", "placement", "locale", "account", "variant", "status", "files", "findings"),
        *("cost_usd", "order"),
    )
)
_PROBLEM_COLUMNS = frozenset(("file", "row", "column", "value", "code", "message"))
_RUNS_IN_SPREADSHEETS = tuple("=+-@\t\r\0＝＋－＠")
_NUMERIC = frozenset(
    ["row", "variant", "cost_usd", "width_px", "height_px", "duration_s", "size_bytes"]
)
_LOADED_FROM_OUTSIDE = re.compile(
    rb"""<(?:script|img|link|iframe|video|audio|source|track)\b[^>]*\b(?:src|href)\s*=\s*["']?\s*(?:https?:)?//""",
    re.IGNORECASE,
)

# What stands in a file that carries a mark, in any container, compressed nowhere.
_WORDS_OF_MARKS = {
    "iptc.digital_source_type": "newscodes/digitalsourcetype/{value}",
    "iptc.ai_system_used": "AISystemUsed",
    "cn.aigc": "ContentProducer",
}


def table(data: bytes) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """Header and rows of a CSV file with a byte order mark.

    Raises:
        ValueError: it is not such a file.
    """
    text = data.decode("utf-8")
    if not text.startswith("\ufeff"):
        message = "has no byte order mark, so Excel shows its accents wrong"
        raise ValueError(message)
    csv.field_size_limit(1 << 24)
    rows = list(csv.reader(io.StringIO(text[1:], newline=""), strict=True))
    if not rows:
        message = "is empty"
        raise ValueError(message)
    header, *body = rows
    if any(len(row) != len(header) for row in body):
        message = "has rows that are longer or shorter than its header"
        raise ValueError(message)
    return tuple(header), [dict(zip(header, row, strict=True)) for row in body]


def outcome_faults(found: FoundBundle, outcomes: list[dict[str, str]]) -> Iterator[VerifyFault]:
    """Each order's line: a known status, files that are there, and each file in one line."""
    named: dict[str, int] = {}
    for row in outcomes:
        files = [path for path in row["files"].split("\n") if path]
        if row["status"] not in _STATUSES:
            yield _fault("outcomes.status", f"order {row['order']}: status {row['status']!r}")
        if row["status"] in _OUT and not files:
            yield _fault("outcomes.empty", f"order {row['order']} is made and has no file")
        for path in files:
            named[path] = named.get(path, 0) + 1
            if path not in found.assets:
                yield _fault("outcomes.file", f"{path!r} is not in the manifest")
    for path in found.assets:
        if path.startswith("channels/") and named.get(path, 0) != 1:
            yield _fault("outcomes.file", f"{path!r} belongs to {named.get(path, 0)} orders")


def list_faults(found: FoundBundle, name: str, wanted: frozenset[str]) -> Iterator[VerifyFault]:
    """A list's form: CSV with the named columns, no cell that a spreadsheet would run."""
    try:
        header, rows = table(found.read(name))
    except (ValueError, csv.Error) as error:
        yield VerifyFault(code="list.unreadable", path=name, message=str(error))
        return
    if missing := sorted(wanted - set(header)):
        text = f"has no column {', '.join(missing)}"
        yield VerifyFault(code="list.columns", path=name, message=text)
    yield from formula_faults(name, rows)


def formula_faults(name: str, rows: list[dict[str, str]]) -> Iterator[VerifyFault]:
    """Cells of text that a spreadsheet program would run."""
    for number, row in enumerate(rows, start=2):
        for column, cell in row.items():
            if column not in _NUMERIC and cell.lstrip(" \u00a0").startswith(_RUNS_IN_SPREADSHEETS):
                text = f"row {number}, {column}: {cell[:60]!r} would be run as a formula"
                yield VerifyFault(code="list.formula", path=name, message=text)


def own_list_faults(found: FoundBundle) -> Iterator[VerifyFault]:
    """Both lists that every bundle has."""
    yield from list_faults(found, "outcomes.csv", _OUTCOME_COLUMNS)
    yield from list_faults(found, "problems.csv", _PROBLEM_COLUMNS)


def copy_faults(found: FoundBundle, outcomes: list[dict[str, str]]) -> Iterator[VerifyFault]:
    """Texts of every order that goes out, counted again with the catalogue's own limits."""
    statuses = {row["order"]: row["status"] for row in outcomes}
    catalogue = load_catalogue()
    for path, asset in found.assets.items():
        if not path.endswith("/copy.json"):
            continue
        try:
            copy = _copy(found.read(path))
            placement = catalogue.described(str(asset["placement"]))
        except ValueError as error:
            text = f"cannot be read: {error}"
            yield VerifyFault(code="copy.unreadable", path=path, message=text)
            continue
        except ChannelError:  # of a campaign's own catalogue, or of another version
            continue
        if statuses.get(str(asset.get("order", ""))) in _OUT:
            yield from _text_faults(path, copy, placement)


def _copy(data: bytes) -> Mapping[str, Any]:
    """The words of a ``copy.json``.

    Raises:
        ValueError: it is no JSON, or has another form; a person may have edited it.
    """
    copy = json.loads(data)
    texts = copy.get("texts") if isinstance(copy, dict) else None
    values = list(texts.values()) if isinstance(texts, dict) else [None]
    lists = [*values, copy.get("hashtags", [])] if isinstance(copy, dict) else [None]
    words = (isinstance(one, list) and all(isinstance(text, str) for text in one) for one in lists)
    if not all(words):
        message = "its texts and hashtags are not lists of text"
        raise ValueError(message)
    return dict(copy)


def _text_faults(
    path: str, copy: Mapping[str, Any], placement: Placement
) -> Iterator[VerifyFault]:
    for name, texts in copy.get("texts", {}).items():
        rule = placement.texts.get(name)
        if rule is None or rule.soft or not rule.limit or rule.provenance.confidence == "C":
            continue
        for text in texts:
            length = count(text, rule.unit)
            if length > rule.limit:
                message = f"{name} has {length} of {rule.limit} ({rule.unit}): {text[:60]!r}"
                yield VerifyFault(code="copy.too_long", path=path, message=message)
    most = placement.hashtags_max
    tags = copy.get("hashtags", [])
    if most is not None and len(tags) > most:
        message = f"{len(tags)} hashtags, {most} at most"
        yield VerifyFault(code="copy.hashtags", path=path, message=message)


def label_faults(found: FoundBundle, outcomes: list[dict[str, str]]) -> Iterator[VerifyFault]:
    """Marks that the manifest names are in the files; media that a model made have one."""
    statuses = {row["order"]: row["status"] for row in outcomes}
    for path, asset in found.assets.items():
        yield from _mark_faults(found, path, asset.get("marks") or [])
        if asset.get("medium") not in ("image", "film", "sound"):
            continue
        goes_out = statuses.get(str(asset.get("order", ""))) in _OUT
        if goes_out and asset.get("ai") == "generated" and not asset.get("marks"):
            text = "was generated by AI and carries no mark"
            yield VerifyFault(code="label.missing", path=path, message=text)


def _mark_faults(found: FoundBundle, path: str, marks: list[str]) -> Iterator[VerifyFault]:
    """Looks for the words of each mark in the file's bytes; marks of other versions are let be."""
    data = found.read(path) if marks else b""
    for mark in marks:
        name, _, value = mark.partition(":")
        words = _WORDS_OF_MARKS.get(name, "").format(value=value)
        times = sum(data.count(words.encode(code)) for code in ("utf-8", "utf-16-le"))
        if words and not times:
            text = f"does not carry the mark {mark!r} that its entry names"
            yield VerifyFault(code="label.absent", path=path, message=text)
        if name == "cn.aigc" and times > 1:
            text = "carries the Chinese label more than once, which the standard forbids"
            yield VerifyFault(code="label.twice", path=path, message=text)


def report_faults(found: FoundBundle) -> Iterator[VerifyFault]:
    """The report asks nothing of any network and says so in its policy."""
    page = found.read("report.html")
    if page and b"Content-Security-Policy" not in page:
        yield VerifyFault(code="report.policy", path="report.html", message="has no policy")
    if match := _LOADED_FROM_OUTSIDE.search(page):
        text = f"loads from outside: {match.group()[:80].decode('utf-8', 'replace')!r}"
        yield VerifyFault(code="report.outside", path="report.html", message=text)


def _fault(code: str, message: str) -> VerifyFault:
    return VerifyFault(code=code, path="outcomes.csv", message=message)
