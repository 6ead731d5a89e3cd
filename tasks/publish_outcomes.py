"""Publish how a run ended as artifacts: summary with pictures, tables, a link to the report."""

from __future__ import annotations

import base64
from collections import Counter
from pathlib import Path

from prefect import task
from prefect.logging import get_run_logger

from handbill.bundling.contact_picture import contact_picture
from handbill.bundling.report_entries import read_table
from handbill.domain.order import Status
from handbill.press.outcome import Reading, RunResult
from tasks._artifacts import clear_table, show_link, show_markdown, show_table
from tasks._policy import policy

_MESSAGES_SHOWN = 20
_ROWS_SHOWN = 100
_WHERE_THE_REPORT_IS = (
    "The report shows everything that was made. It is a file on the worker's machine: copy its "
    "path into the address bar of a browser there, or send the folder on."
)
_HOW_TO_REVIEW = (
    "press *Resume* where the run waits, fill in the `approvals.csv` beside the report, or use "
    "`handbill review`"
)
# Prefect keeps an artifact in its database and sends it whole with every look at the run.
_MOST_PICTURE_BYTES = 70_000


@task(**policy("publish_outcomes"), task_run_name="publish {reading.campaign}")
def publish_outcomes(reading: Reading, result: RunResult) -> None:
    """Publish what was made, what a person has to do, and where the report is."""
    bundle = Path(result.bundle)
    shown = Path(result.proofs) if result.waiting else bundle
    report = shown / "report.html"
    show_markdown("summary", summary(reading, result), "What was made")
    if picture := contact_picture(shown, _MOST_PICTURE_BYTES):
        show_markdown(
            "contact-sheet", _shown(picture, reading.campaign), "The first pictures of the bundle"
        )
    show_table(
        "outcomes", outcome_rows(result), f"Orders of {reading.campaign} by placement and status"
    )
    if result.waiting:
        show_table("waiting", waiting_rows(shown), "What waits for a review")
    else:
        clear_table("waiting", "Nothing waits for a review any more")
    if rows := finding_rows(bundle):
        words = "What the checks found; outcomes.csv in the bundle has every order"
        show_table("findings", rows, words)
    if problems := problem_rows(bundle):
        words = "Faults of the sheet; problems.csv in the bundle has them all"
        show_table("problems", problems, words)
    show_link(
        "report",
        report.as_uri(),
        str(report),
        "Browsers open no files from a page: copy this path into the address bar",
    )
    get_run_logger().info(
        "%s of %s orders are ready; report: %s", result.ready, result.orders, report
    )


def outcome_rows(result: RunResult) -> list[dict[str, str | int]]:
    """A row a placement: how many of its orders ended how."""
    return [
        {"placement": placement} | {status: counts.get(status, 0) for status in result.statuses}
        for placement, counts in result.by_placement.items()
    ]


def waiting_rows(proofs: Path) -> list[dict[str, str]]:
    """A row an order that waits: its key for approvals, and what it is."""
    columns = ("key", "product", "placement", "locale", "account", "variant", "text")
    waiting = read_table(proofs / "approvals.csv")[:_ROWS_SHOWN]
    return [{name: proof[name] for name in columns} for proof in waiting]


def finding_rows(bundle: Path) -> list[dict[str, str | int]]:
    """What the checks found, the same words in one row, what blocks first."""
    found: Counter[tuple[str, str, str]] = Counter()
    for order in read_table(bundle / "outcomes.csv"):
        for line in order["findings"].splitlines():
            severity, _, words = line.partition(" ")
            found[severity, order["placement"], words] += 1
        if order["message"] and order["status"] != Status.WAITING_FOR_REVIEW:
            found[order["status"], order["placement"], order["message"]] += 1
    ordered = sorted(found.items(), key=lambda one: (one[0][0] == "warn", -one[1], one[0]))
    return [
        {"kind": kind, "orders": orders, "placement": placement, "finding": words}
        for (kind, placement, words), orders in ordered[:_ROWS_SHOWN]
    ]


def problem_rows(bundle: Path) -> list[dict[str, str]]:
    """The faults of the sheet, row by row, with what to do."""
    columns = ("row", "column", "value", "message", "remedy", "rejects")
    problems = read_table(bundle / "problems.csv")[:_ROWS_SHOWN]
    return [{name: problem[name] for name in columns} for problem in problems]


def summary(reading: Reading, result: RunResult) -> str:
    """Markdown: what was made, where it is, and what a person has to do about the rest."""
    ready = f"**{result.ready:,} of {result.orders:,} orders are ready**"
    cost = f"${result.cost_usd_micros / 1_000_000:.2f}"
    lines = [
        f"# {_plain(reading.campaign)}",
        "",
        f"{ready} from {reading.briefs:,} products. Cost: {cost}.",
        "",
        *(f"- {status.replace('_', ' ')}: {n:,}" for status, n in result.statuses.items()),
        "",
        _WHERE_THE_REPORT_IS,
        "",
        f"    {Path(result.proofs if result.waiting else result.bundle) / 'report.html'}",
        *_to_do(result),
    ]
    return "\n".join(lines)


def _to_do(result: RunResult) -> list[str]:
    """What keeps orders from being ready, the commonest first."""
    lines = [f"- {count:,}× {_plain(text)}" for text, count in result.messages[:_MESSAGES_SHOWN]]
    if result.waiting:
        lines.append(f"- {result.waiting:,} orders wait for your review: {_HOW_TO_REVIEW}")
    if result.rejected:
        where = "correct the cells that the table `problems` names, and run again"
        lines.append(f"- {result.rejected:,} problems keep rows out: {where}")
    if result.edited:
        lines.append(f"- {len(result.edited):,} files that somebody changed were kept")
    return ["", "## To do", "", *lines] if lines else ["", "Nothing is left to do."]


def _plain(text: str) -> str:
    """Text from files on one line, in which no mark-up means anything."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|!" else letter for letter in text)


def _shown(picture: bytes, campaign: str) -> str:
    data = base64.b64encode(picture).decode()
    return f"# {_plain(campaign)}\n\n![contact sheet](data:image/jpeg;base64,{data})"
