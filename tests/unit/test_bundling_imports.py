from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from handbill.bundling import BundleContents, pack_bundle, verify_bundle
from handbill.bundling.imports.format import header
from handbill.store import AssetStore
from tests.doubles import bundles


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def packed(given: BundleContents, store: AssetStore, tmp_path: Path) -> Path:
    pack_bundle(given, store, tmp_path / "out")
    assert verify_bundle(tmp_path / "out").faults == ()
    return tmp_path / "out" / "imports"


def ads(store: AssetStore, *products: str, locales: Sequence[str] = ("en",)) -> BundleContents:
    planned = bundles.plan(
        bundles.briefs(*(products or ("Espresso",))), ["google_ads.rsa"], locales
    )
    return bundles.contents(store, planned)


def with_copy(given: BundleContents, **texts: Sequence[str]) -> BundleContents:
    order = given.plan.orders[0]
    copies = dict(given.copies) | {order.key: bundles.copy_of(order, **texts)}
    return replace(given, copies=copies)


def test_the_editor_sheet_has_googles_columns_and_encoding(
    store: AssetStore, tmp_path: Path
) -> None:
    imports = packed(ads(store), store, tmp_path)

    data = (imports / "google_ads_editor.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfCampaign,Ad Group,Ad type,Headline 1,")
    assert len(header("google_ads_editor_rsa")) == 49
    [row] = rows_of(imports / "google_ads_editor.csv")
    assert row["Campaign"] == "Spring at the harbour | en"
    assert row["Ad Group"] == "Espresso"
    assert row["Ad type"] == "Responsive search ad"
    assert row["Headline 5"] == "Spring Roast"
    assert row["Headline 6"] == row["Headline 1 position"] == ""
    assert row["Description 2"] == "Packed the same day."
    assert (row["Path 1"], row["Path 2"]) == ("coffee", "")
    assert (row["Final URL"], row["Status"]) == ("https://harbour.example/p", "Paused")


def test_two_briefs_of_one_name_get_groups_of_their_own(store: AssetStore, tmp_path: Path) -> None:
    imports = packed(ads(store, "Espresso", "Espresso", locales=("en", "de")), store, tmp_path)

    names = [
        (row["Campaign"], row["Ad Group"]) for row in rows_of(imports / "google_ads_editor.csv")
    ]
    assert names == [
        ("Spring at the harbour | de", "Espresso (b1)"),
        ("Spring at the harbour | de", "Espresso (b2)"),
        ("Spring at the harbour | en", "Espresso (b1)"),
        ("Spring at the harbour | en", "Espresso (b2)"),
    ]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("An espresso headline that is too long", "has 37 of 30"),
        ("咖啡咖啡咖啡咖啡咖啡咖啡咖啡咖啡", "has 32 of 30"),
        ("=1+1", "spreadsheet formula"),
        ("-20 % on all beans", "spreadsheet formula"),
    ],
)
def test_a_headline_that_must_not_go_out_is_left_out_and_told(
    store: AssetStore, tmp_path: Path, bad: str, reason: str
) -> None:
    good = ["Fresh Roast", "Dark Roast", "Slow Roast"]
    given = with_copy(ads(store), headline=[good[0], bad, good[1], good[1].upper(), good[2]])
    # The order stays "made": this is the last look, after checking.
    receipt = pack_bundle(given, store, tmp_path / "out")

    [row] = rows_of(tmp_path / "out" / "imports" / "google_ads_editor.csv")
    assert [row[f"Headline {n}"] for n in range(1, 5)] == [*good, ""]
    assert len(receipt.held_back) == 1
    assert reason in receipt.held_back[0]
    todo = (tmp_path / "out" / "imports" / "todo.txt").read_text("utf-8")
    assert receipt.held_back[0] in todo


def test_an_ad_with_too_few_texts_or_no_address_is_left_out_whole(
    store: AssetStore, tmp_path: Path
) -> None:
    few = with_copy(ads(store), headline=["Fresh Roast", "fresh roast", "Dark Roast"])
    nowhere = bundles.contents(
        store, bundles.plan(bundles.briefs("Espresso", url=""), ["google_ads.rsa"])
    )

    receipts = [
        pack_bundle(few, store, tmp_path / "few"),
        pack_bundle(nowhere, store, tmp_path / "nowhere"),
    ]

    assert "2 usable headlines are fewer than 3" in receipts[0].held_back[0]
    assert "neither the row nor the brand has a web address" in receipts[1].held_back[0]
    assert rows_of(tmp_path / "few" / "imports" / "google_ads_editor.csv") == []


def test_the_brands_own_address_serves_a_row_without_one(
    store: AssetStore, tmp_path: Path
) -> None:
    given = bundles.contents(
        store, bundles.plan(bundles.briefs("Espresso", url=""), ["google_ads.rsa"])
    )
    kit = replace(bundles.brand(), url="https://harbour.example")

    imports = packed(replace(given, kit=kit), store, tmp_path)

    [row] = rows_of(imports / "google_ads_editor.csv")
    assert row["Final URL"] == "https://harbour.example"


