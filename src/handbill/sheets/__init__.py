"""Spreadsheets in: any file that a marketer has becomes briefs, and problems with their places."""

from __future__ import annotations

from handbill.sheets.annotating import annotate_sheet
from handbill.sheets.options import SheetContents, SheetOptions
from handbill.sheets.outlining import outline_sheet
from handbill.sheets.reading import iter_sheet, read_sheet, read_table
from handbill.sheets.standard_input import keep_input
from handbill.sheets.web_sheets import fetch_sheet

__all__ = [
    "SheetContents",
    "SheetOptions",
    "annotate_sheet",
    "fetch_sheet",
    "iter_sheet",
    "keep_input",
    "outline_sheet",
    "read_sheet",
    "read_table",
]
