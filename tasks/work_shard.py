"""Make slices of a campaign that several machines work on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prefect import task
from prefect.runtime import flow_run

from handbill.press.request import RunRequest
from handbill.press.run import expect_work, make_slice
from handbill.studio import open_studio
from tasks._policy import policy

_FEWEST_LANES = 2
MOST_LANES = 6


def lanes() -> list[int]:
    """Slices under way at once here: while one waits for its pixels the next one is written."""
    return list(range(max(_FEWEST_LANES, min(open_studio().settings.workers, MOST_LANES))))


@contextmanager
def taking_part(parcel: str, run: str) -> Iterator[tuple[RunRequest, str]]:
    """Lay the campaign out, and show that this machine is alive for as long as the block lasts.

    Args:
        parcel: digest of the campaign in the shared store.
        run: the run that waits for its slices.

    Yields:
        What is to be made, and the digest of its plan.
    """
    studio = open_studio()
    sent = studio.unpack(parcel)
    docket = studio.docket(sent.request, sent.plan_digest)
    with studio.shared_work(run, docket, str(flow_run.id)) as work:
        work.show_life()
        expect_work(studio.progress, docket)
        yield sent.request, sent.plan_digest


@task(**policy("work_shard"), task_run_name="slices, lane {lane}")
def work_shard(request: RunRequest, plan_digest: str, run: str, lane: int) -> int:
    """Make slices until none is left that nobody holds; answers how many were made here.

    Args:
        request: what is to be made.
        plan_digest: of its plan.
        run: the run that waits for its slices.
        lane: number of this task among those of this machine, from 0.
    """
    del lane  # it stands in the name of this task
    studio = open_studio()
    docket = studio.docket(request, plan_digest)
    equipment = studio.equip(docket)

    def make(number: int) -> str:
        slip = make_slice(equipment, docket, number)
        # What a cancelled run left out is not made: this must not be noted as the whole slice.
        equipment.pixels.refuse_when_stopped()
        return slip

    with studio.shared_work(run, docket, str(flow_run.id)) as work:
        return work.make(make)
