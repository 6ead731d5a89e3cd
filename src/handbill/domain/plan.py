"""Briefs × placements × locales × accounts × audiences × variants → orders and shards."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from handbill.domain.brandkit import BrandKit
from handbill.domain.brief import Brief
from handbill.domain.campaign import Campaign
from handbill.domain.digest import canonical, digest, digest_joined, plain
from handbill.domain.order import Medium, Order, Shard, variant_seed
from handbill.domain.placement import Placement

# Raised when a change of the engine makes other assets of the same inputs.
RECIPE = 1

# Fields of a brief that do not decide what is made, each with its reason.
_NOT_CONTENT = {
    "source",  # a row that moved in its sheet is still the same row
    "notes",  # remarks of colleagues, never shown
    "budget_usd",  # decides whether, not what
    "locales",  # part of the order itself
    "placements",  # part of the order itself
    "accounts",  # part of the order itself
}
# A picture's path is replaced by its digest: moving a campaign folder changes nothing.
_NOT_PICTURE_CONTENT = {"path"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run would make.

    Attributes:
        orders: in the order of the sheet, then placement, locale, account, audience, variant.
        digest: sha256 (hex) over all order keys: equal plans make equal bundles.
    """

    orders: tuple[Order, ...]
    digest: str


def plan_orders(
    campaign: Campaign,
    kit: BrandKit,
    briefs: Iterable[Brief],
    placements: Mapping[str, Placement],
) -> Plan:
    """Plan every order of a campaign.

    Args:
        campaign: its placements, locales, accounts, audiences and variants, unless a brief
            overrides them.
        kit: its digest is part of every key.
        briefs: valid rows, in sheet order.
        placements: every placement that the campaign or a brief names, by id.
    """
    known = {name: _Known(one, canonical(one)) for name, one in placements.items()}
    orders = tuple(order for brief in briefs for order in _orders_of(campaign, kit, brief, known))
    return Plan(orders=orders, digest=digest([order.key for order in orders]))


def orders_of(campaign: Campaign, brief: Brief) -> int:
    """How many orders one brief makes."""
    return math.prod(len(axis) for axis in _axes(campaign, brief))


def shards_of(orders: Sequence[Order], medium: Medium, size: int) -> Iterator[Shard]:
    """Slices of at most `size` orders (≥ 1); orders of one creative idea stay together."""
    slices: list[list[Order]] = [[]]
    for group in _by_creative(orders):
        if slices[-1] and len(slices[-1]) + len(group) > size:
            slices.append([])
        slices[-1].extend(group)
    for number, piece in enumerate((piece for piece in slices if piece), start=1):
        yield Shard(name=f"{medium}-{number}", medium=medium, orders=tuple(piece))


def brief_content(brief: Brief) -> dict[str, object]:
    """What of a brief decides its assets, in JSON's own types."""
    content = plain(brief)
    assert isinstance(content, dict)  # noqa: S101 - a dataclass is always a mapping here
    kept = {name: value for name, value in content.items() if name not in _NOT_CONTENT}
    kept["pictures"] = [
        {name: value for name, value in picture.items() if name not in _NOT_PICTURE_CONTENT}
        for picture in content["pictures"]
    ]
    return kept


@dataclass(frozen=True, slots=True)
class _Known:
    """A placement beside its canonical text, which every order's key is made of."""

    placement: Placement
    text: str


def _orders_of(
    campaign: Campaign, kit: BrandKit, brief: Brief, placements: Mapping[str, _Known]
) -> Iterator[Order]:
    content = digest([RECIPE, brief_content(brief), kit.digest, campaign.seed])
    identity = [campaign.seed, brief.id]
    for placement_id, locale, account, audience, variant in product(*_axes(campaign, brief)):
        # The seed leaves the locale out: one product tells one story in every language.
        story = int(digest([*identity, account, audience])[:8], 16)
        seed = variant_seed(story, variant)
        yield _order(
            content, brief, placements[placement_id], (locale, account, audience, variant), seed
        )


def _axes(
    campaign: Campaign, brief: Brief
) -> tuple[Sequence[str], Sequence[str], Sequence[str], Sequence[str], Sequence[int]]:
    """Placements, locales, accounts, audiences and variants of one brief."""
    return (
        brief.placements or campaign.placements,
        brief.locales or campaign.locales or (brief.language,),
        brief.accounts or campaign.accounts or ("",),
        campaign.audiences or ("",),
        range(1, campaign.variants + 1),
    )


def _order(
    content: str, brief: Brief, known: _Known, axes: tuple[str, str, str, int], seed: int
) -> Order:
    locale, account, audience, variant = axes
    placement = known.placement
    creative = digest([content, locale, account, audience, variant])
    key = digest_joined([canonical(creative), known.text])
    parts = [f"{brief.slug}-{digest(brief.id)[:8]}", locale]
    parts += [_path_word(word) for word in (account, audience) if word]
    parts += [f"v{variant}"] if variant > 1 else []
    return Order(
        key=key,
        creative_key=creative,
        brief=brief,
        placement=placement,
        locale=locale,
        account=account,
        variant=variant,
        audience=audience,
        seed=seed,
        folder=f"channels/{placement.channel}/{placement.slot}/{'.'.join(parts)}",
    )


def _path_word(word: str) -> str:
    """`word` when it is safe in every file system, else its digest."""
    safe = word.isascii() and word.replace("-", "").replace("_", "").isalnum()
    return word.lower() if safe else digest(word)[:8]


def _by_creative(orders: Sequence[Order]) -> Iterator[list[Order]]:
    groups: dict[str, list[Order]] = {}
    for order in orders:
        groups.setdefault(order.creative_key, []).append(order)
    yield from groups.values()
