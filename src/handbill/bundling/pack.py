"""Packs a bundle: everything that leaves the house, in one folder, manifest last."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from handbill.bundling.contents import (
    BundleContents,
    BundleReceipt,
    FinishedOrder,
    ObjectSource,
)
from handbill.bundling.edits import (
    Edit,
    finding_of,
    homeless,
    marked,
    put_aside,
    read_standing,
    staying,
    with_edits,
)
from handbill.bundling.files import BundleFile, bundle_files
from handbill.bundling.imports.format import ImportFile
from handbill.bundling.keeping import carry_over, link_or_copy
from handbill.bundling.report import brand_of, write_report
from handbill.bundling.staging import MANIFEST, staged, write_file
from handbill.bundling.tables import outcomes_csv, problems_csv
from handbill.bundling.texts import json_bytes
from handbill.domain.digest import plain
from handbill.domain.failpoint import reached
from handbill.errors import BundleError

# Objects from this size on share their bytes with the store; smaller ones are copies that a
# person may edit. At 256 KiB a campaign's films and large posters do not double the disk.
SHARE_FROM_BYTES = 256 * 1024
# Version of the bundle's own layout; a change that a reader must know about raises it.
BUNDLE_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """What a bundle will hold, and where its bytes are.

    Attributes:
        finished: the orders, with the findings that edited files have.
        standing: path → digest of every file of the older bundle that its manifest lists.
        edits: edited files that stay in their place, by path.
        aside: edited files that have none any more.
    """

    finished: tuple[FinishedOrder, ...]
    files: tuple[BundleFile, ...]
    imports: tuple[ImportFile, ...]
    previous: Path | None
    standing: Mapping[str, str]
    edits: Mapping[str, Edit]
    aside: tuple[Edit, ...]


def pack_bundle(
    contents: BundleContents, store: ObjectSource, out: Path, *, discard_edits: bool = False
) -> BundleReceipt:
    """Pack a bundle at `out`, replacing an older bundle there in one step.

    Files that stand in the older bundle unchanged are taken over without being written again.
    Files that a person changed stay as they are and are marked; those that have no place any more
    go to ``kept/``. Files that Handbill did not make are kept where they are. Equal contents and
    equal edits give an equal ``manifest.json``, byte for byte.

    Args:
        contents: orders, outcomes, copies; see `BundleContents`.
        store: holds the objects that the outcomes name.
        out: the bundle's folder, which may exist as a bundle or as an empty folder.
        discard_edits: write Handbill's own files over those that a person changed.

    Raises:
        BundleError: `out` is something else than a bundle, an object is missing or damaged, the
            disk is full, or outcomes and plan do not belong together.
    """
    target = out.resolve()
    finished = _finished(contents)
    with staged(target) as staging:
        previous = target if target.is_dir() else None
        layout = _layout(contents, finished, previous, discard_edits=discard_edits)
        manifest = _manifest(contents, layout.files)
        kept = sum(_put(file, store, staging, layout) for file in layout.files)
        aside = tuple(put_aside(edit, target, staging) for edit in layout.aside)
        foreign = carry_over(previous, staging, {file.path for file in layout.files})
        _write_lists(contents, layout.finished, layout.files, staging)
        write_report(staging, manifest)
        reached("bundle.before_manifest")
        write_file(staging / MANIFEST, manifest)
    return BundleReceipt(
        path=target,
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        files=len(layout.files),
        written=len(layout.files) - kept,
        kept=kept,
        size_bytes=sum(file.size_bytes for file in layout.files),
        kept_foreign=foreign,
        held_back=tuple(reason for sheet in layout.imports for reason in sheet.held_back),
        edited=tuple(sorted(layout.edits)),
        put_aside=aside,
        rejudged=tuple(
            one.outcome
            for one in layout.finished
            if f"{one.order.folder}/copy.json" in layout.edits
        ),
    )


def _layout(
    contents: BundleContents,
    finished: tuple[FinishedOrder, ...],
    previous: Path | None,
    *,
    discard_edits: bool,
) -> _Layout:
    """Every file of the bundle, with what a person changed in the older one."""
    files, imports = bundle_files(contents, finished)
    made = {file.path: file.sha256 for file in files}
    standing = read_standing(previous)
    found = {} if discard_edits else standing.edits
    edits = staying(found, made)
    if edits and previous is not None:
        finished = with_edits(finished, edits, previous, contents.judge)
        files, imports = bundle_files(contents, finished)
        # A copy.txt and the import sheets are made from the words of an edited copy.json.
        made |= {file.path: file.sha256 for file in files if not file.path.endswith("/copy.json")}
        edits = staying(found, made)
        finished = tuple(_told(one, edits, made) for one in finished)
        files = tuple(
            marked(file, edits[file.path], made[file.path], previous)
            if file.path in edits
            else file
            for file in files
        )
    return _Layout(
        finished=finished,
        files=files,
        imports=imports,
        previous=previous,
        standing=standing.digests,
        edits=edits,
        aside=homeless(found, made),
    )


def _told(one: FinishedOrder, edits: Mapping[str, Edit], made: Mapping[str, str]) -> FinishedOrder:
    """The order with a finding for each of its files that a person changed."""
    folder = f"{one.order.folder}/"
    found = tuple(
        finding_of(edits[path], made[path]) for path in sorted(edits) if path.startswith(folder)
    )
    if not found:
        return one
    outcome = dataclasses.replace(one.outcome, findings=one.outcome.findings + found)
    return dataclasses.replace(one, outcome=outcome)


def _finished(contents: BundleContents) -> tuple[FinishedOrder, ...]:
    """Orders of the plan beside their outcomes.

    Raises:
        BundleError: an order has no outcome or several, or an outcome has no order.
    """
    outcomes = {outcome.order_key: outcome for outcome in contents.outcomes}
    keys = [order.key for order in contents.plan.orders]
    if len(outcomes) != len(contents.outcomes) or sorted(outcomes) != sorted(keys):
        raise BundleError(
            f"{len(contents.outcomes)} outcomes do not belong to the {len(keys)} orders of the "
            "plan, one each\n  → this is a fault of Handbill: please report it"
        )
    return tuple(
        FinishedOrder(
            order=order, outcome=outcomes[order.key], copy=contents.copies.get(order.key)
        )
        for order in contents.plan.orders
    )


def _manifest(contents: BundleContents, files: Sequence[BundleFile]) -> bytes:
    return json_bytes(
        {
            "assets": [file.entry for file in files],
            "bundle_format": BUNDLE_FORMAT,
            "campaign": contents.campaign,
            "handbill": contents.version,
            "plan_digest": contents.plan.digest,
        }
    )


def _put(file: BundleFile, store: ObjectSource, staging: Path, layout: _Layout) -> bool:
    """Put one file into the staged tree; True when the older bundle's own file was kept."""
    reached("bundle.file")
    target = staging / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    if layout.previous and layout.standing.get(file.path) == file.sha256:
        link_or_copy(layout.previous / file.path, target)
        return True
    if file.data is not None:
        write_file(target, file.data)
    else:
        store.place(file.sha256, target, share=file.size_bytes >= SHARE_FROM_BYTES)
    return False


def _write_lists(
    contents: BundleContents,
    finished: Sequence[FinishedOrder],
    files: Sequence[BundleFile],
    staging: Path,
) -> None:
    paths: dict[str, list[str]] = {}
    for file in files:
        paths.setdefault(str(file.entry["order"]), []).append(file.path)
    write_file(staging / "outcomes.csv", outcomes_csv(finished, paths))
    write_file(staging / "problems.csv", problems_csv(contents.problems))
    write_file(staging / "run.json", json_bytes(_run(contents, finished)))


def _run(contents: BundleContents, finished: Sequence[FinishedOrder]) -> dict[str, object]:
    """What may differ between two equal runs, and what the report shows of the whole."""
    statuses = Counter(one.outcome.status.value for one in finished)
    ours = {
        "brand": brand_of(contents.kit, contents.campaign),
        "campaign": contents.campaign,
        "cost_usd_micros": sum(one.outcome.cost_usd_micros for one in finished),
        "handbill": contents.version,
        "plan_digest": contents.plan.digest,
        "problems": len(contents.problems),
        "statuses": dict(sorted(statuses.items())),
    }
    given = plain(contents.run)
    assert isinstance(given, dict)  # noqa: S101 - a mapping stays one
    return given | ours
