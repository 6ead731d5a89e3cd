"""HTML of shop exports as plain text."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_BLOCKS = ("p", "div", "li", "br", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "ul", "ol", "table",
           "section", "article", "blockquote", "hr")  # fmt: skip
_SILENT = ("script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg")
_SPACES = re.compile(r"[ \t\xa0]+")
_LINES = re.compile(r"\s*\n\s*")
_MOST_POINTS = 8
_POINT_CHARS = 120


@dataclass(frozen=True, slots=True)
class PlainText:
    """The running text of a body, and the points of its lists."""

    text: str
    points: tuple[str, ...] = ()


def plain_text(body: str) -> PlainText:
    """`body` without tags and with its entities read; short list items come apart as points."""
    if "<" not in body:
        return PlainText(_tidied(html.unescape(body)))
    # Beautiful Soup takes 80 ms to load and most sheets hold no HTML.
    from bs4 import BeautifulSoup, Comment  # noqa: PLC0415 - see above

    soup = BeautifulSoup(body, "html.parser")
    for tag in soup(list(_SILENT)):
        tag.decompose()
    for remark in soup.find_all(string=lambda text: isinstance(text, Comment)):
        remark.extract()
    points = _points([tag.get_text(" ") for tag in soup("li")])
    if points:
        for tag in soup(["ul", "ol"]):
            tag.decompose()
    for tag in soup(list(_BLOCKS)):
        tag.insert_before("\n")
        tag.append("\n")
    return PlainText(_tidied(soup.get_text()), points)


def _points(items: list[str]) -> tuple[str, ...]:
    points = tuple(dict.fromkeys(tidy for item in items if (tidy := _tidied(item))))
    fit = len(points) <= _MOST_POINTS and all(len(point) <= _POINT_CHARS for point in points)
    return points if fit else ()


def _tidied(text: str) -> str:
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()
