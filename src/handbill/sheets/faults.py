"""Collects the problems of one row, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from handbill.domain.finding import Problem
from handbill.sheets.rows import Cell

_SHOWN_CHARS = 500


@dataclass(slots=True)
class RowFaults:
    """The problems of one row; `rejected` once one of them keeps the row from being made."""

    file: str
    worksheet: str
    row: int
    problems: list[Problem] = field(default_factory=list)

    @property
    def rejected(self) -> bool:
        """Whether the row must not be made."""
        return any(problem.rejects for problem in self.problems)

    def reject(self, code: str, cell: Cell | None, message: str, remedy: str) -> None:
        """Note a fault that keeps the row from being made."""
        self._add(code, cell, message, remedy, rejects=True)

    def warn(self, code: str, cell: Cell | None, message: str, remedy: str) -> None:
        """Note a fault that the row is made with."""
        self._add(code, cell, message, remedy, rejects=False)

    def _add(
        self, code: str, cell: Cell | None, message: str, remedy: str, *, rejects: bool
    ) -> None:
        self.problems.append(
            Problem(
                code=code,
                message=message,
                remedy=remedy,
                file=self.file,
                worksheet=self.worksheet,
                row=cell.row if cell else self.row,
                column=cell.column if cell else "",
                value=cell.text[:_SHOWN_CHARS] if cell else "",
                rejects=rejects,
            )
        )
