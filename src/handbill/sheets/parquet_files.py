"""Parquet through pyarrow, a batch of rows at a time, every value as it was stored."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from handbill.domain.finding import Problem
from handbill.errors import SheetError
from handbill.sheets.number_formats import shown_text
from handbill.sheets.tables import TableRow

_BATCH_ROWS = 4096
# pandas keeps its row labels in columns of these names.
_LABELS = re.compile(r"__index_level_\d+__")
# Digits that floats of 4 and 2 bytes hold for certain; more are noise of their binary form.
_SURE_DIGITS = {"float": 7, "halffloat": 3}
_NOT_TEXT = "cell.not_text"


def read_parquet(path: Path, file: str) -> Iterator[TableRow | Problem]:
    """A header row, then the rows of a Parquet file.

    Fields of a struct become columns of their own (``description.de``), as in JSON.

    Raises:
        SheetError: the file cannot be read.
    """
    import pyarrow as pa  # noqa: PLC0415 - takes 100 ms to load, and few sheets are Parquet
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    try:
        with pq.ParquetFile(path) as source:
            flat = _flat(source.schema_arrow.empty_table())
            kept = [n for n, name in enumerate(flat.column_names) if not _LABELS.fullmatch(name)]
            yield TableRow(1, tuple(flat.column_names[n] for n in kept))
            row_of = partial(_row, digits=[_SURE_DIGITS.get(str(flat.schema.types[n]), 0)
                                           for n in kept], file=file)  # fmt: skip
            number = 1
            for batch in source.iter_batches(batch_size=_BATCH_ROWS):
                table = _flat(pa.Table.from_batches([batch]))
                columns = [_values(table.column(n)) for n in kept]
                for values in zip(*columns, strict=True):
                    number += 1
                    yield row_of(number, values)
    except (pa.ArrowException, OSError) as fault:
        raise SheetError(
            f"the file is no Parquet that can be read ({str(fault)[:120]})",
            where=file,
            remedy="write it anew, or save the sheet as CSV",
        ) from None


def _flat(table: Any) -> Any:
    """The table with fields of structs as columns."""
    import pyarrow as pa  # noqa: PLC0415 - loaded by the caller

    while any(pa.types.is_struct(kind) for kind in table.schema.types):
        table = table.flatten()
    return table


def _values(column: Any) -> list[Any]:
    """A column as Python's values; moments to the microsecond, as Python has them."""
    import pyarrow as pa  # noqa: PLC0415 - loaded by the caller

    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return list(column.to_pylist())


def _row(number: int, values: Sequence[Any], digits: Sequence[int], file: str) -> TableRow:
    faults = tuple(
        (index, _not_text(number, value, file))
        for index, value in enumerate(values)
        if isinstance(value, bytes) and _decoded(value) is None
    )
    numbers = frozenset(
        index for index, value in enumerate(values) if isinstance(value, int | float | Decimal)
    )
    cells = tuple(map(_text, values, digits))
    return TableRow(number, cells, numbers=numbers, faults=faults)


def _text(value: Any, digits: int = 0) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN alone differs from itself
        return ""
    if isinstance(value, float) and digits:
        return shown_text(float(f"{value:.{digits}g}"), "")
    if isinstance(value, bytes):
        return _decoded(value) or ""
    return format(value, "f") if isinstance(value, Decimal) else _text_of_many(value)


def _text_of_many(value: Any) -> str:
    """Lists a line an entry, entries of maps as ``key: value``, objects as JSON."""
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    if isinstance(value, tuple):
        return ": ".join(map(_text, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return shown_text(value, "")


def _decoded(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _not_text(number: int, value: bytes, file: str) -> Problem:
    return Problem(
        code=_NOT_TEXT,
        message=f"the cell holds {len(value)} bytes that are no text",
        remedy="store texts as strings, and pictures as files whose paths stand in the sheet",
        file=file,
        row=number,
    )
