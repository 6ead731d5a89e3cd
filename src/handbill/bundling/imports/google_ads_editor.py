"""``imports/google_ads_editor.csv``: responsive search ads for Google Ads Editor.

Editor reads English headers in any order; an empty cell leaves a value as it is. A CSV with
commas must be UTF-8 with a byte order mark, else accents break and give false "over 30
characters" errors (other tools' experience, read 2026-11-21). Widths count East Asian letters
twice. An ad needs 3 to 15 headlines and 2 to 4 descriptions (Google Ads API, read 2026-11-21).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from handbill.bundling.cells import plain_csv_bytes
from handbill.bundling.contents import FinishedOrder
from handbill.bundling.imports.format import (
    ImportContext,
    ImportFile,
    ImportFormat,
    fitting,
    header,
    plain_name,
    web_url,
)

_MOST_HEADLINES, _MOST_DESCRIPTIONS = 15, 4
_FEWEST_HEADLINES, _FEWEST_DESCRIPTIONS = 3, 2
_STEPS = (
    "Google Ads Editor > Account > Import > From file, then look through the proposed changes.",
    "Every ad is Paused: nothing is spent before you enable it.",
    (
        "Campaigns and ad groups carry the names in this sheet. Where they do not exist yet, set "
        "budget, bidding, language and location of the new ones before you post."
    ),
    "The columns follow Google's published rules; this sheet was not tried on your account.",
)


def build(finished: Sequence[FinishedOrder], context: ImportContext) -> Sequence[ImportFile]:
    """One file, rows in the order of brief × locale × account × variant."""
    groups = Counter(name for _, name in {(one.order.brief.id, _product(one)) for one in finished})
    rows: list[list[str]] = []
    held_back: list[str] = []
    for one in sorted(finished, key=_place):
        cells, reasons = _ad(one, context, shared_name=groups[_product(one)] > 1)
        held_back += reasons
        if cells:
            rows.append([cells.get(column, "") for column in header("google_ads_editor_rsa")])
    data = plain_csv_bytes(header("google_ads_editor_rsa"), rows)
    file = ImportFile(
        name="google_ads_editor.csv",
        data=data,
        rows=len(rows),
        placement="google_ads.rsa",
        steps=_STEPS,
        held_back=tuple(held_back),
    )
    return [file] if rows or held_back else []


FORMAT = ImportFormat(
    bulk_format="google_ads_editor_csv", placements=("google_ads.rsa",), build=build
)


def _ad(
    one: FinishedOrder, context: ImportContext, *, shared_name: bool
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Cells by column, empty when the ad cannot go out, and what was left out and why."""
    headlines, why_headlines = fitting(one, "headline")
    descriptions, why_descriptions = fitting(one, "description")
    paths, why_paths = _paths(one)
    reasons = why_headlines + why_descriptions + why_paths
    url = web_url(one.order.brief.url) or _house_url(one, context)
    if missing := _missing(len(headlines), len(descriptions), url):
        return {}, (*reasons, f"{one.order.folder}: the whole ad, because {missing}")
    cells = {"Campaign": _campaign(one, context), "Ad Group": _group(one, shared=shared_name)}
    cells |= {"Ad type": "Responsive search ad", "Final URL": url, "Status": "Paused"}
    cells |= _numbered("Headline", headlines[:_MOST_HEADLINES])
    cells |= _numbered("Description", descriptions[:_MOST_DESCRIPTIONS])
    return cells | _numbered("Path", paths), reasons


def _missing(headlines: int, descriptions: int, url: str) -> str:
    if headlines < _FEWEST_HEADLINES:
        return f"{headlines} usable headlines are fewer than {_FEWEST_HEADLINES}"
    if descriptions < _FEWEST_DESCRIPTIONS:
        return f"{descriptions} usable descriptions are fewer than {_FEWEST_DESCRIPTIONS}"
    return "" if url else "neither the row nor the brand has a web address (column url)"


def _paths(one: FinishedOrder) -> tuple[tuple[str, ...], tuple[str, ...]]:
    first, why_first = fitting(one, "path1")
    second, why_second = fitting(one, "path2")
    # Path 2 is only allowed beside a path 1.
    return (first[:1] + second[:1] if first else ()), why_first + why_second


def _house_url(one: FinishedOrder, context: ImportContext) -> str:
    kit = context.kit
    return web_url(kit.account(one.order.account).url or kit.url) if kit else ""


def _campaign(one: FinishedOrder, context: ImportContext) -> str:
    parts = (context.campaign, one.order.locale, one.order.account)
    return plain_name(" | ".join(part for part in parts if part))


def _group(one: FinishedOrder, *, shared: bool) -> str:
    name = f"{_product(one)} ({one.order.brief.id})" if shared else _product(one)
    return plain_name(" | ".join(part for part in (name, one.order.audience) if part))


def _product(one: FinishedOrder) -> str:
    return one.order.brief.name_in(one.order.locale)


def _place(one: FinishedOrder) -> tuple[str, str, int, str, int]:
    order = one.order
    return (order.locale, order.account, order.brief.source.row, order.audience, order.variant)


def _numbered(column: str, texts: Sequence[str]) -> dict[str, str]:
    return {f"{column} {number}": text for number, text in enumerate(texts, start=1)}
