"""Status back to the sheet: a line for each row, beside the user's sheet or in a worksheet of it.

The user's own cells are never touched. Texts are guarded like those of Handbill's other lists, so
that opening the file runs nothing.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from handbill.bundling.cells import csv_bytes, unguarded
from handbill.bundling.contents import GOES_OUT
from handbill.bundling.staging import replace_file
from handbill.domain.asset import Outcome
from handbill.domain.finding import Finding, Problem
from handbill.domain.order import Order
from handbill.domain.plan import Plan

COLUMNS = (
    *("file", "worksheet", "row", "id", "product", "status", "orders", "ready", "bundle", "files"),
    *("findings", "cost_usd", "message"),
)
_NUMBERS = frozenset({"row", "orders", "ready"})
_READY = frozenset(status.value for status in GOES_OUT)
_MICROS = 1_000_000

Line = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """How a run ended, row by row.

    Attributes:
        bundle: absolute path of the bundle's folder.
        whole: every row of the sheet is in `plan` or in `problems`; lines of rows that are not
            are dropped, else they are kept.
    """

    plan: Plan
    outcomes: Mapping[str, Outcome]
    problems: tuple[Problem, ...]
    bundle: Path
    whole: bool


def status_lines(report: StatusReport) -> list[Line]:
    """A line for each row, in the order of the sheet; rejected rows are among them."""
    orders: dict[str, list[Order]] = {}
    for order in report.plan.orders:
        orders.setdefault(order.brief.id, []).append(order)
    lines = [_made_line(report, group) for group in orders.values()]
    made = {_place(line) for line in lines}
    rejected: dict[tuple[str, str, int], list[Problem]] = {}
    for problem in report.problems:
        place = (problem.file, problem.worksheet, problem.row)
        if problem.rejects and problem.row and place not in made:
            rejected.setdefault(place, []).append(problem)
    lines += [_rejected_line(place, found) for place, found in rejected.items()]
    return sorted(lines, key=_place)


def write_status(report: StatusReport, target: Path) -> Path:
    """Write the lines to `target` (``.csv``) in one step.

    Lines of rows that were not part of the run are kept, unless the run was of all rows.

    Raises:
        BundleError: the file cannot be written.
    """
    lines = status_lines(report)
    if not report.whole:
        lines = _merged(_read(target), lines)
    rows = ([_cell(line, name) for name in COLUMNS] for line in lines)
    replace_file(target, csv_bytes(COLUMNS, rows))
    return target


def as_rows(lines: Iterable[Line]) -> list[list[str | int]]:
    """Header and lines as rows of a worksheet."""
    return [list(COLUMNS), *([_cell(line, name) for name in COLUMNS] for line in lines)]


def _made_line(report: StatusReport, orders: Sequence[Order]) -> Line:
    brief, outcomes = orders[0].brief, [report.outcomes[order.key] for order in orders]
    counts = Counter(outcome.status.value for outcome in outcomes)
    messages = dict.fromkeys(outcome.message for outcome in outcomes if outcome.message)
    findings = dict.fromkeys(_line(one) for outcome in outcomes for one in _findings(outcome))
    cost = sum(outcome.cost_usd_micros for outcome in outcomes)
    return {
        "file": brief.source.file,
        "worksheet": brief.source.worksheet,
        "row": str(brief.source.row),
        "id": brief.id,
        "product": brief.product,
        "status": _status(counts),
        "orders": str(len(orders)),
        "ready": str(sum(counts[status] for status in _READY)),
        "bundle": str(report.bundle),
        "files": "\n".join(dict.fromkeys(order.folder for order in orders)),
        "findings": "\n".join(findings),
        "cost_usd": f"{cost // _MICROS}.{cost % _MICROS:06d}",
        "message": "\n".join(messages),
    }


def _rejected_line(place: tuple[str, str, int], problems: Sequence[Problem]) -> Line:
    file, worksheet, row = place
    told = (f"[{one.code}] {one.column}: {one.message}. {one.remedy}" for one in problems)
    values = {"file": file, "worksheet": worksheet, "row": str(row), "status": "rejected"}
    values |= {"orders": "0", "ready": "0", "cost_usd": "0.000000"}
    values |= {"message": "\n".join(dict.fromkeys(told))}
    return {name: values.get(name, "") for name in COLUMNS}


def _status(counts: Counter[str]) -> str:
    """``made`` when all are ready, else every status with its count, the commonest first."""
    if len(counts) == 1:
        return next(iter(counts))
    if counts.keys() <= _READY:
        return "made"
    return ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))


def _findings(outcome: Outcome) -> Iterable[Finding]:
    yield from outcome.findings
    for asset in outcome.assets:
        yield from asset.findings


def _line(finding: Finding) -> str:
    return f"{finding.severity.value} {finding.code}: {' '.join(finding.message.split())}"


def _merged(old: Sequence[Line], new: Sequence[Line]) -> list[Line]:
    """The new lines, and the old ones of rows that the new ones do not speak of."""
    ids = {line["id"] for line in new if line["id"]}
    places = {_place(line) for line in new}
    kept = [line for line in old if line["id"] not in ids and _place(line) not in places]
    return sorted([*kept, *new], key=_place)


def _place(line: Line) -> tuple[str, str, int]:
    return line["file"], line["worksheet"], int(line["row"])


def _read(path: Path) -> list[Line]:
    """The lines of an earlier run; none when the file is not ours or is not whole."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        csv.field_size_limit(1 << 24)
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        numbers = [row[name] for row in rows for name in _NUMBERS]
        if not all(number.isdecimal() for number in numbers) or any(
            set(row) != set(COLUMNS) for row in rows
        ):
            return []
    except (OSError, ValueError, KeyError, AttributeError, csv.Error):
        return []
    return [{name: unguarded(row[name]) for name in COLUMNS} for row in rows]


def _cell(line: Line, name: str) -> str | int:
    return int(line[name]) if name in _NUMBERS else line[name]
