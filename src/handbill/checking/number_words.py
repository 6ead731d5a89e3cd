"""Words of numbers, months, currencies and units in the house languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

Reading = tuple[str, set[str], str]
Read = Callable[[re.Match[str]], Reading | None]

_MONTHS = (
    "january|jan|enero|ene|januar|jänner|يناير|كانون الثاني",
    "february|feb|febrero|februar|فبراير|شباط",
    "march|mar|marzo|märz|mrz|مارس|آذار",
    "april|apr|abril|abr|أبريل|ابريل|نيسان",
    "may|mayo|mai|مايو|أيار",
    "june|jun|junio|juni|يونيو|حزيران",
    "july|jul|julio|juli|يوليو|تموز",
    "august|aug|agosto|ago|أغسطس|اغسطس|آب",
    "september|sept|sep|septiembre|سبتمبر|أيلول",
    "october|oct|octubre|oktober|okt|أكتوبر|اكتوبر",
    "november|nov|noviembre|نوفمبر",
    "december|dec|diciembre|dic|dezember|dez|ديسمبر",
)
_MONTH_OF = {name: at for at, names in enumerate(_MONTHS, start=1) for name in names.split("|")}

_CURRENCIES = {
    "EUR": "€|eur|euros?|欧元|ユーロ|يورو",
    # Every dollar is written with the same sign; only a prefix tells them apart.
    "USD": "us\\$|usd|u\\.s\\. dollars?|美元|米ドル",
    "$": "\\$|dollars?|dólares|dólar|ドル|دولار",
    "GBP": "£|gbp|pounds?|英镑",
    "CNY": "cn¥|cny|rmb|人民币|元|块钱|块(?=[^\\w]|$)|人民元",
    "JPY": "jp¥|jpy|yen|日元|日圆|円",
    "¥": "¥|￥",
    "SAR": "sar|ر\\.س\\.?|ريال(?: سعودي)?",
    "AED": "aed|د\\.إ\\.?|درهم(?: إماراتي)?",
    "CHF": "chf|franken",
    "KRW": "₩|krw|원",
    "INR": "₹|inr|rupees?",
    "HKD": "hk\\$|hkd|港币|港元",
    "MXN": "mxn|mx\\$|pesos?",
    "BRL": "r\\$|brl",
    "CAD": "ca\\$|cad",
    "AUD": "a\\$|aud",
    "SGD": "s\\$|sgd",
    "EGP": "egp|ج\\.م\\.?|جنيه",
    "SEK": "sek|kr\\.?",
    "PLN": "pln|zł",
}
# Signs that several currencies share.
SHARED = {
    "$": {"$", "USD", "CAD", "AUD", "HKD", "SGD", "MXN"},
    "¥": {"¥", "CNY", "JPY"},
}

_UNITS = {
    "ml": "ml|millilit(?:er|re)s?|mililitros?|毫升|ミリリットル|مل|ملليلتر",
    "cl": "cl",
    "l": "l|lit(?:er|re|ro)s?|公升|升|リットル|لتر",
    "mg": "mg|毫克|ミリグラム|ملغ",
    "g": "g|gr|grams?|gramm|gramos?|克|グラム|غ|غرام|جرام",
    "kg": "kg|kilos?|kilograms?|kilogramm|公斤|千克|キロ(?:グラム)?|كغ|كجم|كيلو(?:غرام)?",
    "mm": "mm|毫米|ミリ(?:メートル)?|مم",
    "cm": "cm|厘米|公分|センチ(?:メートル)?|سم",
    "m": "m|met(?:er|re)s?|metros?|米|メートル|متر|أمتار",
    "km": "km|kilomet(?:er|re)s?|公里|千米|キロメートル|كم",
    "oz": "oz|ounces?|盎司",
    "lb": "lbs?|pounds? of|磅",
    "in": "inch(?:es)?|in\\.|zoll|英寸|インチ|بوصة",
    "ft": "ft|feet|foot",
    "s": "s|sec|seconds?|sekunden?|segundos?|秒(?:钟)?|ثانية|ثوان",
    "min": "min|mins|minutes?|minuten?|minutos?|分钟|分間|分(?!の|之)|دقيقة|دقائق",
    "h": "h|hrs?|hours?|stunden?|std|horas?|小时|時間|ساعة|ساعات",
    "d": "days?|tagen?|tage|tag|días?|天|日間|日(?!常|本|々)|يوم(?:ا|ًا)?|أيام",
    "w": "weeks?|wochen?|semanas?|周(?!年|边|末)|星期|週間|أسبوع|أسابيع",
    "mo": "months?|monaten?|monate?|meses|mes|个月|か月|ヶ月|カ月|شهر(?:ا|ًا)?|أشهر|شهور",
    "y": "years?|yrs?|jahren?|jahre?|años?|年(?!轻|代|度|级|华|末|初)|年間|سنة|سنوات|"
    "عام(?:ا|ًا)?|أعوام",
    "w_power": "watts?|瓦",
    "v": "volts?|伏",
    "mah": "mah|毫安",
    "gb": "gb",
    "tb": "tb",
    "mb": "mb",
    "hz": "hz|赫兹",
    "c": "°c|℃|度(?!假|过)",
    "f": "°f",
    "kcal": "kcal|calories|卡路里|大卡",
    "px": "px|pixels?|像素",
    "mp": "mp|megapixels?",
    "x": "times|mal\\b|veces|倍|مرات",
}
_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5}
_DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10000, "亿": 100000000}
_HAN = "〇零一二两三四五六七八九十百千万亿"

_WORDS_OF = {
    "en": {
        "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
        "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
        "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
        "ninety": 90, "hundred": 100, "thousand": 1000, "million": 1000000,
    },
    "de": {
        "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
        "zehn": 10, "elf": 11, "zwölf": 12, "zwanzig": 20, "dreißig": 30, "dreissig": 30,
        "vierzig": 40, "fünfzig": 50, "hundert": 100, "tausend": 1000,
    },
    "es": {
        "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
        "nueve": 9, "diez": 10, "doce": 12, "quince": 15, "veinte": 20, "treinta": 30,
        "cuarenta": 40, "cincuenta": 50, "cien": 100, "mil": 1000,
    },
    "ar": {
        "اثنان": 2, "اثنين": 2, "ثلاثة": 3, "ثلاث": 3, "أربعة": 4, "أربع": 4, "خمسة": 5, "خمس": 5,
        "ستة": 6, "سبعة": 7, "ثمانية": 8, "تسعة": 9, "عشرة": 10, "عشرون": 20, "عشرين": 20,
        "ثلاثون": 30, "ثلاثين": 30, "خمسون": 50, "خمسين": 50, "مئة": 100, "مائة": 100, "ألف": 1000,
    },
}  # fmt: skip
_PLAIN_WORDS = {word: number for by_word in _WORDS_OF.values() for word, number in by_word.items()}
_ONES = {"one": 1, "ein": 1, "eine": 1, "einem": 1, "einen": 1, "una": 1, "un": 1}
# 一 and "one" are mostly articles; before a span of time they are numbers. A classifier after a
# Han number makes it one: 三款, but not 三明治.
_CLASSIFIERS = "个件份杯支瓶盒包款种次步位人名箱套双条块张片颗枚層层本点つ個折"
_IDIOMS = f"四季|七夕|五一|六一|双十|三餐|两用|十足|百分|千万(?![元人个])|万一|一[{_CLASSIFIERS}]"
# 一年四季, 一年一度: all year round, once a year.
_YEARLY = "一年(?=四季|一度|到头|之|里|中|又)"


# A measure of one in words is a statement only for these; "un minuto" is a figure of speech.
SPANS_OF_ONE = {"mo", "y"}
# Spans of time and multiples; a bare number of the brief must not become one of these.
PROMISES = {"s", "min", "h", "d", "w", "mo", "y", "x"}


def month(name: str) -> int:
    """1 to 12 for a month's name or short form, in small letters."""
    return _MONTH_OF[name.strip(". ")]


