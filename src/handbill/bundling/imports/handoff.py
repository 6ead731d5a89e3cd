"""``imports/handoff.csv``: a row for each finished file, for platforms without a bulk import.

Not a platform's format: it is for schedulers, spreadsheets and colleagues who post by hand. Texts
are guarded against being run as formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handbill.bundling.cells import csv_bytes
from handbill.bundling.contents import FinishedOrder
from handbill.bundling.imports.format import (
    ImportContext,
    ImportFile,
    ImportFormat,
    media_address,
)
from handbill.domain.order import Medium

_COLUMNS = (
    *("channel", "placement", "brief", "product", "locale", "account", "audience", "variant"),
    *("file", "medium", "mime", "width_px", "height_px", "duration_s", "size_bytes"),
    *("copy", "hashtags", "alt_text", "url", "cta", "ai", "todo"),
)
_STEPS = (
    (
        "Every file that may go out, with its words: filter by channel and account, and post or "
        "schedule from here. Paths are relative to the bundle's folder unless a base URL was set."
    ),
)


def build(finished: Sequence[FinishedOrder], context: ImportContext) -> Sequence[ImportFile]:
    """One file; orders without a file of their own have one row with their words."""
    rows = [row for one in finished for row in _rows(one, context)]
    data = csv_bytes(_COLUMNS, rows)
    return [ImportFile(name="handoff.csv", data=data, rows=len(rows), steps=_STEPS)]


FORMAT = ImportFormat(bulk_format="", placements=(), build=build)


def _rows(one: FinishedOrder, context: ImportContext) -> Iterator[tuple[str | int | float, ...]]:
    order, copy = one.order, one.copy
    of_order = (
        *(order.placement.channel, order.placement.id, order.brief.id),
        *(order.brief.name_in(order.locale), order.locale, order.account, order.audience),
        order.variant,
    )
    words = (
        "\n\n".join(text for texts in copy.texts.values() for text in texts) if copy else "",
        " ".join(copy.hashtags) if copy else "",
        copy.alt_text if copy else "",
        order.brief.url,
        copy.display.cta if copy else "",
    )
    todo = order.placement.disclosure.how
    assets = [asset for asset in one.outcome.assets if asset.file.medium is not Medium.COPY]
    for asset in assets:
        file = asset.file
        address = media_address(one.path(asset), context.media_base_url)
        sizes = (file.width_px or "", file.height_px or "", file.duration_s or "")
        of_file = (address, file.medium.value, file.mime, *sizes, file.size_bytes)
        yield (*of_order, *of_file, *words, asset.origin.ai, todo)
    if not assets:
        yield (*of_order, "", "copy", "", "", "", "", "", *words, "", todo)
