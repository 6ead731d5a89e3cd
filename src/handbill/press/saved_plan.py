"""A plan in a file: what was asked for, what it was made from, and what it would make.

A saved plan is run as it was seen or not at all: when anything that decides the result has changed
since, the run is refused and the changes are named.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from handbill import __version__
from handbill.domain.campaign import CAPABILITIES, Campaign
from handbill.domain.digest import digest, plain
from handbill.domain.plan import brief_content
from handbill.errors import CampaignError
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.recipes import look_of, text_rules
from handbill.press.records import as_json
from handbill.press.request import RunRequest

PLAN_FORMAT = 1
_SETTINGS = ("name", "locales", "variants", "accounts", "audiences", "budget_usd", "seed",
             "review", "labels", "columns", "column_map", "currency", "source_locale")  # fmt: skip
_NAMED = 5


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Digests of everything that decides a plan, by what people call it."""

    rows: Mapping[str, str]
    brand: str
    placements: Mapping[str, str]
    templates: Mapping[str, str]
    providers: Mapping[str, str]
    settings: Mapping[str, str]
    orders: str
    version: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SavedPlan:
    """One plan, as it stands in a file.

    Attributes:
        facts: what `handbill plan --json` said; for people and programs, never read back.
    """

    plan_format: int
    request: RunRequest
    inputs: Inputs
    facts: object = None


def inputs_of(equipment: Equipment, docket: Docket) -> Inputs:
    """What a docket is made from."""
    campaign = docket.campaign
    return Inputs(
        rows={
            brief.id: digest([brief_content(brief), brief.budget_usd]) for brief in docket.briefs
        },
        brand=digest([docket.kit.digest, look_of(docket.kit)]),
        placements={
            name: digest([text_rules(one), one.image, one.video])
            for name, one in docket.placements.items()
        },
        templates={
            name: str(value) for name, value in _fields(equipment.templates_digest).items()
        },
        providers={name: digest(campaign.provider(name)) for name in CAPABILITIES},
        settings=_settings(campaign),
        orders=docket.plan.digest,
        version=__version__,
    )


def save_plan(path: Path, request: RunRequest, inputs: Inputs, facts: object) -> None:
    """Write a plan to a file, its target as an absolute path.

    Raises:
        CampaignError: the file cannot be written.
    """
    target = request.target if "://" in request.target else str(Path(request.target).absolute())
    saved = SavedPlan(
        plan_format=PLAN_FORMAT,
        request=dataclasses.replace(request, target=target),
        inputs=inputs,
        facts=facts,
    )
    try:
        path.write_bytes(as_json(saved) + b"\n")
    except OSError as fault:
        raise CampaignError(
            f"the plan could not be saved: {fault.strerror}",
            where=str(path),
            remedy="name a file in a folder that can be written to",
        ) from fault


def read_plan(path: Path) -> SavedPlan:
    """The plan in a file.

    Raises:
        CampaignError: there is none, or it was written by another version of the format.
    """
    try:
        content = json.loads(path.read_bytes())
        return TypeAdapter(SavedPlan).validate_python(content)
    except OSError as fault:
        what = f"the plan cannot be read: {fault.strerror}"
    except (ValueError, ValidationError):
        what = "this is no plan that handbill plan --save wrote"
    raise CampaignError(what, where=str(path), remedy="make one: handbill plan TARGET --save FILE")


def refuse_changed(saved: SavedPlan, now: Inputs, where: str) -> None:
    """Refuse a plan whose inputs have changed.

    Raises:
        CampaignError: naming every change.
    """
    changed = list(changes(saved.inputs, now))
    if saved.plan_format != PLAN_FORMAT:
        changed.append(f"the format of saved plans (it is {PLAN_FORMAT} now)")
    if changed:
        raise CampaignError(
            "the plan is not what would be made now; since it was saved there changed:\n    "
            + "\n    ".join(changed),
            where=where,
            remedy="look at it again: handbill plan TARGET --save FILE; nothing was made",
        )


def changes(before: Inputs, now: Inputs) -> Iterator[str]:
    """What differs, a line each."""
    yield from _row_changes(before.rows, now.rows)
    if before.brand != now.brand:
        yield "the brand kit"
    for name in ("placements", "templates", "providers", "settings"):
        differing = _differing(getattr(before, name), getattr(now, name))
        if differing:
            yield f"{name}: {_some(differing)}"
    if before.version != now.version:
        yield f"Handbill itself: {before.version} then, {now.version} now"
    if before.orders != now.orders and before.rows == now.rows:
        yield "the orders: a row's own placements, locales or accounts, or what the plan was asked"


def _row_changes(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    groups = {
        "changed": [name for name in before if name in now and before[name] != now[name]],
        "new": [name for name in now if name not in before],
        "gone": [name for name in before if name not in now],
    }
    for word, names in groups.items():
        if names:
            yield f"rows that are {word}: {_some(names)}"


def _differing(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    rest = f" and {len(listed) - _NAMED:,} more" if len(listed) > _NAMED else ""
    return ", ".join(repr(name) for name in listed[:_NAMED]) + rest


def _settings(campaign: Campaign) -> dict[str, str]:
    return {name: digest(getattr(campaign, name)) for name in _SETTINGS}


def _fields(value: object) -> dict[str, object]:
    content = plain(value)
    assert isinstance(content, dict)  # noqa: S101 - a dataclass is always a mapping here
    return content