@lru_cache(maxsize=1)
def named_date() -> re.Pattern[str]:
    """``31 May 2026``, ``May 31st``, ``31 de mayo``, ``31. Mai``, ``31 مايو``."""
    names = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
    year = r"(?:19|20)\d\d"
    day_first = (
        rf"(?<![\d.,])(?P<d1>[0-3]?\d)(?:st|nd|rd|th|\.|º)?(?: of| de)? ?(?P<m1>{names})\b\.?"
        rf"(?:,? (?:de |del )?(?P<y1>{year}))?"
    )
    month_first = (
        rf"(?<!\w)(?P<m2>{names})\b\.? (?P<d2>[0-3]?\d)(?:st|nd|rd|th)?(?!\d|[.,:]\d)"
        rf"(?:,? (?P<y2>{year}))?"
    )
    return re.compile(f"{day_first}|{month_first}")


@lru_cache(maxsize=1)
def money(number: str) -> re.Pattern[str]:
    """A number with a currency before or after it."""
    signs = "|".join(_CURRENCIES.values())
    before = rf"(?P<before>(?<!\w)(?:{signs})) ?(?P<n1>{number})"
    times = r"(?: ?(?P<times>万|亿|千))?"
    # "19 euros 90", "19 euros con 90": as a voice says it.
    cents = r"(?: (?:con |و ?)?(?P<cents>\d\d)(?![\d.,%]|\w))?"
    after = rf"(?P<n2>{number}){times} ?(?P<after>(?:{signs})(?![a-z\u00b5-\u024f])){cents}"
    return re.compile(f"{before}|{after}")


