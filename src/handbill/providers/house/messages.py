"""E-mail and SMS."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handbill.channels.units import count, is_gsm7, sms_segments
from handbill.domain.placement import TextField
from handbill.domain.slots import SLOT, in_gsm7
from handbill.providers.house.ideas import Idea
from handbill.providers.house.pen import Pen, ended, short_names
from handbill.providers.house.sentences import clause_of

_LATIN = frozenset({"en", "de", "es"})
_INTRO_CHARS = 420


def write_email(
    pen: Pen, idea: Idea, rules: Mapping[str, TextField]
) -> dict[str, tuple[str, ...]]:
    """Subject, preheader and the parts of the body.

    The body's parts are ``headline, intro, benefits, offer, cta, closing``; a part that the row
    has nothing for is left out.
    """
    subject = pen.line("email.subject", limit=_limit(rules, "subject", 50), mixed=True)
    parts = {
        "subject": subject or pen.fit("⟦product⟧", _limit(rules, "subject", 50), "codepoints"),
        "preheader": _preheader(pen, _limit(rules, "preheader", 90)),
        "headline": _headline(pen, idea, _limit(rules, "headline", 60)),
        "intro": _intro(pen, idea),
        "offer": _offer(pen),
        "cta": pen.reading.cta,
        "closing": _closing(pen),
    }
    texts: dict[str, tuple[str, ...]] = {n: (text,) for n, text in parts.items() if text}
    if pen.reading.benefits:
        texts["benefits"] = pen.reading.benefits
    return texts


def write_sms(pen: Pen, rule: TextField) -> str:
    """One message: the link, and the offer with its last day or the lower price, if the row has.

    It takes one segment where these fit in one, and two at most; only then something goes.
    Languages in Latin letters keep to the 7-bit alphabet, facts included: ``⟦price|gsm⟧``.
    """
    must = "".join(f" {_spelt(pen, text)}" for text in pen.reading.must)
    whole = sorted(_messages(pen), key=lambda text: "⟦price⟧" not in text)
    for told in sorted({_told(text, pen) for text in whole}, reverse=True):
        named = [_spelt(pen, text) for text in whole if _told(text, pen) == told]
        short = [each for text in named if "⟦product" in text for each in _shorter(pen, text)]
        for candidates, segments in ((named, 1), (named, 2), (short, 1), (short, 2)):
            for text in candidates:
                if _fits(pen, f"{text}{must}", segments, rule):
                    return f"{text}{must}"
    name = pen.reading.facts["product"]
    return next((each for each in short_names(name) if count(each, rule.unit) <= rule.limit), name)


def _messages(pen: Pen) -> list[str]:
    """Every message that the banks can carry: news with a link, news alone, and plain lines."""
    news = [pen.said(line) for line in pen.deal("sms.news")]
    links = [pen.said(line) for line in pen.deal("sms.link")]
    alone = [
        pen.said(line)
        for line in pen.deal("sms.line")
        if pen.reading.visited or not line.slots & {"store_name", "store_address"}
    ]
    space = pen.reading.bank.style.space
    texts = [*(f"{one}{space}{link}" for link in links for one in news), *alone, *news]
    if (
        pen.reading.facts.get("brand", "\n").casefold()
        not in pen.reading.facts["product"].casefold()
    ):
        return texts
    # The product's name says whose it is.
    return [re.sub(r"^【⟦brand⟧】|^⟦brand⟧: ", "", text) for text in texts]


def _told(text: str, pen: Pen) -> int:
    """How much of what matters most a message tells: link first, then the offer, then its end."""
    has = pen.reading.has
    offer = "⟦offer⟧" in text if has("offer") else "⟦compare_at_price⟧" in text
    sale = has("offer") or has("compare_at_price")
    until = sale and has("ends_on") and "⟦ends_on⟧" in text and offer
    told = ("⟦url_short⟧" in text, sale and offer, until, "⟦brand⟧" in text)
    return sum(weight for weight, said in zip((8, 4, 2, 1), told, strict=True) if said)


def _shorter(pen: Pen, text: str) -> list[str]:
    slot = "⟦product|gsm⟧" if "⟦product|gsm⟧" in text else "⟦product⟧"
    names = short_names(pen.reading.facts["product"])
    return [text.replace(slot, name) for name, _ in zip(names, range(12), strict=False)]


def _fits(pen: Pen, text: str, segments: int, rule: TextField) -> bool:
    filled = pen.reading.filled(text)
    return sms_segments(filled) <= segments and count(filled, rule.unit) <= rule.limit


def _spelt(pen: Pen, text: str) -> str:
    """`text` and its facts in SMS letters, in languages that have them."""
    if pen.reading.bank.language not in _LATIN or is_gsm7(pen.reading.filled(text)):
        return text
    pieces = []
    end = 0
    for match in SLOT.finditer(text):
        pieces += [in_gsm7(text[end : match.start()]), f"⟦{match.group(1)}|gsm⟧"]
        end = match.end()
    return "".join(pieces) + in_gsm7(text[end:])


def _limit(rules: Mapping[str, TextField], name: str, otherwise: int) -> int:
    return rules[name].limit if name in rules else otherwise


def _preheader(pen: Pen, limit: int) -> str:
    own = (clause_of(text, limit - 1, pen.reading.bank.style) for text in pen.reading.sentences)
    clause = next((text for text in own if text), "")
    if clause and pen.reading.variant % 2:
        return ended(clause, pen.reading)
    pen.own.pop("sentence", None)
    return pen.line("email.preheader", limit=limit)


def _intro(pen: Pen, idea: Idea) -> str:
    space = pen.reading.bank.style.space
    text = pen.line("email.intro")
    bridge = "" if idea.bridge.endswith((":", "：")) else idea.bridge
    for sentence in (*pen.reading.sentences[:3], *([] if pen.reading.sentences else [bridge])):
        longer = f"{text}{space}{ended(sentence, pen.reading)}" if sentence else text
        if len(pen.reading.filled(longer)) <= _INTRO_CHARS:
            text = longer
    return text


def _offer(pen: Pen) -> str:
    space = pen.reading.bank.style.space
    parts = [
        pen.line("pools.offer"),
        pen.line("pools.deadline") if pen.reading.has("offer") else "",
    ]
    if not any(parts):
        parts = [pen.line("pools.price")]
    return space.join(part for part in parts if part)


def _headline(pen: Pen, idea: Idea, limit: int) -> str:
    """The idea's hook when it tells what the e-mail is about; its headline is in the picture."""
    own = (*pen.reading.sentences, *pen.reading.benefits)
    if "⟦" in idea.hook or any(text in idea.hook for text in own):
        return idea.hook
    return pen.line("email.headline", limit=limit, mixed=True) or idea.hook


def _closing(pen: Pen) -> str:
    said = (pen.line("email.closing"), *(ended(text, pen.reading) for text in pen.reading.must))
    return "\n".join(text for text in said if text)
