"""Faults as values: a `Problem` of a row, a `Finding` of an asset."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`BLOCK` keeps an asset out of the bundle's imports; `WARN` is shown to a person."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A fault of one cell or row of a sheet.

    Attributes:
        code: dotted, stable, such as ``price.not_a_number``.
        message: what is wrong, with the value as `repr`.
        remedy: what the user can do.
        file: the sheet's file name as the user gave it.
        worksheet: the worksheet's name, or empty for flat files.
        row: 1-based line as a spreadsheet shows it (the header is row 1); 0 for the whole file.
        column: the header as the user wrote it, or empty.
        value: the cell as the user typed it.
        rejects: True when the row is not made; False when it is made with a warning.
    """

    code: str
    message: str
    remedy: str
    file: str
    worksheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    rejects: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """A fault of one asset.

    Attributes:
        code: dotted, stable, such as ``text.too_long``.
        severity: `Severity.BLOCK` or `Severity.WARN`.
        message: what was found, with the value, and what to do.
        field: the text field or file it concerns (``headline``, ``image.jpg``), or empty.
    """

    code: str
    severity: Severity
    message: str
    field: str = ""


def blocks(findings: tuple[Finding, ...]) -> bool:
    """Whether any of the findings keeps the asset from going out."""
    return any(finding.severity is Severity.BLOCK for finding in findings)
