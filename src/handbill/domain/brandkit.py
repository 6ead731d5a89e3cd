"""How a brand looks and speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours as ``#rrggbb``, lower case. `accents` holds 0 to 4 more colours."""

    primary: str
    secondary: str
    ink: str
    paper: str
    accents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeface:
    """A font for one job.

    Attributes:
        family: family name among the installed or brand fonts, such as ``Poppins``.
        files: absolute paths of the brand's own font files; empty for known families.
        weight: 100 to 900.
    """

    family: str
    files: tuple[str, ...] = ()
    weight: int = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountVoice:
    """What one account of a brand adds or changes; empty means: as the brand has it."""

    name: str
    display_name: str = ""
    handle: str = ""
    tone: str = ""
    url: str = ""
    hashtags: tuple[str, ...] = ()
    palette: Palette | None = None
    store_name: str = ""
    store_address: str = ""
    store_phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandKit:
    """Colours, fonts, logo, tone, must-say, never-say, legal lines.

    `legal`, `tagline` and `must_say` are by locale; the key ``*`` serves every locale that has
    none of its own.

    Attributes:
        logo: absolute path of the logo for light grounds (PNG with alpha), or empty.
        logo_on_dark: the same for dark grounds, or empty.
        tone: words of the brand's voice: ``warm, plain, playful``.
        corner_radius: 0 (square) to 1 (pill): how round plates, buttons and pictures are.
        digest: sha256 over every value and file of the kit; part of every order key.
    """

    name: str
    palette: Palette
    heading: Typeface
    body: Typeface
    logo: str = ""
    logo_on_dark: str = ""
    tone: tuple[str, ...] = ()
    tagline: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    hashtags: tuple[str, ...] = ()
    must_say: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    never_say: tuple[str, ...] = ()
    legal: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    corner_radius: float = 0.35
    url: str = ""
    accounts: Mapping[str, AccountVoice] = field(default_factory=lambda: MappingProxyType({}))
    digest: str = ""

    def account(self, name: str) -> AccountVoice:
        """The voice of account `name`; an account that the kit does not describe is plain."""
        return self.accounts.get(name, AccountVoice(name=name))

    def palette_for(self, account: str) -> Palette:
        """The palette of `account`, else the brand's."""
        return self.account(account).palette or self.palette

    def legal_in(self, locale: str) -> str:
        """The legal line in `locale`, by language, else under ``*``, else empty."""
        language = locale.split("-", maxsplit=1)[0]
        return self.legal.get(locale) or self.legal.get(language) or self.legal.get("*", "")

    def tagline_in(self, locale: str) -> str:
        """The tagline in `locale`, by language, else under ``*``, else empty."""
        language = locale.split("-", maxsplit=1)[0]
        return self.tagline.get(locale) or self.tagline.get(language) or self.tagline.get("*", "")
