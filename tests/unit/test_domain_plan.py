from __future__ import annotations

import dataclasses

from handbill.domain.brief import Picture
from handbill.domain.digest import canonical, digest, digest_joined
from handbill.domain.digest import plain as as_plain
from handbill.domain.order import Medium
from handbill.domain.plan import orders_of, shards_of
from tests.doubles.small_plans import CAMPAIGN, brief, plan


def test_a_plan_is_the_product_of_its_axes() -> None:
    campaign = dataclasses.replace(CAMPAIGN, accounts=("north", "south"), variants=3)
    orders = plan(brief("mug"), brief("pot"), campaign=campaign).orders
    assert len(orders) == 2 * 2 * 2 * 2 * 3
    assert orders_of(campaign, brief("mug")) == len(orders) / 2
    assert len({order.key for order in orders}) == len(orders)
    assert len({order.folder for order in orders}) == len(orders)


def test_a_row_says_its_own_placements_and_locales() -> None:
    orders = plan(brief(placements=("sms.text",), locales=("es",))).orders
    assert [(order.placement.id, order.locale) for order in orders] == [("sms.text", "es")]


def test_a_row_that_moves_in_its_sheet_is_still_the_same_order() -> None:
    before = plan(brief(row=2, notes="ask Ann")).digest
    assert plan(brief(row=9, notes="done")).digest == before


def test_a_picture_that_moves_with_its_folder_changes_nothing() -> None:
    picture = Picture(source="images/mug.png", path="/a/images/mug.png", sha256="ab")
    moved = dataclasses.replace(picture, path="/b/images/mug.png")
    assert plan(brief(pictures=(picture,))).digest == plan(brief(pictures=(moved,))).digest


def test_another_text_changes_the_orders_of_its_row_alone() -> None:
    before = plan(brief("mug"), brief("pot")).orders
    after = plan(brief("mug"), brief("pot", description="New words.")).orders
    same = {order.key for order in before} & {order.key for order in after}
    assert {order.brief.id for order in before if order.key in same} == {"mug"}
    assert {order.brief.id for order in after if order.key not in same} == {"pot"}


def test_a_product_tells_one_story_in_every_language() -> None:
    seeds = {(order.locale, order.seed) for order in plan(brief()).orders}
    assert len({seed for _, seed in seeds}) == 1


def test_placements_of_one_idea_share_its_creative_key() -> None:
    orders = plan(brief()).orders
    by_locale = {locale: set[str]() for locale in CAMPAIGN.locales}
    for order in orders:
        by_locale[order.locale].add(order.creative_key)
    assert [len(keys) for keys in by_locale.values()] == [1, 1]
    assert by_locale["en"] != by_locale["de"]


def test_account_names_from_other_scripts_still_make_safe_folders() -> None:
    campaign = dataclasses.replace(CAMPAIGN, accounts=("海港店", "North Shop"))
    folders = [order.folder for order in plan(brief(), campaign=campaign).orders]
    assert all(folder.isascii() and " " not in folder for folder in folders)


def test_slices_keep_creative_ideas_whole() -> None:
    orders = plan(*(brief(f"p{number}") for number in range(7))).orders
    shards = list(shards_of(orders, Medium.COPY, size=5))
    ideas = [{order.creative_key for order in shard.orders} for shard in shards]
    assert sum(len(shard.orders) for shard in shards) == len(orders)
    assert all(len(shard.orders) <= 5 for shard in shards)
    assert sum(len(keys) for keys in ideas) == len(set().union(*ideas))


def test_a_key_is_the_digest_of_what_it_is_made_of() -> None:
    (first, *_) = plan(brief()).orders
    assert first.key == digest([first.creative_key, as_plain(first.placement)])
    parts: list[object] = ["a", 1, {"z": [1.5, None], "a": "é"}, first.placement]
    assert digest_joined(map(canonical, parts)) == digest(parts)