def test_blocked_orders_are_in_the_bundle_and_in_no_sheet(
    store: AssetStore, tmp_path: Path
) -> None:
    planned = bundles.plan(bundles.briefs("Espresso", "Cold Brew"))
    stopped = [order.key for order in planned.orders if order.brief.id == "b2"]

    imports = packed(bundles.contents(store, planned, blocked=stopped), store, tmp_path)

    assert list((tmp_path / "out").glob("channels/pinterest/pin/brief-2-*/image.jpg"))
    for path in imports.glob("*.csv"):
        assert "Cold Brew" not in path.read_text("utf-8-sig")
        assert "Espresso" in path.read_text("utf-8-sig")


def test_a_file_with_a_blocking_finding_keeps_its_order_out(
    store: AssetStore, tmp_path: Path
) -> None:
    given = bundles.contents(store, bundles.plan(bundles.briefs("Espresso"), ["pinterest.pin"]))
    asset = replace(given.outcomes[0].assets[0], findings=(bundles.BLOCKING,))

    pack_bundle(
        bundles.changed(given, given.outcomes[0].order_key, assets=(asset,)),
        store,
        tmp_path / "out",
    )

    assert not (tmp_path / "out" / "imports").exists()


def test_the_pin_sheet_says_that_paths_are_not_public(store: AssetStore, tmp_path: Path) -> None:
    given = bundles.contents(store, bundles.plan(bundles.briefs("Espresso"), ["pinterest.pin"]))

    imports = packed(given, store, tmp_path)

    [row] = rows_of(imports / "pinterest_pins.csv")
    assert tuple(row) == header("pinterest_bulk_pins")
    assert (tmp_path / "out" / row["Media URL"]).is_file()
    assert row["Title"] == "Espresso en"
    assert row["Description"] == "Espresso, roasted on the quay. #coffee #harbour"
    assert row["Keywords"] == "coffee,harbour north"
    assert row["Pinterest board"] == "Spring at the harbour"
    assert row["Publish date"] == ""
    assert "NOT READY TO UPLOAD" in (imports / "todo.txt").read_text("utf-8")


def test_a_base_address_makes_media_public(store: AssetStore, tmp_path: Path) -> None:
    given = bundles.contents(store, bundles.plan(bundles.briefs("Espresso"), ["pinterest.pin"]))

    imports = packed(
        replace(given, media_base_url="https://cdn.example.com/spring/"), store, tmp_path
    )

    [row] = rows_of(imports / "pinterest_pins.csv")
    assert row["Media URL"].startswith("https://cdn.example.com/spring/channels/pinterest/pin/")
    assert "NOT READY" not in (imports / "todo.txt").read_text("utf-8")


def test_titles_are_unique_in_a_file_and_accounts_apart(store: AssetStore, tmp_path: Path) -> None:
    planned = bundles.plan(
        bundles.briefs("Espresso"), ["pinterest.pin"], ("en", "de"), ("harbour_main", "north")
    )
    same = {order.key: bundles.copy_of(order, title=["One title"]) for order in planned.orders}

    imports = packed(bundles.contents(store, planned, copies=same), store, tmp_path)

    names = sorted(path.name for path in imports.glob("pinterest*"))
    assert names == [
        *("pinterest_pins-2.csv", "pinterest_pins.csv"),
        *("pinterest_pins.north-2.csv", "pinterest_pins.north.csv"),
    ]
    assert all(len(rows_of(imports / name)) == 1 for name in names)
    assert "this file is for north, no other" in (imports / "todo.txt").read_text("utf-8")


def test_a_pin_file_ends_at_a_hundred_rows(store: AssetStore, tmp_path: Path) -> None:
    planned = bundles.plan(
        bundles.briefs(*(f"Bean {number}" for number in range(105))), ["pinterest.pin"]
    )

    imports = packed(bundles.contents(store, planned), store, tmp_path)

    assert len(rows_of(imports / "pinterest_pins.csv")) == 100
    assert len(rows_of(imports / "pinterest_pins-2.csv")) == 5


def test_the_handoff_sheet_lists_every_file_that_may_go_out(
    store: AssetStore, tmp_path: Path
) -> None:
    imports = packed(
        bundles.contents(store, bundles.plan(bundles.briefs("@Espresso"))), store, tmp_path
    )

    rows = rows_of(imports / "handoff.csv")
    assert [row["placement"] for row in rows] == list(bundles.PLACEMENTS)
    assert {row["product"] for row in rows} == {"'@Espresso"}
    assert [bool(row["file"]) for row in rows] == [True, True, False, False]
    assert rows[3]["copy"] == "'@Espresso: new at the harbour"
