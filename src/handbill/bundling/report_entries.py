"""Reads a bundle back as the report shows it: one entry an order, in the order of the plan."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from handbill.bundling.cells import unguarded
from handbill.bundling.edits import is_copy
from handbill.bundling.thumbnails import Thumbnails
from handbill.channels import load_catalogue
from handbill.channels.units import count
from handbill.errors import BundleError, ChannelError

Entry = dict[str, Any]

_FINDING = re.compile(r"(block|warn) (\S+)(?: \[([^\]]*)\])? ?(.*)")
# Languages that are written from right to left.
_RTL = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
_CUE_TIMES = re.compile(r"(\d\d:\d\d:\d\d),(\d\d\d)")


def read_json(path: Path) -> Any:
    """A JSON file of the bundle.

    Raises:
        BundleError: it is missing or cannot be read.
    """
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BundleError(
            f"{str(path)!r} cannot be read: {error}\n  → pack the bundle again with a new run"
        ) from error


def read_table(path: Path) -> list[dict[str, str]]:
    """A list of the bundle, guards undone.

    Raises:
        BundleError: it is missing or cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise BundleError(
            f"{str(path)!r} cannot be read: {error}\n  → pack the bundle again with a new run"
        ) from error
    csv.field_size_limit(1 << 24)
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: unguarded(value or "") for name, value in row.items()} for row in rows]


def entries_of(bundle: Path, manifest: Mapping[str, Any], thumbs: Thumbnails) -> Iterator[Entry]:
    """One entry for each line of ``outcomes.csv``."""
    files: dict[str, list[Entry]] = {}
    for asset in manifest["assets"]:
        files.setdefault(asset.get("order", ""), []).append(asset)
    for row in read_table(bundle / "outcomes.csv"):
        yield _entry(bundle, row, files.get(row["order"], []), thumbs)


def _entry(bundle: Path, row: Mapping[str, str], assets: list[Entry], thumbs: Thumbnails) -> Entry:
    copy = _copy(bundle, assets)
    locale = row["locale"]
    return {
        "key": row["order"][:12],
        "brief": row["brief"],
        "row": row["row"],
        "product": row["product"],
        "placement": row["placement"],
        "locale": locale,
        "dir": "rtl" if locale.split("-")[0].lower() in _RTL else "ltr",
        "account": row["account"],
        "audience": row["audience"],
        "variant": int(row["variant"] or 1),
        "status": row["status"],
        "message": row["message"],
        "findings": [_finding(line) for line in row["findings"].splitlines()],
        "media": list(_media(bundle, assets, copy.get("alt_text", ""), thumbs)),
        "page": next((a["path"] for a in assets if a["mime"] == "text/html"), ""),
        "files": [_file(asset) for asset in assets],
        "texts": _texts(copy),
        "tags": copy.get("hashtags", []),
        "alt": copy.get("alt_text", ""),
        "framework": copy.get("framework", ""),
        "facts": copy.get("facts", []),
        "url": copy.get("url", ""),
        "todo": list(_todo(bundle, assets)),
    }


def _todo(bundle: Path, assets: list[Entry]) -> Iterator[str]:
    """Lines of the order's ``todo.txt`` without their boxes."""
    path = next((a["path"] for a in assets if a["path"].endswith("/todo.txt")), "")
    if not path:
        return
    try:
        text = (bundle / path).read_text("utf-8")
    except (OSError, ValueError):
        return
    yield from (line.removeprefix("[ ]").strip() for line in text.splitlines() if line.strip())


def _copy(bundle: Path, assets: list[Entry]) -> Entry:
    path = next((a["path"] for a in assets if a["path"].endswith("/copy.json")), "")
    try:
        found = json.loads((bundle / path).read_bytes()) if path else {}
    except (OSError, ValueError):  # a person may have edited it; verify names it
        return {}
    return found if isinstance(found, dict) and is_copy(found) else {}


def _finding(line: str) -> list[str]:
    """Severity, code, field and message of one line of ``outcomes.csv``."""
    match = _FINDING.fullmatch(line)
    return [part or "" for part in match.groups()] if match else ["warn", "", "", line]


def _file(asset: Entry) -> Entry:
    names = ("path", "medium", "bytes", "ai", "mode", "provider", "model", "marks")
    return {name: asset[name] for name in names}


def _texts(copy: Entry) -> list[list[Any]]:
    """``[field, [[text, length, limit, unit, soft], …]]`` for every field with a text."""
    lengths = copy.get("lengths", {})
    written = copy.get("texts", {})
    shown = []
    listed = [name for name in copy.get("fields", ()) if name in written]
    for name in dict.fromkeys((*listed, *sorted(written))):
        rule = next(iter(lengths.get(name) or [{}]))
        limit, unit, soft = rule.get("limit", 0), rule.get("unit", ""), rule.get("soft", False)
        cells = [
            # Counted again: a person may have changed the text and left its length.
            [text, count(text, unit) if unit else 0, limit, unit, soft]
            for text in written.get(name, [])
            if text
        ]
        if cells:
            shown.append([name, cells])
    return shown


def _media(
    bundle: Path, assets: list[Entry], alt_text: str, thumbs: Thumbnails
) -> Iterator[Entry]:
    """Films first, each with its cover and captions; then pictures that are no cover."""
    films = [asset for asset in assets if asset["medium"] == "film"]
    pictures = [asset for asset in assets if asset["medium"] == "image"]
    covers = [asset for asset in pictures if "cover" in asset["path"].rsplit("/", 1)[1]]
    captions = next((a["path"] for a in assets if a["path"].endswith((".srt", ".vtt"))), "")
    for film in films:
        cover = next(iter(covers or pictures), None)
        poster = cover["path"] if cover else ""
        yield _medium(film, alt_text) | {
            "kind": "film",
            "poster": poster,
            "thumb": thumbs.of(poster, cover["sha256"]) if cover else "",
            "vtt": _vtt(bundle / captions) if captions else "",
            "s": film.get("duration_s", 0),
        }
    for picture in pictures:
        if picture not in covers or not films:
            thumb = thumbs.of(picture["path"], picture["sha256"])
            kind = "print" if picture["mime"] == "application/pdf" else "image"
            yield _medium(picture, alt_text) | {"kind": kind, "thumb": thumb}


def _medium(asset: Entry, alt_text: str) -> Entry:
    size = {"w": asset.get("width_px", 0), "h": asset.get("height_px", 0)}
    return {"path": asset["path"], "alt": alt_text, **size}


def _vtt(path: Path) -> str:
    """Captions as WebVTT text; an SRT differs in its head and its decimal comma alone."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, ValueError):
        return ""
    body = text if text.startswith("WEBVTT") else "WEBVTT\n\n" + text
    return _CUE_TIMES.sub(r"\1.\2", body)


def platform_names(placements: list[str]) -> dict[str, str]:
    """Placement id → the platform's name and the slot in words: ``Instagram · feed image``."""
    catalogue = load_catalogue()
    names: dict[str, str] = {}
    for placement in placements:
        channel, _, slot = placement.partition(".")
        try:
            platform = catalogue.described(placement).platform
        except ChannelError:  # a bundle may be older or newer than this catalogue
            platform = channel.replace("_", " ").title()
        names[placement] = f"{platform} · {slot.replace('_', ' ')}"
    return names
