"""``never_say.*``: words that brief or brand forbid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbill.checking.must_say import folded
from handbill.checking.view import CopyView, blocked
from handbill.domain.finding import Finding


def check_never_say(view: CopyView) -> Iterator[Finding]:
    """Forbidden words wherever they stand, without regard to case or width.

    A Latin word counts as a whole word (``art`` does not forbid ``party``);
    scripts without spaces count anywhere.
    """
    words = dict.fromkeys((*view.brief.never_say, *view.kit.never_say))
    patterns = [(word, _pattern(word)) for word in words if word.strip()]
    for field, text in view.texts():
        plain = folded(text)
        for word, pattern in patterns:
            if pattern.search(plain):
                message = f"{word!r} must never be said, and stands in {text!r}"
                yield blocked("never_say.present", message, field)


def _pattern(word: str) -> re.Pattern[str]:
    plain = folded(word)
    inner = re.escape(plain).replace(r"\ ", r"[\s\-]+")
    before = r"(?<!\w)" if _spaced(plain[:1]) else ""
    after = r"(?!\w)" if _spaced(plain[-1:]) else ""
    return re.compile(before + inner + after)


def _spaced(letter: str) -> bool:
    """Whether words of this letter's script stand between spaces."""
    dense = "\u0e00" <= letter <= "\u0e7f" or "\u2e80" <= letter <= "\u9fff"
    return letter.isalnum() and not dense and not "\u3040" <= letter <= "\u30ff"
