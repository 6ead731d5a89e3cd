"""Files of a bundle that a person changed: found, kept, marked, and never overwritten unasked.

A file is edited when its bytes are neither those that the older manifest gives for it nor those
that would be written now. Where it still has its place it stays there. Where it has none any more
(its order is gone), and where a list of the whole bundle must be right (``imports/``), it is put
aside in ``kept/`` under its own path, with its digest in its name.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from handbill.bundling.contents import FinishedOrder
from handbill.bundling.files import MEASURES, BundleFile
from handbill.bundling.keeping import ASIDE, digest_of, link_or_copy
from handbill.bundling.staging import MANIFEST
from handbill.channels.units import UNITS
from handbill.domain.asset import Outcome
from handbill.domain.copy import Copy
from handbill.domain.digest import plain
from handbill.domain.finding import Finding, Severity, blocks
from handbill.domain.order import Order, Status

# The mark of an edited file in the manifest.
EDITED = "edited"
_LISTS = "imports/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One file that a person changed.

    Attributes:
        path: below the bundle's folder.
        sha256, size_bytes: of the file as it stands.
        edited_from: digest of Handbill's file that the person changed.
    """

    path: str
    sha256: str
    size_bytes: int
    edited_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands in the older bundle.

    Attributes:
        digests: path → digest of every plain file that the older manifest lists.
        edits: those that a person changed, by path.
    """

    digests: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    edits: Mapping[str, Edit] = field(default_factory=lambda: MappingProxyType({}))


def read_standing(previous: Path | None) -> Standing:
    """Compare every file of the older bundle with that bundle's own manifest."""
    if previous is None or not (previous / MANIFEST).is_file():
        return Standing()
    digests: dict[str, str] = {}
    edits: dict[str, Edit] = {}
    for entry in json.loads((previous / MANIFEST).read_bytes())["assets"]:
        path = str(entry["path"])
        found = digest_of(previous / path)
        if not found:
            continue
        digests[path] = found
        if found not in _made(entry):
            edits[path] = Edit(
                path=path,
                sha256=found,
                size_bytes=(previous / path).stat().st_size,
                edited_from=str(entry.get("edited_from") or entry["sha256"]),
            )
    return Standing(digests=digests, edits=edits)


def staying(edits: Mapping[str, Edit], made: Mapping[str, str]) -> dict[str, Edit]:
    """The edits that keep their place: an order's file that would be written otherwise now.

    Args:
        edits: by path.
        made: path → digest of what Handbill would write.
    """
    return {
        path: edit
        for path, edit in edits.items()
        if made.get(path, edit.sha256) != edit.sha256 and not path.startswith(_LISTS)
    }


def homeless(edits: Mapping[str, Edit], made: Mapping[str, str]) -> tuple[Edit, ...]:
    """The edits that lose their place, sorted: of orders that are gone, and of import sheets."""
    return tuple(
        edits[path]
        for path in sorted(edits)
        if path not in made or (path.startswith(_LISTS) and made[path] != edits[path].sha256)
    )


def put_aside(edit: Edit, previous: Path, staging: Path) -> str:
    """Keep an edited file below ``kept/``; where it lies now."""
    path = PurePosixPath(edit.path)
    name = f"{ASIDE}/{path.with_name(f'{path.stem}-{edit.sha256[:8]}{path.suffix}')}"
    target = staging / name
    target.parent.mkdir(parents=True, exist_ok=True)
    link_or_copy(previous / edit.path, target)
    return name


def with_edits(
    finished: Sequence[FinishedOrder],
    edits: Mapping[str, Edit],
    previous: Path | None,
    judge: Callable[[Order, Copy], tuple[Finding, ...]] | None = None,
) -> tuple[FinishedOrder, ...]:
    """The orders with the words of every edited ``copy.json``, so that import sheets say them.

    Args:
        finished: the orders.
        edits: by path.
        previous: the older bundle, which holds the files.
        judge: holds the words against their brief; an order whose words it blocks is blocked.
    """
    if previous is None or not edits:
        return tuple(finished)
    return tuple(_with_words(one, edits, previous, judge) for one in finished)


