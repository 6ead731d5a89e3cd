"""Rows that belong to one product, put together: Shopify's handles, WooCommerce's variations."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from decimal import Decimal

from handbill.domain.finding import Problem
from handbill.sheets.amounts import NotAnAmount, parse_amount
from handbill.sheets.rows import Cell, RawBrief
from handbill.sheets.tables import Table

_OPTIONS = ("option1", "option2", "option3")
_VARIATIONS = frozenset({"variation", "child"})
# Products that are held back for variations that may follow.
_MOST_WAITING = 20_000
_VALUES = re.compile(r"\s*,\s*")


def gathered(
    rows: Iterator[RawBrief | Problem], table: Table, grouped: str
) -> Iterator[RawBrief | Problem]:
    """One `RawBrief` a product.

    Args:
        rows: from `rows.sorted_rows`.
        table: for the places of problems.
        grouped: ``handle``, ``parent``, or empty when every row is a product.
    """
    if grouped == "handle":
        return _by_handle(rows, table)
    if grouped == "parent":
        return _by_parent(rows, table)
    return rows


def _by_handle(rows: Iterator[RawBrief | Problem], table: Table) -> Iterator[RawBrief | Problem]:
    """Rows of one handle stand together."""
    group: list[RawBrief] = []
    for row in rows:
        if isinstance(row, Problem):
            yield row
        elif group and _belongs_to_handle(row, group[0]):
            group.append(row)
        else:
            yield from _merged(group, table)
            group = [row]
    yield from _merged(group, table)


def _by_parent(rows: Iterator[RawBrief | Problem], table: Table) -> Iterator[RawBrief | Problem]:
    """Variations stand anywhere below their parent: exports often put them behind all parents."""
    waiting: deque[list[RawBrief]] = deque()
    parents: dict[str, list[RawBrief]] = {}
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        if family := _family(row, parents, table):
            family.append(row)
            continue
        waiting.append([row])
        for key in _keys(row):
            parents[key] = waiting[-1]
        if len(waiting) > _MOST_WAITING:
            gone = waiting.popleft()
            for key in _keys(gone[0]):
                parents.pop(key, None)
            yield from _merged(gone, table)
    for group in waiting:
        yield from _merged(group, table)


def _family(
    row: RawBrief, parents: Mapping[str, list[RawBrief]], table: Table
) -> list[RawBrief] | None:
    """The rows that a variation joins, or None for a product of its own."""
    parent = row.text("parent")
    if not parent or row.text("kind").lower() not in _VARIATIONS:
        return None
    if parent not in parents:
        row.faults.append(_orphan(row, table))
    return parents.get(parent)


def _keys(row: RawBrief) -> list[str]:
    """The names by which variations call their parent."""
    number = row.text("number")
    return [key for key in (row.text("id"), f"id:{number}" if number else "") if key]


def _orphan(row: RawBrief, table: Table) -> Problem:
    cell = row.cells["parent"]
    return Problem(
        code="row.no_parent",
        message=f"no row above is its parent {cell.text.strip()[:80]!r}; it is made all the same",
        remedy="export the parent as well, above its variations",
        file=table.file, worksheet=table.worksheet, row=row.row, column=cell.column,
        value=cell.text[:200], rejects=False,
    )  # fmt: skip


def _belongs_to_handle(row: RawBrief, first: RawBrief) -> bool:
    handle = row.text("id")
    return handle == first.text("id") and (bool(handle) or "product" not in row.cells)


def _merged(group: list[RawBrief], table: Table) -> Iterator[RawBrief]:
    if not group:
        return
    first = group[0]
    _order_pictures(group)
    _merge_prices(group, table)
    _merge_options(group)
    for row in group[1:]:
        for name, cell in row.cells.items():
            first.cells.setdefault(name, cell)
        for name, texts in row.translations.items():
            for locale, cell in texts.items():
                first.translations.setdefault(name, {}).setdefault(locale, cell)
        for name, text in row.extras.items():
            first.extras.setdefault(name, text)
        first.faults.extend(row.faults)
    yield first


def _order_pictures(group: list[RawBrief]) -> None:
    """All pictures of the group, by their position where one is given, each once."""
    placed: list[tuple[int, int, Cell]] = []
    for row in group:
        position = row.text("image_position")
        rank = int(position) if position.isdecimal() else 1_000_000
        placed += [(rank, len(placed) + n, cell) for n, cell in enumerate(row.pictures)]
        if variant := row.cells.pop("variant_image", None):
            placed.append((2_000_000, len(placed), variant))
    seen: dict[str, Cell] = {}
    for _, _, cell in sorted(placed, key=lambda item: item[:2]):
        seen.setdefault(cell.text.strip(), cell)
    group[0].pictures = list(seen.values())


def _merge_prices(group: list[RawBrief], table: Table) -> None:
    """The lowest price of all variants, together with its own compare-at price."""
    priced = [(amount, row) for row in group if (amount := _price(row)) is not None]
    if not priced:
        return
    lowest = min(priced, key=lambda item: item[0])[1]
    highest = max(priced, key=lambda item: item[0])[1]
    # A price that cannot be read is kept, to be judged: it rejects the product.
    lowest = next((row for row in group if _shown(row) and _price(row) is None), lowest)
    first = group[0]
    if _price(lowest) is not None and _price(lowest) != _price(highest):
        cell = lowest.cells.get("sale_price") or lowest.cells["price"]
        first.faults.append(
            Problem(
                code="price.varies",
                message=f"the variants cost {_shown(lowest)!r} to {_shown(highest)!r};"
                " the lowest price is used",
                remedy="give the variant that you want to show a row (and handle) of its own",
                file=table.file, worksheet=table.worksheet, row=cell.row, column=cell.column,
                value=cell.text, rejects=False,
            )
        )  # fmt: skip
    own = {name: lowest.cells.get(name) for name in ("price", "sale_price", "compare_at_price")}
    for row in group:
        for name in own:
            row.cells.pop(name, None)
    first.cells.update({name: cell for name, cell in own.items() if cell})


def _shown(row: RawBrief) -> str:
    return row.text("sale_price") or row.text("price")


def _price(row: RawBrief) -> Decimal | None:
    text = _shown(row)
    try:
        return parse_amount(text, machine=True).value if text else None
    except NotAnAmount:
        return None


def _merge_options(group: list[RawBrief]) -> None:
    """Every option as an extra: its name → the values that the variants have."""
    first = group[0]
    for option in _OPTIONS:
        name = first.text(f"{option}_name")
        values: dict[str, None] = {}
        for row in group:
            # A parent lists all of them in one cell.
            for value in _VALUES.split(row.text(f"{option}_value")):
                values.setdefault(value)
            for part in ("name", "value"):
                row.cells.pop(f"{option}_{part}", None)
        values.pop("", None)
        if name and values and list(values) != ["Default Title"]:
            first.extras.setdefault(name, ", ".join(values))
