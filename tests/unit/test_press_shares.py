"""Shares: by their work, every order once, and nothing torn apart that is paid for once."""

from __future__ import annotations

import dataclasses

from handbill.domain.order import Order
from handbill.domain.placement import VideoSpec
from handbill.domain.plan import plan_orders
from handbill.press.shares import share_orders
from tests.doubles.small_plans import CAMPAIGN, FEED, KIT, SMS, brief, plan

_FILM = dataclasses.replace(
    FEED,
    id="instagram.reel",
    makes=("copy", "film"),
    video=VideoSpec(width_px=1080, height_px=1920),
)


def products(share: tuple[Order, ...]) -> set[str]:
    return {order.brief.id for order in share}


def test_shares_hold_every_order_once_and_shrink_towards_the_end() -> None:
    orders = plan(*(brief(f"p{number}") for number in range(200))).orders
    shares = share_orders(orders)
    assert sorted(order.key for share in shares for order in share) == sorted(
        order.key for order in orders
    )
    sizes = [len(share) for share in shares]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] >= 2 * sizes[-1]


def test_a_product_in_its_languages_is_never_torn_apart() -> None:
    orders = plan(*(brief(f"p{number}") for number in range(40))).orders
    assert {order.locale for order in orders} == {"en", "de"}
    shares = share_orders(orders)
    assert sum(len(products(share)) for share in shares) == 40


def test_films_are_shares_of_their_own_and_come_first() -> None:
    placements = {SMS.id: SMS, _FILM.id: _FILM}
    words = [brief(f"word{n}", placements=(SMS.id,)) for n in range(5)]
    films = [brief(f"film{n}", placements=(_FILM.id,)) for n in range(3)]
    campaign = dataclasses.replace(CAMPAIGN, locales=("en",))
    shares = share_orders(plan_orders(campaign, KIT, words + films, placements).orders)
    assert [products(share) for share in shares[:3]] == [{"film0"}, {"film1"}, {"film2"}]
    assert set().union(*map(products, shares[3:])) == {f"word{n}" for n in range(5)}


def test_a_plan_without_orders_has_no_shares() -> None:
    assert share_orders(()) == ()
