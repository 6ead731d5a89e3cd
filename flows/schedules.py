"""Schedules that people have switched on stay on when the deployments are set up anew.

python -m flows.schedules            prints the ids of deployments whose schedules are on
python -m flows.schedules ID ...     switches the schedules of these on
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from uuid import UUID

from prefect.client.orchestration import get_client


def switched_on() -> tuple[UUID, ...]:
    """The deployments whose schedules are on."""
    with get_client(sync_client=True) as client:
        known = client.read_deployments()
        return tuple(one.id for one in known if any(each.active for each in one.schedules))


def switch_on(deployments: Sequence[UUID]) -> None:
    """Switch every schedule of these deployments on."""
    with get_client(sync_client=True) as client:
        for deployment in deployments:
            for schedule in client.read_deployment_schedules(deployment):
                client.update_deployment_schedule(deployment, schedule.id, active=True)


def main(words: Sequence[str]) -> None:
    """Do what the command line says."""
    if words:
        switch_on([UUID(word) for word in words])
    else:
        sys.stdout.write(" ".join(map(str, switched_on())) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
