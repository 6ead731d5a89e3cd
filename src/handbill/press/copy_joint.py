"""One question for all languages of an idea, where the provider takes that and it fits.

What comes back is handed out language by language; whatever is then sent back for its faults is
asked for in its own language alone.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from handbill.domain.order import Order
from handbill.errors import BudgetExceeded, HandbillError, ProviderError
from handbill.press.calls import Calls
from handbill.press.receipts import Receipt
from handbill.providers.ports import (
    CopyAnswer,
    CopyProvider,
    CopyRequest,
    PreparesCopies,
    VendorCall,
)

# What the first try of one request brought: an answer, or why there is none.
First = Receipt[CopyAnswer] | HandbillError


def language_bundles(
    groups: Iterable[tuple[Order, ...]],
) -> list[list[tuple[Order, ...]]]:
    """Groups of one brief, account, audience and variant together: they differ in language."""
    bundles: dict[tuple[str, str, str, int], list[tuple[Order, ...]]] = {}
    for group in groups:
        first = group[0]
        name = (first.brief.id, first.account, first.audience, first.variant)
        bundles.setdefault(name, []).append(group)
    return list(bundles.values())


def fit_together(writer: CopyProvider | None, requests: Sequence[CopyRequest]) -> bool:
    """Whether `requests`, one a language, are to be asked with one call."""
    languages = {request.locale for request in requests}
    if len(requests) < 2 or len(languages) < len(requests):  # noqa: PLR2004 - one is no join
        return False
    if not isinstance(writer, PreparesCopies) or not writer.fit_together(requests):
        return False
    return all(writer.writes(locale) for locale in languages)


def joint_call(
    calls: Calls, writer: CopyProvider | None, requests: Sequence[CopyRequest]
) -> VendorCall[tuple[CopyAnswer, ...]] | None:
    """The one call for `requests` that fit together; None where prompts are not joined."""
    prompt = calls.joint_prompt(requests)
    if prompt is None or not isinstance(writer, PreparesCopies):
        return None
    return writer.prepare_copies(requests, prompt)


async def ask_jointly(
    calls: Calls, call: VendorCall[tuple[CopyAnswer, ...]], requests: Sequence[CopyRequest]
) -> dict[str, First]:
    """Locale → what the one call brought for it; what it cost is shared out by orders."""
    try:
        receipt = await calls.pay(call, row=requests[0].brief.id)
    except (ProviderError, BudgetExceeded) as fault:
        paid = fault.paid_usd_micros if isinstance(fault, ProviderError) else 0
        shares = _shares(paid, requests)
        return {one.locale: _with_cost(fault, shares[one.locale]) for one in requests}
    shares = _shares(receipt.cost_usd_micros, requests)
    return {
        one.locale: Receipt(
            answer=answer,
            cost_usd_micros=shares[one.locale],
            reused=receipt.reused,
            mode=receipt.mode,
        )
        for one, answer in zip(requests, receipt.answer, strict=True)
    }


def asked_across(
    groups: Iterable[tuple[Order, ...]], booked: Mapping[str, Mapping[str, Any]]
) -> list[tuple[Order, ...]]:
    """Of each group, the orders that belong into the question of its bundle; empty ones left out.

    These are the orders without copy, and those that were asked for together with one of them:
    the same question finds its answer in the store, a smaller one would be paid anew.
    """
    groups = list(groups)
    missing = {order.key for group in groups for order in group if order.key not in booked}
    asked = (
        tuple(
            order
            for order in group
            if order.key in missing or missing & set(booked[order.key].get("asked_with", ()))
        )
        for group in groups
    )
    return [group for group in asked if group]


def _shares(micros: int, requests: Sequence[CopyRequest]) -> dict[str, int]:
    """`micros` by numbers of orders; the first language takes what is left over."""
    total = sum(len(request.orders) for request in requests)
    shares = {one.locale: micros * len(one.orders) // total for one in requests}
    shares[requests[0].locale] += micros - sum(shares.values())
    return shares


def _with_cost(fault: HandbillError, micros: int) -> HandbillError:
    own = copy.copy(fault)
    if isinstance(own, ProviderError):
        own.paid_usd_micros = micros
    return own
