"""What a reader of sheets is told, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from handbill.domain.brief import Brief
from handbill.domain.finding import Problem

MAX_COLUMNS = 1_000
MAX_CELL_CHARS = 4_000_000
MAX_PRODUCT_CHARS = 300
MAX_TEXT_CHARS = 20_000
MAX_UNPACKED_BYTES = 200_000_000
MAX_PACKING_RATIO = 100
MAX_JSON_BYTES = 200_000_000
MAX_STDIN_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOptions:
    """How to read a sheet.

    Attributes:
        columns: ``auto``, a preset's name, or ``table`` for `column_map`.
        column_map: our field → the user's header, or a Jinja expression ``{{ … }}`` over the row.
        currency: ISO 4217 code for prices that name none.
        source_locale: language of texts in Latin letters; empty to take the first of `locales`.
        locales: the campaign's locales.
        picture_folder: where pictures lie that are not beside the sheet.
        encoding: of a text file that is neither UTF-8 nor UTF-16.
        worksheet: its name, or empty for the first one that holds products.
        allowed_hosts: hosts that pictures are fetched from; none by default.
        fetch_folder: where fetched pictures are kept; None fetches nothing.
        placements: ids that exist, or None to leave the column unchecked.
    """

    columns: str = "auto"
    column_map: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    currency: str = ""
    source_locale: str = ""
    locales: tuple[str, ...] = ()
    picture_folder: Path | None = None
    encoding: str = ""
    worksheet: str = ""
    allowed_hosts: tuple[str, ...] = ()
    fetch_folder: Path | None = None
    placements: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetContents:
    """A whole sheet, in memory."""

    briefs: tuple[Brief, ...]
    problems: tuple[Problem, ...]
