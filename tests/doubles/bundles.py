"""A small campaign with finished orders, made without any provider or renderer."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from handbill.bundling import BundleContents
from handbill.channels import load_catalogue
from handbill.domain.asset import Asset, Origin, Outcome, StoredFile
from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Brief, SourceRow
from handbill.domain.campaign import Campaign
from handbill.domain.copy import Copy, DisplayText
from handbill.domain.finding import Finding, Severity
from handbill.domain.order import Medium, Order, Status
from handbill.domain.plan import Plan, plan_orders
from handbill.store import AssetStore

PLACEMENTS = ("instagram.feed_image", "pinterest.pin", "google_ads.rsa", "sms.text")
HOUSE = Origin(ai="none", mode="offline", provider="house")
BLOCKING = Finding(
    code="text.number_not_in_brief", severity=Severity.BLOCK, message="'25 %' stands nowhere"
)


def brand() -> BrandKit:
    return BrandKit(
        name="Harbour Roasters",
        palette=Palette(primary="#0b4f6c", secondary="#f2a541", ink="#10222b", paper="#fbf6ec"),
        heading=Typeface(family="Poppins"),
        body=Typeface(family="Inter"),
        digest="kit",
    )


def briefs(*products: str, url: str = "https://harbour.example/p") -> tuple[Brief, ...]:
    return tuple(
        Brief(
            id=f"b{number}",
            slug=f"brief-{number}",
            source=SourceRow(file="briefs.csv", row=number + 1),
            language="en",
            product=product,
            url=url,
            keywords=("coffee", "harbour, north"),
        )
        for number, product in enumerate(products, start=1)
    )


def plan(
    rows: Sequence[Brief],
    placements: Sequence[str] = PLACEMENTS,
    locales: Sequence[str] = ("en",),
    accounts: Sequence[str] = ("",),
) -> Plan:
    catalogue = load_catalogue()
    campaign = Campaign(
        name="Spring",
        folder="/nowhere",
        sheet="/nowhere/briefs.csv",
        placements=tuple(placements),
        locales=tuple(locales),
        accounts=tuple(accounts),
    )
    return plan_orders(
        campaign, brand(), rows, {name: catalogue.placement(name) for name in placements}
    )


def jpeg(width_px: int = 40, height_px: int = 50, colour: str = "#0b4f6c") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width_px, height_px), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def copy_of(order: Order, **texts: Sequence[str]) -> Copy:
    product = order.brief.product
    written = {
        "caption": [f"{product} by the water"],
        "title": [f"{product} {order.locale} {order.account}".strip()],
        "description": [f"{product}, roasted on the quay.", "Packed the same day."],
        "headline": [f"{word} Roast" for word in ("Fresh", "Dark", "Slow", "Local", "Spring")],
        "path1": ["coffee"],
        "text": [f"{product}: new at the harbour"],
    } | texts
    known = order.placement.texts
    return Copy(
        order_key=order.key,
        locale=order.locale,
        framework="question_hook",
        texts={
            name: tuple(values[: known[name].max_items])
            for name, values in written.items()
            if name in known and known[name].written
        },
        display=DisplayText(headline=f"{product} is here", cta="Shop now"),
        hashtags=("#coffee", "#harbour") if order.placement.hashtags_max != 0 else (),
        alt_text=f"A cup of {product}",
        facts=("product",),
    )


def picture(store: AssetStore, data: bytes, name: str = "image.jpg") -> Asset:
    with Image.open(io.BytesIO(data)) as opened:
        width_px, height_px = opened.size
    file = StoredFile(
        name=name,
        sha256=store.put_bytes(data, durable=False),
        size_bytes=len(data),
        mime="image/jpeg",
        medium=Medium.IMAGE,
        width_px=width_px,
        height_px=height_px,
    )
    return Asset(file=file, origin=HOUSE)


def contents(
    store: AssetStore,
    planned: Plan,
    *,
    blocked: Sequence[str] = (),
    copies: Mapping[str, Copy] | None = None,
) -> BundleContents:
    """Every order made with a picture where its placement takes one.

    Args:
        store: takes the pictures.
        planned: the orders.
        blocked: keys of orders that end blocked.
        copies: by order key, in place of `copy_of`.
    """
    outcomes = []
    for order in planned.orders:
        stops = order.key in blocked
        with_picture = "image" in order.placement.makes
        data = jpeg(40, 50 + order.brief.source.row)
        outcomes.append(
            Outcome(
                order_key=order.key,
                status=Status.BLOCKED if stops else Status.MADE,
                assets=(picture(store, data),) if with_picture else (),
                findings=(BLOCKING,) if stops else (),
                cost_usd_micros=1_500,
            )
        )
    written = {order.key: copy_of(order) for order in planned.orders}
    return BundleContents(
        campaign="Spring at the harbour",
        plan=planned,
        outcomes=tuple(outcomes),
        copies=written | dict(copies or {}),
        kit=brand(),
        run={"started": "2026-11-21T12:00:00Z"},
        version="0.1.0",
    )


def changed(given: BundleContents, order_key: str, **fields: object) -> BundleContents:
    """The same contents with other fields in one outcome."""
    outcomes = tuple(
        replace(one, **fields) if one.order_key == order_key else one  # type: ignore[arg-type]
        for one in given.outcomes
    )
    return replace(given, outcomes=outcomes)


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Path → inode and time of change of every file."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
