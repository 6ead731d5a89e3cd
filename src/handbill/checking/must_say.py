"""``must_say.*``: what brief and brand require, and the legal line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from handbill.checking.view import CopyView, blocked
from handbill.domain.brief import same_language
from handbill.domain.finding import Finding


def check_must_say(view: CopyView) -> Iterator[Finding]:
    """Required words that stand nowhere, and pictures without the brand's legal line."""
    said = folded(view.whole())
    for line in required_lines(view):
        if folded(line) not in said:
            yield blocked("must_say.missing", f"{line!r} must be said, and stands nowhere")
    legal = view.kit.legal_in(view.locale)
    if legal and _has_picture(view) and folded(legal) not in said:
        message = f"the brand's legal line {legal!r} stands nowhere"
        yield blocked("must_say.legal", message, "display.legal")


def required_lines(view: CopyView) -> tuple[str, ...]:
    """The must-say lines of brief and brand in the copy's language, without repeats.

    A line of the row in another language is not asked for: it cannot be said there (the check
    of translations tells that the row lacks it).
    """
    own = view.brief.lines("must_say", view.locale)
    by_locale = view.kit.must_say
    exact = by_locale.get(view.locale)
    kin = (lines for tag, lines in by_locale.items() if same_language(tag, view.locale))
    brand: Iterable[str] = exact or next(kin, None) or by_locale.get("*", ())
    return tuple(dict.fromkeys((*own, *brand)))


def _has_picture(view: CopyView) -> bool:
    return bool({"image", "film", "document"} & set(view.placement.makes))


def folded(text: str) -> str:
    """A text without regard to case, width, kind of space, and dots at its end."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[\u200b-\u200f\u2060-\u2069\ufeff]", "", text)
    return re.sub(r"\s+", " ", text).strip(" .。")
