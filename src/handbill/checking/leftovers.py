"""``slot.*``: marks of a template that was not filled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbill.checking.view import CopyView, blocked
from handbill.domain.copy import SLOT_CLOSE, SLOT_OPEN
from handbill.domain.finding import Finding

_SLOT = re.compile(rf"{SLOT_OPEN}[^{SLOT_CLOSE}]*{SLOT_CLOSE}?|{SLOT_CLOSE}")
_PATTERNS = (
    _SLOT,
    re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\$\{[^}]*\}|\{[a-zA-Z_]{2,30}\}"),
    re.compile(r"<\|?[a-z_]{2,30}\|?>|%\([a-z_]+\)s|%[sd](?!\w)"),
    re.compile(
        r"\[(?:your|insert|brand|product|company|name|link|url|price|date|xxx)\b[^\]]*\]"
        r"|【(?:品牌|产品|价格|链接|日期|填写)[^】]*】|\[(?:品牌|产品|价格|链接|日期)[^\]]*\]",
        re.IGNORECASE,
    ),
    re.compile(r"lorem ipsum", re.IGNORECASE),
)


def check_leftovers(view: CopyView) -> Iterator[Finding]:
    """Slots and template marks that were left in a text; what the row itself says is none."""
    own = "\n".join((view.brief.product, view.brief.description, *view.facts.values()))
    for field, text in view.texts():
        for pattern in _PATTERNS:
            found = (match.group() for match in pattern.finditer(text))
            left = next((mark for mark in found if pattern is _SLOT or mark not in own), "")
            if left:
                message = f"{left!r} was not filled in {text!r}"
                yield blocked("slot.unfilled", message, field)
