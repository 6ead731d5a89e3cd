"""Make one slice of orders: copy, posters, films, checks."""

from __future__ import annotations

from typing import Any

from prefect import task
from prefect.runtime import task_run

from handbill.press.request import RunRequest
from handbill.press.run import make_slice as make_slice_slip
from handbill.studio import open_studio
from tasks._policy import policy


def slice_name() -> str:
    """Names a task run after its slice, which people count from 1."""
    parameters: Any = task_run.parameters
    return f"slice {parameters['number'] + 1} of {parameters['slices']}"


@task(**policy("make_slice"), task_run_name=slice_name)
def make_slice(request: RunRequest, plan_digest: str, number: int, slices: int) -> str:
    """Every step of slice `number`; the answer is the digest of its finished slip.

    Args:
        request: what was asked for.
        plan_digest: of the plan that `read_sheet` made.
        number: of the slice, from 0.
        slices: how many there are.
    """
    del slices  # it stands in the name of this task run
    studio = open_studio()
    docket = studio.docket(request, plan_digest)
    return make_slice_slip(studio.equip(docket), docket, number)
