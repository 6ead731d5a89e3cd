"""Pack what a run has finished when it is cancelled."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime

from prefect.logging import get_run_logger

from handbill.press.outcome import Reading, RunFacts, RunResult
from handbill.press.request import RunRequest
from handbill.press.run import finished_so_far
from handbill.studio import open_studio

# Prefect kills a cancelled run after thirty seconds.
_LOOK_FOR_S = 10.0


def pack_finished(
    request: RunRequest, reading: Reading, slips: Mapping[int, str], started: str
) -> RunResult:
    """Begin nothing more, and pack what is there; the rest of the orders counts as not made.

    Args:
        request: what was asked for.
        reading: what `read_sheet` found.
        slips: number → finished slip, of the slices that are through.
        started: when the run began, ISO 8601.
    """
    get_run_logger().info("cancelled: packing what is finished")
    studio = open_studio()
    docket = studio.docket(request, reading.plan_digest)
    equipment = studio.equip(docket)
    studio.stop(finishing=True)
    until = time.monotonic() + _LOOK_FOR_S
    every = finished_so_far(equipment, docket, slips, lambda: time.monotonic() > until)
    ended = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds")
    facts = RunFacts(started=started, ended=ended, orchestrated=True)
    return studio.pack(request, reading, every, facts)
