"""Make slices of a campaign that another machine has begun."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prefect import task
from prefect.runtime import flow_run

from handbill.press.run import expect_work, make_slice
from handbill.studio import open_studio
from tasks._policy import policy

# Slices under way at once: while one waits for its pixels the next one is written.
LANES = 2


@contextmanager
def taking_part(parcel: str, run: str) -> Iterator[None]:
    """Unpack the campaign, and show that this machine is alive for as long as the block lasts.

    Args:
        parcel: digest of the campaign in the shared store.
        run: the run that waits for its slices.
    """
    studio = open_studio()
    docket = studio.unpack(parcel)
    with studio.shared_work(run, len(docket.slices)) as work:
        work.show_life(str(flow_run.id))
        expect_work(studio.progress, docket)
        yield


@task(**policy("work_shard"), task_run_name="slices, lane {lane}")
def work_shard(parcel: str, run: str, machine: int, lane: int) -> int:
    """Make slices until none is left that nobody holds; answers how many were made here.

    Args:
        parcel: digest of the campaign in the shared store.
        run: the run that waits for its slices.
        machine: number of this machine, from 1; every machine begins elsewhere.
        lane: number of this task among those of this machine, from 0.
    """
    studio = open_studio()
    docket = studio.unpack(parcel)
    equipment = studio.equip(docket)
    slices = len(docket.slices)
    # Fractions that spread any number of machines well: 0, 1/2, 1/4, 3/4 …
    first = int(slices * int(f"{machine - 1:b}"[::-1], 2) / 2 ** len(f"{machine - 1:b}"))
    with studio.shared_work(run, slices) as work:
        return work.make(lambda number: make_slice(equipment, docket, number), first=first + lane)
