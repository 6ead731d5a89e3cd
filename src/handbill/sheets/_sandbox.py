"""Jinja for composed fields, with everything shut that a row of a sheet does not need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from typing_extensions import override

from handbill.errors import SheetError
from handbill.sheets.expressions import MAX_RESULT_CHARS, variable_name

_FILTERS = ("capitalize", "default", "first", "int", "join", "last", "length", "lower",
            "round", "title", "trim", "truncate", "upper")  # fmt: skip


class _ClosedEnvironment(ImmutableSandboxedEnvironment):
    """No globals, few filters, no operator and no method that multiplies text."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.tests = {name: self.tests[name] for name in ("defined", "undefined", "none")}

    @override
    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        reason = f"the operator {operator!r} is not taken"
        raise ValueError(reason)

    @override
    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False

    @override
    def is_safe_callable(self, obj: Any) -> bool:
        return False


class SandboxedExpression:
    """One compiled expression."""

    def __init__(self, source: str, where: str) -> None:
        try:
            self._template = _ClosedEnvironment().from_string(source)
        except TemplateError as fault:
            raise SheetError(
                f"{source!r} is no valid expression: {fault}",
                where=where,
                remedy='write it as {{ Brand }} {{ Model }} or {{ row["Brand name"] }}',
            ) from None

    def of(self, row: Mapping[str, str]) -> str:
        """The text for one row; see `expressions.Expression`."""
        names = {variable_name(header): text for header, text in row.items()}
        try:
            pieces = self._template.generate({**names, "row": dict(row)})
            return _joined(pieces)
        except (TemplateError, ValueError, TypeError, ArithmeticError, MemoryError) as fault:
            raise ValueError(str(fault)) from None


def _joined(pieces: Any) -> str:
    text = ""
    for piece in pieces:
        text += piece
        if len(text) > MAX_RESULT_CHARS:
            reason = f"the result is longer than {MAX_RESULT_CHARS} characters"
            raise ValueError(reason)
    return text.strip()
