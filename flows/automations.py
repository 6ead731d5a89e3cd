"""Prefect automations of the control room: ``python -m flows.automations [--webhook URL]``.

One marks runs crashed whose worker was lost. With a webhook, another tells people what they want
to know, in a form that Slack, Mattermost, Rocket.Chat and Google Chat understand. Both are put in
place again when this runs again.
"""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import CallWebhook, ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.types import SecretDict
from pydantic import SecretStr

from tasks._events import BUDGET, FINISHED, PROVIDER_DOWN, WAITING

LOST, TOLD = "Handbill: mark lost runs crashed", "Handbill: tell people"
_BLOCK = "handbill-people"
# Runs give a sign of life every thirty seconds; three are missed before one counts as lost.
_SILENT_FOR = timedelta(seconds=90)
_RUN = "prefect.flow-run."
# A run that ends or waits for a person gives no more signs of life, and is not lost.
_NO_MORE_SIGNS = (
    "Completed",
    "Failed",
    "Cancelled",
    "Cancelling",
    "Crashed",
    "Paused",
    "Suspended",
)


def lost_runs(silent_for: timedelta = _SILENT_FOR) -> Automation:
    """Marks a run crashed that gave signs of life and then none for `silent_for`."""
    signs = {f"{_RUN}heartbeat"}
    return Automation(
        name=LOST,
        description="A worker was killed or its machine was lost. Run the campaign again: what "
        "is finished is kept and not paid for twice.",
        trigger=EventTrigger(
            after=signs,
            expect=signs | {f"{_RUN}{name}" for name in _NO_MORE_SIGNS},
            match={"prefect.resource.id": f"{_RUN}*"},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=silent_for,
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                name="Crashed",
                force=False,
                message="its worker was lost; run it again, finished work is kept",
            )
        ],
    )


def people_told(block_document_id: UUID) -> Automation:
    """Calls a webhook with a sentence about what happened."""
    return Automation(
        name=TOLD,
        description="Sends a sentence to a webhook when a campaign is finished, waits for a "
        "review, reaches its budget, or its provider is down.",
        trigger=EventTrigger(
            expect={FINISHED, WAITING, BUDGET, PROVIDER_DOWN},
            match={"prefect.resource.id": "handbill.campaign.*"},
            posture=Posture.Reactive,
            threshold=1,
        ),
        actions=[
            CallWebhook(
                block_document_id=block_document_id,
                payload='{"text": {{ event.payload.message | tojson }}}',
            )
        ],
    )


def install(webhook: str = "") -> None:
    """Put the automations in place; one of an earlier time is replaced.

    Args:
        webhook: address that is told what happens; empty leaves things as they are.
    """
    replace(lost_runs())
    if webhook:
        headers = SecretDict({"Content-Type": "application/json"})
        block = Webhook(method="POST", url=SecretStr(webhook), headers=headers)
        saved: Any = block.save(_BLOCK, overwrite=True)
        replace(people_told(saved))


def replace(automation: Automation) -> None:
    """Put an automation in the place of any other of its name."""
    with get_client(sync_client=True) as client:
        for other in client.read_automations_by_name(automation.name):
            client.delete_automation(other.id)
    automation.create()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--webhook", default="", help="an incoming webhook of Slack or alike")
    install(parser.parse_args().webhook)
