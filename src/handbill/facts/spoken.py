"""Facts as a voice says them: written signs become words in the speaker's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from handbill.domain.brandkit import BrandKit
from handbill.domain.brief import Brief
from handbill.domain.money import Price
from handbill.domain.slots import SPOKEN
from handbill.facts.formats import currency_words, format_day, format_number, format_price
from handbill.facts.offers import parse_offer
from handbill.facts.scripts import FIRST_STRONG_ISOLATE, LEFT_TO_RIGHT_ISOLATE, POP_ISOLATE
from handbill.facts.slots import (
    offer_of,
    percent_off_of,
    saving_of,
    short_url,
    written_facts_of,
)
from handbill.facts.spoken_signs import said_signs

_DOT = {
    "en": "dot",
    "zh": "点",
    "es": "punto",
    "de": "Punkt",
    "ja": "ドット",
    "ar": "نقطة",
    "fr": "point",
    "it": "punto",
    "pt": "ponto",
    "nl": "punt",
    "pl": "kropka",
    "ko": "점",
}
_SLASH = {
    "en": "slash",
    "zh": "斜杠",
    "es": "barra",
    "de": "Schrägstrich",
    "ja": "スラッシュ",
    "ar": "شرطة مائلة",
    "fr": "barre oblique",
    "it": "barra",
    "pt": "barra",
    "nl": "schuine streep",
    "pl": "ukośnik",
    "ko": "슬래시",
}
_PERCENT = {
    "en": "{n} percent",
    "zh": "百分之{n}",
    "es": "{n} por ciento",
    "de": "{n} Prozent",
    "ja": "{n}パーセント",
    "ar": "{n} بالمئة",
    "fr": "{n} pour cent",
    "it": "{n} per cento",
    "pt": "{n} por cento",
    "nl": "{n} procent",
    "pl": "{n} procent",
    "ko": "{n} 퍼센트",
}
_PLUS = {
    "en": "plus ",
    "de": "plus ",
    "es": "más ",
    "ar": "زائد ",
    "fr": "plus ",
    "it": "più ",
    "pt": "mais ",
    "nl": "plus ",
    "pl": "plus ",
    "zh": "加",
    "ja": "プラス",
}
# Between whole units and cents: "19 euros con 90", "19 Euro 90".
_WITH_CENTS = {"es": "con", "ar": "و", "it": "e", "pt": "e"}
# Names that CLDR makes longer than people do: one, and more than one.
_SHORT = {
    ("en", "USD"): ("dollar", "dollars"),
    ("en", "GBP"): ("pound", "pounds"),
    ("en", "JPY"): ("yen", "yen"),
    ("en", "CNY"): ("yuan", "yuan"),
    ("en", "INR"): ("rupee", "rupees"),
    ("de", "USD"): ("Dollar", "Dollar"),
    ("de", "GBP"): ("Pfund", "Pfund"),
    ("de", "JPY"): ("Yen", "Yen"),
    ("de", "CHF"): ("Franken", "Franken"),
    ("es", "USD"): ("dólar", "dólares"),
    ("es", "GBP"): ("libra", "libras"),
    ("es", "JPY"): ("yen", "yenes"),
    ("es", "MXN"): ("peso", "pesos"),
    ("ja", "USD"): ("ドル", "ドル"),
    ("ja", "GBP"): ("ポンド", "ポンド"),
    ("ar", "USD"): ("دولار", "دولار"),
    ("fr", "USD"): ("dollar", "dollars"),
    ("fr", "GBP"): ("livre", "livres"),
    ("it", "USD"): ("dollaro", "dollari"),
    ("pt", "BRL"): ("real", "reais"),
    ("pt", "EUR"): ("euro", "euros"),
    ("pt", "USD"): ("dólar", "dólares"),
    ("pt", "GBP"): ("libra", "libras"),
    ("nl", "USD"): ("dollar", "dollar"),
    ("nl", "GBP"): ("pond", "pond"),
    ("pl", "USD"): ("dolar", "dolarów"),
    ("pl", "GBP"): ("funt", "funtów"),
    ("ko", "KRW"): ("원", "원"),
    ("ko", "USD"): ("달러", "달러"),
}
_CENTS = {
    ("en", "EUR"): "cents",
    ("en", "USD"): "cents",
    ("en", "GBP"): "pence",
    ("de", "EUR"): "Cent",
    ("de", "USD"): "Cent",
    ("es", "EUR"): "céntimos",
    ("es", "USD"): "centavos",
    ("fr", "EUR"): "centimes",
    ("it", "EUR"): "centesimi",
    ("pt", "EUR"): "cêntimos",
    ("pt", "BRL"): "centavos",
    ("nl", "EUR"): "cent",
}
_SPACELESS = {"zh", "ja"}
_ISOLATES = str.maketrans("", "", FIRST_STRONG_ISOLATE + LEFT_TO_RIGHT_ISOLATE + POP_ISOLATE)
_PERCENT_SIGN = re.compile(r"[−-]?(?<![\d.,])(\d+(?:[.,]\d+)?)[ \xa0\u202f]?%")
_WEB = re.compile(
    r"(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,})((?:/[\w\-./]*\w)?)/?"
    r"(?:\?[\w=&%.-]*[\w=])?",
    re.IGNORECASE | re.ASCII,
)


# Facts that facts_of gives in both forms. Addresses and phones are left out: captions show what is
# said, and an address has to be readable there; the voice may say it with `spoken_url`.
_BOTH_FORMS = ("price", "compare_at_price", "saving", "percent_off", "offer", "badge")


def facts_of(brief: Brief, kit: BrandKit, locale: str, account: str) -> dict[str, str]:
    """Slot name → text in `locale`, for every fact that the brief or the kit has.

    Prices, percentages and offers also stand there as a voice says them, under ``spoken_price``
    and so on, where that differs. Saving and percentage are worked out from the two prices and
    never overstate; the offer is said in another language only when all of it is understood
    there. Names and numbers are isolated in right-to-left locales where a line would take them
    apart.
    """
    written = written_facts_of(brief, kit, locale, account)
    spoken = spoken_facts_of(brief, kit, locale, account)
    both = {
        f"{SPOKEN}{name}": spoken[name]
        for name in _BOTH_FORMS
        if name in written and spoken[name] != written[name]
    }
    return written | both


def spoken_price(price: Price, locale: str) -> str:
    """A price in words: ``19 euros 90``, ``19 Euro 90``, ``19.9元``, ``1,980円``."""
    language = _language(locale)
    name = _currency(price, locale)
    if not name:
        return format_price(price, locale)
    if language in _SPACELESS:
        amount = price.amount.normalize()
        number = f"{amount:f}" if amount != amount.to_integral_value() else f"{int(amount)}"
        return number + {"人民币": "元", "日圆": "日元", "人民元": "元"}.get(name, name)
    whole, cents = divmod(price.amount * 100, 100)
    if not cents or cents != cents.to_integral_value():
        return f"{format_number(price.amount, locale)} {name}"
    small = _CENTS.get((language, price.currency))
    if not whole and small:
        return f"{int(cents)} {small}"
    joint = f" {_WITH_CENTS[language]}" if language in _WITH_CENTS else ""
    name = _currency(Price(whole, price.currency), locale)
    return f"{format_number(whole, locale)} {name}{joint} {int(cents)}"


def _currency(price: Price, locale: str) -> str:
    """The currency as people say it in shops: ``dollars``, not ``US dollars``."""
    short = _SHORT.get((_language(locale), price.currency))
    if short is None:
        # CLDR says which country's; at home nobody does.
        return re.sub(r" polsk\w+$", "", currency_words(price, locale))
    return short[0] if price.amount == 1 else short[1]


def spoken_percent(percent: Decimal | int, locale: str) -> str:
    """A percentage in words: ``20 percent``, ``百分之20``."""
    pattern = _PERCENT.get(_language(locale), "{n} %")
    return pattern.format(n=format_number(percent, locale))


def spoken_day(day: date, locale: str) -> str:
    """A day as it is read out; voices read the written form well."""
    return format_day(day, locale)


def spoken_url(url: str, locale: str) -> str:
    """An address for the ear: ``harbour tea dot example slash spring``."""
    language = _language(locale)
    dot, slash = _DOT.get(language, "."), _SLASH.get(language, "/")
    host, _, path = short_url(url).partition("/")
    words = f" {dot} ".join(host.split("."))
    if path:
        words += f" {slash} " + f" {slash} ".join(path.split("/"))
    return re.sub(r"\s+", " ", words.replace("-", " ").replace("_", " ")).strip()


def spoken_phone(phone: str, locale: str) -> str:
    """A phone number digit by digit in its groups, so that a voice does not read millions."""
    groups = re.findall(r"\d+", phone)
    plus = _PLUS.get(_language(locale), "")
    spoken = ", ".join(" ".join(group) for group in groups)
    return (plus if phone.strip().startswith("+") else "") + spoken


def spoken_facts_of(brief: Brief, kit: BrandKit, locale: str, account: str) -> dict[str, str]:
    """The written facts by the same names, with every value as a voice says it."""
    written = written_facts_of(brief, kit, locale, account)
    saving, percent, offer = saving_of(brief), percent_off_of(brief), offer_of(brief)
    if not percent and offer and offer.percent:
        percent = int(offer.percent)
    spoken: Mapping[str, str] = {
        "price": spoken_price(brief.price, locale) if brief.price else "",
        "compare_at_price": spoken_price(brief.compare_at_price, locale)
        if brief.compare_at_price
        else "",
        "saving": spoken_price(saving, locale) if saving else "",
        "percent_off": spoken_percent(percent, locale) if percent else "",
        "url": spoken_url(written.get("url", ""), locale),
        "url_short": spoken_url(written.get("url", ""), locale),
        "store_phone": spoken_phone(written.get("store_phone", ""), locale),
    }
    return {name: spoken.get(name) or spoken_text(text, locale) for name, text in written.items()}


def spoken_text(text: str, locale: str) -> str:
    """A written sentence as a voice should read it: figures with signs and addresses in words.

    A minus before a percentage is dropped (``−20 %`` is read as what is taken off), and so are
    the invisible isolates of right-to-left lines. `parse_offer` is asked for short texts, so that
    a bare ``2x1`` is read as an offer.
    """
    plain = text.translate(_ISOLATES)
    plain = said_signs(plain, locale, spoken_price, spoken_phone)
    plain = _WEB.sub(lambda match: _web(match, locale), plain)
    plain = _PERCENT_SIGN.sub(
        lambda match: spoken_percent(Decimal(match.group(1).replace(",", ".")), locale), plain
    )
    return _said_bundle(plain, locale)


def _web(match: re.Match[str], locale: str) -> str:
    return spoken_url(match.group(1) + match.group(2), locale)


def _said_bundle(text: str, locale: str) -> str:
    offer = parse_offer(text) if len(text) <= len("buy 3, pay 2") else None
    if offer is None or offer.kind != "bundle" or offer.rest:
        return text
    words = {"es": "{g} por {y}", "en": "{g} for {y}"}.get(_language(locale))
    return words.format(g=offer.get, y=offer.pay) if words else text


def _language(locale: str) -> str:
    return locale.split("-", maxsplit=1)[0].lower()
