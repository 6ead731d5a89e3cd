"""Prices of products (decimal, with currency) and costs of calls (micro-dollars)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Price:
    """A product's price exactly as the brief has it.

    Attributes:
        amount: at least 0; keeps the number of decimals that the user typed.
        currency: ISO 4217 code, or empty where neither row nor campaign names one.
    """

    amount: Decimal
    currency: str


def usd_micros(usd: Decimal | float) -> int:
    """US dollars as whole micro-dollars, rounded up (a budget is never undercounted)."""
    exact = Decimal(str(usd)) * 1_000_000
    return int(exact.to_integral_value(rounding="ROUND_CEILING"))
