"""What a campaign had made, so that a plan can be shown as a diff against it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from handbill.domain.digest import digest, plain
from handbill.domain.order import Order
from handbill.domain.plan import brief_content
from handbill.press.docket import Docket
from handbill.press.equipment import TemplateDigests
from handbill.press.recipes import look_of, maker_of, text_rules, voice_of
from handbill.press.records import from_plain
from handbill.store import AssetStore

# Capabilities whose maker decides an order's content.
_DECIDING = ("copy", "image", "voice", "music", "video")


@dataclass(frozen=True, slots=True, kw_only=True)
class Causes:
    """What an order was made from, one digest a cause; see `History.changes`."""

    row: str
    brand: str
    placement: str
    templates: str
    provider: str
    seed: str


def label_of(order: Order) -> str:
    """An order in words that stay the same from run to run: ``mug · instagram.reel · en · v2``."""
    variant = f"v{order.variant}" if order.variant > 1 else ""
    axes = (order.placement.id, order.locale, order.account, order.audience, variant)
    return " · ".join(part for part in (order.brief.id, *axes) if part)


class CausesReader:
    """Works out the causes of a docket's orders; what several orders share is digested once."""

    def __init__(self, docket: Docket, templates: TemplateDigests) -> None:
        campaign = docket.campaign
        self._docket = docket
        self._templates = digest(templates)
        self._look = look_of(docket.kit)
        self._makers = digest([maker_of(campaign.provider(name)) for name in _DECIDING])
        self._rows: dict[str, str] = {}
        self._placements = {
            name: digest([text_rules(one), one.image, one.video])
            for name, one in docket.placements.items()
        }

    def causes_of(self, order: Order) -> Causes:
        """The digests of everything that decides an order."""
        brief = order.brief
        if brief.id not in self._rows:
            self._rows[brief.id] = digest(brief_content(brief))
        return Causes(
            row=self._rows[brief.id],
            brand=digest([self._look, voice_of(self._docket.kit, order.account)]),
            placement=self._placements[order.placement.id],
            templates=self._templates,
            provider=self._makers,
            seed=str(order.seed),
        )


class History:
    """What a campaign had when it was last packed: an order's label → its causes."""

    def __init__(self, orders: Mapping[str, Causes]) -> None:
        self.orders = orders

    def knows(self, order: Order) -> bool:
        """Whether the campaign had the order when it was last packed."""
        return label_of(order) in self.orders

    def changes(self, order: Order, now: Causes) -> tuple[str, ...] | None:
        """Names of the causes that differ since; None for an order that was never there."""
        before = self.orders.get(label_of(order))
        if before is None:
            return None
        names = (field.name for field in fields(Causes))
        return tuple(name for name in names if getattr(before, name) != getattr(now, name))

    def dropped(self, docket: Docket) -> tuple[str, ...]:
        """Orders that the whole plan no longer has, in words, sorted."""
        if not docket.whole:
            return ()
        now = {label_of(order) for order in docket.plan.orders}
        return tuple(sorted(set(self.orders) - now))


def read_history(store: AssetStore, docket: Docket) -> History:
    """The history of a docket's campaign; empty before its first bundle."""
    record = store.recall(_campaign_key(docket)) or {"orders": {}}
    return History(from_plain(dict[str, Causes], record["orders"]))


def read_vendors(store: AssetStore, docket: Docket) -> dict[str, frozenset[str]]:
    """Label of an order → capabilities that vendors had served for it when it was last packed."""
    record: Any = store.recall(_vendors_key(docket)) or {"vendors": {}}
    return {
        label: frozenset(names.split())
        for names, labels in record["vendors"].items()
        for label in labels
    }


def remember_campaign(
    store: AssetStore,
    docket: Docket,
    templates: TemplateDigests,
    vendors: Mapping[str, Collection[str] | None],
) -> None:
    """Note what every order was made from; a run of a part leaves the other orders' notes.

    Args:
        store: keeps the notes.
        docket: of the run.
        templates: of the run.
        vendors: order key → capabilities that vendors served, None for an order that is not made.
    """
    before = read_vendors(store, docket)
    served = {} if docket.whole else dict(before)
    for order in docket.plan.orders:
        label = label_of(order)
        names = vendors.get(order.key)
        if names is not None:
            served[label] = frozenset(names)
        elif label in before:
            served[label] = before[label]
    by_vendors: dict[str, list[str]] = {}
    for label, found in served.items():
        by_vendors.setdefault(" ".join(sorted(found)), []).append(label)
    store.book(_vendors_key(docket), {"vendors": by_vendors})
    reader = CausesReader(docket, templates)
    orders = {} if docket.whole else dict(read_history(store, docket).orders)
    orders |= {label_of(order): reader.causes_of(order) for order in docket.plan.orders}
    store.book(_campaign_key(docket), {"orders": plain(orders)})


def _vendors_key(docket: Docket) -> str:
    return digest(["vendors", docket.campaign.sheet])


def _campaign_key(docket: Docket) -> str:
    return digest(["campaign", docket.campaign.sheet])
