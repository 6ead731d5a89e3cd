"""Price a campaign: read, plan, compare with what exists, publish; nothing is spent."""

from __future__ import annotations

import dataclasses

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.campaign_form import CampaignForm
from flows.make_campaign import requested
from handbill.errors import HandbillError
from tasks.price_orders import PricedPlan, price_orders
from tasks.publish_failure import publish_failure
from tasks.publish_plan import publish_plan


@flow(name="price-campaign", description=__doc__, persist_result=False)
def price_campaign(form: CampaignForm) -> State[PricedPlan]:
    """Say what a campaign would make and cost, without making or spending anything.

    Args:
        form: A campaign or a sheet, and what to make of it.
    """
    try:
        plan = price_orders(requested(form))
    except HandbillError as fault:
        publish_failure(fault)
        raise
    told = dataclasses.asdict(plan)
    names = ("briefs", "problems", "least_micros", "most_micros", "minutes")
    line = publish_plan(
        plan.campaign,
        sizes={name: told[name] for name in names} | plan.counts,
        tables={"plan": plan.placements, "prices": plan.prices},
        unpriced=plan.unpriced,
    )
    return Completed(message=line, data=plan)
