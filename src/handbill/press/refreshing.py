"""Finished work that another provider or model made: kept, unless its capability is refreshed.

Recipe keys tell the house from a vendor and no vendor from another. So an order is looked for
twice: as what the campaign had of it when it was last packed, whoever made that, and as what the
campaign names now. What is new or changed is found as neither, and is made by the present one.
What made a piece stands in its record; ``--refresh`` compares that with what the campaign names
now. A refreshed run that is broken off goes on where it stopped, because what it has remade
already was made by the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from handbill.domain.campaign import Campaign
from handbill.domain.order import Order
from handbill.errors import HandbillError
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.history import label_of, read_vendors
from handbill.press.recipes import HOUSE, maker_of

Maker = list[str]
SpecT = TypeVar("SpecT")
NOBODY_ELSE: Mapping[str, Maker] = MappingProxyType({})


def vendors_of(campaign: Campaign, capabilities: Sequence[str]) -> frozenset[str]:
    """Those of `capabilities` that somebody else than the house serves now."""
    return frozenset(name for name in capabilities if maker_of(campaign.provider(name)) != HOUSE)


def makers_now(
    equipment: Equipment, docket: Docket, capabilities: Sequence[str]
) -> dict[str, Maker]:
    """Capability → provider and model, for those that somebody else than the house serves."""
    makers = {}
    for name in sorted(vendors_of(docket.campaign, capabilities), key=capabilities.index):
        handle = equipment.handle(name)
        makers[name] = [handle.name, handle.models.get(name, "")]
    return makers


def made_otherwise(
    record: Mapping[str, Any], now: Mapping[str, Maker], capabilities: Sequence[str]
) -> tuple[str, ...]:
    """Capabilities that another provider or model than that of `now` served for `record`.

    Args:
        record: of a step.
        now: as `makers_now` tells.
        capabilities: those that go into the step's records.
    """
    return tuple(name for name in capabilities if _maker_in(record, name) != now.get(name))


class Refresher:
    """Tells which records of one step are used again.

    Args:
        equipment: store and providers; a provider is opened when it is first compared.
        docket: names the capabilities to refresh.
        capabilities: those that go into the step's records.
    """

    def __init__(self, equipment: Equipment, docket: Docket, *capabilities: str) -> None:
        self._equipment = equipment
        self._docket = docket
        self.capabilities = capabilities

    @cached_property
    def now(self) -> dict[str, Maker]:
        """Who makes the step's work now, the house left out.

        Raises:
            HandbillError: a provider cannot be opened.
        """
        return makers_now(self._equipment, self._docket, self.capabilities)

    @cached_property
    def modes(self) -> dict[str, str]:
        """Capability → mode of whoever makes the step's work now, the house left out.

        Raises:
            HandbillError: a provider cannot be opened.
        """
        return {name: self._equipment.handle(name).mode for name in self.now}

    @cached_property
    def vendors(self) -> frozenset[str]:
        """The step's capabilities that vendors serve now, without opening any."""
        return vendors_of(self._docket.campaign, self.capabilities)

    def settle(
        self, order: Order, entry: Callable[[frozenset[str]], tuple[str, SpecT] | None]
    ) -> tuple[str, SpecT] | None:
        """The recipe key and spec under which an order's piece is kept, or is to be made.

        Args:
            order: whose piece.
            entry: key and spec of the piece, by the capabilities that vendors serve for it; None
                for an order without such a piece.
        """
        kept = self._kept_vendors(order)
        found = None if kept == self.vendors else entry(kept)
        return found if found and self._keeps(found[0]) else entry(self.vendors)

    def recall(self, key: str) -> dict[str, Any] | None:
        """The record of `key`, or None when there is none or it is to be made anew."""
        record = self._equipment.store.recall(key)
        return None if record is None or self._wants_anew(record) else record

    def changes_hands(self, order: Order) -> tuple[str, ...]:
        """Refreshed capabilities that go from the house to a vendor, or back."""
        changed = self._last_vendors(order) ^ self.vendors
        return tuple(sorted(changed & set(self._docket.refresh)))

    @cached_property
    def _last(self) -> dict[str, frozenset[str]]:
        return read_vendors(self._equipment.store, self._docket)

    def _kept_vendors(self, order: Order) -> frozenset[str]:
        """Who served what the campaign has of `order`; what is refreshed, who serves it now."""
        refreshed = set(self._docket.refresh)
        return (self._last_vendors(order) - refreshed) | (self.vendors & refreshed)

    def _last_vendors(self, order: Order) -> frozenset[str]:
        """Who served what the campaign has of `order`; who serves a new one."""
        last = self._last.get(label_of(order), self.vendors)
        return last.intersection(self.capabilities)

    def _keeps(self, key: str) -> bool:
        """Whether `key` has a record that also says who made it, and how."""
        record = self.recall(key)
        if record is None:
            return False
        if "copy" in record:
            return _maker_in(record, "copy") is None or "copy" in record.get("modes", {})
        return "vendors" in record and set(record["vendors"]) <= set(record.get("modes", {}))

    def _wants_anew(self, record: Mapping[str, Any]) -> bool:
        if not set(self.capabilities) & set(self._docket.refresh):
            return False
        try:
            others = made_otherwise(record, self.now, self.capabilities)
        except HandbillError:  # told by the step itself, which is about to ask that provider
            return True
        return bool(set(others) & set(self._docket.refresh))


def _maker_in(record: Mapping[str, Any], capability: str) -> Maker | None:
    """Who made a record, or None for the house and for a record that does not say."""
    if capability == "copy" and "copy" in record:
        provider = record["copy"]["provider"]
        return None if provider == HOUSE else [provider, record["copy"]["model"]]
    maker = record.get("made_by", {}).get(capability)
    return None if maker is None else list(maker)
