"""``document.*``: an e-mail as mail programs will meet it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from typing_extensions import override

from handbill.channels.units import count
from handbill.checking.view import blocked, warned, weighed
from handbill.domain.finding import Finding
from handbill.domain.placement import Placement

_FIELD = "email.html"
_ACTIVE = {"script", "iframe", "object", "embed", "form", "input", "base", "link"}
_SAFE_LINK = re.compile(r"(?:https?:|mailto:|tel:|#|\*\||\{[{%]|[\w./-]+$)", re.IGNORECASE)


def check_document(html: str, placement: Placement) -> tuple[Finding, ...]:
    """Every finding of one e-mail.

    Args:
        html: the finished document.
        placement: its text field ``html`` holds the cap in bytes.
    """
    return tuple(dict.fromkeys(_findings(html, placement)))


def _findings(html: str, placement: Placement) -> Iterator[Finding]:
    rule = placement.texts.get("html")
    if rule and (length := count(html, rule.unit)) > rule.limit:
        message = f"the e-mail has {length} bytes, mail programs cut at {rule.limit}"
        yield weighed("document.too_heavy", message, _FIELD, rule.provenance)
    reader = _Reader()
    reader.feed(html)
    yield from reader.found
    if not reader.has_language:
        yield warned("document.no_language", "the document names no language", _FIELD)
    if "unsubscribe" not in html.lower() and "*|UNSUB|*" not in html:
        message = "the e-mail has no link to unsubscribe"
        yield blocked("document.no_unsubscribe", message, _FIELD)


class _Reader(HTMLParser):
    """Looks at every element once."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Finding] = []
        self.has_language = False

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element with its attributes."""
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.has_language = bool(values.get("lang"))
        if tag in _ACTIVE or any(name.startswith("on") for name in values):
            message = f"<{tag}> does something in a mail program"
            self.found.append(blocked("document.active", message, _FIELD))
        if tag == "img":
            self._picture(values)
        for name in ("href", "src", "background"):
            if values.get(name) and not _SAFE_LINK.match(values[name]):
                message = f"{values[name]!r} is no safe link"
                self.found.append(blocked("document.unsafe_link", message, _FIELD))

    def _picture(self, values: dict[str, str]) -> None:
        if not values.get("alt"):
            message = f"the picture {values.get('src', '')!r} has no words for those who miss it"
            self.found.append(warned("document.no_alt", message, _FIELD))
        if re.match(r"https?:|//|data:", values.get("src", "")):
            message = f"the picture {values['src']!r} does not lie beside the document"
            self.found.append(blocked("document.foreign_picture", message, _FIELD))
