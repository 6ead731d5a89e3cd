from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from handbill.domain.money import Price
from handbill.errors import SheetError
from handbill.sheets import SheetContents, SheetOptions, read_sheet

SHOPIFY = """\
Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant Price,\
Variant Compare At Price,Variant Inventory Qty,Image Src,Image Position,Image Alt Text,offer
mug,Tide Mug,"<p>A <b>stoneware</b> mug &amp; saucer.</p><ul><li>Holds 320 ml</li>\
<li>Dishwasher&nbsp;safe</li></ul><script>alert(1)</script>",Acme,Cups,"tea, coffee",true,Size,\
Small,24.000,30.00,5,b.png,2,Blue mug,10% off
mug,,,,,,,,Large,26.00,,7,a.png,1,,
mug,,,,,,,,,,,,https://cdn.example.com/c.png,3,,
bowl,Bowl,Plain text,Acme,,,false,Title,Default Title,abc,,,,,,
plate,Plate,,Acme,,,true,Title,Default Title,12.50,0.00,,,,,
mug,Again,,,,,true,,,5,,,,,,
"""


def read(folder: Path, text: str, name: str = "export.csv", **options: str) -> SheetContents:
    (folder / name).write_text(text, encoding="utf-8")
    return read_sheet(folder / name, SheetOptions(**options))  # type: ignore[arg-type]


@pytest.fixture
def shop(tmp_path: Path) -> SheetContents:
    for name in ("a.png", "b.png"):
        Image.new("RGB", (40, 40), "red").save(tmp_path / name)
    return read(tmp_path, SHOPIFY, currency="EUR")


def test_rows_of_a_handle_become_one_brief(shop: SheetContents) -> None:
    mug, plate = shop.briefs
    assert (mug.id, mug.product, mug.vendor, mug.category) == ("mug", "Tide Mug", "Acme", "Cups")
    assert mug.keywords == ("tea", "coffee")
    assert mug.offer == "10% off"
    assert mug.extras == {"Size": "Small, Large"}
    assert (plate.price, plate.compare_at_price) == (Price(Decimal("12.50"), "EUR"), None)
    assert plate.extras == {}


def test_html_bodies_become_text_and_benefits(shop: SheetContents) -> None:
    assert shop.briefs[0].description == "A stoneware mug & saucer."
    assert shop.briefs[0].benefits == ("Holds 320 ml", "Dishwasher safe")


def test_pictures_stand_in_position_order_and_remote_ones_are_reported(
    shop: SheetContents,
) -> None:
    sources = [(picture.source, bool(picture.sha256)) for picture in shop.briefs[0].pictures]
    assert sources == [("a.png", True), ("b.png", True), ("https://cdn.example.com/c.png", False)]
    assert shop.briefs[0].pictures[0].alt == "Blue mug"
    remote = next(fault for fault in shop.problems if fault.code == "picture.not_fetched")
    assert (remote.row, remote.column, remote.rejects) == (4, "Image Src", False)


def test_the_lowest_price_goes_with_its_own_compare_at_price(shop: SheetContents) -> None:
    assert shop.briefs[0].price == Price(Decimal("24.00"), "EUR")
    assert shop.briefs[0].compare_at_price == Price(Decimal("30.00"), "EUR")
    assert [fault.code for fault in shop.problems if fault.row == 2] == ["price.varies"]


def test_broken_rows_of_an_export_are_reported(shop: SheetContents) -> None:
    found = {(fault.row, fault.code, fault.rejects) for fault in shop.problems}
    assert {(5, "price.not_a_number", True), (5, "product.unpublished", False),
            (7, "id.repeated", True)} <= found  # fmt: skip


def test_a_bad_price_of_a_later_variant_is_not_swallowed(tmp_path: Path) -> None:
    contents = read(tmp_path, "Handle,Title,Variant Price\nmug,Mug,5\nmug,,abc\n")
    assert contents.briefs == ()
    assert [(fault.row, fault.code) for fault in contents.problems] == [(3, "price.not_a_number")]


