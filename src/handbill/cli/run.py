"""`handbill run`: makes a campaign, through Prefect or directly."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from handbill.cli.display import progress_display
from handbill.cli.interrupts import interruptible
from handbill.cli.options import (
    OrderingCommand,
    json_option,
    refresh_option,
    request_from,
    request_options,
    with_input,
)
from handbill.cli.speech import count_of, say, show, show_json, table
from handbill.cli.studio_door import end_flow, run_flow
from handbill.cli.uncertain import ask_about_uncertain, print_uncertain
from handbill.press.outcome import RunResult
from handbill.press.progress import Listener
from handbill.press.request import RunRequest
from handbill.settings import set_environment

_MESSAGES_SHOWN = 5
# Films under way take seconds each; calls to vendors are waited for.
_GRACE_DIRECT_S = 120.0
_GRACE_FLOW_S = 10.0


@click.command("run", cls=OrderingCommand)
@request_options
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the bundle.")
@click.option(
    "--batch",
    is_flag=True,
    help="Hand copy and pictures in as batches, at half the price; collect what has come.",
)
@click.option(
    "--on-uncertain",
    type=click.Choice(["hold", "resend", "ask"]),
    help="What to do about calls that may have been paid; HANDBILL_ON_UNCERTAIN by default.",
)
@click.option("--direct", is_flag=True, help="Make it without Prefect.")
@refresh_option
@click.option(
    "--plan",
    "saved",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Make what handbill plan --save kept in FILE, in place of TARGET.",
)
@click.option(
    "--discard-edits", is_flag=True, help="Write over files that somebody changed in the bundle."
)
@click.option(
    "--write-back",
    "write_back",
    flag_value="file",
    default="",
    help="Keep a file with the status of every row beside the sheet.",
)
@click.option(
    "--write-back-worksheet",
    "write_back",
    flag_value="worksheet",
    help="Keep the same as a worksheet of its own in an XLSX sheet.",
)
@json_option
def command(  # noqa: PLR0913 - one argument an option
    *,
    target: str | None,
    saved: Path | None,
    out: Path | None,
    batch: bool,
    on_uncertain: str | None,
    direct: bool,
    as_json: bool,
    refresh: tuple[str, ...],
    discard_edits: bool,
    write_back: str,
    **choices: Any,
) -> int:
    """Make copy, posters, films and the bundle of TARGET.

    TARGET is a campaign folder or a sheet. A run that was interrupted goes on where it stopped
    when it is started again; what is finished is never made twice.
    """
    if on_uncertain:
        set_environment({"HANDBILL_ON_UNCERTAIN": on_uncertain})
    if saved:
        request = _planned(saved, target, refresh=refresh, **choices)
    elif target:
        request = dataclasses.replace(request_from(with_input(target), **choices), refresh=refresh)
    else:
        raise click.UsageError("name a TARGET, or a saved plan with --plan FILE")
    request = dataclasses.replace(
        request, discard_edits=discard_edits, write_back=write_back, batch=batch
    )
    run: Callable[[RunRequest, Path | None, Listener], RunResult]
    run = run_direct if direct else run_flow
    grace_s = _GRACE_DIRECT_S if direct else _GRACE_FLOW_S
    ask_about_uncertain(request)
    with progress_display() as listener, interruptible(_stop_studio, grace_s, end_flow):
        result = run(request, out, listener)
    if as_json:
        show_json(result_facts(result))
    else:
        _print(result)
    return result.exit_code


# A saved plan names its own target: the one verb where TARGET may be left out.
next(one for one in command.params if one.name == "target").required = False


def _planned(saved: Path, target: str | None, **choices: Any) -> RunRequest:
    """The request of a saved plan, whose inputs have not changed since.

    Raises:
        CampaignError: they have, or the file is no plan.
        click.UsageError: something else was chosen beside the plan.
    """
    from handbill.press.saved_plan import (  # noqa: PLC0415 - --help stays fast
        inputs_of,
        read_plan,
        refuse_changed,
    )
    from handbill.studio import open_studio  # noqa: PLC0415 - as above

    chosen = [name for name, value in choices.items() if value not in (None, "", ())]
    if target or chosen:
        raise click.UsageError(
            "a saved plan is run as it is: leave out TARGET and what chooses from it "
            f"({', '.join([*(['TARGET'] if target else []), *chosen])})"
        )
    plan = read_plan(saved)
    studio = open_studio()
    try:
        docket = studio.read(plan.request)
        refuse_changed(plan, inputs_of(studio.equip(docket), docket), str(saved))
    finally:
        studio.close()
    return plan.request


def run_direct(request: RunRequest, out: Path | None, listener: Listener) -> RunResult:
    """Make a campaign in this process, without Prefect."""
    from handbill.studio import open_studio  # noqa: PLC0415 - --help stays fast

    studio = open_studio()
    studio.progress.listen(listener)
    try:
        started = moment()
        reading = studio.begin(request, out)
        with studio.holding(reading):
            if request.batch:
                studio.advance_batches(request, reading)
            return studio.make(request, reading, started=started, moment=moment)
    finally:
        studio.close()


def _stop_studio() -> None:
    from handbill.studio import open_studio  # noqa: PLC0415 - --help stays fast

    open_studio().stop()


def moment() -> str:
    """Now, in ISO 8601: the command line is where time enters."""
    return datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds")


def result_facts(result: RunResult) -> dict[str, object]:
    """A run's result for machines."""
    return {
        "bundle": result.bundle,
        "report": str(Path(result.bundle) / "report.html"),
        "manifest_sha256": result.manifest_sha256,
        "orders": result.orders,
        "statuses": result.statuses,
        "problems": result.problems,
        "rejected": result.rejected,
        "cost_usd": result.cost_usd_micros / 1_000_000,
        "messages": [{"message": text, "orders": count} for text, count in result.messages],
        "edited": list(result.edited),
        "put_aside": list(result.put_aside),
        "status_file": result.status_file,
        "waiting": result.waiting,
        "proofs": result.proofs,
        "needs_usd": result.lacking_usd_micros / 1_000_000,
        "in_batches": result.in_batches,
        "batches": [dataclasses.asdict(batch) for batch in result.batches],
        "uncertain": [dataclasses.asdict(call) for call in result.uncertain],
        "exit_code": result.exit_code,
    }


