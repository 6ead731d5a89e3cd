"""Events for Prefect's automations.

| event | means |
|---|---|
| `handbill.campaign.finished` | a bundle was packed |
| `handbill.review.waiting` | orders wait for a person |
| `handbill.budget.reached` | orders were left out, because a budget would have been passed |
| `handbill.provider.down` | a provider did not answer again and again |

Every payload has `campaign`, and `message`, a sentence for people.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from prefect.events import emit_event

FINISHED = "handbill.campaign.finished"
WAITING = "handbill.review.waiting"
BUDGET = "handbill.budget.reached"
PROVIDER_DOWN = "handbill.provider.down"


def tell(event: str, campaign: str, message: str, **payload: Any) -> None:
    """Emit an event about a campaign; Prefect adds the run around us by itself."""
    emit_event(
        event=event,
        resource={
            "prefect.resource.id": f"handbill.campaign.{quote(campaign, safe='')}",
            "prefect.resource.name": campaign,
        },
        payload={"campaign": campaign, "message": message} | payload,
    )
