"""Requests to providers, made from the domain alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from handbill.channels import load_catalogue
from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Brief, SourceRow
from handbill.domain.campaign import Campaign
from handbill.domain.plan import plan_orders
from handbill.prompting.prompts import copy_prompt
from handbill.providers.ports import CopyRequest
from handbill.settings import builtin_templates

KIT = BrandKit(
    name="Harbour",
    palette=Palette(primary="#112233", secondary="#445566", ink="#000000", paper="#ffffff"),
    heading=Typeface(family="Poppins"),
    body=Typeface(family="Poppins"),
    tone=("warm", "plain"),
    digest="0" * 64,
)
FACTS = MappingProxyType({"product": "Tide Lamp", "price": "€19.90", "url": "https://x.example/1"})


def a_brief(number: int = 1, description: str = "A small lamp for boats.") -> Brief:
    return Brief(
        id=f"b{number}",
        slug=f"b{number}",
        source=SourceRow(file="briefs.csv", row=number + 1),
        language="en",
        product=f"Tide Lamp {number}",
        description=description,
        benefits=("Floats", "Charges in the sun"),
    )


def a_copy_request(
    *placements: str, brief: Brief | None = None, prompted: bool = True
) -> CopyRequest:
    brief = brief or a_brief()
    ids = placements or ("instagram.feed_image", "x.post")
    catalogue = load_catalogue()
    campaign = Campaign(name="C", folder="/", sheet="/s.csv", placements=ids, locales=("en",))
    known = {each: catalogue.placement(each) for each in ids}
    plan = plan_orders(campaign, KIT, [brief], known)
    request = CopyRequest(
        brief=brief,
        kit=KIT,
        locale="en",
        account="",
        audience="",
        variant=1,
        seed=7,
        orders=plan.orders,
        facts=FACTS,
    )
    return with_prompt(request) if prompted else request


def with_prompt(request: CopyRequest, templates: Path | None = None) -> CopyRequest:
    return replace(request, prompt=copy_prompt(request, templates or builtin_templates()))