def test_woocommerce_variations_join_their_parent(tmp_path: Path) -> None:
    contents = read(
        tmp_path,
        "ID,Type,SKU,Name,Published,Short description,Description,Sale price,Regular price,"
        "Categories,Tags,Images,Parent,Attribute 1 name,Attribute 1 value(s),"
        "Date sale price ends\n"
        '1,variable,MUG,Mug,1,<p>Short</p>,<p>Long</p>,,,"Home, Home > Cups",tea,'
        '"https://x.example/a.jpg, https://x.example/b.jpg",,Size,"S, L",\n'
        "2,variation,MUG-S,Mug - S,1,,,8,10,,,,MUG,Size,S,2026-05-31\n"
        "3,variation,MUG-L,Mug - L,1,,,,12,,,,id:1,Size,L,\n"
        "4,simple,CUP,Cup,1,,<p>Only long</p>,,7.5,,,,,,,\n",
        currency="USD",
    )
    mug, cup = contents.briefs
    assert (mug.id, mug.product, mug.description) == ("MUG", "Mug", "Short")
    assert (mug.price, mug.compare_at_price) == (
        Price(Decimal(8), "USD"), Price(Decimal(10), "USD"),
    )  # fmt: skip
    assert len(mug.pictures) == 2
    assert str(mug.ends_on) == "2026-05-31"
    assert (cup.description, cup.price) == ("Only long", Price(Decimal("7.5"), "USD"))


def test_a_merchant_feed_reads_alike_as_tsv_and_xml(tmp_path: Path) -> None:
    tsv = read(
        tmp_path,
        "id\ttitle\tdescription\tlink\timage_link\tadditional_image_link\tprice\tsale_price\t"
        "sale_price_effective_date\tbrand\tgtin\tproduct_type\n"
        "E1\tEspresso One\tA <b>machine</b>\thttps://x.example/e\thttps://x.example/1.jpg\t"
        "https://x.example/2.jpg,https://x.example/3.jpg\t199.00 USD\t149.00 USD\t"
        "2026-05-01T00:00-0800/2026-05-31T23:59-0800\tAcme\t123\tKitchen\n",
        "feed.tsv",
    )
    xml = read(
        tmp_path,
        '<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel><item>'
        "<g:id>E1</g:id><g:structured_title><g:content>Espresso One</g:content>"
        "</g:structured_title><description>A &lt;b&gt;machine&lt;/b&gt;</description>"
        "<link>https://x.example/e</link><g:image_link>https://x.example/1.jpg</g:image_link>"
        "<g:additional_image_link>https://x.example/2.jpg</g:additional_image_link>"
        "<g:additional_image_link>https://x.example/3.jpg</g:additional_image_link>"
        "<g:price>199.00 USD</g:price><g:sale_price>149.00 USD</g:sale_price>"
        "<g:sale_price_effective_date>2026-05-01T00:00-0800/2026-05-31T23:59-0800"
        "</g:sale_price_effective_date><g:brand>Acme</g:brand><g:gtin>123</g:gtin>"
        "<g:product_type>Kitchen</g:product_type></item></channel></rss>",
        "feed.xml",
    )
    for (brief,) in (tsv.briefs, xml.briefs):
        assert (brief.id, brief.product, brief.vendor) == ("E1", "Espresso One", "Acme")
        assert brief.description == "A machine"
        assert brief.price == Price(Decimal("149.00"), "USD")
        assert brief.compare_at_price == Price(Decimal("199.00"), "USD")
        assert (str(brief.starts_on), str(brief.ends_on)) == ("2026-05-01", "2026-05-31")
        assert len(brief.pictures) == 3
        assert (brief.url, brief.category) == ("https://x.example/e", "Kitchen")


def test_a_feed_with_entities_is_refused(tmp_path: Path) -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><rss><item><id>&a;</id></item></rss>'
    )
    with pytest.raises(SheetError, match="refused"):
        read(tmp_path, bomb, "feed.xml")


