"""Finished work that another provider or model made: kept, unless its capability is refreshed.

Recipe keys tell the house from a vendor and no vendor from another, so that going from model to
model throws nothing away. What made a piece stands in its record; ``--refresh`` compares that with
what the campaign names now. A refreshed run that is broken off goes on where it stopped, because
what it has remade already was made by the right one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

from handbill.errors import HandbillError
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.recipes import HOUSE, maker_of

# Capabilities that some step asks for.
REFRESHABLE = ("copy", "image", "voice", "music", "video")

Maker = list[str]
NOBODY_ELSE: Mapping[str, Maker] = MappingProxyType({})


def makers_now(
    equipment: Equipment, docket: Docket, capabilities: Sequence[str]
) -> dict[str, Maker]:
    """Capability → provider and model, for those that somebody else than the house serves."""
    makers = {}
    for name in capabilities:
        if maker_of(docket.campaign.provider(name)) != HOUSE:
            handle = equipment.handle(name)
            makers[name] = [handle.name, handle.models.get(name, "")]
    return makers


def made_otherwise(record: Mapping[str, Any], now: Mapping[str, Maker]) -> tuple[str, ...]:
    """Capabilities of `now` that another provider or model served for `record`."""
    return tuple(name for name, maker in now.items() if _maker_in(record, name) != maker)


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
        self._capabilities = capabilities

    @cached_property
    def now(self) -> dict[str, Maker]:
        """Who makes the step's work now, the house left out.

        Raises:
            HandbillError: a provider cannot be opened.
        """
        return makers_now(self._equipment, self._docket, self._capabilities)

    def recall(self, key: str) -> dict[str, Any] | None:
        """The record of `key`, or None when there is none or it is to be made anew."""
        record = self._equipment.store.recall(key)
        return None if record is None or self._wants_anew(record) else record

    def _wants_anew(self, record: Mapping[str, Any]) -> bool:
        if not set(self._capabilities) & set(self._docket.refresh):
            return False
        try:
            others = made_otherwise(record, self.now)
        except HandbillError:  # told by the step itself, which is about to ask that provider
            return True
        return bool(set(others) & set(self._docket.refresh))


def _maker_in(record: Mapping[str, Any], capability: str) -> Maker | None:
    """Who made a record, or None for one that does not say."""
    if capability == "copy" and "copy" in record:
        return [record["copy"]["provider"], record["copy"]["model"]]
    maker = record.get("made_by", {}).get(capability)
    return None if maker is None else list(maker)
