"""Composed fields of a column map: ``{{ Brand }} {{ Model }}``, in a closed sandbox."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from handbill.errors import SheetError

MAX_RESULT_CHARS = 20_000
_NO_NAME = re.compile(r"\W+")


class Expression(Protocol):
    """A composed field."""

    def of(self, row: Mapping[str, str]) -> str:
        """The field's text for one row of header → cell.

        Raises:
            ValueError: the expression fails on this row; the message says why.
        """
        ...


def parse_expression(source: str, where: str) -> Expression:
    """Read one expression.

    Cells stand under their header with every other sign made an underscore (``Brand name`` is
    ``Brand_name``), and whole under ``row["Brand name"]``. Statements (``{% … %}``) and
    multiplication, which can be made to eat the machine, are not taken.

    Raises:
        SheetError: it is no valid expression.
    """
    if "{%" in source or "{#" in source:
        raise SheetError(
            f"{source!r} holds a statement",
            where=where,
            remedy="use expressions alone: {{ Brand }} {{ Model }}",
        )
    # Jinja takes 50 ms to load and few sheets compose fields.
    from handbill.sheets._sandbox import SandboxedExpression  # noqa: PLC0415 - loads Jinja

    return SandboxedExpression(source, where)


def variable_name(header: str) -> str:
    """The name under which a column's cell stands in an expression."""
    name = _NO_NAME.sub("_", header.strip()).strip("_")
    return f"_{name}" if name[:1].isdigit() else name
