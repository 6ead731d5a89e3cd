"""One valid row of a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from handbill.domain.money import Price

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """Where a brief stands: file, worksheet and 1-based row as a spreadsheet shows it."""

    file: str
    row: int
    worksheet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A product picture of a row.

    Attributes:
        path: absolute path of a local file that exists, or empty when it was not fetched.
        source: what the cell said (a path or a URL).
        alt: alternative text, or empty.
        sha256: digest of the file's bytes (hex), or empty when not fetched.
    """

    source: str
    path: str = ""
    alt: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One valid row: everything that may be said about one product, offer or store.

    Text fields are in the row's own language (`language`); `translations` holds what
    localised columns add (``description.zh-CN`` and the like). Empty means: not given.

    Attributes:
        id: unique within the sheet; the ``id`` column, else made from the product's name.
        slug: ``[a-z0-9-]{1,60}``, for file names.
        language: BCP 47 tag of the row's own texts, such as ``en`` or ``zh-CN``.
        benefits: short selling points, one a line or separated by ``;`` or ``|`` in the sheet.
        locales, placements, accounts: the row's own overrides; empty means the campaign's.
        video: absolute paths of the row's clips, one a line, or empty.
        budget_usd: cap for this row, or None.
        extras: unknown columns, header as typed → cell as typed.
        translations: field name → {locale: text}; list fields stay as one text with newlines.
    """

    id: str
    slug: str
    source: SourceRow
    language: str
    product: str
    description: str = ""
    benefits: tuple[str, ...] = ()
    category: str = ""
    vendor: str = ""
    offer: str = ""
    price: Price | None = None
    compare_at_price: Price | None = None
    url: str = ""
    cta: str = ""
    audience: str = ""
    tone: str = ""
    keywords: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    placements: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    video: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    must_say: tuple[str, ...] = ()
    never_say: tuple[str, ...] = ()
    store_name: str = ""
    store_address: str = ""
    store_phone: str = ""
    budget_usd: Decimal | None = None
    notes: str = ""
    extras: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    translations: Mapping[str, Mapping[str, str]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def text(self, name: str, locale: str) -> str:
        """The text field `name` in `locale`, or empty when the row has none in that language.

        Looks for the exact locale, then another of the same language (``zh-CN`` for
        ``zh``), then the row's own text when its language is the same. A text in another
        language is never returned: a Chinese poster must not carry an English sentence
        by accident. The product's name is the exception (`name_in`).
        """
        if localised := _of_language(self.translations.get(name, NOTHING), locale):
            return localised
        if not same_language(self.language, locale):
            return ""
        own = getattr(self, name)
        return "\n".join(own) if isinstance(own, tuple) else str(own)

    def lines(self, name: str, locale: str) -> tuple[str, ...]:
        """The list field `name` (`benefits`, `must_say`, …) in `locale`, as separate lines."""
        return tuple(line for line in self.text(name, locale).split("\n") if line.strip())

    def name_in(self, locale: str) -> str:
        """The product's name in `locale`, else as the row has it: a name is never left out."""
        return self.text("product", locale) or self.product


def same_language(one: str, other: str) -> bool:
    """Whether two BCP 47 tags share language and, for Chinese, script."""
    return _language(one) == _language(other)


def _of_language(by_locale: Mapping[str, str], locale: str) -> str:
    if locale in by_locale:
        return by_locale[locale]
    return next((text for tag, text in by_locale.items() if same_language(tag, locale)), "")


def _language(tag: str) -> str:
    parts = tag.replace("_", "-").lower().split("-")
    traditional = parts[0] == "zh" and bool({"hant", "tw", "hk", "mo"} & set(parts[1:]))
    return "zh-hant" if traditional else parts[0]
