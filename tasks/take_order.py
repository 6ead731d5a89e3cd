"""Turn the form into a request: find the campaign by name, keep a pasted sheet."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from prefect import task

from handbill.press.request import RunRequest
from handbill.studio import open_studio
from tasks._policy import policy

_CAMPAIGNS = Path(__file__).resolve().parent.parent / "campaigns"


@task(**policy("take_order"), task_run_name="take order")
def take_order(  # noqa: PLR0913 - one argument a field of the form
    *,
    campaign: str,
    sheet_text: str,
    sheet: str,
    placements: list[str],
    rows: str,
    budget_usd: Decimal | None,
    providers: dict[str, str],
    seed: int | None,
    encoding: str,
    worksheet: str,
    refresh: list[str],
    discard_edits: bool,
    write_back: str,
    review: str,
) -> RunRequest:
    """The request that a form's fields name; pasted text becomes a sheet in Handbill's home."""
    named = _CAMPAIGNS / campaign
    target = str(named) if campaign and (named / "campaign.toml").is_file() else campaign
    pasted = str(open_studio().keep_sheet(sheet_text)) if sheet_text.strip() else ""
    other = pasted or sheet
    return RunRequest(
        target=target or other,
        sheet=other if target else "",
        only=tuple(placements),
        rows=rows.strip(),
        budget_usd=budget_usd,
        providers=providers,
        seed=seed,
        encoding=encoding,
        worksheet=worksheet,
        refresh=tuple(refresh),
        discard_edits=discard_edits,
        write_back=write_back,
        review=review,
    )
