"""Cell values of a workbook as text, as near to what the user saw as the file allows."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

_QUOTED = re.compile(r'"([^"]*)"')
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_SIGN = re.compile(r"[€£¥￥₩₹$元円]|zł|kr|CHF|USD|EUR|GBP|CNY|JPY")
_DECIMALS = re.compile(r"[0#]\.(0+)")
_ZEROS = re.compile(r"^0{2,}$")
# Excel writes signs that XML cannot hold as _x000D_.
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PERCENT = 100
# Excel keeps 15 digits of a number; what follows are zeros that nobody typed.
SURE_DIGITS = 15


def shown_text(value: object, number_format: str) -> str:
    """`value` as text: as displayed for plain formats, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format or "General")
    return _moment(value)


def digits_lost(value: object) -> bool:
    """Whether a number is so long that the workbook cannot hold all of its digits."""
    return isinstance(value, int | float) and abs(value) >= 10**SURE_DIGITS


def _moment(value: object) -> str:
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _number(value: float, number_format: str) -> str:
    positive = number_format.partition(";")[0]
    if _ZEROS.match(positive) and value == int(value):
        return f"{int(value):0{len(positive)}d}"
    decimals = _DECIMALS.search(positive)
    if "%" in _QUOTED.sub("", positive):
        places = len(decimals[1]) if decimals else 0
        return f"{_rounded(Decimal(repr(value)) * _PERCENT, places)}%"
    sign = _sign(positive)
    digits = _rounded(Decimal(repr(value)), len(decimals[1])) if decimals else _plain(value)
    before = positive.find(sign) < max(positive.find("0"), positive.find("#")) if sign else False
    return f"{sign}{digits}" if before else f"{digits} {sign}".strip()


def _sign(positive: str) -> str:
    if match := _CURRENCY.search(positive):
        return match[1].strip()
    quoted = " ".join(_QUOTED.findall(positive))
    found = _SIGN.search(quoted) or _SIGN.search(_QUOTED.sub("", positive))
    return found[0] if found else ""


def _rounded(value: Decimal, places: int) -> str:
    return str(value.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP"))


def _plain(value: float) -> str:
    """Every digit and no exponent: 19.9 stays 19.9, 1e20 becomes 100000000000000000000."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return format(Decimal(repr(value)), "f")
