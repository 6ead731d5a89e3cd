"""Tell Prefect what a run was found to be: its name with campaign and size, its tags."""

from __future__ import annotations

from prefect.client.orchestration import get_client
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from handbill.press.outcome import Reading


def publish_reading(reading: Reading) -> None:
    """Name the run after its campaign and its size, and tag it with the campaign."""
    name = f"{reading.campaign}: {_of(reading.briefs, 'product')}, {_of(reading.orders, 'order')}"
    tags = [*dict.fromkeys((*flow_run.tags, "handbill", reading.campaign))]
    with get_client(sync_client=True) as client:
        client.update_flow_run(flow_run.id, name=name, tags=tags)
    get_run_logger().info(
        "%s; %s of the sheet; the bundle goes to %s",
        name,
        _of(reading.problems, "problem"),
        reading.out,
    )


def _of(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