def marked(file: BundleFile, edit: Edit, made_sha256: str, previous: Path) -> BundleFile:
    """The entry of an edited file: its real digest, the mark, and what Handbill would write.

    Args:
        file: as Handbill would write it.
        edit: the file as it stands.
        made_sha256: digest of what Handbill would write.
        previous: the older bundle, which holds the file.
    """
    entry = {name: value for name, value in file.entry.items() if name not in MEASURES}
    entry |= _measures(previous / edit.path, str(entry["mime"]))
    others = [one for one in _listed(entry["findings"]) if one.get("field") != _name(edit)]
    finding = finding_of(edit, made_sha256)
    entry |= {
        "bytes": edit.size_bytes,
        "edited_from": edit.edited_from,
        "findings": [*others, plain(finding)],
        "made_sha256": made_sha256,
        "marks": [*_listed(entry["marks"]), EDITED],
        "sha256": edit.sha256,
    }
    return dataclasses.replace(
        file, sha256=edit.sha256, size_bytes=edit.size_bytes, data=None, entry=entry
    )


def finding_of(edit: Edit, made_sha256: str) -> Finding:
    """What the lists say of an edited file."""
    if edit.edited_from == made_sha256:
        code, message = "file.edited", "was changed by a person and is kept as it is"
        if edit.path.endswith("/copy.txt"):
            message += "; its words are held against nothing, those of copy.json are"
    else:
        code = "file.edited_behind"
        message = (
            "was changed by a person and is kept as it is, though what it was made from has "
            "changed since: look at it again, or run with --discard-edits"
        )
    return Finding(code=code, severity=Severity.WARN, message=message, field=_name(edit))


def edited_copy(copy: Copy, data: bytes) -> Copy | None:
    """`copy` with the words of an edited ``copy.json``; None when it is no such file any more."""
    try:
        written = json.loads(data)
    except ValueError:
        return None
    if not isinstance(written, dict) or not is_copy(written):
        return None
    texts = {name: tuple(texts) for name, texts in written["texts"].items()}
    return dataclasses.replace(
        copy,
        texts=MappingProxyType(texts),
        hashtags=tuple(written.get("hashtags", copy.hashtags)),
        alt_text=written.get("alt_text", copy.alt_text),
    )


def is_copy(written: Mapping[str, Any]) -> bool:
    """Whether a ``copy.json`` has the form that Handbill writes."""
    texts, lengths = written.get("texts"), written.get("lengths", {})
    return (
        isinstance(texts, dict)
        and all(_are_words(values) for values in texts.values())
        and all(_are_words(written.get(name, [])) for name in ("hashtags", "fields", "facts"))
        and all(isinstance(written.get(name, ""), str) for name in ("alt_text", "url"))
        and isinstance(lengths, dict)
        and all(_are_rules(rules) for rules in lengths.values())
    )


def _with_words(
    one: FinishedOrder,
    edits: Mapping[str, Edit],
    previous: Path,
    judge: Callable[[Order, Copy], tuple[Finding, ...]] | None,
) -> FinishedOrder:
    edit = edits.get(f"{one.order.folder}/copy.json")
    if edit is None or one.copy is None:
        return one
    copy = edited_copy(one.copy, (previous / edit.path).read_bytes())
    if copy is None:
        return one
    outcome = _judged(one.outcome, judge(one.order, copy)) if judge else one.outcome
    return dataclasses.replace(one, copy=copy, outcome=outcome)


def _judged(outcome: Outcome, findings: tuple[Finding, ...]) -> Outcome:
    """How an order ends with the words of a person: blocked by them, or made by them."""
    told = [one.message for one in findings if one.severity is Severity.BLOCK]
    outcome = dataclasses.replace(outcome, findings=findings)
    if told:
        return dataclasses.replace(
            outcome,
            status=Status.BLOCKED,
            message=f"the words that a person typed into copy.json: {'; '.join(told)}",
        )
    media = tuple(finding for asset in outcome.assets for finding in asset.findings)
    if outcome.status is Status.BLOCKED and outcome.assets and not blocks(media):
        return dataclasses.replace(outcome, status=Status.MADE, message="")
    return outcome


def _made(entry: Mapping[str, Any]) -> set[str]:
    """Digests that Handbill itself has written, or would have, for an entry of a manifest."""
    if "edited_from" in entry:
        return {str(entry["edited_from"]), str(entry["made_sha256"])}
    return {str(entry["sha256"])}


def _measures(path: Path, mime: str) -> dict[str, object]:
    """Pixels of an edited picture; what cannot be measured here is not claimed."""
    if not mime.startswith("image/"):
        return {}
    from PIL import Image  # noqa: PLC0415 - slow to import, and few files are edited

    try:
        with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as picture:
            return {"width_px": picture.width, "height_px": picture.height}
    except (OSError, ValueError, Image.DecompressionBombError):
        return {}


def _are_words(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _are_rules(rules: object) -> bool:
    return isinstance(rules, list) and all(
        isinstance(rule, dict) and rule.get("unit") in UNITS for rule in rules
    )


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else []


def _name(edit: Edit) -> str:
    return PurePosixPath(edit.path).name