@lru_cache(maxsize=256)
def currency(sign: str) -> str:
    """The currency of a sign or word: an ISO 4217 code, or a shared sign (see `SHARED`)."""
    for code, pattern in _CURRENCIES.items():
        if re.fullmatch(re.sub(r"\(\?=[^)]*\)", "", pattern), sign):
            return code
    return ""


@lru_cache(maxsize=64)
def measure(number: str, language: str = "") -> re.Pattern[str]:
    """A number with a unit of measure or time, the number in figures or in words."""
    units = "|".join(sorted(_UNITS.values(), key=len, reverse=True))
    known = {**_vocabulary(language), **_ONES}
    plain = "|".join(sorted(known, key=len, reverse=True))
    spans = "个月|年|天|小时|分钟|周|星期|倍|か月|ヶ月|時間"
    spelled = rf"(?<!\w)(?:{plain})(?= )|(?<![{_HAN}])(?!{_YEARLY})[{_HAN}]+(?={spans})"
    return re.compile(
        rf"(?P<n>{number}|{spelled})(?:[ -]|\xa0)?(?P<u>(?:{units}))(?![a-z\u00b5-\u024f])"
    )


@lru_cache(maxsize=512)
def unit(name: str) -> str:
    """The unit's own short name."""
    for short, pattern in _UNITS.items():
        if re.fullmatch(re.sub(r"\(\?!.*?\)", "", pattern), name):
            return short
    return name


@lru_cache(maxsize=64)
def spelled(language: str = "") -> re.Pattern[str]:
    """Number words: Latin and Arabic ones, and Han numbers before a classifier."""
    latin = rf"(?<!\w)(?:{compound(language)})(?!\w)"
    han = rf"(?<![{_HAN}第])(?!{_IDIOMS})[{_HAN}]+(?=[{_CLASSIFIERS}])"
    return re.compile(rf"(?P<w>{latin}|{han})")


def compound(language: str = "") -> str:
    """A pattern of number words that may stand together: ``twenty-five``."""
    known = "|".join(sorted(_vocabulary(language), key=len, reverse=True))
    return rf"(?:{known})(?:[ -](?:and )?(?:{known}|one))*"


def _vocabulary(language: str) -> dict[str, int]:
    """Number words of a language; of English where it has none of its own, of all for none.

    A word of one language is another word in the next: ``ten`` is Spanish for "have".
    """
    return (_WORDS_OF.get(language) or _WORDS_OF["en"]) if language else _PLAIN_WORDS


def value(text: str) -> Decimal:
    """The number that a word or Han number means; 0 when it is none."""
    text = text.strip()
    if text and (text[0].isdigit()):
        return Decimal(text)
    if all(letter in _HAN or letter == "点" for letter in text):
        return _han_value(text)
    total = current = 0
    for word in re.split(r"[ -]+", text):
        number = _PLAIN_WORDS.get(word) or _ONES.get(word) or 0
        if number >= 100 and current:  # noqa: PLR2004 - hundreds multiply what came before
            current *= number
        else:
            current += number
    return Decimal(total + current)


def _han_value(text: str) -> Decimal:
    if "点" in text:
        whole, _, part = text.partition("点")
        digits = "".join(str(_DIGITS.get(letter, 0)) for letter in part)
        return Decimal(f"{_han_value(whole)}.{digits}")
    if not any(letter in _TENS for letter in text):
        return Decimal("".join(str(_DIGITS[letter]) for letter in text) or "0")
    total = section = digit = 0
    for letter in text:
        if letter in _DIGITS:
            digit = _DIGITS[letter]
        elif _TENS[letter] >= 10000:  # noqa: PLR2004 - 万 and 亿 close a section
            total, section, digit = (total + section + digit) * _TENS[letter], 0, 0
        else:
            section, digit = section + (digit or 1) * _TENS[letter], 0
    return Decimal(total + section + digit)


def multiple(word: str) -> int:
    """What ``万``, ``k`` or ``million`` multiplies by; 1 for nothing."""
    word = word.strip()
    if word in _TENS:
        return _TENS[word]
    if word == "k":
        return 1000
    return 10**9 if word.startswith("billion") else 10**6 if word.startswith("mi") else 1
