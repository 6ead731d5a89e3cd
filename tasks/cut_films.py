"""Cut the films of one slice of orders."""

from __future__ import annotations

from prefect import task

from handbill.press.request import RunRequest
from handbill.press.run import cut_films_slip
from handbill.studio import open_studio
from tasks._policy import policy


@task(**policy("cut_films"), task_run_name="films {number}")
def cut_films(request: RunRequest, plan_digest: str, number: int, copies: str) -> str:
    """The films of slice `number` from the slip `copies`; the digest of their own slip."""
    studio = open_studio()
    docket = studio.docket(request, plan_digest)
    return cut_films_slip(studio.equip(docket), docket, number, copies)
