"""What a sheet is like, from its header and its first rows."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

from handbill.domain.brief import Brief
from handbill.domain.outline import SheetOutline
from handbill.sheets.columns import ColumnPlan, plan_columns
from handbill.sheets.options import SheetOptions
from handbill.sheets.reading import iter_sheet, locate_header, read_table

_SAMPLE = 200


def outline_sheet(path: Path, options: SheetOptions = SheetOptions()) -> SheetOutline:  # noqa: B008 - a frozen value
    """The outline of a sheet, from at most 200 of its products.

    Raises:
        SheetError: the sheet cannot be read at all, or holds no products.
    """
    table = read_table(path, options)
    worksheet, header_row = locate_header(path, options)
    plan = plan_columns(table.header, options, table.file, worksheet, header_row)
    briefs = [result for result in islice(iter_sheet(path, options), _SAMPLE * 4)
              if isinstance(result, Brief)][:_SAMPLE]  # fmt: skip
    currencies = Counter(brief.price.currency for brief in briefs
                         if brief.price and brief.price.currency)  # fmt: skip
    return SheetOutline(
        preset=plan.preset.name,
        columns=_mapping(plan),
        unknown=tuple(column.header for column in plan.columns if not column.field),
        languages=_languages(briefs),
        currency=currencies.most_common(1)[0][0] if len(currencies) == 1 else "",
        worksheet=worksheet,
        has_store=any(brief.store_address for brief in briefs),
        rows=len(briefs),
    )


def _mapping(plan: ColumnPlan) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for column in sorted(plan.columns, key=lambda column: column.index):
        if column.field:
            name = f"{column.field}.{column.locale}" if column.locale else column.field
            mapping.setdefault(name, column.header)
    return mapping


def _languages(briefs: list[Brief]) -> tuple[str, ...]:
    """The rows' own languages, then those of translated products, each by frequency."""
    own = Counter(brief.language for brief in briefs)
    translated = Counter(tag for brief in briefs for tag in brief.translations.get("product", ()))
    ranked = [tag for counts in (own, translated) for tag, _ in counts.most_common()]
    return tuple(dict.fromkeys(ranked))
