"""Review: everything that waits for a person, and what people decided outside Prefect's pages."""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateName,
)
from prefect.client.schemas.objects import State
from prefect.flow_runs import resume_flow_run
from prefect.states import Completed
from pydantic import BaseModel, ConfigDict, Field

from handbill.studio import open_studio
from tasks.publish_waiting import publish_waiting
from tasks.take_approvals import take_approvals


class ReviewForm(BaseModel):
    """What a person decides; empty: only list what waits, and take approvals files."""

    model_config = ConfigDict(extra="forbid")

    campaign: Annotated[
        str,
        Field(
            title="1. Campaign",
            description="Its name, as the list of what waits has it. Empty means: all.",
            max_length=2_000,
        ),
    ] = ""
    approve_all: Annotated[
        bool,
        Field(
            title="2. Approve all",
            description="Everything of it that waits and is not named below may go out.",
        ),
    ] = False
    approve: Annotated[
        list[str], Field(title="Approve", description="Keys from the list of what waits.")
    ] = Field(default_factory=list)
    reject: Annotated[
        list[str], Field(title="Reject", description="Keys of what is not made.")
    ] = Field(default_factory=list)
    remake: Annotated[
        list[str],
        Field(title="Make anew", description="Keys of what is made anew and shown again."),
    ] = Field(default_factory=list)
    note: Annotated[str, Field(title="Note", description="Why.", max_length=2_000)] = ""


@flow(name="review-campaign", description=__doc__, persist_result=False)
def review_campaign(form: ReviewForm) -> State[int]:
    """List everything that waits, take approvals files, and let runs go on that have their answer.

    Args:
        form: what a person decides, if anything.
    """
    taken = take_approvals(
        campaign=form.campaign.strip(),
        approve_all=form.approve_all,
        approve=form.approve,
        reject=form.reject,
        remake=form.remake,
        note=form.note,
    )
    waiting = publish_waiting(form.campaign.strip())
    resumed = resume_decided()
    line = f"{taken:,} decided, {resumed:,} runs go on, {waiting:,} wait"
    return Completed(message=line, data=waiting)


def resume_decided() -> int:
    """Let the runs go on that wait for a review and have it in full; how many there were."""
    asked = {proof.run.partition(":")[0] for proof in open_studio().reviews().waiting()}
    paused = FlowRunFilter(
        state=FlowRunFilterState(name=FlowRunFilterStateName(any_=["Suspended"]))
    )
    ours = FlowFilter(name=FlowFilterName(any_=["make-campaign"]))
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(flow_filter=ours, flow_run_filter=paused)
    decided = [run for run in runs if str(run.id) not in asked]
    for run in decided:
        resume_flow_run(run.id, run_input={})
    return len(decided)
