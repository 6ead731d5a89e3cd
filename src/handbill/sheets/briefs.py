"""What a row says into a `Brief`, or into the reasons why not."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from handbill.domain.brief import Brief, Picture, SourceRow
from handbill.domain.finding import Problem
from handbill.sheets import values
from handbill.sheets.column_names import locale_tag
from handbill.sheets.columns import ColumnPlan
from handbill.sheets.faults import RowFaults
from handbill.sheets.identities import SeenIds
from handbill.sheets.languages import language_of
from handbill.sheets.options import MAX_PRODUCT_CHARS, MAX_TEXT_CHARS, SheetOptions
from handbill.sheets.pictures import PictureFault, PictureReader, is_remote, split_sources
from handbill.sheets.rich_text import plain_text
from handbill.sheets.rows import Cell, RawBrief
from handbill.sheets.slugs import id_of, slug_of
from handbill.sheets.tables import Table

_BLANK = " \t\r\n\ufeff"
_TEXTS = ("product", "description", "category", "vendor", "offer", "cta", "audience", "tone",
          "store_name", "store_address", "store_phone", "notes")  # fmt: skip
_LISTS = frozenset({"benefits", "must_say", "never_say"})
_INVISIBLE = frozenset({"Cf", "Cc", "Co", "Cn", "Cs"})
# Joiners that real words and emoji need.
_JOINERS = frozenset("\u200c\u200d\t\n\r\ufe0f")


@dataclass(slots=True, kw_only=True)
class BriefReader:
    """Turns raw rows of one sheet into briefs, with what has to be remembered between rows."""

    table: Table
    plan: ColumnPlan
    options: SheetOptions
    pictures: PictureReader
    seen: SeenIds = field(default_factory=SeenIds)

    def read(self, raw: RawBrief) -> tuple[Brief | None, list[Problem]]:
        """The brief of one row and its problems; no brief when one of them rejects the row."""
        faults = RowFaults(self.table.file, self.table.worksheet, raw.row, list(raw.faults))
        self._check_product(raw, faults)
        texts = {name: self._text(raw, name, faults) for name in _TEXTS}
        benefits = self._benefits(raw, texts, faults)
        language = self._language(raw, texts, benefits, faults)
        brief_id = self._identity(raw, texts["product"], faults)
        machine = self.plan.preset.machine or self.table.machine_numbers
        price, compare_at = values.prices(raw, faults, self.options, language, machine=machine)
        starts_on, ends_on = values.days(raw, faults, language)
        self._warn_of_status(raw, faults)
        facts = {
            "locales": values.locales(raw, faults),
            "placements": values.placements(raw, faults, self.options.placements),
            "url": values.link(raw, faults),
            "budget_usd": values.budget(raw, faults),
        }
        if faults.rejected:
            return None, faults.problems
        brief = Brief(
            id=brief_id,
            slug=slug_of(texts["product"], brief_id),
            source=SourceRow(file=self.table.file, row=raw.row, worksheet=self.table.worksheet),
            language=language,
            benefits=benefits,
            price=price,
            compare_at_price=compare_at,
            starts_on=starts_on,
            ends_on=ends_on,
            keywords=values.split_words(raw.text("keywords")),
            accounts=values.split_words(raw.text("account")),
            must_say=values.split_lines(raw.text("must_say")),
            never_say=values.split_words(raw.text("never_say")),
            pictures=self._pictures(raw, faults),
            video=self._video(raw, faults),
            extras=raw.extras,
            translations=self._translations(raw),
            **texts,
            **facts,  # type: ignore[arg-type] - each value is of its own field's type
        )
        return brief, faults.problems

    def _check_product(self, raw: RawBrief, faults: RowFaults) -> None:
        cell = raw.cells.get("product")
        name = raw.text("product")
        if not name:
            faults.reject(
                "product.missing", cell, "the row names no product",
                "write the product's name, or empty the whole row",
            )  # fmt: skip
        elif len(name) > MAX_PRODUCT_CHARS:
            faults.reject(
                "product.too_long", cell,
                f"the product's name has {len(name)} characters; at most {MAX_PRODUCT_CHARS} are"
                " taken, and headlines hold about 60",
                "shorten the name and put the rest into description or benefits",
            )  # fmt: skip
        elif not any(unicodedata.category(char)[0] in "LN" for char in name):
            faults.warn(
                "product.no_words", cell,
                f"the product's name, {name[:60]!r}, holds no letter and no digit",
                "write the product's name in words; signs and emoji alone tell a reader nothing",
            )  # fmt: skip

    def _text(self, raw: RawBrief, name: str, faults: RowFaults) -> str:
        cell = raw.cells.get(name)
        if not cell:
            return ""
        text = cell.text.strip(_BLANK)
        if len(text) > MAX_TEXT_CHARS:
            faults.reject(
                "text.too_long", cell,
                f"the cell holds {len(text)} characters; at most {MAX_TEXT_CHARS} are taken",
                "shorten it; a quote that is not closed also makes cells run on",
            )  # fmt: skip
        elif not (text.isascii() and text.isprintable()) and (odd := _invisible(text)):
            faults.warn(
                "text.invisible", cell,
                f"the cell holds signs that nobody sees ({odd})",
                "type the text anew, or paste it without formatting",
            )  # fmt: skip
        return text

    def _benefits(
        self, raw: RawBrief, texts: dict[str, str], faults: RowFaults
    ) -> tuple[str, ...]:
        """The row's selling points; HTML bodies give theirs from their lists."""
        own = values.split_lines(self._text(raw, "benefits", faults))
        numbered = tuple(raw.text(f"benefit_{number}") for number in range(1, 11))
        points: tuple[str, ...] = ()
        if "description" in self.plan.preset.html:
            body = plain_text(texts["description"] or raw.text("long_description"))
            texts["description"], points = body.text, body.points
        return own or tuple(filter(None, numbered)) or points

    def _language(
        self, raw: RawBrief, texts: dict[str, str], benefits: tuple[str, ...], faults: RowFaults
    ) -> str:
        if cell := raw.cells.get("language"):
            if tag := locale_tag(cell.text):
                return tag
            faults.reject(
                "locale.malformed", cell, f"{cell.text!r} is no language",
                "use a code such as en, de or zh-CN",
            )  # fmt: skip
        said = " ".join((texts["product"], texts["description"], texts["offer"], *benefits))
        return language_of(said, self.options.source_locale, self.options.locales)

    def _identity(self, raw: RawBrief, product: str, faults: RowFaults) -> str:
        own = raw.text("id")
        if not own:
            return self.seen.new(id_of(product), raw.row)
        if (first := self.seen.row_of(own, raw.row)) != raw.row:
            faults.reject(
                "id.repeated", raw.cells["id"], f"the id {own!r} stands in row {first} already",
                "give every row an id of its own, or put the rows of one product together",
            )  # fmt: skip
        return own

    def _warn_of_status(self, raw: RawBrief, faults: RowFaults) -> None:
        hidden = raw.text("published").lower() in {"false", "0", "-1", "no"}
        status = raw.text("status").lower() in {"draft", "archived"}
        cell = raw.cells.get("published") if hidden else raw.cells.get("status")
        if hidden or status:
            faults.warn(
                "product.unpublished", cell, "the shop does not show this product",
                "publish it before its ads run, or take the row out",
            )  # fmt: skip

    def _pictures(self, raw: RawBrief, faults: RowFaults) -> tuple[Picture, ...]:
        numbered = (raw.cells.get(f"image_{number}") for number in range(1, 9))
        cells = [*raw.pictures, *filter(None, numbered)]
        alt = raw.text("image_alt")
        sources = {source: cell for cell in cells for source in split_sources(cell.text)}
        found = [self._picture(source, cell, alt if not number else "", faults)
                 for number, (source, cell) in enumerate(sources.items())]  # fmt: skip
        return tuple(picture for picture in found if picture)

    def _picture(self, source: str, cell: Cell, alt: str, faults: RowFaults) -> Picture | None:
        if is_remote(source):
            faults.warn(
                "picture.not_fetched", cell, f"{source[:200]!r} was not fetched",
                "download the picture and write its path here",
            )  # fmt: skip
            return Picture(source=source, alt=alt)
        found = self.pictures.read(source, alt)
        if isinstance(found, PictureFault):
            faults.warn(
                found.code, cell, f"{found.message}; the row goes on without it", found.remedy
            )
            return None
        return found

    def _video(self, raw: RawBrief, faults: RowFaults) -> str:
        cell = raw.cells.get("video")
        if not cell:
            return ""
        source = cell.text.strip()
        path = None if is_remote(source) else self.pictures.find_file(source)
        if path is None:
            faults.warn(
                "video.missing", cell, f"there is no clip {source[:200]!r}; films go on without it",
                "put the clip beside the sheet, or correct its path",
            )  # fmt: skip
        return str(path) if path else ""

    def _translations(self, raw: RawBrief) -> Mapping[str, Mapping[str, str]]:
        html = self.plan.preset.html
        return {
            name: {tag: _localised(name, cell.text, html) for tag, cell in texts.items()}
            for name, texts in raw.translations.items()
        }


def _localised(name: str, text: str, html: frozenset[str]) -> str:
    if name in _LISTS:
        return "\n".join(values.split_lines(text))
    if name == "keywords":
        return "\n".join(values.split_words(text))
    return plain_text(text).text if name in html else text.strip(_BLANK)


def _invisible(text: str) -> str:
    """The code points of signs that are neither seen nor joiners of letters and emoji."""
    odd = {char for char in text
           if char not in _JOINERS and unicodedata.category(char) in _INVISIBLE}  # fmt: skip
    return ", ".join(f"U+{ord(char):04X}" for char in sorted(odd)[:8])