def _print_kept(result: RunResult) -> None:
    """What a person changed in the bundle, and where the status is."""
    if result.edited:
        kept = count_of(len(result.edited), "file was kept", "files were kept")
        say(f"  {kept} that somebody changed in the bundle (--discard-edits: not)")
    for path in result.put_aside:
        say(f"  put aside, because it has no place any more: {path}")
    if result.status_file:
        say(f"  the status of every row is in {result.status_file!r}")


def _print_batches(result: RunResult) -> None:
    """What lies at a vendor, and how it is collected."""
    for batch in result.batches:
        told = f": {batch.message}" if batch.message else ""
        calls = count_of(batch.calls, "call")
        say(f"  batch {batch.batch} with {calls} to {batch.model}: {batch.state}{told}")
    if result.in_batches:
        say(f"  {count_of(result.in_batches, 'order')} wait for batches: run with --batch again")


def _print(result: RunResult) -> None:
    say(f"{result.ready:,} of {count_of(result.orders, 'order')} are ready", style="strong")
    for line in table(sorted(result.statuses.items()), right=frozenset({1})):
        say(f"  {line}")
    for text, count in result.messages[:_MESSAGES_SHOWN]:
        say(f"  {count:,}× {text}", style="warn")
    if len(result.messages) > _MESSAGES_SHOWN:
        say(f"  … all reasons are in {str(Path(result.bundle) / 'outcomes.csv')!r}")
    if result.rejected:
        kept_out = count_of(result.rejected, "problem")
        say(f"  {kept_out} kept rows out: see {str(Path(result.bundle) / 'problems.csv')!r}")
    if result.lacking_usd_micros:
        more = f"${result.lacking_usd_micros / 1_000_000:.4f}"
        say(f"  what a budget kept back needs up to {more} more, before drafts are sent back")
    _print_batches(result)
    print_uncertain(result)
    _print_kept(result)
    if result.waiting:
        orders = count_of(result.waiting, "order waits", "orders wait")
        say(f"  {orders} for a person: handbill review says how", style="warn")
        show(str(Path(result.proofs) / "report.html"))
    show(result.bundle)
    show(str(Path(result.bundle) / "report.html"))
