"""Draw the posters of one slice of orders."""

from __future__ import annotations

from prefect import task

from handbill.press.request import RunRequest
from handbill.press.run import draw_posters_slip
from handbill.studio import open_studio
from tasks._policy import policy


@task(**policy("draw_posters"), task_run_name="posters {number}")
def draw_posters(request: RunRequest, plan_digest: str, number: int, copies: str) -> str:
    """The posters of slice `number` from the slip `copies`; the digest of their own slip."""
    studio = open_studio()
    docket = studio.docket(request, plan_digest)
    return draw_posters_slip(studio.equip(docket), docket, number, copies)
