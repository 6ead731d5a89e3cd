"""What each column of one sheet means."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from handbill.domain.finding import Problem
from handbill.errors import SheetError
from handbill.sheets.column_names import (
    LOCALISABLE,
    NAMES,
    bracketed_field,
    field_of,
    folded,
    locale_tag,
    localised_field,
)
from handbill.sheets.expressions import Expression, parse_expression
from handbill.sheets.options import MAX_COLUMNS, SheetOptions
from handbill.sheets.presets import (
    HANDBILL,
    Preset,
    detected_preset,
    known_header,
    named_preset,
)

_NEAR = 0.84


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place from 0, its header, and the field it fills; empty for an extra.

    `locale` is set for a translated field (``description.zh-CN``); `behind` is the header of the
    column that fills the field which this one would fill as well.
    """

    index: int
    header: str
    field: str = ""
    locale: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPlan:
    """How the rows of one sheet are read; `notes` are faults of the header."""

    preset: Preset
    columns: tuple[Column, ...]
    expressions: Mapping[str, Expression] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[Problem, ...] = ()


def plan_columns(
    header: tuple[str, ...], options: SheetOptions, file: str, worksheet: str = "", row: int = 1
) -> ColumnPlan:
    """Settle what every column means.

    Raises:
        SheetError: no column holds the product's name, the header is too wide, the preset does not
            exist, or the column map names a header that is not there.
    """
    where = f"{file}, worksheet {worksheet!r}, row {row}" if worksheet else f"{file}, row {row}"
    if len(header) > MAX_COLUMNS:
        raise SheetError(
            f"the sheet has {len(header)} columns; at most {MAX_COLUMNS} are read",
            where=where,
            remedy="delete the columns that say nothing about the product",
        )
    preset = _preset(header, options, where)
    mapped, expressions = _mapped(header, options, where)
    columns = _columns(header, preset, mapped)
    filled = {column.field for column in columns if not column.locale} | set(expressions)
    if "product" not in filled:
        raise _without_product(header, where)
    return ColumnPlan(
        preset=preset,
        columns=columns,
        expressions=MappingProxyType(expressions),
        notes=tuple(_header_faults(columns, preset, file, worksheet, row)),
    )


def _preset(header: tuple[str, ...], options: SheetOptions, where: str) -> Preset:
    if options.columns == "auto":
        return detected_preset(header)
    return HANDBILL if options.columns == "table" else named_preset(options.columns, where)


def _mapped(
    header: tuple[str, ...], options: SheetOptions, where: str
) -> tuple[dict[int, str], dict[str, Expression]]:
    """Column index → field, and composed fields, of the user's own map."""
    places: dict[int, str] = {}
    expressions: dict[str, Expression] = {}
    for name, source in options.column_map.items():
        _check_field(name, where)
        if "{{" in source or "{%" in source:
            expressions[name] = parse_expression(source, f"{where}, column map {name!r}")
        else:
            places[_place(header, name, source, where)] = name
    return places, expressions


