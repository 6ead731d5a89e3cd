"""Plans of a few orders, for tests that only look at keys."""

from __future__ import annotations

import dataclasses

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Brief, SourceRow
from handbill.domain.campaign import Campaign
from handbill.domain.placement import ImageSpec, Placement
from handbill.domain.plan import Plan, plan_orders

PALETTE = Palette(primary="#112233", secondary="#445566", ink="#000000", paper="#ffffff")
KIT = BrandKit(
    name="Harbour",
    palette=PALETTE,
    heading=Typeface(family="Poppins"),
    body=Typeface(family="Open Sans"),
    digest="k1",
)
FEED = Placement(
    id="instagram.feed_image",
    platform="Instagram",
    kind="organic",
    makes=("copy", "image"),
    image=ImageSpec(width_px=1080, height_px=1350),
)
SMS = Placement(id="sms.text", platform="SMS", kind="message", makes=("copy",))
PLACEMENTS = {placement.id: placement for placement in (FEED, SMS)}
CAMPAIGN = Campaign(
    name="Spring",
    folder="/c",
    sheet="/c/briefs.csv",
    placements=("instagram.feed_image", "sms.text"),
    locales=("en", "de"),
)


def brief(identity: str = "mug", row: int = 2, **values: object) -> Brief:
    fixed = Brief(
        id=identity,
        slug=identity,
        source=SourceRow(file="briefs.csv", row=row),
        language="en",
        product=f"Harbour {identity}",
    )
    return dataclasses.replace(fixed, **values)  # type: ignore[arg-type]


def plan(*briefs: Brief, campaign: Campaign = CAMPAIGN, kit: BrandKit = KIT) -> Plan:
    return plan_orders(campaign, kit, briefs, PLACEMENTS)
