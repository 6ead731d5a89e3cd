"""The desk of one copy request: which orders are done, and what the others still lack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from handbill.domain.copy import Draft
from handbill.domain.order import Status
from handbill.errors import HandbillError
from handbill.press.receipts import CopyResult, Misread, Receipt, cause_of, paid_micros, status_of
from handbill.providers.ports import CopyAnswer, CopyRequest

Check = Callable[[Draft], tuple[str, ...]]


class CopyDesk:
    """The state of one request: which orders are done, and what the others still lack."""

    def __init__(self, request: CopyRequest) -> None:
        self._request = request
        self._drafts: dict[str, Draft] = {}
        self._accepted: dict[str, Draft] = {}
        self._messages: dict[str, str] = {}
        self._fault: HandbillError | None = None
        self._attempt = 0
        self._cost = 0
        self._reused = True
        self._mode = ""
        self.open: dict[str, tuple[str, ...]] = {order.key: () for order in request.orders}

    def next_request(self) -> CopyRequest:
        """A request for the orders that are still open, with the findings against each."""
        orders = tuple(order for order in self._request.orders if order.key in self.open)
        findings = {key: found for key, found in self.open.items() if found}
        self._attempt += 1
        return replace(
            self._request,
            orders=orders,
            findings=MappingProxyType(findings),
            attempt=self._attempt,
        )

    def take(self, receipt: Receipt[CopyAnswer], check: Check) -> None:
        """Book an answer: accepted drafts leave the desk, the others stay with their findings."""
        self._cost += receipt.cost_usd_micros
        self._reused = self._reused and receipt.reused
        self._mode = receipt.mode
        for key in tuple(self.open):
            draft = receipt.answer.drafts.get(key)
            if draft is None:
                self.open[key] = ("the answer holds no draft for this order",)
                continue
            shared = self._sharing(draft)
            self._drafts[key] = shared
            found = check(shared)
            if found:
                self.open[key] = found
            else:
                del self.open[key]
                self._accepted[key] = shared

    def misread(self, fault: Misread) -> None:
        """Book an answer of another shape: it was paid, and every open order is asked again."""
        self._cost += fault.paid_usd_micros
        self._reused = self._reused and not fault.paid_usd_micros
        for key in self.open:
            self.open[key] = (f"the last answer could not be used: {fault}",)

    def stop(self, fault: HandbillError) -> None:
        """End the tries: every order that is still open ends with `fault`."""
        self._cost += paid_micros(fault)
        self._fault = fault

    def result(self) -> CopyResult:
        """How every order of the request ended."""
        statuses = {order.key: Status.MADE for order in self._request.orders}
        fault = self._fault
        for key, found in self.open.items():
            statuses[key] = Status.BLOCKED if key in self._drafts else Status.FAILED
            self._messages[key] = "; ".join(found)
            if fault is not None:
                statuses[key] = status_of(fault)
                self._messages[key] = str(fault)
        return CopyResult(
            drafts=MappingProxyType(self._drafts),
            findings=MappingProxyType({key: found for key, found in self.open.items() if found}),
            statuses=MappingProxyType(statuses),
            messages=MappingProxyType(self._messages),
            cost_usd_micros=self._cost,
            reused=self._reused and bool(self._drafts),
            cause=cause_of(fault) if fault else "",
            mode=self._mode,
        )

    def _sharing(self, draft: Draft) -> Draft:
        """`draft` with the display text of an accepted sister: one idea on every placement."""
        sister = next(iter(self._accepted.values()), None)
        return replace(draft, display=sister.display) if sister else draft
