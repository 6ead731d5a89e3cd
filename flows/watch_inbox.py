"""Watch an inbox: each sheet that was written whole is made once, then filed away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import BaseModel, ConfigDict, Field

from flows.campaign_form import CampaignForm, offer_placements
from flows.make_campaign import make_campaign
from handbill.press.inbox import Inbox
from handbill.studio import open_studio
from tasks.file_sheet import file_sheet
from tasks.look_into_inbox import look_into_inbox


class InboxForm(BaseModel):
    """A folder, and what to make of the sheets that are put into it."""

    model_config = ConfigDict(extra="forbid")

    folder: Annotated[
        str,
        Field(
            title="1. Folder",
            description="Its path on the worker's machine, or an address in object storage such "
            "as s3://bucket/inbox. Empty means: inbox below Handbill's home. Sheets that are made "
            "are moved to done or failed in it.",
            max_length=2_000,
        ),
    ] = ""
    campaign: Annotated[
        str,
        Field(
            title="2. Campaign",
            description="The name or path of a campaign whose brand and settings serve for every "
            "sheet. Empty means: the house's.",
            max_length=2_000,
        ),
    ] = ""
    placements: Annotated[
        list[str],
        Field(
            title="3. What to make",
            description="None chosen means: those of the campaign.",
            json_schema_extra=offer_placements,
        ),
    ] = Field(default_factory=list)


@flow(name="watch-inbox", description=__doc__, persist_result=False)
def watch_inbox(form: InboxForm) -> State[list[str]]:
    """Make every sheet in a folder that has been written whole, once.

    A sheet is whole when it is as it was at the last look, or when a file of its name with
    ``.done`` added lies beside it.

    Args:
        form: A folder, and what to make of the sheets in it.
    """
    with open_studio().watching(form.folder) as inbox:
        filed = [make_sheet(inbox, sheet, form) for sheet in look_into_inbox(inbox)]
    return Completed(message="; ".join(filed) or "nothing to make", data=filed)


def make_sheet(inbox: Inbox, sheet: Path, form: InboxForm) -> str:
    """One run of `make-campaign`, which is booked before it begins; what became of it."""
    ended: Any = None
    if inbox.take(sheet):
        order = CampaignForm(
            campaign=form.campaign,
            sheet=str(sheet),
            placements=form.placements,
            out=str(inbox.folder / "bundles" / sheet.stem),
        )
        state: Any = make_campaign(order, return_state=True)
        ended = state.result(raise_on_failure=False)
    return file_sheet(inbox, sheet, ended)
