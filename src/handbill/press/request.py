"""What a user asks of a run, in values that travel as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from handbill.domain.campaign import CAPABILITIES
from handbill.errors import UserError

BriefT = TypeVar("BriefT")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """One run as it was asked for; empty and None mean: as the campaign has it.

    Attributes:
        target: campaign folder or bare sheet.
        sheet: path of another sheet than the campaign's own.
        only: placement ids to keep.
        rows: ``N`` (the first N briefs) or ``A-B`` (from A to B, both inclusive), counted from 1
            in the order of the sheet.
        budget_usd: cap for the whole run.
        providers: capability → provider's name.
        encoding: of a sheet that is neither UTF-8 nor UTF-16.
        worksheet: the name of the worksheet to read.
        refresh: capabilities whose finished work is made anew where another provider or model
            than the campaign's made it.
        discard_edits: write over files that a person changed in the bundle.
        write_back: ``file`` (a status file beside the sheet), ``worksheet`` (a worksheet in the
            user's own workbook) or empty.
        batch: hand calls in together where the provider takes batches, and collect them later.
        review: ``before_export``, also where the campaign wants no review.
        spread: several machines make it, so its slices are shares; see `press.shares`.
    """

    target: str
    sheet: str = ""
    only: tuple[str, ...] = ()
    rows: str = ""
    budget_usd: Decimal | None = None
    providers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    seed: int | None = None
    encoding: str = ""
    worksheet: str = ""
    refresh: tuple[str, ...] = ()
    discard_edits: bool = False
    write_back: str = ""
    batch: bool = False
    review: str = ""
    spread: bool = False


def pick_rows(briefs: tuple[BriefT, ...], rows: str) -> tuple[BriefT, ...]:
    """The briefs (or what stands for them) that `rows` names; all of them when it is empty.

    Raises:
        UserError: `rows` is neither a number nor a range.
    """
    first, last = row_range(rows)
    return briefs[first - 1 : last]


def row_range(rows: str) -> tuple[int, int | None]:
    """The first and the last brief that `rows` names, from 1; no last one means to the end.

    Raises:
        UserError: `rows` is neither a number nor a range.
    """
    if not rows:
        return 1, None
    first, dash, last = rows.replace(" ", "").partition("-")
    start, end = (first, last) if dash else ("1", first)
    if not (start.isdecimal() and end.isdecimal() and 1 <= int(start) <= int(end)):
        raise UserError(
            f"{rows!r} does not name rows",
            where="--rows",
            remedy="write a number (--rows 3: the first three) or a range (--rows 4-9)",
        )
    return int(start), int(end)


def parse_provider(text: str) -> tuple[str, str]:
    """``CAP=NAME`` as (capability, provider's name).

    Raises:
        UserError: there is no such capability, or no name.
    """
    capability, sign, name = (part.strip() for part in text.partition("="))
    if sign and name and capability in CAPABILITIES:
        return capability, name
    raise UserError(
        f"{text!r} does not name a provider for a capability",
        where="--provider",
        remedy=f"write one of {', '.join(CAPABILITIES)}, then = and a name: --provider copy=house",
    )
