"""Offers in the words of each house language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from handbill.domain.money import Price
from handbill.facts.formats import format_percent, format_price
from handbill.facts.offers import Offer

# {p} percentage, {z} 折, {a} amount, {m} least spend, {g} gets, {y} pays, {f} free on top.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "percent": "{p} off",
        "percent_up_to": "Up to {p} off",
        "amount": "{a} off",
        "amount_up_to": "Up to {a} off",
        "amount_minimum": "{a} off orders from {m}",
        "bundle": "{g} for {y}",
        "bundle_one": "Buy one, get one free",
        "bundle_price": "{g} for {a}",
        "second_half": "Second one half price",
        "free_shipping": "Free shipping",
        "free_shipping_minimum": "Free shipping from {m}",
        "free_gift": "Free gift",
        "from_price": "From {a}",
        "code": "{offer} with code {code}",
        "badge_bundle_one": "2 for 1",
    },
    "zh": {
        "percent": "立减{p}",
        "percent_zhe": "{z}折优惠",
        "percent_up_to": "最高立减{p}",
        "percent_up_to_zhe": "低至{z}折",
        "amount": "立减{a}",
        "amount_up_to": "最高立减{a}",
        "amount_minimum": "满{m}减{a}",
        "bundle": "买{y}送{f}",
        "bundle_one": "买一送一",
        "bundle_price": "{a}任选{g}件",
        "second_half": "第二件半价",
        "free_shipping": "包邮",
        "free_shipping_minimum": "满{m}包邮",
        "free_gift": "附赠礼品",
        "from_price": "{a}起",
        "code": "使用优惠码 {code}，{offer}",
        "badge_percent_zhe": "{z}折",
    },
    "es": {
        "percent": "{p} de descuento",
        "percent_up_to": "Hasta un {p} de descuento",
        "amount": "{a} de descuento",
        "amount_up_to": "Hasta {a} de descuento",
        "amount_minimum": "{a} de descuento desde {m}",
        "bundle": "{g}x{y}",
        "bundle_price": "{g} por {a}",
        "second_half": "Segunda unidad a mitad de precio",
        "free_shipping": "Envío gratis",
        "free_shipping_minimum": "Envío gratis desde {m}",
        "free_gift": "Regalo gratis",
        "from_price": "Desde {a}",
        "code": "{offer} con el código {code}",
        "badge_percent": "−{p}",
        "badge_amount": "−{a}",
        "badge_second_half": "2.ª a mitad de precio",
    },
    "de": {
        "percent": "{p} Rabatt",
        "percent_up_to": "Bis zu {p} Rabatt",
        "amount": "{a} Rabatt",
        "amount_up_to": "Bis zu {a} Rabatt",
        "amount_minimum": "{a} Rabatt ab {m}",
        "bundle": "{g} für {y}",
        "bundle_price": "{g} für {a}",
        "second_half": "Das zweite zum halben Preis",
        "free_shipping": "Kostenloser Versand",
        "free_shipping_minimum": "Kostenloser Versand ab {m}",
        "free_gift": "Gratis-Geschenk",
        "from_price": "Ab {a}",
        "code": "{offer} mit Code {code}",
        "badge_percent": "−{p}",
        "badge_amount": "−{a}",
        "badge_second_half": "2. zum halben Preis",
        "badge_free_shipping": "Gratis Versand",
    },
    "ja": {
        "percent": "{p}オフ",
        "percent_up_to": "最大{p}オフ",
        "amount": "{a}引き",
        "amount_up_to": "最大{a}引き",
        "amount_minimum": "{m}以上で{a}引き",
        "bundle": "{y}点購入で{f}点無料",
        "bundle_price": "{g}点で{a}",
        "second_half": "2点目半額",
        "free_shipping": "送料無料",
        "free_shipping_minimum": "{m}以上で送料無料",
        "free_gift": "プレゼント付き",
        "from_price": "{a}から",
        "code": "コード {code} で{offer}",
        "badge_percent": "{p}OFF",
    },
    "ar": {
        "percent": "خصم {p}",
        "percent_up_to": "خصم يصل إلى {p}",
        "amount": "خصم {a}",
        "amount_up_to": "خصم يصل إلى {a}",
        "amount_minimum": "خصم {a} للطلبات من {m}",
        "bundle": "اشترِ {y} واحصل على {f} مجانًا",
        "bundle_price": "{g} قطع بسعر {a}",
        "second_half": "الثانية بنصف السعر",
        "free_shipping": "شحن مجاني",
        "free_shipping_minimum": "شحن مجاني للطلبات من {m}",
        "free_gift": "هدية مجانية",
        "from_price": "ابتداءً من {a}",
        "code": "{offer} مع الرمز {code}",
    },
}
_CONDITION_WORDS: Mapping[str, Mapping[str, str]] = {
    "first_order": {
        "en": "{o} your first order",
        "zh": "首单{o}",
        "es": "{o} en tu primera compra",
        "de": "{o} auf die erste Bestellung",
        "ja": "初回購入{o}",
        "ar": "{o} على طلبك الأول",
    },
    "today": {
        "en": "{o} today only",
        "zh": "仅限今日，{o}",
        "es": "{o} solo hoy",
        "de": "{o} nur heute",
        "ja": "本日限り{o}",
        "ar": "{o} اليوم فقط",
    },
    "this_weekend": {
        "en": "{o} this weekend",
        "zh": "本周末{o}",
        "es": "{o} este fin de semana",
        "de": "{o} an diesem Wochenende",
        "ja": "今週末{o}",
        "ar": "{o} في نهاية هذا الأسبوع",
    },
    "this_week": {
        "en": "{o} this week",
        "zh": "本周{o}",
        "es": "{o} esta semana",
        "de": "{o} diese Woche",
        "ja": "今週{o}",
        "ar": "{o} هذا الأسبوع",
    },
    "everything": {
        "en": "{o} everything",
        "zh": "全场{o}",
        "es": "{o} en todo",
        "de": "{o} auf alles",
        "ja": "全品{o}",
        "ar": "{o} على جميع المنتجات",
    },
    "selected": {
        "en": "{o} selected items",
        "zh": "指定商品{o}",
        "es": "{o} en artículos seleccionados",
        "de": "{o} auf ausgewählte Artikel",
        "ja": "対象商品{o}",
        "ar": "{o} على منتجات مختارة",
    },
    "online": {
        "en": "{o} online",
        "zh": "线上{o}",
        "es": "{o} online",
        "de": "{o} online",
        "ja": "オンライン限定{o}",
        "ar": "{o} عبر الإنترنت",
    },
    "in_store": {
        "en": "{o} in store",
        "zh": "门店{o}",
        "es": "{o} en tienda",
        "de": "{o} im Laden",
        "ja": "店舗限定{o}",
        "ar": "{o} في المتجر",
    },
    "students": {
        "en": "{o} for students",
        "zh": "学生专享{o}",
        "es": "{o} para estudiantes",
        "de": "{o} für Studierende",
        "ja": "学割{o}",
        "ar": "{o} للطلاب",
    },
    "members": {
        "en": "{o} for members",
        "zh": "会员专享{o}",
        "es": "{o} para socios",
        "de": "{o} für Mitglieder",
        "ja": "会員限定{o}",
        "ar": "{o} للأعضاء",
    },
}
HOUSE_LANGUAGES = tuple(_WORDS)
_FIFTH = 5


def offer_in(offer: Offer, locale: str) -> str:
    """The offer in the words of `locale`, or empty when it cannot be said there without loss.

    Empty for a language that is not a house language, and for an offer with words that were not
    understood (`Offer.rest`).
    """
    words = _WORDS.get(locale.split("-", maxsplit=1)[0].lower())
    if words is None or offer.rest:
        return ""
    text = _filled(words, _core_key(words, offer), offer, locale)
    for condition in offer.conditions:
        text = _CONDITION_WORDS[condition][_language(locale)].format(o=text)
    return words["code"].format(offer=text, code=offer.code) if offer.code else text


def badge_in(offer: Offer, locale: str) -> str:
    """The offer in the fewest words for a badge, or empty as in `offer_in`.

    Conditions and codes stay out: a badge must stand beside the copy that names them.
    """
    words = _WORDS.get(_language(locale))
    if words is None or offer.rest:
        return ""
    key = _core_key(words, offer)
    short = f"badge_{key}"
    return _filled(words, short if short in words else key, offer, locale)


def _core_key(words: Mapping[str, str], offer: Offer) -> str:
    key = offer.kind
    if offer.up_to and f"{key}_up_to" in words:
        key += "_up_to"
    if offer.minimum is not None and f"{key}_minimum" in words:
        key += "_minimum"
    if key == "bundle" and (offer.get, offer.pay) == (2, 1) and "bundle_one" in words:
        key = "bundle_one"
    if f"{key}_zhe" in words and offer.percent is not None and offer.percent % _FIFTH == 0:
        key += "_zhe"
    return key


def _filled(words: Mapping[str, str], key: str, offer: Offer, locale: str) -> str:
    return words[key].format(
        p=format_percent(offer.percent, locale) if offer.percent is not None else "",
        z=_zhe(offer.percent or Decimal(0)),
        a=_money(offer.amount, locale),
        m=_money(offer.minimum, locale),
        g=offer.get,
        y=_number(offer.pay, locale),
        f=_number(offer.get - offer.pay, locale),
    )


def _zhe(percent: Decimal) -> str:
    """What is paid in tenths: 20 % off → 8, 25 % off → 7.5."""
    return f"{((100 - percent) / 10).normalize():f}"


def _money(price: Price | None, locale: str) -> str:
    return format_price(price, locale) if price else ""


def _number(count: int, locale: str) -> str:
    han = "零一二三四五六七八九"
    return han[count] if _language(locale) == "zh" and 0 <= count < len(han) else str(count)


def _language(locale: str) -> str:
    return locale.split("-", maxsplit=1)[0].lower()
