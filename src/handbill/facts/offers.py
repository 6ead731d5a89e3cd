"""What an offer says, read from the words of any house language.

Only what is understood whole is carried into another language: a condition that was lost
(``20% off your first order`` → ``20% off``) would promise more than the brief does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from handbill.domain.money import Price
from handbill.facts.offer_patterns import CONDITIONS, CURRENCIES, FILLERS, HAN_DIGITS, PATTERNS

_HUNDRED = Decimal(100)
_TEN = Decimal(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One offer.

    Attributes:
        kind: ``percent``, ``amount``, ``bundle``, ``second_half``, ``bundle_price``,
            ``free_shipping``, ``free_gift`` or ``from_price``.
        percent: what is taken off, above 0 and up to 100; None for other kinds.
        amount: what is taken off, or the price that the offer names.
        get, pay: ``3 for 2`` gets 3 and pays 2; ``3 for €10`` gets 3.
        minimum: the least spend, or None.
        up_to: the percentage or amount is the most that is taken off.
        code: a code that the customer has to enter, or empty.
        conditions: conditions that are known in every house language, such as ``first_order``.
        rest: words that were not understood; such an offer stays in its own language.
    """

    kind: str
    percent: Decimal | None = None
    amount: Price | None = None
    get: int = 0
    pay: int = 0
    minimum: Price | None = None
    up_to: bool = False
    code: str = ""
    conditions: tuple[str, ...] = ()
    rest: str = ""


def parse_offer(text: str, currency: str = "") -> Offer | None:
    """The offer in `text`, in any house language, or None when there is none.

    Args:
        text: an offer as a marketer types it: ``20% off``, ``满200减30``, ``2x1``.
        currency: ISO 4217 code for amounts that name none.
    """
    plain = _plain(text)
    code, plain = _taken(_code(), plain)
    for kind, pattern in _patterns():
        if match := pattern.search(plain):
            rest = plain[: match.start()] + " " + plain[match.end() :]
            conditions, rest = _conditions(rest)
            return _offer(kind, match.groupdict(), currency, (code, conditions, rest))
    return None


def _offer(
    kind: str,
    groups: Mapping[str, str | None],
    currency: str,
    around: tuple[str, tuple[str, ...], str],
) -> Offer | None:
    code, conditions, rest = around
    percent = _percent(groups)
    if groups.get("percent") or groups.get("zhe") or groups.get("wari"):
        if percent is None or not 0 < percent <= _HUNDRED:
            return None
    elif kind == "half":
        percent = Decimal(50)
    get, pay = _counts(kind, groups)
    return Offer(
        kind="percent" if kind == "half" else "bundle" if kind == "plus" else kind,
        percent=percent,
        amount=_price(groups, "", currency),
        get=get,
        pay=pay,
        minimum=_price(groups, "min_", currency),
        up_to=any(groups.get(name) for name in ("up_to", "at_most", "least_paid")),
        code=code.upper(),
        conditions=conditions,
        rest=rest,
    )


def _percent(groups: Mapping[str, str | None]) -> Decimal | None:
    if (typed := groups.get("percent")) is not None:
        return _decimal(typed)
    if (wari := groups.get("wari")) is not None:
        return _decimal(wari) * _TEN
    if (zhe := groups.get("zhe")) is not None:
        kept = _zhe(zhe)
        return None if kept is None else _HUNDRED - kept
    return None


def _zhe(typed: str) -> Decimal | None:
    """Percent that is still paid: 8折 → 80, 85折 → 85, 八五折 → 85, 7.5折 → 75."""
    digits = "".join(str(HAN_DIGITS.get(letter, letter)) for letter in typed)
    value = _decimal(digits)
    whole = value if "." in digits or value < _TEN else value / _TEN
    return whole * _TEN if 0 < whole < _TEN else None


def _counts(kind: str, groups: Mapping[str, str | None]) -> tuple[int, int]:
    get, pay = _count(groups.get("get")), _count(groups.get("pay"))
    if kind == "plus":  # buy `pay`, get `get` more free
        return (pay or 1) + (get or 1), pay or 1
    if kind == "bundle" and not get:
        return 2, 1
    return get, pay


def _count(typed: str | None) -> int:
    if not typed:
        return 0
    return HAN_DIGITS.get(typed) or int(typed)


def _price(groups: Mapping[str, str | None], prefix: str, currency: str) -> Price | None:
    typed = groups.get(f"{prefix}number")
    if not typed:
        return None
    sign = (groups.get(f"{prefix}before") or groups.get(f"{prefix}after") or "").strip()
    return Price(_decimal(typed), CURRENCIES.get(sign, sign.upper()) or currency)


def _decimal(typed: str) -> Decimal:
    """A number with either separator: the last one is the decimal one unless 3 digits follow."""
    digits = typed.replace(" ", "").replace("\xa0", "")
    mark = max(digits.rfind(","), digits.rfind("."))
    whole, part = (digits[:mark], digits[mark + 1 :]) if mark >= 0 else (digits, "")
    if len(part) == 3:  # noqa: PLR2004 - a group of thousands
        whole, part = whole + part, ""
    plain = re.sub(r"[.,]", "", whole)
    try:
        return Decimal(f"{plain}.{part}" if part else plain)
    except InvalidOperation:
        return Decimal(0)


def _plain(text: str) -> str:
    """Compatibility forms, ASCII digits, small letters, single spaces."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in text
    )
    # Arabic vowel marks come and go with the writer.
    text = "".join(letter for letter in text if not "\u064b" <= letter <= "\u0652")
    return re.sub(r"\s+", " ", text.casefold()).strip()


def _conditions(rest: str) -> tuple[tuple[str, ...], str]:
    found = []
    for name, pattern in _condition_patterns():
        taken, rest = _taken(pattern, rest)
        if taken:
            found.append(name)
    rest = re.sub("|".join(FILLERS), " ", rest)
    rest = re.sub(r"[\s.,;:!?()\-–—*·|/&+。，、！？；：（）「」【】~¡¿،]+", " ", rest).strip()
    return tuple(found), rest


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    match = pattern.search(text)
    if match is None:
        return "", text
    return match.group(match.lastindex or 0), text[: match.start()] + " " + text[match.end() :]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, pattern in PATTERNS)


@cache
def _condition_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(f"({pattern})")) for name, pattern in CONDITIONS)


@cache
def _code() -> re.Pattern[str]:
    words = r"with(?: the)? code|use code|code|mit(?: dem)? code|con (?:el )?código|código"
    words += (
        r"|(?:使用)?(?:优惠码|优惠券码|折扣码)|クーポンコード|コード|(?:مع|استخدم) (?:الرمز|الكود)"
    )
    return re.compile(rf"(?:{words})[ :]*([a-z0-9][a-z0-9_-]{{2,19}})(?: で)?")
