"""What a row says into a `Brief`, or into the reasons why not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handbill.domain.brief import Brief, SourceRow
from handbill.domain.finding import Problem
from handbill.domain.money import Price
from handbill.sheets import media, values
from handbill.sheets.cleaning import clean_cells
from handbill.sheets.column_names import locale_tag
from handbill.sheets.columns import ColumnPlan
from handbill.sheets.encodings import garbled
from handbill.sheets.faults import RowFaults
from handbill.sheets.identities import SeenIds
from handbill.sheets.languages import language_of
from handbill.sheets.names import check_name
from handbill.sheets.options import SheetOptions
from handbill.sheets.pictures import PictureReader
from handbill.sheets.rich_text import plain_text
from handbill.sheets.rows import BLANK, Cell, RawBrief
from handbill.sheets.slugs import id_of, slug_of
from handbill.sheets.tables import Table

_TEXTS = ("product", "description", "category", "vendor", "offer", "cta", "audience", "tone",
          "store_name", "store_address", "store_phone", "notes")  # fmt: skip
_LISTS = frozenset({"benefits", "must_say", "never_say"})
_INVISIBLE = frozenset({"Cf", "Cc", "Co", "Cn", "Cs"})
# Joiners that real words and emoji need.
_JOINERS = frozenset("\u200c\u200d\t\n\r\ufe0f")
_NO_BREAK = " \t\r\n\xa0\u202f\u2007\u3000\ufeff"
# How Excel shows, and exports, a number of more than eleven digits.
_POWER = re.compile(r"\d[.,]\d+E\+\d+")
# Excel keeps 15 digits and puts zeros in the place of the others.
_ROUNDED = re.compile(r"\d{15}00+")
_TAGS = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-z]{2,8}|#\d{2,5});", re.IGNORECASE)
_SOLD_OUT = frozenset(
    {"outofstock", "discontinued", "soldout", "unavailable", "ausverkauft", "nichtvorrätig"}
)
_HIDDEN_WORDS = frozenset({"false", "0", "-1", "no", "draft", "archived"})


@dataclass(slots=True, kw_only=True)
class BriefReader:
    """Turns raw rows of one sheet into briefs, with what has to be remembered between rows."""

    table: Table
    plan: ColumnPlan
    options: SheetOptions
    pictures: PictureReader
    seen: SeenIds = field(default_factory=SeenIds)
    bare_prices: bool = False

    def read(self, raw: RawBrief) -> tuple[Brief | None, list[Problem]]:
        """The brief of one row and its problems; no brief when one of them rejects the row."""
        faults = RowFaults(self.table.file, self.table.worksheet, raw.row, list(raw.faults))
        clean_cells(raw, faults)
        if "product" in raw.cells or not self._product_is_told(raw):
            check_name(raw, faults)
        fields: dict[str, Any] = {
            name: _text(raw, name, faults, self.plan.preset.html) for name in _TEXTS
        }
        fields["benefits"] = self._benefits(raw, fields, faults)
        fields["language"] = language = self._language(raw, fields, faults)
        fields["id"] = brief_id = self._identity(raw, fields["product"], faults)
        fields |= self._values(raw, faults, language)
        fields["pictures"] = media.pictures(raw, faults, self.pictures)
        fields["video"] = media.video(raw, faults, self.pictures)
        _warn_of_status(raw, faults)
        self._warn_of_currency(raw, fields["price"], faults)
        if faults.rejected:
            return None, faults.problems
        place = SourceRow(file=self.table.file, row=raw.row, worksheet=self.table.worksheet)
        brief = Brief(
            slug=slug_of(fields["product"], brief_id),
            source=place,
            extras=raw.extras,
            translations=self._translations(raw) if raw.translations else {},
            **fields,
        )
        return brief, faults.problems

    def _product_is_told(self, raw: RawBrief) -> bool:
        """Whether a fault of the cell says already why the row has no name."""
        headers = {column.header for column in self.plan.columns if column.field == "product"}
        return any(fault.rejects and fault.column in headers for fault in raw.faults)

    def _warn_of_currency(self, raw: RawBrief, price: Price | None, faults: RowFaults) -> None:
        """Say once a sheet that prices will stand without a currency."""
        if not price or price.currency or self.bare_prices:
            return
        self.bare_prices = True
        cell = raw.cells.get("sale_price") or raw.cells["price"]
        faults.problems.append(
            Problem(
                code="column.no_currency",
                message=f"no currency is known for prices such as {cell.text[:40]!r}, so they are"
                " shown as bare numbers",
                remedy='write currency = "EUR" in campaign.toml, or add a column currency',
                file=self.table.file, worksheet=self.table.worksheet, column=cell.column,
                value=cell.text[:200], rejects=False,
            )
        )  # fmt: skip

    def _values(self, raw: RawBrief, faults: RowFaults, language: str) -> dict[str, Any]:
        machine = self.plan.preset.machine
        price, compare_at = values.prices(raw, faults, self.options, language, machine=machine)
        starts_on, ends_on = values.days(raw, faults, language)
        return {
            "price": price,
            "compare_at_price": compare_at,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "locales": values.locales(raw, faults),
            "placements": values.placements(raw, faults, self.options.placements),
            "url": values.link(raw, faults),
            "budget_usd": values.budget(raw, faults),
            "keywords": values.split_words(raw.text("keywords")),
            "accounts": values.split_words(raw.text("account")),
            "must_say": values.split_lines(raw.text("must_say")),
            "never_say": values.split_words(raw.text("never_say")),
        }

    def _benefits(
        self, raw: RawBrief, fields: dict[str, Any], faults: RowFaults
    ) -> tuple[str, ...]:
        """The row's selling points; HTML bodies give theirs from their lists."""
        own = values.split_lines(_text(raw, "benefits", faults))
        if not self.plan.preset.html:
            return own
        body = plain_text(fields["description"] or raw.text("long_description"))
        fields["description"] = body.text
        numbered = (raw.text(f"benefit_{number}") for number in range(1, 11))
        return own or tuple(filter(None, numbered)) or body.points

    def _language(self, raw: RawBrief, fields: Mapping[str, Any], faults: RowFaults) -> str:
        if cell := raw.cells.get("language"):
            if tag := locale_tag(cell.text):
                return tag
            faults.reject(
                "locale.malformed", cell, f"{cell.text!r} is no language",
                "use a code such as en, de or zh-CN",
            )  # fmt: skip
        texts = (fields["product"], fields["description"], fields["offer"], *fields["benefits"])
        return language_of(" ".join(texts), self.options.source_locale, self.options.locales)

    def _identity(self, raw: RawBrief, product: str, faults: RowFaults) -> str:
        own = raw.text("id")
        if not own:
            wanted = id_of(product)
            if product and (first := self.seen.place_of(wanted)):
                faults.warn(
                    "product.repeated", raw.cells.get("product"),
                    f"{first} has a product of this name already; both are made",
                    "delete one of them if they are the same, or give each an id",
                )  # fmt: skip
            return self.seen.new(wanted, raw.row)
        told = any(fault.code == "cell.digits_lost" for fault in raw.faults)
        if not told and (_POWER.fullmatch(own) or _ROUNDED.fullmatch(own)):
            faults.warn(
                "cell.digits_lost", raw.cells["id"],
                f"the id {own!r} is a long number whose last digits a spreadsheet has lost",
                "format the column as text before the ids are typed or pasted, and export anew",
            )  # fmt: skip
        if first := self.seen.claim(own, raw.row):
            faults.reject(
                "id.repeated", raw.cells["id"], f"{first} has the id {own[:80]!r} already",
                "give every row an id of its own, or put the rows of one product together",
            )  # fmt: skip
        return own

    def _translations(self, raw: RawBrief) -> dict[str, dict[str, str]]:
        html = self.plan.preset.html
        return {
            name: {tag: _localised(name, cell.text, html) for tag, cell in texts.items()}
            for name, texts in raw.translations.items()
        }


