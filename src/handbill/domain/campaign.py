"""A campaign's settings, after reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

CAPABILITIES = ("copy", "image", "voice", "music", "video")
# What looks at finished work; only a vendor does, and only where the campaign names one.
LISTENERS = ("moderation", "transcription")
SERVICES = (*CAPABILITIES, *LISTENERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderChoice:
    """Which provider serves one capability.

    Attributes:
        name: a registered provider, such as ``house`` or ``openai``.
        model: the vendor's model, or empty for the provider's default.
        base_url: another server of the same API, or empty.
        key: a *reference* to the key (``env:OPENAI_API_KEY``, ``file:…``, ``block:…``), never it.
        parameters: further fields of the request, by name.
    """

    name: str = "house"
    model: str = ""
    base_url: str = ""
    key: str = ""
    parameters: Mapping[str, str | int | float | bool] = field(
        default_factory=lambda: MappingProxyType({})
    )


LEAST_MUSIC_S = 1.0  # of the user's own, between its begin and its end


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmWish:
    """What a campaign wants of its films.

    Attributes:
        length_s: 6 to 60, or 0 for as long as the content needs.
        captions: ``karaoke``, ``block`` or ``none``; empty for what the storyboard says.
        music: absolute path of the user's own music, or empty for composed music.
        music_from_s: where in it to begin.
        music_to_s: where in it to end, at least a second later; 0 for where it ends itself.
        music_gain_db: how much louder than usual music is against the voice, -18 to 6.
        music_licence: under which terms it may be used, for the manifest.
        footage: what is done to the user's clips: ``mend``, ``restore`` or ``as_is``.
        clip: film plug-in that makes a clip for rows that have none, or empty.
        effects: film plug-ins that change the user's clips, in their order.
    """

    length_s: float = 0.0
    captions: str = ""
    music: str = ""
    music_from_s: float = 0.0
    music_to_s: float = 0.0
    music_gain_db: float = 0.0
    music_licence: str = ""
    footage: str = "mend"
    clip: str = ""
    effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """The settings of one campaign folder, paths made absolute.

    Attributes:
        folder: absolute path of the campaign's folder (a bare sheet's own folder).
        sheet: absolute path of the sheet.
        brand: absolute path of `brand.toml`, or empty for the house brand kit.
        columns: ``auto``, a preset's name, or ``table`` with `column_map` in force.
        column_map: our field → the user's header.
        currency: ISO 4217 code for prices that name none, or empty.
        source_locale: language of the sheet's texts, or empty to tell it by script.
        locales: empty means: every row in its own language.
        encoding: of a sheet that is neither UTF-8 nor UTF-16, or empty.
        worksheet: name of the worksheet, or empty for the first that holds products.
        pictures: absolute path of the folder of pictures that are not beside the sheet, or empty.
        variants: 1 to 20 alternatives an order.
        labels: AI label profiles: ``eu``, ``cn``, … or ``none``.
        media_base_url: address under which the bundle's files will be public, for import sheets
            that name pictures by URL, or empty.
        review: ``none`` or ``before_export``.
    """

    name: str
    folder: str
    sheet: str
    placements: tuple[str, ...]
    locales: tuple[str, ...]
    brand: str = ""
    columns: str = "auto"
    column_map: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    currency: str = ""
    source_locale: str = ""
    encoding: str = ""
    worksheet: str = ""
    pictures: str = ""
    variants: int = 1
    accounts: tuple[str, ...] = ("",)
    audiences: tuple[str, ...] = ()
    budget_usd: Decimal | None = None
    seed: int = 0
    review: str = "none"
    labels: tuple[str, ...] = ()
    media_base_url: str = ""
    providers: Mapping[str, ProviderChoice] = field(default_factory=lambda: MappingProxyType({}))
    film: FilmWish = FilmWish()

    def provider(self, capability: str) -> ProviderChoice:
        """The choice for `capability`; `house` where the campaign names none."""
        return self.providers.get(capability, ProviderChoice())
