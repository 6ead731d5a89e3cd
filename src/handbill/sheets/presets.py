"""The exports that are found by their headers, and what their columns mean.

Sources of the header lists, read 2026-11-21: Shopify's partner sample files (2023) and its 2024
template; WooCommerce's product exporter; Google Merchant Center's product data specification; Meta
Commerce Manager's catalogue fields; Amazon's flat-file templates.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from handbill.errors import SheetError
from handbill.sheets.column_names import NAMES, folded

# Columns that Handbill itself adds to a sheet; they are never read back.
STATUS_HEADER = "handbill status"
MESSAGE_HEADER = "handbill message"


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One kind of sheet.

    Attributes:
        name: as in `campaign.toml`.
        names: our field (or one of the gatherer's own) → header names, best first.
        ignored: headers that say nothing about the product (stock, tax): they do not come along.
        signs: the sheet is of this kind when one of these sets of headers is there whole.
        machine: numbers are written by a program, with a full stop for decimals.
        html: fields that hold HTML.
        grouped: rows are merged by `gathering`: empty, ``handle`` or ``parent``.
    """

    name: str
    names: Mapping[str, tuple[str, ...]]
    ignored: tuple[str, ...] = ()
    signs: tuple[tuple[str, ...], ...] = ()
    machine: bool = True
    html: frozenset[str] = field(default_factory=frozenset)
    grouped: str = ""

    @cached_property
    def by_header(self) -> Mapping[str, tuple[str, int]]:
        """Folded header → field and rank (0 is the best name of its field)."""
        return MappingProxyType(
            {
                folded(name): (field_name, rank)
                for field_name, names in self.names.items()
                for rank, name in enumerate(names)
            }
        )

    @cached_property
    def ignored_headers(self) -> frozenset[str]:
        """`ignored` and the columns that Handbill adds, folded."""
        return frozenset(map(folded, (*self.ignored, STATUS_HEADER, MESSAGE_HEADER)))


HANDBILL = Preset(name="handbill", names=NAMES, machine=False)

SHOPIFY = Preset(
    name="shopify",
    names={
        "id": ("Handle", "URL handle"),
        "product": ("Title",),
        "description": ("Body (HTML)", "Body HTML", "Description"),
        "vendor": ("Vendor",),
        "category": ("Type", "Product Category", "Google Shopping / Google Product Category"),
        "keywords": ("Tags",),
        "published": ("Published", "Published on online store"),
        "status": ("Status",),
        "price": ("Variant Price", "Price"),
        "compare_at_price": ("Variant Compare At Price", "Compare-at price"),
        "image": ("Image Src", "Product image URL"),
        "image_position": ("Image Position",),
        "image_alt": ("Image Alt Text",),
        "variant_image": ("Variant Image", "Variant image URL"),
        "option1_name": ("Option1 Name",),
        "option2_name": ("Option2 Name",),
        "option3_name": ("Option3 Name",),
        "option1_value": ("Option1 Value",),
        "option2_value": ("Option2 Value",),
        "option3_value": ("Option3 Value",),
        "url": ("Online Store URL", "Product URL"),
    },
    ignored=(
        "Variant SKU", "SKU", "Variant Grams", "Variant Inventory Tracker",
        "Variant Inventory Qty", "Variant Inventory Policy", "Variant Fulfillment Service",
        "Variant Requires Shipping", "Variant Taxable", "Variant Barcode", "Barcode", "Gift Card",
        "Variant Weight Unit", "Variant Tax Code", "Cost per item", "Charge tax", "Tax code",
        "Inventory tracker", "Inventory quantity", "Continue selling when out of stock",
        "Weight value (grams)", "Weight unit for display", "Requires shipping",
        "Fulfillment service", "Unit price total measure", "Option1 Linked To",
        "Option2 Linked To", "Option3 Linked To",
    ),
    signs=(
        ("Handle", "Title", "Variant Price"), ("Handle", "Title", "Body (HTML)"),
        ("Handle", "Title", "Image Src"), ("URL handle", "Title"), ("Handle", "Option1 Name"),
    ),
    html=frozenset({"description"}),
    grouped="handle",
)  # fmt: skip

