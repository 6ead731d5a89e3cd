"""Words on the terminal: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from unicodedata import combining, east_asian_width

import click

from handbill.domain.digest import plain

_GAP = "  "


def say(text: str = "", *, style: str = "") -> None:
    """A remark on standard error, coloured only on a terminal."""
    click.echo(styled(text, style, sys.stderr.isatty()), err=True)


def show(text: str = "", *, style: str = "") -> None:
    """A result on standard output, coloured only on a terminal."""
    click.echo(styled(text, style, sys.stdout.isatty()))


def show_json(content: object) -> None:
    """A result on standard output as JSON with sorted keys."""
    click.echo(json.dumps(plain(content), ensure_ascii=False, indent=2, sort_keys=True))


def styled(text: str, style: str, on_terminal: bool) -> str:  # noqa: FBT001 - a fact, not a mode
    """`text` with the colour of `style` (``good``, ``bad``, ``warn``, ``quiet``, ``strong``)."""
    if not (style and on_terminal):
        return text
    colours = {"good": "green", "bad": "red", "warn": "yellow"}
    if style in colours:
        return click.style(text, fg=colours[style])
    return click.style(text, bold=style == "strong", dim=style == "quiet")


def table(rows: Iterable[Sequence[object]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """Rows as aligned lines; columns in `right` are set flush right."""
    cells = [[str(cell) for cell in row] for row in rows]
    if not cells:
        return []
    widths = [max(width_of(row[i]) for row in cells) for i in range(len(cells[0]))]
    return [
        _GAP.join(
            _padded(cell, widths[i], left=i not in right) for i, cell in enumerate(row)
        ).rstrip()
        for row in cells
    ]


def width_of(text: str) -> int:
    """Columns that `text` takes on a terminal: Han, kana and emoji take two."""
    return sum(
        0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text
    )


def _padded(text: str, width: int, *, left: bool) -> str:
    space = " " * (width - width_of(text))
    return text + space if left else space + text


def count_of(number: int, one: str, many: str = "") -> str:
    """``1 order``, ``2 orders``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def kept_out(problems: int) -> str:
    """``1 problem keeps a row out``, ``2 problems keep rows out``."""
    return "1 problem keeps a row out" if problems == 1 else f"{problems:,} problems keep rows out"
