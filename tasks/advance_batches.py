"""Bring a campaign's batches as far as they go today."""

from __future__ import annotations

from dataclasses import asdict

from prefect import task
from prefect.artifacts import create_table_artifact

from handbill.press.outcome import BatchFacts, Reading
from handbill.press.request import RunRequest
from handbill.studio import open_studio
from tasks._policy import policy


@task(**policy("advance_batches"), task_run_name="batches of {reading.campaign}")
def advance_batches(request: RunRequest, reading: Reading) -> list[BatchFacts]:
    """Collect what has come and hand in what is lacking; the batches that wait, as a table too.

    Args:
        request: what was asked for.
        reading: what `read_sheet` found.
    """
    batches = open_studio().advance_batches(request, reading)
    create_table_artifact(
        key="batches",
        table=[asdict(batch) for batch in batches],
        description="Batches that lie at a vendor",
    )
    return list(batches)
