"""Move a sheet whose run is over out of an inbox, with its problems beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import task
from prefect.logging import get_run_logger

from handbill.bundling.tables import problems_csv
from handbill.domain.finding import Problem
from handbill.errors import UserError
from handbill.press.inbox import MOST_TRIES, Inbox
from handbill.press.outcome import RunResult
from tasks._policy import policy


@task(**policy("file_sheet"), task_run_name="file {sheet.name}")
def file_sheet(inbox: Inbox, sheet: Path, ended: Any) -> str:
    """Move `sheet` to ``done`` or ``failed``; the answer says what became of it.

    Args:
        inbox: where it lies.
        sheet: its path.
        ended: the run's result, the fault that ended it, or None when no run was begun.
    """
    if isinstance(ended, RunResult):
        problems = (Path(ended.bundle) / "problems.csv").read_bytes() if ended.problems else b""
        place = inbox.file_away(sheet, well=ended.ready > 0, problems=problems)
        words = f"{sheet.name}: {ended.ready:,} of {ended.orders:,} orders are ready"
    else:
        problems = problems_csv([_as_problem(sheet, ended)])
        place = inbox.file_away(sheet, well=False, problems=problems)
        words = f"{sheet.name}: nothing was made"
    where = f"now {place}" if place else "it was changed meanwhile and is made again"
    get_run_logger().info("%s; %s", words, where)
    return f"{words}; {where}"


def _as_problem(sheet: Path, fault: Any) -> Problem:
    """What ended a run, as a fault of its sheet."""
    if isinstance(fault, UserError):
        message, remedy = fault.what, fault.remedy
    elif fault is None:
        message = f"{MOST_TRIES} runs of this sheet were ended from outside"
        remedy = "put it back to try again, in parts: a sheet of fewer rows"
    else:
        message, remedy = str(fault), "put the sheet back to try again; see the run in Prefect"
    return Problem(code="sheet.not_made", message=message, remedy=remedy, file=sheet.name)
