"""Headers of Handbill's own columns: `column_names.toml` read, folded and matched."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path


def _read_names() -> dict[str, tuple[str, ...]]:
    text = (Path(__file__).with_name("column_names.toml")).read_text(encoding="utf-8")
    return {field: tuple(names) for field, names in tomllib.loads(text).items()}


# Our field → its names, ours first.
NAMES: dict[str, tuple[str, ...]] = _read_names()

LOCALISABLE = frozenset(
    {
        "product", "description", "benefits", "category", "offer", "cta", "audience", "tone",
        "keywords", "must_say", "never_say", "store_name", "store_address", "url",
    }
)  # fmt: skip

# ISO 639-1 codes that a header may carry; a suffix that is no language is no locale.
_LANGUAGES = frozenset(
    {
        "af", "am", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en",
        "es", "et", "eu", "fa", "fi", "fil", "fr", "ga", "gl", "gu", "he", "hi", "hr", "hu", "hy",
        "id", "is", "it", "ja", "ka", "kk", "km", "kn", "ko", "lo", "lt", "lv", "mk", "ml", "mn",
        "mr", "ms", "my", "nb", "ne", "nl", "nn", "no", "pa", "pl", "pt", "ro", "ru", "si", "sk",
        "sl", "sq", "sr", "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "uz", "vi", "zh",
        "zu",
    }
)  # fmt: skip
_NAMED_LANGUAGES = {
    "english": "en", "englisch": "en", "inglés": "en", "英语": "en", "英文": "en", "英語": "en",
    "german": "de", "deutsch": "de", "alemán": "de", "德语": "de", "ドイツ語": "de",
    "spanish": "es", "español": "es", "spanisch": "es", "西班牙语": "es", "スペイン語": "es",
    "chinese": "zh-CN", "chinesisch": "zh-CN", "chino": "zh-CN", "中文": "zh-CN",
    "简体中文": "zh-CN", "简体": "zh-CN", "繁體中文": "zh-TW", "繁体中文": "zh-TW",
    "繁體": "zh-TW",
    "中国語": "zh-CN", "japanese": "ja", "japanisch": "ja", "japonés": "ja", "日本語": "ja",
    "日语": "ja", "日文": "ja", "arabic": "ar", "arabisch": "ar", "árabe": "ar", "العربية": "ar",
    "阿拉伯语": "ar", "french": "fr", "français": "fr", "französisch": "fr", "法语": "fr",
    "anglais": "en", "inglese": "en", "inglês": "en", "английский": "en", "영어": "en",
    "الإنجليزية": "en", "אנגלית": "en", "allemand": "de", "tedesco": "de", "alemão": "de",
    "немецкий": "de", "독일어": "de", "espagnol": "es", "spagnolo": "es", "espanhol": "es",
    "испанский": "es", "스페인어": "es", "chinois": "zh-CN", "cinese": "zh-CN", "chinês": "zh-CN",
    "китайский": "zh-CN", "중국어": "zh-CN", "japonais": "ja", "giapponese": "ja", "일본어": "ja",
    "francese": "fr", "francés": "fr", "francês": "fr", "французский": "fr", "프랑스어": "fr",
    "hebrew": "he", "עברית": "he", "dutch": "nl", "nederlands": "nl", "polish": "pl",
    "polski": "pl", "turkish": "tr", "türkçe": "tr",
    "korean": "ko", "한국어": "ko", "韩语": "ko", "italian": "it", "italiano": "it",
    "portuguese": "pt", "português": "pt", "russian": "ru", "русский": "ru", "俄语": "ru",
}  # fmt: skip
_BORDERS = re.compile(r"[\s._:\-–—(\[（【@]+")
_BRACKETS = "()[]（）【】 "
_REMARK = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_IN_CURRENCY = re.compile(r"\s+(?:in|en|à)\s+(?P<sign>[€$£¥]|[A-Z]{3}|元)\s*$")
_SEPARATORS = re.compile(r"[\s_]+")
_QUOTES = "“”„«»‘’"
# Accents of Latin, Greek and Cyrillic letters; the marks of other scripts are letters of theirs.
_ACCENTS = re.compile("[\u0300-\u036f]")
# Longer headers are texts, and no pattern looks at them.
_LONGEST = 200
_ORNAMENTS = frozenset({"So", "Sk", "Mn", "Cf"})
_NUMBERED = re.compile(r"^(image|picture|photo|图片|bild|imagen|画像|foto)0*(\d{1,2})$")


def folded(header: str) -> str:
    """`header` for comparison: NFKC, no case, accents, spaces, underscores and ornaments."""
    if header.isascii():
        return _SEPARATORS.sub("", header).casefold().strip("*:# ")
    plain = unicodedata.normalize("NFKC", header).casefold()
    seen = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", _SEPARATORS.sub("", seen)))
    return _without_emoji(unicodedata.normalize("NFC", bare).strip("*:# "))


def _without_emoji(text: str) -> str:
    """`text` without curly quotes and pictures around it; all of it when nothing else is left."""
    kept = [n for n, char in enumerate(text)
            if unicodedata.category(char) not in _ORNAMENTS and char not in _QUOTES]  # fmt: skip
    return text[kept[0] : kept[-1] + 1] if kept else text


@cache
def field_names() -> dict[str, str]:
    """Folded name → our field."""
    return {folded(name): field for field, names in NAMES.items() for name in names}


def field_of(header: str) -> str:
    """Our field that `header` names, or empty."""
    key = folded(header)
    if found := field_names().get(key):
        return found
    return "image" if _NUMBERED.match(key) else ""


def bracketed_field(header: str) -> str:
    """Our field that a header names before a remark in brackets: ``Price (EUR)``."""
    if len(header) > _LONGEST:
        return ""
    bare = _IN_CURRENCY.sub("", _REMARK.sub("", unicodedata.normalize("NFKC", header)))
    return field_of(bare) if bare != header else ""


def currency_after(header: str) -> str:
    """The sign or code that a header names after "in": ``Price in EUR``; or empty."""
    found = len(header) <= _LONGEST and _IN_CURRENCY.search(unicodedata.normalize("NFKC", header))
    return found["sign"] if found else ""


def localised_field(header: str) -> tuple[str, str]:
    """Field and BCP 47 tag of a header such as ``description.zh-CN``, or two empty strings."""
    text = unicodedata.normalize("NFKC", header[: _LONGEST + 1]).strip()
    if len(text) > _LONGEST:
        return "", ""
    for border in _BORDERS.finditer(text):
        field = field_names().get(folded(text[: border.start()]), "")
        tag = locale_tag(text[border.end() :].strip(_BRACKETS))
        if tag and field in LOCALISABLE:
            return field, tag
    return "", ""


def locale_tag(text: str) -> str:
    """`text` as a BCP 47 tag in its usual case (``zh_cn`` or 中文 → ``zh-CN``), or empty."""
    if named := _NAMED_LANGUAGES.get(text.strip().casefold()):
        return named
    parts = re.split(r"[-_ ]", text.strip())
    if parts[0].lower() not in _LANGUAGES or not all(_is_subtag(part) for part in parts[1:]):
        return ""
    return "-".join([parts[0].lower(), *(_cased(part) for part in parts[1:])])


def _is_subtag(part: str) -> bool:
    script_or_region = part.isalpha() and len(part) in {2, 4}
    return part.isascii() and (script_or_region or (part.isdigit() and len(part) == 3))  # noqa: PLR2004 - UN M.49 areas have three digits


def _cased(part: str) -> str:
    return part.upper() if len(part) < 4 else part.title()  # noqa: PLR2004 - scripts have four letters
