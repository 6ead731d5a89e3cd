"""Work on a campaign that another machine has begun: make slices of it until none is left."""

from __future__ import annotations

from typing import Any

from prefect import flow, unmapped
from prefect.task_runners import ThreadPoolTaskRunner

from handbill.studio import open_studio
from tasks.publish_progress import publish_progress
from tasks.work_shard import MOST_LANES, lanes, taking_part, work_shard

_RUNNER: Any = ThreadPoolTaskRunner(max_workers=MOST_LANES)


@flow(
    name="make-shard",
    flow_run_name="{campaign}: machine {machine}",
    description=__doc__,
    task_runner=_RUNNER,
    persist_result=False,
    log_prints=False,
)
def make_shard(parcel: str, run: str, machine: int = 1, campaign: str = "a campaign") -> int:
    """Take slices that nobody holds, make them, and leave them in the shared store.

    Args:
        parcel: Digest of the campaign in the shared store, as make-campaign names it.
        run: The make-campaign run that waits for the slices.
        machine: Number of this machine among those that work on the run, from 1.
        campaign: Its name, for the name of this run.

    Returns:
        How many slices were made here.
    """
    del campaign, machine  # they stand in the name of this run
    with taking_part(parcel, run) as (request, plan_digest), publish_progress(open_studio()):
        part: Any = {"request": unmapped(request), "plan_digest": unmapped(plan_digest)}
        made: list[int] = work_shard.map(**part, run=unmapped(run), lane=lanes()).result()
    return sum(made)
