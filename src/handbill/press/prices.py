"""What a call costs, in micro-dollars: the user's own prices first, then the vendor's list.

A price that nobody knows is None and shown as ``unpriced``; it is never counted as nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from handbill.domain.money import usd_micros
from handbill.providers.ports import PriceTerms, Usage


def cost_micros(model: str, usage: Usage, terms: PriceTerms, moment_s: float) -> int | None:
    """The cost of `usage` at the prices of `moment_s` (seconds since 1970), or None.

    Args:
        model: the vendor's name for it.
        usage: a vendor's own statement of cost, where it gives one, is believed.
        terms: whose list counts, and the user's own prices.
        moment_s: lists are dated; a price holds from a day on.
    """
    if terms.usd_per:
        share = terms.batch_share if terms.processing == "batch" else 1.0
        return _by_own_prices(usage.units, terms.usd_per, share)
    if usage.cost_usd_micros is not None:
        return usage.cost_usd_micros
    if terms.free:
        return 0
    return _by_list(model, usage, terms, moment_s) if terms.vendor else None


def _by_own_prices(units: Mapping[str, int], usd_per: Mapping[str, float], share: float) -> int:
    total = Decimal(str(usd_per.get("call", 0)))
    # A cached token is an input token too; it is charged once, at its own price where one is set.
    cached = units.get("cache_read_tokens", 0) if "cache_read_tokens" in usd_per else 0
    for unit, price in sorted(usd_per.items()):
        count = units.get(unit, 0) - (cached if unit == "input_tokens" else 0)
        total += Decimal(str(price)) * max(0, count)
    return usd_micros(total * Decimal(str(share)))


def _by_list(model: str, usage: Usage, terms: PriceTerms, moment_s: float) -> int | None:
    import genai_prices  # noqa: PLC0415 - its tables take a third of a second to load

    # A batch has a price of its own, whatever tier its lines say.
    tier = "" if terms.processing else usage.service_tier or terms.service_tier
    context = {"processing": terms.processing, "service_tier": tier}
    known = {name: value for name, value in context.items() if value}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a unit that the list does not know would cost 0
            price = genai_prices.calc_price(
                genai_prices.Usage(**usage.units),
                model,
                provider_id=terms.vendor,
                genai_request_timestamp=datetime.fromtimestamp(moment_s, UTC),
                price_context=known or None,
            )
    except (LookupError, ValueError, UserWarning):
        return None
    # The list has models whose price in these units it does not know: they come out at nothing.
    return usd_micros(price.total_price) if price.total_price else None