def _check_field(name: str, where: str) -> None:
    field_name, _, tag = name.partition(".")
    if field_name in NAMES and (not tag or (field_name in LOCALISABLE and locale_tag(tag) == tag)):
        return
    near = difflib.get_close_matches(field_name, NAMES, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near and near[0] != field_name else ""
    raise SheetError(
        f"the column map fills {name!r}, which is no column of ours",
        where=where,
        remedy=f"{hint}the names are {', '.join(NAMES)}; a translation is product.de",
    )


def _place(header: tuple[str, ...], name: str, source: str, where: str) -> int:
    exact = [index for index, title in enumerate(header) if title.strip() == source.strip()]
    loose = [index for index, title in enumerate(header) if folded(title) == folded(source)]
    if exact or loose:
        return (exact or loose)[0]
    near = difflib.get_close_matches(source, header, n=1, cutoff=0.4)
    hint = f"the nearest is {near[0]!r}; " if near else ""
    raise SheetError(
        f"the column map takes {name!r} from {source!r}, which is no column of this sheet",
        where=where,
        remedy=f"{hint}the columns are {_listed(header)}",
    )


def _columns(
    header: tuple[str, ...], preset: Preset, mapped: Mapping[int, str]
) -> tuple[Column, ...]:
    names = {index: _meaning(title, preset, mapped.get(index, ""))
             for index, title in enumerate(header)}  # fmt: skip
    best = _best_places(names)
    kept = [index for index, title in enumerate(header)
            if index in mapped or folded(title) not in preset.ignored_headers]  # fmt: skip
    # The surest name comes first: the first filled cell of a field is taken.
    kept.sort(key=lambda index: (names[index].rank, index))
    return tuple(_column(header, index, names[index], best) for index in kept)


def _column(
    header: tuple[str, ...], index: int, meaning: _Meaning, best: Mapping[tuple[str, str], int]
) -> Column:
    name, locale = _settled(meaning, index, best)
    behind = header[best[meaning.field, meaning.locale]] if meaning.field and not name else ""
    return Column(index, header[index], name, locale, behind)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a header may mean; a lower `rank` is surer."""

    field: str = ""
    locale: str = ""
    rank: int = 0


_OF_OTHERS = 1_000  # our own names rank behind those of a preset


def _meaning(title: str, preset: Preset, mapped: str) -> _Meaning:
    if mapped:
        base, _, tag = mapped.partition(".")
        return _Meaning(base, tag, -1)
    key = folded(title)
    if key in preset.by_header and preset is not HANDBILL:
        name, rank = preset.by_header[key]
        return _Meaning(name, "", rank)
    if name := field_of(title):
        own, rank = HANDBILL.by_header.get(key, (name, 0))
        return _Meaning(own, "", _OF_OTHERS + rank)
    name, locale = localised_field(title)
    if not name and (remarked := bracketed_field(title)):
        return _Meaning(remarked, "", 2 * _OF_OTHERS)
    return _Meaning(name, locale)


_MANY = frozenset({"image", "more_images"})


def _best_places(names: Mapping[int, _Meaning]) -> dict[tuple[str, str], int]:
    """Field and locale → the column that fills it: the surest name, the first of equals."""
    best: dict[tuple[str, str], int] = {}
    for index, meaning in names.items():
        key = (meaning.field, meaning.locale)
        if key not in best or meaning.rank < names[best[key]].rank:
            best[key] = index
    return best


def _settled(
    meaning: _Meaning, index: int, best: Mapping[tuple[str, str], int]
) -> tuple[str, str]:
    chosen = best.get((meaning.field, meaning.locale)) == index
    # Of several columns that a preset knows for one field, the first that is filled serves.
    several = meaning.field in _MANY or 0 <= meaning.rank < _OF_OTHERS
    return (meaning.field, meaning.locale) if chosen or several else ("", "")


def _without_product(header: tuple[str, ...], where: str) -> SheetError:
    if not any(map(known_header, header)) and len(header) > 1:
        return SheetError(
            f"no row names the columns; the first one is {_listed(header)}",
            where=where,
            remedy="write a header above the products (product, price, url, …), or map your own"
            ' headers in campaign.toml: [columns] product = "…"',
        )
    ours = [name for names in (NAMES["product"],) for name in names]
    folds = {folded(title): title for title in header if folded(title)}
    near = next(
        (folds[key] for name in ours
         for key in difflib.get_close_matches(folded(name), folds, n=1, cutoff=0.6)),
        "",
    )  # fmt: skip
    if len(header) == 1 and (mark := next((m for m in "，；、" if m in header[0]), "")):
        return SheetError(
            f"the columns are parted by {mark!r}, which no spreadsheet takes as a separator",
            where=where,
            remedy="part them by ordinary commas, semicolons or tabs",
        )
    advice = f"if {near!r} holds the names, call it" if near else "call the column of the names"
    mapping = f'[columns] product = "{near or "…"}"'
    return SheetError(
        f"no column holds the product's name; the columns are {_listed(header)}",
        where=where,
        remedy=f"{advice} 'product', or map it in campaign.toml: {mapping}",
    )


def _listed(header: tuple[str, ...], most: int = 20) -> str:
    shown = ", ".join(repr(title[:40]) for title in header[:most])
    return f"{shown} and {len(header) - most} more" if len(header) > most else shown or "(none)"


def _header_faults(
    columns: tuple[Column, ...], preset: Preset, file: str, worksheet: str, row: int
) -> list[Problem]:
    seen: dict[str, Column] = {}
    faults: list[Problem] = []
    for column in columns:
        first = seen.setdefault(folded(column.header), column)
        fault = _header_fault(column, first, preset)
        if fault:
            code, message, remedy = fault
            faults.append(
                Problem(
                    code=code, message=message, remedy=remedy, file=file, worksheet=worksheet,
                    row=row, column=column.header, value=column.header, rejects=False,
                )
            )  # fmt: skip
    return faults


def _header_fault(column: Column, first: Column, preset: Preset) -> tuple[str, str, str] | None:
    if column.field in _MANY or column.locale:
        return None
    if first is not column and folded(column.header):
        return (
            "column.repeated",
            f"two columns are called {column.header!r}; the first one is used",
            "delete one of them, or give it a name of its own",
        )
    if column.behind:
        return (
            "column.second",
            f"{column.behind!r} is used, and {column.header!r}, which means the same, is not",
            "delete one of them, or say in [columns] of campaign.toml which one is meant",
        )
    if not column.field and preset is HANDBILL and (near := _nearest(column.header)):
        return (
            "column.unknown",
            f"{column.header!r} is no column of ours; it is kept for templates only",
            f"did you mean {near!r}?",
        )
    return None


def _nearest(header: str) -> str:
    key = folded(header)
    if len(key) < 4:  # noqa: PLR2004 - three letters are near to too much
        return ""
    ours = {folded(names[0]): names[0] for names in NAMES.values()}
    near = difflib.get_close_matches(key, ours, n=1, cutoff=_NEAR)
    return ours[near[0]] if near and near[0] != key else ""