def _text(raw: RawBrief, name: str, faults: RowFaults, html: frozenset[str] = frozenset()) -> str:
    cell = raw.cells.get(name)
    if not cell:
        return ""
    text = _trimmed(cell.text.strip(BLANK))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        _check_visible(text, cell, faults)
    if ("<" in text or "&" in text) and name not in html and (tag := _TAGS.search(text)):
        faults.warn(
            "text.markup", cell, f"the cell holds HTML ({tag[0][:40]!r}), which is shown as typed",
            'write plain text, or name the shop that it comes from: columns = "shopify"',
        )  # fmt: skip
    if not text.isascii() and (meant := garbled(text)):
        faults.reject(
            "text.garbled", cell,
            f"the text was spoilt by a wrong encoding: {text[:60]!r} should read {meant[:60]!r}",
            "export the sheet anew as UTF-8 from where its text is still right",
        )  # fmt: skip
    return text


def _trimmed(text: str) -> str:
    """`text` without no-break spaces around its words, which come with pasting."""
    if text.isascii() or not any(map(str.isalnum, text)):
        return text
    return text.strip(_NO_BREAK)


def _check_visible(text: str, cell: Cell, faults: RowFaults) -> None:
    """Report signs that are neither seen nor joiners of letters and emoji."""
    odd = {char for char in text
           if char not in _JOINERS and unicodedata.category(char) in _INVISIBLE}  # fmt: skip
    if any("\ud800" <= char <= "\udfff" for char in odd):
        faults.reject(
            "text.broken", cell, "the cell holds half a character (a lone surrogate)",
            "type the text anew",
        )  # fmt: skip
    elif odd:
        points = ", ".join(f"U+{ord(char):04X}" for char in sorted(odd)[:8])
        faults.warn(
            "text.invisible", cell, f"the cell holds signs that nobody sees ({points})",
            "type the text anew, or paste it without formatting",
        )  # fmt: skip


def _warn_of_status(raw: RawBrief, faults: RowFaults) -> None:
    for name in ("published", "status"):
        if raw.text(name).lower() in _HIDDEN_WORDS:
            faults.warn(
                "product.unpublished", raw.cells[name], "the shop does not show this product",
                "publish it before its ads run, or take the row out",
            )  # fmt: skip
            return
    if re.sub(r"[\s_-]", "", raw.text("availability").casefold()) in _SOLD_OUT:
        faults.warn(
            "product.unavailable", raw.cells["availability"], "the shop says that it is sold out",
            "take the row out, or make its ads when it is there again",
        )  # fmt: skip


def _localised(name: str, text: str, html: frozenset[str]) -> str:
    if name in _LISTS:
        return "\n".join(values.split_lines(text))
    if name == "keywords":
        return "\n".join(values.split_words(text))
    return plain_text(text).text if name in html else text.strip(BLANK)
