"""``outcomes.csv`` and ``problems.csv``: the two lists that a person opens first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handbill.bundling.cells import csv_bytes
from handbill.bundling.contents import FinishedOrder
from handbill.domain.finding import Finding, Problem

OUTCOME_COLUMNS = (
    *("brief", "row", "product", "placement", "locale", "account", "audience", "variant"),
    *("status", "files", "findings", "cost_usd", "message", "order"),
)
PROBLEM_COLUMNS = (
    *("file", "worksheet", "row", "column", "value", "code", "message", "remedy", "rejects"),
)
_MICROS = 1_000_000


def outcomes_csv(
    finished: Iterable[FinishedOrder], files: dict[str, list[str]] | None = None
) -> bytes:
    """A line for each order, in the order of the plan.

    Args:
        finished: every order.
        files: order key → paths of its files in the bundle.

    Cells with several values hold one a line. A finding is ``block text.too_long [headline] …``.
    """
    paths = files or {}
    rows = [_outcome_row(one, paths.get(one.order.key, [])) for one in finished]
    return csv_bytes(OUTCOME_COLUMNS, rows)


def problems_csv(problems: Iterable[Problem]) -> bytes:
    """A line for each fault of the sheet; `rejects` says whether the row was left out."""
    rows = (
        (
            *(problem.file, problem.worksheet, problem.row or "", problem.column, problem.value),
            *(problem.code, problem.message, problem.remedy, "yes" if problem.rejects else "no"),
        )
        for problem in problems
    )
    return csv_bytes(PROBLEM_COLUMNS, rows)


def findings_of(finished: FinishedOrder) -> tuple[Finding, ...]:
    """Those of the order, then those of its files, each once."""
    of_files = (finding for asset in finished.outcome.assets for finding in asset.findings)
    return tuple(dict.fromkeys((*finished.outcome.findings, *of_files)))


def _outcome_row(finished: FinishedOrder, files: Sequence[str]) -> tuple[str | int, ...]:
    order, outcome = finished.order, finished.outcome
    return (
        *(order.brief.id, order.brief.source.row, order.brief.name_in(order.locale)),
        *(order.placement.id, order.locale, order.account, order.audience, order.variant),
        *(outcome.status.value, "\n".join(files)),
        "\n".join(_line(finding) for finding in findings_of(finished)),
        _usd(outcome.cost_usd_micros),
        *(outcome.message, order.key),
    )


def _line(finding: Finding) -> str:
    place = f" [{finding.field}]" if finding.field else ""
    message = " ".join(finding.message.split())
    return f"{finding.severity.value} {finding.code}{place} {message}"


def _usd(micros: int) -> str:
    """Dollars with all six decimals that may be needed and no binary rounding."""
    return f"{micros // _MICROS}.{micros % _MICROS:06d}"
