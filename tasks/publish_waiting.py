"""Publish the list of everything that waits for a person."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from prefect import task

from handbill.domain.review import Proof
from handbill.studio import open_studio
from tasks._artifacts import show_markdown, show_table
from tasks._policy import policy

ROWS_SHOWN = 300
_HOW = (
    "Approve a run that waits with its *Resume* button, fill in the `approvals.csv` beside the "
    "report, or start this flow again with keys from the table `waiting`."
)


@task(**policy("publish_waiting"), task_run_name="publish what waits")
def publish_waiting(campaign: str) -> int:
    """Publish what waits, of one campaign if named; how much that is."""
    waiting = open_studio().reviews().waiting(campaign)
    show_markdown("review", waiting_words(waiting), "What waits for a person")
    if waiting:
        show_table("waiting", waiting_rows(waiting), "Keys for approvals, and what they mean")
    return len(waiting)


def waiting_rows(waiting: tuple[Proof, ...]) -> list[dict[str, str | int]]:
    """A row a proof, the first ones."""
    return [
        {
            "key": proof.short_key,
            "campaign": proof.campaign,
            "product": proof.product,
            "placement": proof.placement,
            "locale": proof.locale,
            "account": proof.account,
            "text": proof.text,
        }
        for proof in waiting[:ROWS_SHOWN]
    ]


def waiting_words(waiting: tuple[Proof, ...]) -> str:
    """Markdown: where to look, campaign by campaign."""
    if not waiting:
        return "# Nothing waits for a review"
    places = Counter((proof.campaign, proof.folder) for proof in waiting)
    lines = ["# Waiting for a review", ""]
    for (campaign, folder), number in places.items():
        report = Path(folder) / "report.html"
        lines += [f"- {campaign}: {number:,} orders", "", f"      {report}", ""]
    return "\n".join([*lines, _HOW])
