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
        others: absolute paths of further font files of the brand, for letters that the family
            lacks.
    """

    family: str
    files: tuple[str, ...] = ()
    weight: int = 400
    others: tuple[str, ...] = ()


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
class Speaker:
    """How a brand is spoken.

    Attributes:
        voices: locale, language or ``*`` → the provider's name of a voice.
        pace: 1.0 is normal, 0.5 to 2.0.
        mood: how it is said, in words (``warm, unhurried``), for voices that can be told.
        pause_ms: silence between two sentences, besides what sentences have anyway.
        lexicon: locale, language or ``*`` → written word → how it is said.
    """

    voices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pace: float = 1.0
    mood: str = ""
    pause_ms: int = 0
    lexicon: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    def voice_in(self, locale: str) -> str:
        """The voice in `locale`, by language, else under ``*``, else empty."""
        language = locale.split("-", maxsplit=1)[0]
        return self.voices.get(locale) or self.voices.get(language) or self.voices.get("*", "")

    def words_in(self, locale: str) -> dict[str, str]:
        """Written word → how it is said in `locale`; the narrower entry wins."""
        language = locale.split("-", maxsplit=1)[0]
        levels = [self.lexicon.get(name, {}) for name in ("*", language, locale)]
        return {word: said for level in levels for word, said in level.items()}


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
    speaker: Speaker = Speaker()
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
