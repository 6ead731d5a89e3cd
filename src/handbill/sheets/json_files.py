"""JSON and JSON Lines: an object is a row; numbers stay as they were typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handbill.domain.finding import Problem
from handbill.errors import SheetError
from handbill.sheets.encodings import encoding_of
from handbill.sheets.options import MAX_COLUMNS, MAX_JSON_BYTES
from handbill.sheets.tables import TableRow

_LIST_KEYS = ("products", "items", "rows", "briefs", "data", "records")
_DEEPEST = 4


def read_json_rows(path: Path, file: str, encoding: str) -> Iterator[TableRow | Problem]:
    """A header row, then a row for each object; row n is the n-th object after the header.

    Raises:
        SheetError: it is no JSON, or no list of objects.
    """
    if path.stat().st_size > MAX_JSON_BYTES:
        raise SheetError(
            f"the file has {path.stat().st_size} bytes; at most {MAX_JSON_BYTES} are read at once",
            where=file,
            remedy="write it as JSON Lines, which is read line by line",
        )
    text = path.read_text(encoding=encoding_of(path, encoding))
    try:
        content = _loaded(text)
    except (ValueError, RecursionError) as fault:
        raise SheetError(
            f"the file is no JSON: {fault}",
            where=file,
            remedy="if it holds an object a line, name it .jsonl; else export it anew",
        ) from None
    objects = _objects(content, file)
    keys = _keys((row for row in objects if isinstance(row, dict)), file)
    yield TableRow(1, tuple(keys))
    for number, value in enumerate(objects, start=2):
        yield _row(value, keys, file, number)


def read_json_lines(path: Path, file: str, encoding: str) -> Iterator[TableRow | Problem]:
    """The same from one object a line; row n is line n - 1.

    Raises:
        SheetError: the encoding is not known.
    """
    proved = encoding_of(path, encoding)
    with path.open(encoding=proved) as stream:
        keys = _keys((row for row in _lines(stream) if isinstance(row, dict)), file)
        yield TableRow(1, tuple(keys))
        stream.seek(0)
        for number, value in enumerate(_lines(stream), start=2):
            if value is not _BLANK_LINE:
                yield _row(value, keys, file, number)


class _Number(str):
    """A number as it was typed."""

    __slots__ = ()


_BLANK_LINE = object()


def _lines(stream: Iterator[str]) -> Iterator[object]:
    for line in stream:
        text = line.strip().lstrip("\ufeff")
        try:
            yield _loaded(text) if text else _BLANK_LINE
        except (ValueError, RecursionError) as fault:
            yield str(fault)


def _loaded(text: str) -> Any:
    return json.loads(
        text,
        parse_float=_Number,
        parse_int=_Number,
        parse_constant=str,
        object_pairs_hook=_object,
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, unless one of its keys stands twice: one of the values would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key in found if sum(key == name for name, _ in pairs) > 1)
        reason = f"the key {twice[:80]!r} stands twice in one object"
        raise ValueError(reason)
    return found


def _objects(content: Any, file: str) -> list[Any]:
    for _ in range(_DEEPEST):
        if isinstance(content, dict):
            content = _inner(content)
    if isinstance(content, list) and any(isinstance(row, dict) for row in content):
        if len(content) == 1 and _is_columns(content[0]):
            raise SheetError(
                "the file holds columns, not rows", where=file,
                remedy='write a list with one object for each product: [{"product": "…"}, …]',
            )  # fmt: skip
        return content
    raise SheetError("the file holds no list of objects", where=file,
                     remedy='write [{"product": "…"}, …]')  # fmt: skip


def _is_columns(only: dict[str, Any]) -> bool:
    """Whether an object is a table written column by column, as data programs do."""
    lengths = {len(value) for value in only.values() if isinstance(value, list | dict)}
    many = all(isinstance(value, list | dict) for value in only.values())
    return many and len(only) > 1 and len(lengths) == 1 and lengths != {1}


def _inner(content: dict[str, Any]) -> Any:
    """What a wrapper such as ``{"data": {"products": […]}}`` holds; else the one object itself."""
    named = [content[key] for key in _LIST_KEYS if isinstance(content.get(key), list | dict)]
    return named[0] if named else [content]


def _keys(objects: Iterator[dict[str, Any]], file: str) -> dict[str, None]:
    keys: dict[str, None] = {}
    for row in objects:
        keys.update(dict.fromkeys(_flat(row)))
        if len(keys) > MAX_COLUMNS:
            raise SheetError(
                f"the objects have more than {MAX_COLUMNS} keys",
                where=file,
                remedy="keep the keys that say something about the product",
            )
    return keys


def _row(value: object, keys: dict[str, None], file: str, number: int) -> TableRow | Problem:
    if not isinstance(value, dict):
        return Problem(
            code="row.not_an_object", message=f"this is no JSON object: {str(value)[:80]!r}",
            remedy='write {"product": "…"} with double quotes', file=file, row=number,
            value=str(value)[:200],
        )  # fmt: skip
    flat = _flat(value)
    cells = tuple(flat.get(key, "") for key in keys)
    numbers = frozenset(n for n, cell in enumerate(cells) if isinstance(cell, _Number))
    return TableRow(number, cells, numbers=numbers)


def _flat(row: dict[str, Any], before: str = "", depth: int = 0) -> dict[str, str]:
    """Nested objects as ``description.de``; lists as lines."""
    flat: dict[str, str] = {}
    for key, value in row.items():
        name = f"{before}{key}"
        if isinstance(value, dict) and depth < _DEEPEST:
            flat.update(_flat(value, f"{name}.", depth + 1))
        else:
            flat[name] = _text(value)
    return flat


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n".join(_text(item) for item in value)
    return json.dumps(value, ensure_ascii=False)
