"""Facts of a brief as text: the only prices, dates, addresses and phones that copy may hold."""

from __future__ import annotations

from handbill.facts.formats import format_day, format_number, format_percent, format_price
from handbill.facts.offer_words import HOUSE_LANGUAGES, badge_in, offer_in
from handbill.facts.offers import Offer, parse_offer
from handbill.facts.scripts import is_rtl, isolate, script_of_locale, script_of_text
from handbill.facts.slots import (
    SLOTS,
    offer_of,
    offer_text,
    percent_off_of,
    saving_of,
    short_url,
    written_facts_of,
)
from handbill.facts.spoken import (
    facts_of,
    spoken_day,
    spoken_facts_of,
    spoken_percent,
    spoken_phone,
    spoken_price,
    spoken_text,
    spoken_url,
)

__all__ = [
    "HOUSE_LANGUAGES",
    "SLOTS",
    "Offer",
    "badge_in",
    "facts_of",
    "format_day",
    "format_number",
    "format_percent",
    "format_price",
    "is_rtl",
    "isolate",
    "offer_in",
    "offer_of",
    "offer_text",
    "parse_offer",
    "percent_off_of",
    "saving_of",
    "script_of_locale",
    "script_of_text",
    "short_url",
    "spoken_day",
    "spoken_facts_of",
    "spoken_percent",
    "spoken_phone",
    "spoken_price",
    "spoken_text",
    "spoken_url",
    "written_facts_of",
]
