"""Facts of a brief by slot name, as a reader of the locale expects them."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlsplit

from handbill.domain.brandkit import AccountVoice, BrandKit
from handbill.domain.brief import Brief
from handbill.domain.money import Price
from handbill.facts.formats import format_day, format_percent, format_price
from handbill.facts.offer_words import badge_in, offer_in
from handbill.facts.offers import Offer, parse_offer
from handbill.facts.scripts import isolate

SLOTS = (
    "product",
    "brand",
    "vendor",
    "category",
    "price",
    "compare_at_price",
    "saving",
    "percent_off",
    "offer",
    "badge",
    "url",
    "url_short",
    "starts_on",
    "ends_on",
    "store_name",
    "store_address",
    "store_phone",
    "audience",
)
_SHORT_URL_CHARS = 40


def written_facts_of(brief: Brief, kit: BrandKit, locale: str, account: str) -> dict[str, str]:
    """Slot name → text in `locale` for the eye; see `handbill.facts.facts_of`.

    Saving and percentage are worked out from the two prices and never overstate; the offer is
    said in the locale's language only when all of it is understood there. Names and numbers are
    isolated in right-to-left locales where a line would take them apart.
    """
    voice = kit.account(account)
    offer = offer_of(brief)
    facts = {
        "product": isolate(brief.name_in(locale), locale),
        "brand": isolate(voice.display_name or kit.name, locale),
        "vendor": isolate(brief.vendor, locale),
        "category": brief.text("category", locale),
        "audience": brief.text("audience", locale),
        "offer": offer_text(brief, locale),
        "badge": _badge(brief, offer, locale),
        **_price_facts(brief, offer, locale),
        **_url_facts(brief.url or voice.url or kit.url),
        **_day_facts(brief, locale),
        **_store_facts(brief, voice, locale),
    }
    return {name: facts[name] for name in SLOTS if facts.get(name)}


def offer_of(brief: Brief) -> Offer | None:
    """The brief's offer, understood; amounts without a currency take the price's."""
    return parse_offer(brief.offer, brief.price.currency if brief.price else "")


def offer_text(brief: Brief, locale: str) -> str:
    """The offer in `locale`: the brief's own words there, else its meaning put into words."""
    if own := brief.text("offer", locale):
        return own
    offer = offer_of(brief)
    return offer_in(offer, locale) if offer else ""


def saving_of(brief: Brief) -> Price | None:
    """What the price saves against the compare-at price, exactly; None when nothing is saved."""
    price, before = brief.price, brief.compare_at_price
    if price is None or before is None or price.currency != before.currency:
        return None
    saved = before.amount - price.amount
    return Price(saved, price.currency) if saved > 0 else None


def percent_off_of(brief: Brief) -> int:
    """Whole percent saved, rounded down so that nothing is overstated; 0 for none."""
    saving = saving_of(brief)
    if saving is None or brief.compare_at_price is None:
        return 0
    return int(saving.amount * 100 // brief.compare_at_price.amount)


def _price_facts(brief: Brief, offer: Offer | None, locale: str) -> dict[str, str]:
    saving, percent = saving_of(brief), Decimal(percent_off_of(brief))
    if not percent and offer and offer.kind == "percent" and not offer.up_to:
        percent = offer.percent or Decimal(0)
    return {
        "price": format_price(brief.price, locale) if brief.price else "",
        # A lower or equal former price is no former price to show.
        "compare_at_price": _former(brief, locale) if saving else "",
        "saving": format_price(saving, locale) if saving else "",
        "percent_off": format_percent(percent, locale) if percent else "",
    }


def _former(brief: Brief, locale: str) -> str:
    return format_price(brief.compare_at_price, locale) if brief.compare_at_price else ""


def _badge(brief: Brief, offer: Offer | None, locale: str) -> str:
    """The offer's badge; without an offer, what the prices themselves save."""
    if offer:
        return badge_in(offer, locale)
    percent = percent_off_of(brief)
    if brief.offer or not percent:
        return ""
    return badge_in(Offer(kind="percent", percent=Decimal(percent)), locale)


def _url_facts(url: str) -> dict[str, str]:
    return {"url": url, "url_short": short_url(url)} if url else {}


def short_url(url: str) -> str:
    """Host and path for people: no scheme, no ``www.``, no query; the host alone when long."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    host = (parts.netloc or "").removeprefix("www.")
    whole = f"{host}{parts.path}".rstrip("/")
    return whole if len(whole) <= _SHORT_URL_CHARS else host


def _day_facts(brief: Brief, locale: str) -> dict[str, str]:
    days = {"starts_on": brief.starts_on, "ends_on": brief.ends_on}
    return {name: format_day(day, locale) for name, day in days.items() if day}


def _store_facts(brief: Brief, voice: AccountVoice, locale: str) -> dict[str, str]:
    return {
        "store_name": isolate(brief.store_name or voice.store_name, locale),
        "store_address": isolate(brief.store_address or voice.store_address, locale),
        "store_phone": isolate(brief.store_phone or voice.store_phone, locale),
    }
