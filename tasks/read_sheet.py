"""Read a campaign's sheet and plan its orders."""

from __future__ import annotations

from pathlib import Path

from prefect import task

from handbill.press.outcome import Reading
from handbill.press.request import RunRequest
from handbill.studio import open_studio
from tasks._policy import policy


@task(**policy("read_sheet"), task_run_name="read sheet")
def read_sheet(request: RunRequest, out: str) -> Reading:
    """Read and plan; the answer says how many slices there are and under which digest.

    Args:
        request: what to make.
        out: folder of the bundle, or empty for the campaign's own.
    """
    return open_studio().begin(request, Path(out) if out else None)
