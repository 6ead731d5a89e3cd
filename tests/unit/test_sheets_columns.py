from __future__ import annotations

import pytest

from handbill.errors import SheetError
from handbill.sheets import SheetOptions
from handbill.sheets.column_names import NAMES, field_of, folded, locale_tag, localised_field
from handbill.sheets.columns import plan_columns
from handbill.sheets.presets import PRESETS, detected_preset

OWN = SheetOptions()


def fields(header: tuple[str, ...], options: SheetOptions = OWN) -> dict[str, str]:
    plan = plan_columns(header, options, "briefs.csv")
    return {column.header: column.field for column in plan.columns if column.field}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("product", "product"), ("PRODUCT", "product"), ("Product Name", "product"),
        ("compare_at_price", "compare_at_price"), ("Compare At Price", "compare_at_price"),
        ("CompareAtPrice", "compare_at_price"), ("商品", "product"), ("价格", "price"),
        ("卖点", "benefits"), ("链接", "url"), ("價格", "price"), ("商品名", "product"),
        ("セールスポイント", "benefits"), ("Preis", "price"), ("Währung", "currency"),
        ("Precio", "price"), ("Descripción", "description"), ("product*", "product"),
        ("image 2", "image"), ("Image_03", "image"), ("ＰＲＩＣＥ", "price"), ("colour", ""),
    ],
)  # fmt: skip
def test_headers_match_in_five_languages(header: str, field: str) -> None:
    assert field_of(header) == field


def test_no_name_serves_two_fields() -> None:
    owners: dict[str, set[str]] = {}
    for field, names in NAMES.items():
        for name in names:
            owners.setdefault(folded(name), set()).add(field)
    assert {name: sorted(fields) for name, fields in owners.items() if len(fields) > 1} == {}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("description.zh-CN", ("description", "zh-CN")),
        ("description_zh_cn", ("description", "zh-CN")),
        ("description [zh-CN]", ("description", "zh-CN")),
        ("Description (de)", ("description", "de")),
        ("product:de", ("product", "de")),
        ("商品（en）", ("product", "en")),
        ("must_say pt_BR", ("must_say", "pt-BR")),
        ("benefits-zh-Hant-TW", ("benefits", "zh-Hant-TW")),
        ("description (German)", ("description", "de")),
        ("商品名（日本語）", ("product", "ja")),
        ("price.de", ("", "")),
        ("description.xx", ("", "")),
        ("product", ("", "")),
        ("colour.de", ("", "")),
    ],
)
def test_localised_headers_are_told_apart(header: str, expected: tuple[str, str]) -> None:
    assert localised_field(header) == expected


def test_a_product_id_is_no_indonesian_product() -> None:
    assert fields(("product id", "product")) == {"product id": "id", "product": "product"}


def test_locale_tags_take_their_usual_case() -> None:
    assert locale_tag("ZH_cn") == "zh-CN"
    assert locale_tag("es-419") == "es-419"
    assert locale_tag(" Deutsch ") == "de"
    assert locale_tag("klingon") == ""


def test_the_surer_of_two_names_fills_the_field() -> None:
    assert fields(("Title", "Product")) == {"Product": "product"}
    assert fields(("SKU", "id", "name")) == {"id": "id", "name": "product"}


def test_a_repeated_header_is_reported_and_the_first_is_used() -> None:
    plan = plan_columns(("product", "price", "Price"), OWN, "briefs.csv")
    assert [(note.code, note.column, note.rejects) for note in plan.notes] == [
        ("column.repeated", "Price", False)
    ]
    assert fields(("product", "price", "Price")) == {"product": "product", "price": "price"}


def test_a_near_miss_is_reported_with_the_column_that_was_meant() -> None:
    plan = plan_columns(("product", "descripton"), OWN, "briefs.csv")
    assert [(note.code, note.remedy) for note in plan.notes] == [
        ("column.unknown", "did you mean 'description'?")
    ]


@pytest.mark.parametrize(
    ("header", "preset"),
    [
        (("Handle", "Title", "Variant Price"), "shopify"),
        (("URL handle", "Title", "Price"), "shopify"),
        (("ID", "Type", "SKU", "Name", "Published", "Regular price", "Categories"), "woocommerce"),
        (("id", "title", "link", "gtin", "price"), "google_merchant"),
        (("id", "structured_title", "structured_description"), "google_merchant"),
        (("id", "title", "availability", "condition", "image_link"), "meta_catalog"),
        (("item_sku", "item_name", "standard_price"), "amazon"),
        (("product", "price"), "handbill"),
        (("id", "title", "price"), "handbill"),
    ],
)
def test_presets_are_found_by_their_headers(header: tuple[str, ...], preset: str) -> None:
    assert detected_preset(header).name == preset


def test_a_preset_can_be_forced() -> None:
    options = SheetOptions(columns="meta_catalog")
    assert plan_columns(("id", "title", "price"), options, "x").preset is PRESETS["meta_catalog"]
    with pytest.raises(SheetError, match="did you mean 'shopify'"):
        plan_columns(("a",), SheetOptions(columns="shopfy"), "x")


def test_our_own_columns_serve_beside_a_preset() -> None:
    found = fields(("Handle", "Title", "Variant Price", "offer", "placements"))
    assert found["offer"] == "offer"
    assert found["placements"] == "placements"


def test_a_column_map_wins_over_names() -> None:
    options = SheetOptions(columns="table", column_map={"product": "Label", "price": "Cost now"})
    assert fields(("Label", "Product", "cost now"), options) == {
        "Label": "product",
        "cost now": "price",
    }


def test_a_column_map_with_an_unknown_header_names_the_nearest() -> None:
    options = SheetOptions(columns="table", column_map={"product": "Lable"})
    with pytest.raises(SheetError, match="the nearest is 'Label'"):
        plan_columns(("Label", "Cost"), options, "briefs.csv")


def test_a_column_map_for_an_unknown_field_names_the_nearest() -> None:
    for field in ("prodct", "price.de", "product.xx"):
        options = SheetOptions(columns="table", column_map={"product": "Label", field: "Cost"})
        with pytest.raises(SheetError, match="no column of ours"):
            plan_columns(("Label", "Cost"), options, "briefs.csv")


def test_a_sheet_without_products_names_its_columns_and_the_nearest() -> None:
    with pytest.raises(SheetError) as caught:
        plan_columns(("prodct", "price"), OWN, "briefs.csv")
    assert caught.value.exit_code == 10
    assert "'prodct', 'price'" in str(caught.value)
    assert "if 'prodct' holds the names" in str(caught.value)


def test_ten_thousand_columns_are_refused() -> None:
    header = tuple(f"c{number}" for number in range(10_000))
    with pytest.raises(SheetError, match="10000 columns"):
        plan_columns(header, OWN, "wide.csv")
