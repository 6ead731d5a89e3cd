"""Reads a campaign to find every fault at once, where a run would stop at the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from handbill.campaign_folder import read_campaign
from handbill.channels import Catalogue
from handbill.domain.campaign import Campaign
from handbill.domain.finding import Problem
from handbill.errors import UserError
from handbill.press.docket import (
    kept_briefs,
    overridden,
    read_kit,
    sheet_options,
    with_sheet_here,
)
from handbill.press.font_shelf import font_problems
from handbill.press.recipes import HOUSE, maker_of
from handbill.press.request import RunRequest, pick_rows
from handbill.press.speaking import is_mute
from handbill.providers.registry import open_provider
from handbill.sheets import iter_sheet

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Everything that is wrong with a campaign, and how much of it is fine.

    Attributes:
        faults: what keeps the whole campaign from running, each with its exit code.
        problems: of single rows.
        briefs: valid rows that the request keeps.
    """

    campaign: Campaign | None
    faults: tuple[UserError, ...]
    problems: tuple[Problem, ...]
    briefs: int

    @property
    def rejected(self) -> int:
        """How many problems reject their row."""
        return sum(problem.rejects for problem in self.problems)


def inspect_campaign(request: RunRequest, catalogue: Catalogue) -> Inspection:
    """Read everything that `request` names and collect every fault."""
    faults: list[UserError] = []
    campaign = _tried(faults, lambda: overridden(read_campaign(request.target), request))
    if campaign is None:
        return Inspection(campaign=None, faults=tuple(faults), problems=(), briefs=0)
    kit = _tried(faults, lambda: read_kit(campaign))
    for placement in campaign.placements:
        _tried(faults, partial(catalogue.placement, placement))
    named = campaign.brand or "campaign.toml"
    problems = list(font_problems(kit, campaign.locales, named)) if kit else []
    problems += _mute_films(campaign, catalogue)
    briefs = 0
    if here := _tried(faults, partial(with_sheet_here, campaign)):
        read = partial(_counted, here, catalogue, request, problems)
        briefs = _tried(faults, read) or 0
    return Inspection(
        campaign=here or campaign, faults=tuple(faults), problems=tuple(problems), briefs=briefs
    )


def _mute_films(campaign: Campaign, catalogue: Catalogue) -> list[Problem]:
    """Locales in which the campaign wants films and the house voice cannot speak."""
    choice = campaign.provider("voice")
    known = (_tried([], partial(catalogue.placement, name)) for name in campaign.placements)
    filmed = [placement.id for placement in known if placement and "film" in placement.makes]
    if not filmed or maker_of(choice) != HOUSE:
        return []  # other voices say at the plan what they speak, if they know
    handle = open_provider(choice, "voice")
    return [
        Problem(
            code="voice.mute",
            message=f"the house has no voice for {locale!r}, so films in it will fail",
            remedy=f"name another provider for voice, or leave out {', '.join(filmed)}",
            file="campaign.toml",
            rejects=False,
        )
        for locale in campaign.locales
        if is_mute(handle, locale)
    ]


def _counted(
    campaign: Campaign, catalogue: Catalogue, request: RunRequest, problems: list[Problem]
) -> int:
    """How many briefs the request keeps; `problems` is filled, also when the sheet breaks off.

    Briefs are let go one by one: a sheet of a million rows is checked in little memory.
    """
    kept: list[bool] = []
    for found in iter_sheet(Path(campaign.sheet), sheet_options(campaign, catalogue)):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            kept.append(bool(kept_briefs((found,), request)))
    return sum(pick_rows(tuple(kept), request.rows))


def _tried(faults: list[UserError], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except UserError as fault:
        faults.append(fault)
        return None