WOOCOMMERCE = Preset(
    name="woocommerce",
    names={
        "id": ("SKU", "ID"),
        "number": ("ID",),
        "kind": ("Type",),
        "parent": ("Parent",),
        "product": ("Name",),
        "description": ("Short description", "Description"),
        "long_description": ("Description",),
        "category": ("Categories",),
        "keywords": ("Tags",),
        "vendor": ("Brands", "Brand"),
        "price": ("Regular price",),
        "sale_price": ("Sale price",),
        "starts_on": ("Date sale price starts",),
        "ends_on": ("Date sale price ends",),
        "image": ("Images",),
        "published": ("Published",),
        "url": ("External URL",),
        "cta": ("Button text",),
        **{f"option{n}_name": (f"Attribute {n} name",) for n in range(1, 4)},
        **{f"option{n}_value": (f"Attribute {n} value(s)",) for n in range(1, 4)},
    },
    ignored=(
        "Is featured?", "Visibility in catalog", "Tax status", "Tax class", "In stock?", "Stock",
        "Low stock amount", "Backorders allowed?", "Sold individually?", "Shipping class",
        "Allow customer reviews?", "Download limit", "Download expiry days", "Position",
        "Grouped products", "Upsells", "Cross-sells", "GTIN, UPC, EAN, or ISBN",
        *(f"Attribute {n} {what}" for n in range(1, 10) for what in ("visible", "global")),
    ),
    signs=(
        ("SKU", "Name", "Regular price"), ("Type", "Name", "Published", "Categories"),
        ("Name", "Regular price", "Images"),
    ),
    html=frozenset({"description", "long_description"}),
    grouped="parent",
)  # fmt: skip

_FEED_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "g:id"),
    "product": ("title", "structured_title", "g:title"),
    "description": ("description", "structured_description", "rich_text_description"),
    "benefits": ("product_highlight",),
    "url": ("link", "canonical_link"),
    "image": ("image_link",),
    "more_images": ("additional_image_link", "lifestyle_image_link"),
    "price": ("price",),
    "sale_price": ("sale_price",),
    "sale_period": ("sale_price_effective_date",),
    "vendor": ("brand",),
    "category": ("product_type", "google_product_category", "fb_product_category"),
    "availability": ("availability",),
    "item_group": ("item_group_id",),
}
_FEED_IGNORED = (
    "gtin", "mpn", "condition", "identifier_exists", "shipping", "shipping_weight", "tax",
    "inventory", "quantity_to_sell_on_facebook", "status", "adult", "is_bundle", "multipack",
)  # fmt: skip

GOOGLE_MERCHANT = Preset(
    name="google_merchant",
    names=_FEED_NAMES,
    ignored=_FEED_IGNORED,
    signs=tuple(
        ("id", title, own)
        for title in ("title", "structured_title")
        for own in ("gtin", "mpn", "google_product_category", "structured_description",
                    "identifier_exists", "product_highlight")
    ),
    html=frozenset({"description"}),
)  # fmt: skip

META_CATALOG = Preset(
    name="meta_catalog",
    names=_FEED_NAMES,
    ignored=_FEED_IGNORED,
    signs=(("id", "title", "availability"), ("id", "title", "image_link"),
           ("id", "title", "fb_product_category")),
    html=frozenset({"description"}),
)  # fmt: skip

AMAZON = Preset(
    name="amazon",
    names={
        "id": ("item_sku", "sku"),
        "product": ("item_name", "title"),
        "description": ("product_description",),
        "vendor": ("brand_name", "brand"),
        "category": ("item_type", "feed_product_type", "product_type"),
        "keywords": ("generic_keywords", "generic_keyword", "search_terms"),
        "price": ("standard_price", "list_price", "price"),
        "sale_price": ("sale_price",),
        "starts_on": ("sale_from_date",),
        "ends_on": ("sale_end_date",),
        "currency": ("currency",),
        "image": ("main_image_url",),
        **{f"image_{n}": (f"other_image_url{n}",) for n in range(1, 9)},
        **{f"benefit_{n}": (f"bullet_point{n}",) for n in range(1, 11)},
        "kind": ("parent_child", "parentage", "parentage_level"),
        "parent": ("parent_sku",),
        "availability": ("availability",),
    },
    ignored=("quantity", "variation_theme", "relationship_type", "external_product_id",
             "external_product_id_type", "update_delete", "fulfillment_center_id",
             "product_tax_code"),
    signs=(("item_sku", "item_name"),),
    html=frozenset({"description"}),
    grouped="parent",
)  # fmt: skip

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        preset.name: preset
        for preset in (HANDBILL, SHOPIFY, WOOCOMMERCE, GOOGLE_MERCHANT, META_CATALOG, AMAZON)
    }
)


def detected_preset(header: tuple[str, ...]) -> Preset:
    """The kind of sheet that `header` belongs to; Handbill's own when no sign is seen."""
    present = frozenset(map(folded, header))
    for preset in PRESETS.values():
        if any(present.issuperset(map(folded, sign)) for sign in preset.signs):
            return preset
    return HANDBILL


def named_preset(name: str, where: str) -> Preset:
    """The preset called `name`.

    Raises:
        SheetError: there is none.
    """
    if name in PRESETS:
        return PRESETS[name]
    near = difflib.get_close_matches(name, PRESETS, n=1, cutoff=0.3)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise SheetError(
        f"there is no column preset {name!r}",
        where=where,
        remedy=f"{hint}use auto, a [columns] table, or one of {', '.join(PRESETS)}",
    )


def known_header(header: str) -> bool:
    """Whether any preset knows this header."""
    key = folded(header)
    return bool(key) and any(key in preset.by_header for preset in PRESETS.values())
