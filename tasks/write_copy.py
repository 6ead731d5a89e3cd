"""Write the copy of one slice of orders."""

from __future__ import annotations

from prefect import task

from handbill.press.request import RunRequest
from handbill.press.run import write_copy_slip
from handbill.studio import open_studio
from tasks._policy import policy


@task(**policy("write_copy"), task_run_name="copy {number}")
def write_copy(request: RunRequest, plan_digest: str, number: int) -> str:
    """The copy of slice `number`; the answer is the digest of its slip."""
    studio = open_studio()
    docket = studio.docket(request, plan_digest)
    return write_copy_slip(studio.equip(docket), docket, number)
