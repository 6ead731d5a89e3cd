"""The docket: everything of a campaign that a run works on, read and planned."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from handbill.campaign_folder import (
    house_brandkit,
    is_web_address,
    read_brandkit,
    read_campaign,
)
from handbill.channels import Catalogue
from handbill.domain.brandkit import BrandKit
from handbill.domain.brief import Brief
from handbill.domain.campaign import Campaign, ProviderChoice
from handbill.domain.finding import Problem
from handbill.domain.order import Medium, Order
from handbill.domain.placement import Placement
from handbill.domain.plan import Plan, orders_of, plan_orders, shards_of
from handbill.domain.review import BEFORE_EXPORT
from handbill.errors import CampaignError
from handbill.marking import parse_profiles
from handbill.press.request import RunRequest, row_range
from handbill.press.shares import share_orders
from handbill.settings import read_settings
from handbill.sheets import SheetOptions, fetch_sheet, iter_sheet

# A slice is one task run of Prefect, whose pages stay quick with tens of them; what several
# machines take one by one are shares instead.
MOST_SLICES = 44
LEAST_ORDERS_A_SLICE = 28
# An order under way takes about 1.5 KB of memory.
MOST_ORDERS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """A campaign, read and planned.

    Attributes:
        campaign: with what the request overrides.
        briefs: those that the request keeps.
        problems: of the whole sheet.
        placements: every placement that an order uses, by id.
        slices: the plan's orders in slices; a slice holds whole creative ideas.
        whole: the request keeps every row and placement.
        refresh, discard_edits, write_back, batch: as in `RunRequest`.
    """

    campaign: Campaign
    kit: BrandKit
    briefs: tuple[Brief, ...]
    problems: tuple[Problem, ...]
    placements: Mapping[str, Placement]
    plan: Plan
    slices: tuple[tuple[Order, ...], ...]
    whole: bool = True
    refresh: tuple[str, ...] = ()
    discard_edits: bool = False
    write_back: str = ""
    batch: bool = False

    @property
    def is_reviewed(self) -> bool:
        """Whether a person has to approve what goes out."""
        return self.campaign.review == BEFORE_EXPORT


def open_docket(request: RunRequest, catalogue: Catalogue, *, fresh: bool = True) -> Docket:
    """Read and plan what `request` asks for.

    Args:
        request: what to make.
        catalogue: every placement.
        fresh: fetch a sheet on the web anew; False takes the bytes that this run began with.

    Raises:
        UserError: the campaign, its sheet, its brand or a placement cannot be used.
    """
    campaign = with_sheet_here(overridden(read_campaign(request.target), request), fresh=fresh)
    kit = read_kit(campaign)
    briefs, problems = read_kept(campaign, catalogue, request)
    placements = placements_of(campaign, briefs, catalogue)
    plan = plan_orders(campaign, kit, briefs, placements)
    return Docket(
        campaign=campaign,
        kit=kit,
        briefs=briefs,
        problems=problems,
        placements=placements,
        plan=plan,
        slices=share_orders(plan.orders) if request.spread else slice_orders(plan.orders),
        whole=not (request.only or request.rows),
        refresh=request.refresh,
        discard_edits=request.discard_edits,
        write_back=request.write_back,
        batch=request.batch,
    )


def overridden(campaign: Campaign, request: RunRequest) -> Campaign:
    """`campaign` with the request's sheet, placements, seed, budget and providers.

    Raises:
        CampaignError: it names a label profile that does not exist.
    """
    providers = dict(campaign.providers)
    for capability, name in request.providers.items():
        if campaign.provider(capability).name != name:
            providers[capability] = ProviderChoice(name=name)
    return dataclasses.replace(
        campaign,
        sheet=_absolute_sheet(request.sheet) or campaign.sheet,
        placements=tuple(dict.fromkeys(request.only or campaign.placements)),
        encoding=request.encoding or campaign.encoding,
        worksheet=request.worksheet or campaign.worksheet,
        seed=campaign.seed if request.seed is None else request.seed,
        budget_usd=campaign.budget_usd if request.budget_usd is None else request.budget_usd,
        providers=providers,
        labels=parse_profiles(campaign.labels),
        review=request.review or campaign.review,
    )


def _absolute_sheet(sheet: str) -> str:
    """A sheet's path, made absolute; an address stays, and so does nothing."""
    return sheet if not sheet or is_web_address(sheet) else str(Path(sheet).absolute())


