"""Where the status of a run goes beside the user's sheet, and writing it there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from handbill.bundling.status_worksheet import takes_worksheet, write_worksheet
from handbill.bundling.write_back import StatusReport, as_rows, status_lines, write_status
from handbill.domain.asset import Outcome
from handbill.domain.campaign import Campaign
from handbill.errors import SheetError
from handbill.press.docket import Docket
from handbill.settings import read_settings

FILE, WORKSHEET = "file", "worksheet"
_SUFFIX = ".handbill.csv"


def status_file(campaign: Campaign, bundle: Path) -> Path:
    """``products.handbill.csv`` beside ``products.xlsx``.

    A sheet from the web, or one that was piped or pasted in, has it in the campaign's folder, and
    without one beside the bundle. A pattern of several sheets has it in a folder of its own, where
    the pattern does not find it.
    """
    sheet = Path(campaign.sheet)
    if _is_kept(sheet):
        around = Path(campaign.folder)
        own = (around / "campaign.toml").is_file()
        return (around if own else bundle.parent) / f"{sheet.stem}{_SUFFIX}"
    if sheet.is_file():
        return sheet.with_name(f"{sheet.stem}{_SUFFIX}")
    name = "".join(letter if letter.isalnum() else "-" for letter in campaign.name)
    return Path(campaign.folder) / "handbill-status" / f"{name}{_SUFFIX}"


def refuse_unfit(docket: Docket) -> None:
    """Say before anything is made that the sheet takes no worksheet.

    Raises:
        SheetError: a worksheet is wanted in a sheet that is no workbook.
    """
    sheet = Path(docket.campaign.sheet)
    if docket.write_back == WORKSHEET and _is_kept(sheet):
        raise SheetError(
            "the sheet is a copy that was fetched or piped in, so a worksheet would reach nobody",
            where=sheet.name,
            remedy="use --write-back, which keeps a file beside the campaign or the bundle",
        )
    if docket.write_back == WORKSHEET and not (sheet.is_file() and takes_worksheet(sheet)):
        raise SheetError(
            "only an XLSX or XLSM workbook takes a worksheet with the status",
            where=str(sheet),
            remedy="use --write-back, which keeps a file beside the sheet",
        )


def write_back(docket: Docket, outcomes: Mapping[str, Outcome], bundle: Path) -> str:
    """Write how the run ended beside the sheet or into it; where, or empty when not asked for.

    The file keeps the lines of rows that were not part of the run; the worksheet holds those of
    this run alone.

    Raises:
        BundleError: the place cannot be written to; the bundle itself is packed.
    """
    if not docket.write_back:
        return ""
    report = StatusReport(
        plan=docket.plan,
        outcomes=outcomes,
        problems=docket.problems,
        bundle=bundle,
        whole=docket.whole,
    )
    if docket.write_back == WORKSHEET:
        return str(write_worksheet(Path(docket.campaign.sheet), as_rows(status_lines(report))))
    target = status_file(docket.campaign, bundle)
    target.parent.mkdir(exist_ok=True)
    return os.path.normpath(write_status(report, target))


def _is_kept(sheet: Path) -> bool:
    """Whether the sheet is Handbill's own copy of one that lies elsewhere."""
    home = read_settings().home
    return any(sheet.is_relative_to(home / folder) for folder in ("sheets", "pasted"))
