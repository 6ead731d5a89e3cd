"""Hand a campaign's copy and pictures in as batches, at half the price; make nothing yet."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.campaign_form import CampaignForm
from flows.make_campaign import requested
from handbill.errors import HandbillError
from handbill.press.outcome import BatchFacts
from handbill.studio import open_studio
from tasks.advance_batches import advance_batches
from tasks.publish_failure import publish_failure
from tasks.publish_reading import publish_reading
from tasks.read_sheet import read_sheet


@flow(name="submit-batches", description=__doc__, persist_result=False)
def submit_batches(form: CampaignForm) -> State[list[BatchFacts]]:
    """Hand in what is lacking; running it again hands in nothing twice.

    Args:
        form: A campaign or a sheet, and what to make of it.
    """
    try:
        request = requested(form.model_copy(update={"batch": True}))
        reading = read_sheet(request, form.out)
        publish_reading(reading)
        with open_studio().holding(reading):
            batches = advance_batches(request, reading)
    except HandbillError as fault:
        publish_failure(fault)
        raise
    calls = sum(batch.calls for batch in batches)
    return Completed(message=f"{calls:,} calls wait in {len(batches)} batches", data=batches)
