"""Check, mark and finish one slice of orders."""

from __future__ import annotations

from prefect import task

from handbill.press.request import RunRequest
from handbill.press.run import finish_slip
from handbill.studio import open_studio
from tasks._policy import policy


@task(**policy("finish_assets"), task_run_name="checks {number}")
def finish_assets(
    request: RunRequest, plan_digest: str, number: int, copies: str, posters: str, films: str
) -> str:
    """Slice `number` from the slips of its three earlier steps; the digest of its own slip."""
    studio = open_studio()
    docket = studio.docket(request, plan_digest)
    return finish_slip(studio.equip(docket), docket, number, (copies, posters, films))
