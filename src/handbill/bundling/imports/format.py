"""What an import format is, and the last look at a text before it goes into one."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from handbill.bundling.cells import is_formula
from handbill.bundling.contents import FinishedOrder
from handbill.channels.units import count
from handbill.domain.asset import Asset
from handbill.domain.brandkit import BrandKit
from handbill.domain.order import Medium

CSV_MIME = "text/csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContext:
    """What a format needs to know besides the orders; see `BundleContents`."""

    campaign: str
    kit: BrandKit | None = None
    media_base_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFile:
    """One finished import file.

    Attributes:
        name: in the folder ``imports``.
        rows: of content, at least 1.
        placement: whose orders it carries, or empty for several.
        steps: what a person does with it.
        held_back: what did not enter, and why.
    """

    name: str
    data: bytes
    rows: int
    mime: str = CSV_MIME
    placement: str = ""
    steps: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()


Build = Callable[[Sequence[FinishedOrder], ImportContext], Sequence[ImportFile]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFormat:
    """One platform's format.

    Attributes:
        bulk_format: its name in the catalogue (`Placement.bulk_formats`), or empty for a format
            that takes every placement.
        placements: those that this module can write.
        build: pure; answers one or more files for at least one order.
    """

    bulk_format: str
    placements: tuple[str, ...]
    build: Build

    def takes(self, finished: FinishedOrder) -> bool:
        """Whether the order's placement can go into this format."""
        placement = finished.order.placement
        if not self.bulk_format:
            return True
        return placement.id in self.placements and self.bulk_format in placement.bulk_formats


@cache
def header(name: str) -> tuple[str, ...]:
    """The columns of a format, from ``headers.toml`` beside this module."""
    text = (Path(__file__).parent / "headers.toml").read_text("utf-8")
    columns: list[str] = []
    for column in tomllib.loads(text)[name]["columns"]:
        columns += _numbered(column)
    return tuple(columns)


def fitting(finished: FinishedOrder, field: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts of `field` that may enter a native sheet, and why others may not.

    Left out are texts over a hard limit of the placement, texts that a spreadsheet program would
    run as a formula (an apostrophe in front would be published), and repetitions.
    """
    good: dict[str, str] = {}
    reasons: list[str] = []
    for text in finished.texts(field):
        clean = " ".join(text.split())
        if not clean or clean.casefold() in good:
            continue
        if reason := _objection(finished, field, clean):
            reasons.append(f"{finished.order.folder}: {reason}")
        else:
            good[clean.casefold()] = clean
    return tuple(good.values()), tuple(reasons)


def asset_of(finished: FinishedOrder, medium: Medium) -> Asset | None:
    """The order's main file of a medium: an ``image`` before a ``cover``."""
    found = [asset for asset in finished.outcome.assets if asset.file.medium is medium]
    return min(found, key=lambda asset: asset.file.name.startswith("cover"), default=None)


def plain_name(text: str, most_chars: int = 200) -> str:
    """A name of our own choosing for a campaign or board: one line, harmless in a spreadsheet."""
    name = " ".join(text.split())
    while is_formula(name):
        name = name[1:].lstrip()
    return name[:most_chars] or "Handbill"


def web_url(text: str) -> str:
    """`text` when it is a web address without blanks, else empty."""
    fits = text.lower().startswith(("https://", "http://")) and len(text.split()) == 1
    return text if fits else ""


def media_address(path: str, base_url: str) -> str:
    """The public address of a file of the bundle, or its path in the bundle without one."""
    return f"{base_url.rstrip('/')}/{quote(path)}" if base_url else path


def _objection(finished: FinishedOrder, field: str, text: str) -> str:
    rule = finished.order.placement.texts.get(field)
    if is_formula(text):
        return f"{field} {text!r} begins like a spreadsheet formula; reword its beginning"
    if rule is None or rule.soft or not rule.limit:
        return ""
    length = count(text, rule.unit)
    if length > rule.limit:
        return f"{field} {text!r} has {length} of {rule.limit} ({rule.unit}); shorten it"
    return ""


def _numbered(column: str) -> list[str]:
    """``Headline {1-15}`` as fifteen columns, any other name as itself."""
    begin, brace, rest = column.partition("{")
    if not brace:
        return [column]
    span, _, end = rest.partition("}")
    first, _, last = span.partition("-")
    return [f"{begin}{number}{end}" for number in range(int(first), int(last) + 1)]
