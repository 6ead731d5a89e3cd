"""``imports/pinterest_pins.csv``: Pinterest's bulk-create sheet, eight columns.

Title at most 100 and unique in its file, description at most 500, at most 100 rows a file (some
tools say 200; the lower figure holds everywhere), keywords with commas in one cell, media at a
public address. Read in public tools on 2026-11-21, confidence B.

Pinterest takes one account's pins at a time, so each account gets files of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handbill.bundling.cells import is_formula, plain_csv_bytes
from handbill.bundling.contents import FinishedOrder
from handbill.bundling.imports.format import (
    ImportContext,
    ImportFile,
    ImportFormat,
    asset_of,
    fitting,
    header,
    media_address,
    plain_name,
    web_url,
)
from handbill.channels.units import count
from handbill.domain.digest import digest
from handbill.domain.order import Medium

_MOST_ROWS = 100
# Columns of a row of the user's sheet that may name the board.
_BOARD_COLUMNS = ("pinterest board", "pinterest_board", "board")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pin:
    title: str
    media: str
    board: str
    description: str
    link: str
    keywords: str

    def cells(self) -> tuple[str, ...]:
        return (
            *(self.title, self.media, self.board, "", self.description),
            *(self.link, "", self.keywords),
        )


def build(finished: Sequence[FinishedOrder], context: ImportContext) -> Sequence[ImportFile]:
    """One or more files an account, each with at most 100 pins and no title twice."""
    files: list[ImportFile] = []
    accounts = dict.fromkeys(one.order.account for one in finished)
    for account in accounts:
        mine = [one for one in finished if one.order.account == account]
        stem = "pinterest_pins" if not files else f"pinterest_pins.{_file_word(account)}"
        files += _files_of(mine, context, stem, account if len(accounts) > 1 else "")
    return files


FORMAT = ImportFormat(bulk_format="pinterest_csv", placements=("pinterest.pin",), build=build)


def _files_of(
    finished: Sequence[FinishedOrder], context: ImportContext, stem: str, account: str
) -> Iterator[ImportFile]:
    pins: list[_Pin] = []
    held_back: list[str] = []
    for one in finished:
        pin, reasons = _pin(one, context)
        held_back += reasons
        pins += [pin] if pin else []
    for number, sheet in enumerate(_sheets(pins), start=1):
        yield ImportFile(
            name=f"{stem}.csv" if number == 1 else f"{stem}-{number}.csv",
            data=plain_csv_bytes(header("pinterest_bulk_pins"), [pin.cells() for pin in sheet]),
            rows=len(sheet),
            placement="pinterest.pin",
            steps=_steps(context, account),
            held_back=tuple(held_back) if number == 1 else (),
        )


def _sheets(pins: Sequence[_Pin]) -> list[list[_Pin]]:
    """Each pin in the first sheet with room for it and without its title; at least one sheet."""
    sheets: list[list[_Pin]] = [[]]
    titles: list[set[str]] = [set()]
    for pin in pins:
        free = (
            number
            for number, sheet in enumerate(sheets)
            if len(sheet) < _MOST_ROWS and pin.title.casefold() not in titles[number]
        )
        number = next(free, len(sheets))
        if number == len(sheets):
            sheets.append([])
            titles.append(set())
        sheets[number].append(pin)
        titles[number].add(pin.title.casefold())
    return sheets


def _pin(one: FinishedOrder, context: ImportContext) -> tuple[_Pin | None, tuple[str, ...]]:
    titles, why_titles = fitting(one, "title")
    descriptions, why_descriptions = fitting(one, "description")
    reasons = why_titles + why_descriptions
    image = asset_of(one, Medium.IMAGE)
    if not titles or image is None:
        missing = "it has no usable title" if image else "it has no picture"
        return None, (*reasons, f"{one.order.folder}: the whole pin, because {missing}")
    kit_url = context.kit.url if context.kit else ""
    pin = _Pin(
        title=titles[0],
        media=media_address(one.path(image), context.media_base_url),
        board=_board(one, context),
        description=_with_tags(one, descriptions[0] if descriptions else ""),
        link=web_url(one.order.brief.url) or web_url(kit_url),
        keywords=",".join(_keywords(one)),
    )
    return pin, reasons


def _steps(context: ImportContext, account: str) -> tuple[str, ...]:
    steps = [
        "Upload at https://www.pinterest.com/settings/bulk-create-pins (a business account"
        + (f"; this file is for {account}, no other)." if account else ")."),
        (
            "Publish date is empty: Pinterest publishes on upload. To schedule, write dates such "
            "as 2026-11-28T14:30:00 within the next 14 days."
        ),
        "Check the board names: Pinterest puts each pin on the board of that name.",
    ]
    if not context.media_base_url:
        steps.insert(
            0,
            "NOT READY TO UPLOAD: Media URL holds paths in this bundle, and Pinterest fetches "
            "pictures from public addresses alone. Put the folder channels/ on a web server and "
            "set its address in front of every path, or name it as media_base_url in "
            "campaign.toml and run again.",
        )
    return tuple(steps)


def _board(one: FinishedOrder, context: ImportContext) -> str:
    extras = {name.strip().lower(): text for name, text in one.order.brief.extras.items()}
    named = next((extras[column] for column in _BOARD_COLUMNS if extras.get(column)), "")
    category = one.order.brief.text("category", one.order.locale)
    return plain_name(named or category or context.campaign, 50)


def _with_tags(one: FinishedOrder, description: str) -> str:
    tags = one.copy.hashtags if one.copy else ()
    missing = [tag for tag in tags if tag not in description]
    rule = one.order.placement.texts.get("description")
    longer = f"{description} {' '.join(missing)}".strip()
    fits = rule is None or count(longer, rule.unit) <= rule.limit
    return longer if fits and not is_formula(longer) else description


def _keywords(one: FinishedOrder) -> Iterator[str]:
    """The row's keywords in this locale, else the hashtags without their sign; no comma inside."""
    words = one.order.brief.lines("keywords", one.order.locale)
    tags = tuple(tag.lstrip("#＃") for tag in one.copy.hashtags) if one.copy else ()
    for word in words or tags:
        clean = " ".join(word.replace(",", " ").split())
        if clean and not is_formula(clean):
            yield clean


def _file_word(account: str) -> str:
    """The account's name as part of a file's name, with its digest where letters are lost."""
    safe = re.sub(r"[^a-z0-9_-]+", "-", account.lower()).strip("-_")[:40]
    return safe if safe == account.lower() else f"{safe}-{digest(account)[:8]}".lstrip("-")
