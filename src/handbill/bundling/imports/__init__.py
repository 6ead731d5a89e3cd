"""Native import sheets: files that a platform's own bulk import takes.

One module a format, one line here. A format takes the orders that go out (never a blocked one)
and answers files with notes for the person who uploads them.
"""

from __future__ import annotations

from collections.abc import Sequence

from handbill.bundling.contents import FinishedOrder
from handbill.bundling.imports import google_ads_editor, handoff, pinterest_pins
from handbill.bundling.imports.format import ImportContext, ImportFile, ImportFormat

FORMATS: tuple[ImportFormat, ...] = (
    google_ads_editor.FORMAT,
    pinterest_pins.FORMAT,
    handoff.FORMAT,
)


def import_files(
    finished: Sequence[FinishedOrder], context: ImportContext
) -> tuple[ImportFile, ...]:
    """Every import file for the orders of `finished` that go out, in the registry's order."""
    outgoing = [one for one in finished if one.goes_out]
    files: list[ImportFile] = []
    for form in FORMATS:
        taken = [one for one in outgoing if form.takes(one)]
        if taken:
            files.extend(form.build(taken, context))
    return tuple(files)


def todo_lines(files: Sequence[ImportFile]) -> tuple[str, ...]:
    """The words of ``imports/todo.txt``."""
    lines: list[str] = []
    for file in files:
        lines += [f"{file.name} ({file.rows} rows)", *(f"  [ ] {step}" for step in file.steps)]
        if file.held_back:
            lines += ["  Left out of this sheet, and why:"]
            lines += [f"   -  {reason}" for reason in file.held_back]
        lines += [""]
    return tuple(lines)
