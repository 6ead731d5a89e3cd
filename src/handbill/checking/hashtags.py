"""``hashtags.*``: the platform's cap, and tags that would break."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbill.checking.view import CopyView, warned, weighed
from handbill.domain.finding import Finding

INLINE = re.compile(r"(?<![\w&/#])#[^\W\d_][\w]*|(?<![\w&/#])#\d+[^\W\d]\w*")
_WHOLE = re.compile(r"#\w*[^\W\d_]\w*")


def check_hashtags(view: CopyView) -> Iterator[Finding]:
    """Too many hashtags (those inside the texts count), malformed or repeated ones."""
    tags = _all_tags(view)
    cap = view.placement.hashtags_max
    if cap is not None and len(tags) > cap:
        message = f"{len(tags)} hashtags, {view.placement.platform} takes {cap}"
        provenance = view.placement.hashtags_provenance
        yield weighed("hashtags.too_many", message, "hashtags", provenance)
    for tag in view.copy.hashtags:
        if not _WHOLE.fullmatch(tag):
            message = f"{tag!r} breaks: a hashtag is # with letters and digits, without spaces"
            yield warned("hashtags.malformed", message, "hashtags")
    folded = [tag.casefold() for tag in view.copy.hashtags]
    for tag in sorted({tag for tag in folded if folded.count(tag) > 1}):
        yield warned("hashtags.repeated", f"{tag!r} stands there twice", "hashtags")


def _all_tags(view: CopyView) -> set[str]:
    inline = (tag for lines in view.copy.texts.values() for text in lines for tag in _in(text))
    return {tag.casefold() for tag in (*view.copy.hashtags, *inline)}


def _in(text: str) -> list[str]:
    return INLINE.findall(text)
