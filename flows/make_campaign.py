"""Make a campaign: read, plan, write, draw, cut, finish, pack, publish."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import flow, unmapped
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.context import TagsContext
from prefect.exceptions import TerminationSignal
from prefect.futures import PrefectFutureList
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import ValidationError

from flows.campaign_form import CampaignForm, Providers
from handbill.domain.review import BEFORE_EXPORT
from handbill.errors import HandbillError
from handbill.press.outcome import Reading, RunResult
from handbill.press.progress import Listener
from handbill.press.request import RunRequest
from handbill.studio import open_studio
from tasks.advance_batches import advance_batches
from tasks.hear_review import hear_review
from tasks.keep_for_review import asking, keep_for_review, kept_slips
from tasks.make_slice import make_slice
from tasks.pack_bundle import pack_bundle
from tasks.pack_finished import pack_finished
from tasks.publish_ending import publish_ending
from tasks.publish_failure import publish_failure
from tasks.publish_outcomes import publish_outcomes
from tasks.publish_progress import publish_progress
from tasks.publish_reading import publish_reading
from tasks.read_sheet import read_sheet
from tasks.take_order import take_order
from tasks.wait_for_review import wait_for_review
from tasks.work_shard import lanes, work_shard

# Slices wait for processes and providers; these many at once keep both busy.
_SLICES_AT_ONCE = 6
# Runs that this process works on; see `end_interrupted`.
_UNDER_WAY: list[Any] = []
_RUNNER: Any = ThreadPoolTaskRunner(max_workers=_SLICES_AT_ONCE)


def run_name() -> str:
    """Names a run after its campaign and what it makes of it."""
    form: Any = flow_run.parameters["form"]
    values = form if isinstance(form, dict) else form.model_dump()
    named = (values.get("campaign"), values.get("sheet"), "pasted sheet")
    campaign = Path(next(name for name in named if name)).name
    placements = values.get("placements") or []
    size = ", ".join(placements[:2]) + (", …" if len(placements) > 2 else "")  # noqa: PLR2004 - few
    size = size or "all placements"
    rows = f", rows {values['rows']}" if values.get("rows") else ""
    return f"{campaign}: {size}{rows}"


@flow(
    name="make-campaign",
    flow_run_name=run_name,
    description=__doc__,
    task_runner=_RUNNER,
    persist_result=False,
    log_prints=False,
)
def make_campaign(form: CampaignForm) -> State[RunResult]:
    """Make copy, posters, films and the bundle of one campaign.

    Running it again is how a broken run is taken up: what is finished is never made twice.

    Args:
        form: A campaign or a sheet, and what to make of it.
    """
    _UNDER_WAY.append(flow_run.id)
    try:
        # Tasks would inherit the run's tags, and ask the server for a slot for each of them.
        with TagsContext(current_tags=set()):
            reading, result = make_until_answered(form)
    except HandbillError as fault:
        publish_failure(fault)
        raise
    publish_ending(reading, result)
    return Completed(message=ending_words(result), data=result)


def make_until_answered(form: CampaignForm) -> tuple[Reading, RunResult]:
    """The bundle; where orders wait for a person, this process ends here and begins again later.

    Raises:
        HandbillError: whatever ended the run.
        Pause: Prefect's own; the run waits.
    """
    while True:
        turn = hear_review()
        reading, result = make_bundle(form, turn)
        publish_outcomes(reading, result)
        if not result.waiting or not wait_for_review(reading, result, turn, form.review_hours):
            return reading, result


def make_bundle(form: CampaignForm, turn: int = 1) -> tuple[Reading, RunResult]:
    """From the form to the bundle.

    Args:
        form: what to make.
        turn: the round of review that begins with this bundle, from 1.

    Raises:
        HandbillError: whatever ended the run.
    """
    request = requested(form)
    reading = read_sheet(request, form.out)
    publish_reading(reading)
    with open_studio().holding(reading):
        if request.batch:
            advance_batches(request, reading)
        slips = kept_slips(reading, turn) or make_orders(request, reading, form.machines)
        result = pack_bundle(request, reading, slips, run_started(), asking(turn))
    if result.waiting and result.unmade == 0:
        keep_for_review(reading, slips)
    return reading, result


def requested(form: CampaignForm) -> RunRequest:
    """What the form asks for."""
    request = take_order(
        campaign=form.campaign.strip(),
        sheet_text=form.sheet_text,
        sheet=form.sheet.strip(),
        placements=form.placements,
        rows=form.rows,
        budget_usd=form.budget_usd,
        providers=form.chosen_providers,
        seed=form.seed,
        encoding=form.encoding.strip(),
        worksheet=form.worksheet,
        refresh=list(form.refresh),
        discard_edits=form.discard_edits,
        write_back=form.write_back,
        review=BEFORE_EXPORT if form.review else "",
    )
    return replace(request, batch=form.batch, spread=form.machines > 1)


def make_orders(request: RunRequest, reading: Reading, machines: int = 1) -> list[str]:
    """Every slice; the digests of the finished slips, in order.

    A run that is cancelled packs what is finished before it ends.
    """
    run = str(flow_run.id)
    with publish_progress(open_studio()):
        if machines > 1:
            from tasks.spread_work import slips_so_far  # noqa: PLC0415 - loads SQLAlchemy

            try:
                return make_together(request, reading, run, machines)
            except TerminationSignal:
                pack_and_tell(request, reading, slips_so_far(request, reading, run))
                raise
        finished = begin_orders(request, reading)
        try:
            slips: list[str] = finished.result()
        except TerminationSignal:
            done = {n: one.result() for n, one in enumerate(finished) if one.state.is_completed()}
            pack_and_tell(request, reading, done)
            raise
    return slips


def make_together(request: RunRequest, reading: Reading, run: str, machines: int) -> list[str]:
    """Every slice, made here and on other machines; the digests of the slips, in order."""
    from tasks.spread_work import with_others  # noqa: PLC0415 - loads SQLAlchemy

    part: Any = {"request": unmapped(request), "plan_digest": unmapped(reading.plan_digest)}
    with with_others(request, reading, run, machines) as together:
        while together.unmade():
            work_shard.map(**part, run=unmapped(run), lane=lanes()).result()
            together.wait()
        return together.slips()


def pack_and_tell(request: RunRequest, reading: Reading, done: dict[int, str]) -> None:
    """Pack the slices that a cancelled run has finished: number → slip."""
    publish_outcomes.fn(reading, pack_finished(request, reading, done, run_started()))


def begin_orders(request: RunRequest, reading: Reading) -> PrefectFutureList[str]:
    """Order every slice, a task run each; the futures of the finished slips, in order."""
    run: Any = {
        "request": unmapped(request),
        "plan_digest": unmapped(reading.plan_digest),
        "slices": unmapped(reading.slices),
    }
    finished: PrefectFutureList[str] = make_slice.map(**run, number=list(range(reading.slices)))
    return finished


def ending_words(result: RunResult) -> str:
    """How a run ended, in a line."""
    waiting = f"; {result.waiting:,} wait for a review" if result.waiting else ""
    waiting += f"; {result.in_batches:,} wait for batches" if result.in_batches else ""
    return f"{result.ready:,} of {result.orders:,} orders are ready in {result.bundle}{waiting}"


def run_started() -> str:
    """When this run was to start, ISO 8601."""
    return str(flow_run.scheduled_start_time.isoformat(timespec="seconds"))


def named_from_anywhere(target: str) -> str:
    """A target that means the same in every folder: an address stays, a path is made absolute."""
    return target if "://" in target else str(Path(target).absolute())


def end_interrupted() -> None:
    """Mark the run of this process cancelled, which Ctrl-C has ended before Prefect could."""
    state: State[Any] = Cancelled(
        message="interrupted by Ctrl-C; finished work is kept, run again to go on"
    )
    with get_client(sync_client=True) as client:
        for run in _UNDER_WAY:
            client.set_flow_run_state(UUID(str(run)), state, force=True)


def run_here(request: RunRequest, out: Path | None, listener: Listener) -> RunResult:
    """The flow in this process, for the command line; `listener` hears of its progress.

    Raises:
        HandbillError: whatever ended the run.
    """
    studio = open_studio()
    studio.progress.listen(listener)
    try:
        # Prefect unwraps the state that the flow returns; its types do not say so.
        unwrapped: Any = make_campaign(filled_form(request, out))
        result: RunResult = unwrapped
        return result
    finally:
        studio.close()


def filled_form(request: RunRequest, out: Path | None) -> CampaignForm:
    """The form as a person would fill it in for `request`.

    Raises:
        HandbillError: the request names what does not exist, in the words of the engine.
    """
    # The form checks the words that the request has as plain text.
    wishes: dict[str, Any] = {
        "refresh": list(request.refresh),
        "discard_edits": request.discard_edits,
        "write_back": request.write_back,
        "review": bool(request.review),
        "batch": request.batch,
    }
    try:
        return CampaignForm(
            campaign=named_from_anywhere(request.target),
            placements=list(request.only),
            rows=request.rows,
            budget_usd=request.budget_usd,
            providers=Providers(**dict(request.providers)),
            seed=request.seed,
            encoding=request.encoding,
            worksheet=request.worksheet,
            **wishes,
            out=str(out.absolute()) if out else "",
        )
    except ValidationError:
        open_studio().read(request)
        raise
