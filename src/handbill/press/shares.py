"""Shares: a campaign cut for several machines, by the work that is in it.

Machines take shares one by one, so the last ones decide how long one waits for another. The first
are large, which costs little to keep count of; towards the end they become small (guided
self-scheduling: Polychronopoulos and Kuck, 1987). What takes longest comes first.
"""

from __future__ import annotations

from collections.abc import Sequence

from handbill.domain.order import Order
from handbill.domain.placement import ImageSpec, VideoSpec

# Work is counted in megapixels of poster, about 0.05 s of one core each. Measured side by side: a
# film takes as long as a hundred posters of its size, and words with their checks as long as this.
_FILM = 100.0
_WORDS = 0.2
# A share holds at least and at most so much, or one product that alone is more.
_LEAST = 10.0
_MOST = 100.0
_MOST_SHARES = 400
# A share is at most this part of the work that is left.
_PARTS = 16


def share_orders(orders: Sequence[Order]) -> tuple[tuple[Order, ...], ...]:
    """`orders` in shares, the same on every machine.

    What is asked for together (a product in all its languages, for one account and audience) is
    never torn apart: two machines would pay for it twice.
    """
    together: dict[tuple[str, str, str, int], list[Order]] = {}
    for order in orders:
        name = (order.brief.id, order.account, order.audience, order.variant)
        together.setdefault(name, []).append(order)
    groups = sorted(
        ((_work(group), group) for group in together.values()), key=lambda one: -one[0]
    )
    left = sum(work for work, _ in groups)
    most = max(_MOST, left / _MOST_SHARES)
    shares: list[list[Order]] = []
    room = 0.0
    for work, group in groups:
        if not shares or work > room:
            shares.append([])
            room = min(most, max(_LEAST, left / _PARTS))
        shares[-1].extend(group)
        room -= work
        left -= work
    return tuple(map(tuple, shares))


def _work(orders: Sequence[Order]) -> float:
    """Megapixels of poster that the orders of one product stand for; equal things count once."""
    drawn = {(order.locale, spec) for order in orders for spec in _drawn(order)}
    return _WORDS * len(orders) + sum(
        spec.width_px * spec.height_px / 1e6 * (_FILM if isinstance(spec, VideoSpec) else 1)
        for _, spec in drawn
    )


def _drawn(order: Order) -> list[ImageSpec | VideoSpec]:
    """What is drawn for an order: its picture, its film, both or neither."""
    specs = {"image": order.placement.image, "film": order.placement.video}
    return [spec for medium, spec in specs.items() if spec and medium in order.placement.makes]
