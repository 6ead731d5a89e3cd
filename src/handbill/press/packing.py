"""From finished slips to a bundle."""

from __future__ import annotations

import dataclasses
import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from handbill import __version__
from handbill.bundling import BundleContents, BundleReceipt, pack_bundle
from handbill.domain.asset import Outcome
from handbill.domain.copy import Copy
from handbill.domain.digest import plain
from handbill.domain.failpoint import reached
from handbill.domain.order import Order, Status
from handbill.press.copying import copies_of
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.finishing import Finished, FinishedSlip, text_findings
from handbill.press.history import remember_campaign
from handbill.press.outcome import HeldCall, RunFacts, RunResult
from handbill.press.records import from_json
from handbill.press.review import Reviewed, proof_folder, shown_docket
from handbill.press.review_desk import ReviewDesk
from handbill.press.writing_back import write_back


def pack(
    equipment: Equipment,
    docket: Docket,
    slips: Sequence[str],
    out: Path,
    facts: RunFacts,
    desk: ReviewDesk | None = None,
) -> RunResult:
    """Pack the bundle of a run from the digests of its finished slips.

    Args:
        equipment: store and templates.
        docket: what was made.
        slips: in the order of the slices.
        out: folder of the bundle.
        facts: for ``run.json``.
        desk: says what may go out where a person has to approve it; a second bundle, beside
            `out`, then holds what waits.

    Raises:
        BundleError: a bundle cannot be written.
    """
    made = read_finished(equipment, slips)
    finished: Mapping[str, Finished] = made
    copies = _copies(equipment, docket.plan.orders, finished)
    held = _held(equipment)
    run = _run_facts(docket, facts, held)
    proofs = ""
    if desk:
        finished, proofs = _review(equipment, docket, desk, (made, copies), out, run)
    contents = _contents(docket, finished, copies, run)
    receipt = pack_bundle(contents, equipment.store, out, discard_edits=docket.discard_edits)
    reached("press.packed")
    vendors = {key: one.vendors for key, one in made.items()}
    remember_campaign(equipment.store, docket, equipment.templates_digest, vendors)
    outcomes = {key: one.outcome for key, one in finished.items()}
    outcomes |= {one.order_key: one for one in receipt.rejudged}
    result = _result(docket, outcomes, receipt)
    causes = Counter(one.cause for one in finished.values())
    return dataclasses.replace(
        result,
        lacking_usd_micros=equipment.calls.lacking_micros(),
        in_batches=causes["batch"],
        batches=equipment.batches.facts() if equipment.batches else (),
        provider_stopped=0 < causes["provider"] == len(finished),
        uncertain=held,
        status_file=write_back(docket, outcomes, receipt.path),
        proofs=proofs,
    )


def _review(
    equipment: Equipment,
    docket: Docket,
    desk: ReviewDesk,
    work: tuple[Mapping[str, Finished], Mapping[str, Copy]],
    out: Path,
    run: dict[str, object],
) -> tuple[Mapping[str, Finished], str]:
    """What may go out of the finished `work` and its copies, and the folder of what waits."""
    reviewed = desk.sort(docket, *work)
    proofs = _pack_proofs(equipment, docket, reviewed, work[1], proof_folder(out), run)
    desk.ask(docket, reviewed.waiting, proof_folder(out))
    return reviewed.finished, proofs


def _pack_proofs(
    equipment: Equipment,
    docket: Docket,
    reviewed: Reviewed,
    copies: Mapping[str, Copy],
    folder: Path,
    run: dict[str, object],
) -> str:
    """Pack what a person is to see, and answer where; nothing to see empties an older bundle."""
    if reviewed.shown or folder.is_dir():
        shown = shown_docket(docket, reviewed)
        contents = _contents(shown, reviewed.shown, copies, run)
        pack_bundle(contents, equipment.store, folder, discard_edits=True)
    return str(folder.absolute()) if reviewed.shown else ""


def read_finished(equipment: Equipment, slips: Iterable[str]) -> dict[str, Finished]:
    """Every finished order of a run, by order key."""
    read = (from_json(FinishedSlip, equipment.store.read(sha256)) for sha256 in slips)
    return {key: one for slip in read for key, one in slip.finished.items()}


def _contents(
    docket: Docket,
    finished: Mapping[str, Finished],
    copies: Mapping[str, Copy],
    run: dict[str, object],
) -> BundleContents:
    orders = docket.plan.orders
    return BundleContents(
        campaign=docket.campaign.name,
        plan=docket.plan,
        outcomes=tuple(finished[order.key].outcome for order in orders),
        version=__version__,
        problems=docket.problems,
        copies={
            key: copies[key] for key, one in finished.items() if one.copy_key and key in copies
        },
        copy_origins={
            key: one.copy_origin for key, one in finished.items() if one.copy_origin is not None
        },
        todos={key: one.todo for key, one in finished.items() if one.todo},
        kit=docket.kit,
        media_base_url=docket.campaign.media_base_url,
        judge=partial(text_findings, docket.kit),
        run=run,
    )


def _copies(
    equipment: Equipment, orders: Iterable[Order], finished: Mapping[str, Finished]
) -> dict[str, Copy]:
    keys = {order_key: one.copy_key for order_key, one in finished.items()}
    return {order.key: copy for order, copy in copies_of(equipment.store, orders, keys)}


def _held(equipment: Equipment) -> tuple[HeldCall, ...]:
    return tuple(
        HeldCall(
            call=call.key,
            brief=call.brief,
            provider=call.provider,
            model=call.model,
            endpoint=call.endpoint,
            set_aside_usd_micros=call.reserved_micros,
            message=call.message,
        )
        for call in equipment.calls.uncertain()
    )


def _run_facts(docket: Docket, facts: RunFacts, held: tuple[HeldCall, ...]) -> dict[str, object]:
    chosen = {
        capability: docket.campaign.provider(capability)
        for capability in ("copy", "image", "voice", "music", "video")
    }
    return {
        "started": facts.started,
        "ended": facts.ended,
        "orchestrated": facts.orchestrated,
        "seed": docket.campaign.seed,
        "uncertain": plain(held),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "providers": {
            capability: {"name": choice.name, "model": choice.model}
            for capability, choice in chosen.items()
        },
    }


def _result(docket: Docket, outcomes: Mapping[str, Outcome], receipt: BundleReceipt) -> RunResult:
    by_placement: dict[str, Counter[str]] = {}
    for order in docket.plan.orders:
        statuses = by_placement.setdefault(order.placement.id, Counter())
        statuses[str(outcomes[order.key].status)] += 1
    messages = Counter(
        one.message
        for one in outcomes.values()
        if one.message and one.status is not Status.WAITING_FOR_REVIEW
    )
    return RunResult(
        bundle=str(receipt.path),
        manifest_sha256=receipt.manifest_sha256,
        orders=len(outcomes),
        statuses=dict(sorted(Counter(str(one.status) for one in outcomes.values()).items())),
        problems=len(docket.problems),
        rejected=sum(problem.rejects for problem in docket.problems),
        cost_usd_micros=sum(one.cost_usd_micros for one in outcomes.values()),
        by_placement={name: dict(counts) for name, counts in by_placement.items()},
        messages=tuple(messages.most_common()),
        edited=receipt.edited,
        put_aside=receipt.put_aside,
    )
