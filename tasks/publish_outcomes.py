"""Publish how a run ended as artifacts: a table, a summary, a link to the report."""

from __future__ import annotations

from pathlib import Path

from prefect import task
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_table_artifact,
)

from handbill.press.outcome import Reading, RunResult
from tasks._policy import policy

_MESSAGES_SHOWN = 20


@task(**policy("publish_outcomes"), task_run_name="publish {reading.campaign}")
def publish_outcomes(reading: Reading, result: RunResult) -> None:
    """Publish the counts by placement, a summary that says what to do, and the report's place."""
    report = Path(result.bundle) / "report.html"
    create_table_artifact(
        key="outcomes",
        table=outcome_rows(result),
        description=f"Orders of {reading.campaign} by placement and status",
    )
    create_markdown_artifact(
        key="summary", markdown=summary(reading, result), description="What was made"
    )
    create_link_artifact(key="report", link=report.as_uri(), link_text=f"Report: {report}")


def outcome_rows(result: RunResult) -> list[dict[str, str | int]]:
    """A row a placement: how many of its orders ended how."""
    return [
        {"placement": placement} | {status: counts.get(status, 0) for status in result.statuses}
        for placement, counts in result.by_placement.items()
    ]


def summary(reading: Reading, result: RunResult) -> str:
    """Markdown: what was made, where it is, and what a person has to do about the rest."""
    lines = [
        f"# {reading.campaign}",
        "",
        f"{result.ready:,} of {result.orders:,} orders are ready (briefs: {reading.briefs:,}).",
        "",
        f"- Bundle: `{result.bundle}`",
        f"- Report: `{Path(result.bundle) / 'report.html'}`",
        f"- Cost: ${result.cost_usd_micros / 1_000_000:.2f}",
    ]
    lines += [f"- {status}: {count:,}" for status, count in sorted(result.statuses.items())]
    if result.messages:
        lines += ["", "## To do", ""]
        lines += [f"- {count:,}× {text}" for text, count in result.messages[:_MESSAGES_SHOWN]]
    if result.rejected:
        lines += [
            "",
            f"{result.rejected:,} problems keep rows out; the bundle's `problems.csv` names each.",
        ]
    return "\n".join(lines)
