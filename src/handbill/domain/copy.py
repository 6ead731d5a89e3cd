"""Marketing text: drafts with slots for facts, and finished copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SLOT_OPEN = "⟦"
SLOT_CLOSE = "⟧"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayText:
    """The words that posters and films show; every line is short and stands alone.

    Attributes:
        kicker: two or three words above the headline (category, occasion), or empty.
        headline: the poster's main line; at most about 60 characters (30 for Han and kana).
        hook: the film's first line: a question or a surprise; at most about 40 (20) characters.
        subhead: one sentence under the headline, or empty.
        benefits: 0 to 4 short selling points from the brief.
        badge: the offer in the fewest words (``−20 %``, ``2 for 1``), or empty.
        price, compare_at: as shown, formatted for the locale, or empty.
        deadline: the offer's end in words (``until 31 May``), or empty.
        cta: words of the button.
        address: store name and address on one line, or empty.
        legal: the legal line, or empty.
    """

    headline: str
    hook: str = ""
    kicker: str = ""
    subhead: str = ""
    benefits: tuple[str, ...] = ()
    badge: str = ""
    price: str = ""
    compare_at: str = ""
    deadline: str = ""
    cta: str = ""
    address: str = ""
    legal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a copy provider returns for one order: texts with slots such as ``⟦price⟧``.

    Attributes:
        order_key: which order this is for; answers are matched by key, never by position.
        framework: name of the copy framework, such as ``question_hook``.
        texts: the placement's text fields, name → one or more texts.
        display: the words for pictures; texts of one `creative_key` share them.
        speech: sentences for the voice-over, in order (empty when the placement has no film).
        hashtags: with the ``#``, at most the placement's cap.
        alt_text: describes the picture for people who cannot see it.
    """

    order_key: str
    framework: str
    texts: Mapping[str, tuple[str, ...]]
    display: DisplayText
    speech: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    alt_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Finished copy of one order: a draft with every slot filled from the brief.

    `facts` lists the slots that were used, by name; the other fields are as in `Draft`.
    """

    order_key: str
    locale: str
    framework: str
    texts: Mapping[str, tuple[str, ...]]
    display: DisplayText
    speech: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    alt_text: str = ""
    facts: tuple[str, ...] = ()
    provider: str = "house"
    model: str = ""
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
