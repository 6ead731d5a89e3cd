"""What a sheet is like, without its rows: enough to start a campaign around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOutline:
    """A sheet seen through its header and its first rows.

    Attributes:
        preset: which kind of sheet it is, such as ``shopify``.
        columns: our field → the header that fills it; translated fields as ``product.de``.
        unknown: headers that fill no field.
        languages: BCP 47 tags that the rows and translated columns are in, most frequent first.
        currency: ISO 4217 code that the rows share, or empty.
        worksheet: empty for flat files.
        has_store: the rows name a shop with an address.
        rows: how many briefs the outline was taken from.
    """

    preset: str
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unknown: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    currency: str = ""
    worksheet: str = ""
    has_store: bool = False
    rows: int = 0
