"""Collect a campaign's batches, make what can be made of them, and hand in what is left."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.campaign_form import CampaignForm
from flows.make_campaign import ending_words, make_campaign
from handbill.press.outcome import RunResult


@flow(name="collect-batches", description=__doc__, persist_result=False)
def collect_batches(form: CampaignForm) -> State[RunResult]:
    """Make the campaign from what its batches have brought.

    Orders whose batch has not ended stay open; copy with findings goes into the next batch.

    Args:
        form: A campaign or a sheet, and what to make of it.
    """
    # Prefect unwraps the state that the flow returns; its types do not say so.
    made: Any = make_campaign(form.model_copy(update={"batch": True}))
    return Completed(message=ending_words(made), data=made)