def with_sheet_here(campaign: Campaign, *, fresh: bool = True) -> Campaign:
    """`campaign` with its sheet on this machine: one on the web is fetched and kept.

    Pictures of a sheet on the web lie in the campaign's folder; a bare one finds none here.

    Raises:
        SheetError: its host is not allowed, or the sheet cannot be had.
    """
    if not is_web_address(campaign.sheet):
        return campaign
    settings = read_settings()
    kept = fetch_sheet(
        campaign.sheet, hosts=settings.allowed_hosts, folder=settings.home / "sheets", fresh=fresh
    )
    own = campaign.folder if (Path(campaign.folder) / "campaign.toml").is_file() else ""
    return dataclasses.replace(campaign, sheet=str(kept), pictures=campaign.pictures or own)


def read_kit(campaign: Campaign) -> BrandKit:
    """The campaign's brand kit, else the house's.

    Raises:
        BrandError: it cannot be used.
    """
    return read_brandkit(Path(campaign.brand)) if campaign.brand else house_brandkit()


def read_kept(
    campaign: Campaign, catalogue: Catalogue, request: RunRequest
) -> tuple[tuple[Brief, ...], tuple[Problem, ...]]:
    """The briefs that `request` keeps, and the problems of the whole sheet.

    Other briefs are let go as they come, so that a part of a very long sheet needs little memory.

    Raises:
        SheetError: it cannot be read at all.
        CampaignError: it makes more orders than one run holds.
    """
    first, last = row_range(request.rows)
    briefs: list[Brief] = []
    problems: list[Problem] = []
    number = orders = 0
    for found in iter_sheet(Path(campaign.sheet), sheet_options(campaign, catalogue)):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        number += 1
        if number < first or (last is not None and number > last):
            continue
        for brief in kept_briefs((found,), request):
            briefs.append(brief)
            orders += orders_of(campaign, brief)
            _refuse_more(orders, number, campaign)
    return tuple(briefs), tuple(problems)


def _refuse_more(orders: int, row: int, campaign: Campaign) -> None:
    if orders > MOST_ORDERS:
        raise CampaignError(
            f"{row:,} briefs alone make {orders:,} orders, and one run holds {MOST_ORDERS:,}",
            where=campaign.sheet,
            remedy="run it in parts: --rows 1-50000, then --rows 50001-100000 and so on, or fewer"
            " placements with --only; handbill check reads sheets of any length",
        )


def sheet_options(campaign: Campaign, catalogue: Catalogue) -> SheetOptions:
    """How the campaign's sheet is read."""
    settings = read_settings()
    return SheetOptions(
        allowed_hosts=settings.allowed_hosts,
        fetch_folder=settings.home / "fetched",
        columns=campaign.columns,
        column_map=campaign.column_map,
        currency=campaign.currency,
        source_locale=campaign.source_locale,
        locales=campaign.locales,
        picture_folder=Path(campaign.pictures) if campaign.pictures else None,
        encoding=campaign.encoding,
        worksheet=campaign.worksheet,
        placements=frozenset(catalogue.ids),
    )


def kept_briefs(briefs: tuple[Brief, ...], request: RunRequest) -> tuple[Brief, ...]:
    """The briefs with the placements that `request` keeps; those that keep none are left out."""
    if not request.only:
        return briefs
    only = set(request.only)
    kept = (_only(brief, only) for brief in briefs)
    return tuple(brief for brief in kept if brief is not None)


def placements_of(
    campaign: Campaign, briefs: tuple[Brief, ...], catalogue: Catalogue
) -> dict[str, Placement]:
    """Every placement that the campaign or a brief names, by id.

    Raises:
        ChannelError: one does not exist, or is described but not made yet.
    """
    named = dict.fromkeys(campaign.placements)
    for brief in briefs:
        named.update(dict.fromkeys(brief.placements))
    return {placement_id: catalogue.placement(placement_id) for placement_id in named}


def slice_orders(orders: tuple[Order, ...]) -> tuple[tuple[Order, ...], ...]:
    """`orders` in at most about `MOST_SLICES` slices; a creative idea is never torn apart."""
    size = max(LEAST_ORDERS_A_SLICE, math.ceil(len(orders) / MOST_SLICES))
    return tuple(shard.orders for shard in shards_of(orders, Medium.COPY, size))


def _only(brief: Brief, only: set[str]) -> Brief | None:
    if not brief.placements:
        return brief
    own = tuple(placement for placement in brief.placements if placement in only)
    return dataclasses.replace(brief, placements=own) if own else None