def test_amazons_flat_file_is_found_under_its_three_header_rows(tmp_path: Path) -> None:
    contents = read(
        tmp_path,
        "TemplateType=fptcustom\tVersion=2026\t\t\t\t\n"
        "SKU\tTitle\tBrand\tPrice\tBullet\tBullet\n"
        "item_sku\titem_name\tbrand_name\tstandard_price\tbullet_point1\tbullet_point2\n"
        "M1\tMug\tAcme\t19.99\tHolds 320 ml\tGlazed by hand\n",
        "amazon.txt",
        currency="USD",
    )
    (brief,) = contents.briefs
    assert (brief.id, brief.product, brief.source.row) == ("M1", "Mug", 4)
    assert brief.benefits == ("Holds 320 ml", "Glazed by hand")


def test_a_sale_price_beside_a_price_makes_that_the_price_before(tmp_path: Path) -> None:
    contents = read(tmp_path, "product,price,sale price\nMug,30 €,24 €\nCup,10 €,\n")
    mug, cup = contents.briefs
    assert (mug.price, mug.compare_at_price) == (
        Price(Decimal(24), "EUR"), Price(Decimal(30), "EUR"),
    )  # fmt: skip
    assert (cup.price, cup.compare_at_price) == (Price(Decimal(10), "EUR"), None)


def test_real_shop_exports_read_whole(shared_data: Path) -> None:
    saleor = read_sheet(shared_data / "saleor-shop" / "products.csv", SheetOptions(currency="USD"))
    assert len(saleor.briefs) == 12
    assert saleor.problems == ()
    assert all(picture.sha256 for brief in saleor.briefs for picture in brief.pictures)
    apparel = read_sheet(shared_data / "shopify" / "apparel.csv", SheetOptions(currency="USD"))
    assert len(apparel.briefs) == 20
    assert {fault.code for fault in apparel.problems} == {"picture.not_fetched"}


def test_variations_join_their_parent_from_far_below(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "ID,Type,SKU,Name,Regular price,Categories,Published,Parent,Attribute 1 name,"
        "Attribute 1 value(s)\n"
        '10,variable,TEE,Tee,,Tops,1,,Colour,"Red, Blue"\n20,variable,HAT,Hat,,Hats,1,,,\n'
        "30,simple,CAP,Cap,12 EUR,Hats,1,,,\n11,variation,TEE-R,Tee red,19 EUR,,1,TEE,Colour,Red\n"
        "21,variation,HAT-1,Hat one,9 EUR,,1,id:20,,\n99,variation,X,Lost,5 EUR,,1,id:77,,\n",
    )
    priced = [(brief.id, brief.price and str(brief.price.amount)) for brief in found.briefs]
    assert priced == [("TEE", "19"), ("HAT", "9"), ("CAP", "12"), ("X", "5")]
    assert found.briefs[0].extras["Colour"] == "Red, Blue"
    assert [(one.code, one.row, one.rejects) for one in found.problems] == [
        ("row.no_parent", 7, False)
    ]


def test_amazons_children_join_their_parent(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "item_sku\titem_name\tstandard_price\tcurrency\tparent_child\tparent_sku\tmain_image_url\n"
        "P\tMug\t\tEUR\tparent\t\t\nC1\tMug blue\t9.90\tEUR\tchild\tP\t\n"
        "C2\tMug red\t8.90\tEUR\tchild\tP\t\n",
        "flat.txt",
    )
    (brief,) = found.briefs
    assert (brief.id, brief.product, str(brief.price and brief.price.amount)) == (
        "P",
        "Mug",
        "8.90",
    )
    assert [one.code for one in found.problems] == ["price.varies"]


def test_what_a_shop_has_sold_out_is_remarked_on(tmp_path: Path) -> None:
    head = "id\ttitle\tprice\tavailability\tgtin\n"
    found = read(
        tmp_path, head + "1\tMug\t5 EUR\tout_of_stock\t\n2\tCup\t5 EUR\tin stock\t\n", "m.tsv"
    )
    assert [(one.code, one.row) for one in found.problems] == [("product.unavailable", 2)]
