"""How long a text is, in the unit that each platform counts.

A limit without its unit is a trap: 280 on X is a weight, 30 at Google Ads a display width, 20 on
Xiaohongshu half-widths, 306 in two SMS septets. Sources stand at each rule.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import regex  # type: ignore[import-untyped]

from handbill.errors import ChannelError

# twitter-text config v3: these code points weigh 1, all others 2; a URL always weighs 23.
# https://github.com/twitter/twitter-text config/v3.json, read 2026-11-21.
_X_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_X_URL = 23
_X_EMOJI = 2
# twitter-text links bare domains of known endings; these are the common ones.
_ENDINGS = (
    "com|net|org|info|biz|shop|store|app|dev|io|co|ai|eu|de|fr|es|it|uk|ie|nl|be|ch|at|pl|pt|se|no"
    "|dk|fi|us|ca|mx|br|ar|cl|jp|cn|hk|tw|kr|in|sg|au|nz|za|ae|sa|eg|tr|ru|me|tv|ly|xyz|online"
    "|site|club|example"
)
_X_LINK = re.compile(
    r"https?://[^\s<>\"'，。、；！？）】」』]+"
    rf"|(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{_ENDINGS})(?![\w-]|\.\w)"
    r"(?:/[\w\-./?%&=#+~:;,!@]*)?",
    re.IGNORECASE | re.ASCII,
)
_CLUSTER = regex.compile(r"\X")
_PICTURE = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|[\u20e3\ufe0f]")

# GSM 03.38 basic alphabet; the second group costs two septets each.
_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("^{}[]~\\|€\f")
_GSM_SINGLE_SMS, _GSM_PART = 160, 153
_UCS2_SINGLE_SMS, _UCS2_PART = 70, 67


def count(text: str, unit: str) -> int:
    """The length of `text` in `unit`, at least 0.

    Args:
        text: any text; for ``youtube_tags`` the tags with commas between them.
        unit: one of `UNITS`.

    Raises:
        ChannelError: there is no such unit.
    """
    rule = UNITS.get(unit)
    if rule is None:
        raise ChannelError(
            f"there is no unit of length {unit!r}", remedy=f"choose among: {', '.join(UNITS)}"
        )
    return rule(text)


class Link(NamedTuple):
    """A web address in a text, from `start` to `end` (exclusive)."""

    start: int
    end: int


def find_links(text: str) -> tuple[Link, ...]:
    """Web addresses in `text`, with a scheme or as bare domains of common endings."""
    return tuple(Link(*match.span()) for match in _X_LINK.finditer(text))


def sms_segments(text: str) -> int:
    """How many SMS a text costs: 0 for an empty one."""
    if not text:
        return 0
    gsm = is_gsm7(text)
    length = _gsm7(text) if gsm else _utf16(text)
    single, part = (_GSM_SINGLE_SMS, _GSM_PART) if gsm else (_UCS2_SINGLE_SMS, _UCS2_PART)
    return 1 if length <= single else math.ceil(length / part)


def is_gsm7(text: str) -> bool:
    """Whether a text fits the 7-bit alphabet of SMS; one other letter makes all of it UCS-2."""
    return all(letter in _GSM_BASIC or letter in _GSM_DOUBLE for letter in text)


def _codepoints(text: str) -> int:
    return len(text)


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _graphemes(text: str) -> int:
    return sum(1 for _ in _CLUSTER.finditer(text))


def _x_weighted(text: str) -> int:
    text = unicodedata.normalize("NFC", text)
    weight, end = 0, 0
    for link in _X_LINK.finditer(text):
        weight += _x_weight(text[end : link.start()]) + _X_URL
        end = link.end()
    return weight + _x_weight(text[end:])


def _x_weight(text: str) -> int:
    return sum(
        _X_EMOJI if emoji else sum(_x_letter(letter) for letter in cluster)
        for cluster, emoji in _clusters(text)
    )


def _x_letter(letter: str) -> int:
    code = ord(letter)
    return 1 if any(first <= code <= last for first, last in _X_LIGHT) else 2


def _threads(text: str) -> int:
    # "Emojis are counted as the number of UTF-8 bytes": developers.facebook.com, Threads posts.
    return sum(_utf8(cluster) if emoji else len(cluster) for cluster, emoji in _clusters(text))


def _clusters(text: str) -> Iterator[tuple[str, bool]]:
    """Grapheme clusters, each with whether it is drawn as an emoji."""
    for match in _CLUSTER.finditer(text):
        cluster = match.group()
        picture = bool(_PICTURE.search(cluster))
        yield cluster, picture and (len(cluster) > 1 or not cluster < "⌀")


@cache
def _letter_width(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _width(text: str) -> int:
    return sum(_letter_width(letter) for letter in text)


def _half_width(text: str) -> int:
    return math.ceil(_width(text) / 2)


def _xhs_half(text: str) -> int:
    # As xiaohongshu-mcp counts titles: a UTF-16 unit above 127 costs 2 halves, another one 1.
    units = text.encode("utf-16-le", "surrogatepass")
    values = (units[at] | units[at + 1] << 8 for at in range(0, len(units), 2))
    return math.ceil(sum(2 if value > 127 else 1 for value in values) / 2)  # noqa: PLR2004 - ASCII


def _gsm7(text: str) -> int:
    """Septets; a text outside the alphabet is scaled, so that 153 stand for 67 UCS-2 units.

    The scale keeps every limit in septets true: 160 ↔ 70, 153 ↔ 67, 306 ↔ 134.
    """
    if is_gsm7(text):
        return sum(2 if letter in _GSM_DOUBLE else 1 for letter in text)
    return math.ceil(_utf16(text) * _GSM_PART / _UCS2_PART)


def _youtube_tags(text: str) -> int:
    tags = [tag.strip() for tag in text.split(",") if tag.strip()]
    quoted = sum(len(tag) + (2 if " " in tag else 0) for tag in tags)
    return quoted + max(0, len(tags) - 1)


def _nothing(text: str) -> int:
    """A field that does not exist takes nothing: every letter is one too many."""
    return len(text)


UNITS: dict[str, Callable[[str], int]] = {
    "codepoints": _codepoints,
    "utf16": _utf16,
    "utf8_bytes": _utf8,
    "graphemes": _graphemes,
    "x_weighted": _x_weighted,
    "google_width": _width,
    "cjk_double": _width,
    "cjk_double_60": _half_width,
    "xhs_half": _xhs_half,
    "threads_mixed": _threads,
    "gsm7_septets": _gsm7,
    "youtube_tags": _youtube_tags,
    # Platforms that say "characters" alone: UTF-16 units are the stricter reading.
    "chars_unspecified": _utf16,
    "chars_with_spaces": _utf16,
    "n/a": _nothing,
}
