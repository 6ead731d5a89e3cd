"""`handbill check`: reads everything and prints every problem at once."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from handbill.channels import Catalogue, load_catalogue
from handbill.cli.options import (
    OrderingCommand,
    json_option,
    request_from,
    request_options,
    with_input,
)
from handbill.cli.speech import count_of, kept_out, say, show, show_json
from handbill.domain.finding import Problem
from handbill.errors import EXIT_MADE, EXIT_WITH_FAULTS, UserError
from handbill.press.docket import sheet_options
from handbill.press.reading import Inspection, inspect_campaign
from handbill.sheets import annotate_sheet

# More of one kind are counted, not shown, unless --all is given.
_FEW = 5


@click.command("check", cls=OrderingCommand)
@request_options
@click.option("--all", "everything", is_flag=True, help="Print every problem, not the first few.")
@click.option(
    "--annotate",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a copy of the sheet with a status and a message for every row.",
)
@json_option
def command(
    *, target: str, everything: bool, annotate: Path | None, as_json: bool, **choices: Any
) -> int:
    """Read campaign, brand, placements and sheet; print every problem at once.

    TARGET is a campaign folder or a sheet. Nothing is made and nothing is spent.
    """
    request = request_from(with_input(target) if annotate else target, **choices)
    catalogue = load_catalogue()
    inspection = inspect_campaign(request, catalogue)
    if annotate:
        _annotate(inspection, catalogue, annotate)
    if as_json:
        show_json(_facts(inspection))
    else:
        _print(inspection, everything=everything)
    if inspection.faults:
        return inspection.faults[0].exit_code
    return EXIT_WITH_FAULTS if inspection.rejected else EXIT_MADE


def _annotate(inspection: Inspection, catalogue: Catalogue, out: Path) -> None:
    """Write the annotated copy, unless there is no sheet to copy."""
    campaign = inspection.campaign
    if campaign is None or not Path(campaign.sheet).is_file():
        say("no copy was written: there is no single sheet to annotate")
        return
    options = sheet_options(campaign, catalogue)
    say(f"annotated: {annotate_sheet(Path(campaign.sheet), inspection.problems, out, options)}")


def _facts(inspection: Inspection) -> dict[str, object]:
    return {
        "campaign": inspection.campaign.name if inspection.campaign else "",
        "briefs": inspection.briefs,
        "rejected": inspection.rejected,
        "faults": [_fault(fault) for fault in inspection.faults],
        "problems": inspection.problems,
    }


def _fault(fault: UserError) -> dict[str, object]:
    return {
        "kind": type(fault).__name__,
        "exit_code": fault.exit_code,
        "what": fault.what,
        "where": fault.where,
        "remedy": fault.remedy,
    }


def _print(inspection: Inspection, *, everything: bool) -> None:
    for fault in inspection.faults:
        show(str(fault), style="bad")
        show()
    for group in _by_code(inspection.problems):
        for line in problem_lines(group, len(group) if everything else _FEW):
            for piece in fitted(line, _columns()):
                show(piece)
        show()
    show(_verdict(inspection), style="bad" if inspection.faults else "")


def _verdict(inspection: Inspection) -> str:
    found = [count_of(inspection.briefs, "brief") + " can be made"]
    if inspection.rejected:
        found.append(kept_out(inspection.rejected))
    remarks = len(inspection.problems) - inspection.rejected
    if remarks:
        found.append(count_of(remarks, "remark"))
    if inspection.faults:
        found = [count_of(len(inspection.faults), "fault") + " must be mended first"]
    return ", ".join(found)


def problem_lines(problems: Sequence[Problem], few: int) -> Iterable[str]:
    """Problems of one kind: where, what, remedy once, and how many more there are."""
    first = problems[0]
    kind = "rejected" if first.rejects else "remark"
    yield f"{first.code} ({kind}, {len(problems):,}×)"
    for problem in problems[:few]:
        yield f"  {_place(problem)}: {problem.message}"
    if len(problems) > few:
        yield f"  … and {len(problems) - few:,} more (--all shows them)"
    for remedy in dict.fromkeys(problem.remedy for problem in problems[:few] if problem.remedy):
        yield f"  → {remedy}"


def fitted(line: str, columns: int) -> list[str]:
    """`line` in lines of at most `columns` signs, later ones set in; 0 leaves it whole."""
    if not columns or len(line) <= columns:
        return [line]
    inset = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.wrap(
        line, columns, subsequent_indent=inset, break_long_words=False, break_on_hyphens=False
    )


def _columns() -> int:
    """The width of the terminal; 0 where there is none, so that other programs get whole lines."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def _place(problem: Problem) -> str:
    parts = [problem.file]
    if problem.worksheet:
        parts.append(f"worksheet {problem.worksheet!r}")
    if problem.row:
        parts.append(f"row {problem.row}")
    if problem.column:
        parts.append(f"column {problem.column!r}")
    return ", ".join(parts)


def _by_code(problems: Iterable[Problem]) -> list[list[Problem]]:
    groups: dict[str, list[Problem]] = {}
    for problem in sorted(problems, key=lambda one: (not one.rejects, one.code)):
        groups.setdefault(problem.code, []).append(problem)
    return list(groups.values())
