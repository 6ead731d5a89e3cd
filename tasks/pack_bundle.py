"""Pack the bundle of a run."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from prefect import task

from handbill.press.outcome import Reading, RunFacts, RunResult
from handbill.press.request import RunRequest
from handbill.studio import open_studio
from tasks._policy import policy


@task(**policy("pack_bundle"), task_run_name="pack {reading.campaign}")
def pack_bundle(
    request: RunRequest, reading: Reading, slips: list[str], started: str, run: str = ""
) -> RunResult:
    """Pack what the finished slips name; the answer is how the run ended.

    Args:
        request: what was asked for.
        reading: what `read_sheet` found.
        slips: digests of the finished slips, in the order of the slices.
        started: when the run began, ISO 8601.
        run: the run that can wait for a review and its round, or empty.
    """
    ended = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds")
    facts = RunFacts(started=started, ended=ended, orchestrated=True)
    return open_studio().pack(request, reading, slips, facts, run)
