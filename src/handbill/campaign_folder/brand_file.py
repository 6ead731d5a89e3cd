"""The shape of `brand.toml`."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from handbill.campaign_folder.colours import parse_colour

MOST_ACCENTS = 4
# How a word is said, its sounds in espeak-ng's names, or one after the other.
_SAID = re.compile(r"[^\[\]]*(\[\[[!-Z\\^-~ ]{1,80}\]\])?")
FONT_SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})


def _one_is_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _same_everywhere(value: Any) -> Any:
    return value if isinstance(value, dict) else {"*": value}


Colour = Annotated[str, AfterValidator(parse_colour)]
Text = Annotated[str, Field(max_length=2_000)]
Texts = Annotated[list[Text], BeforeValidator(_one_is_many)]
ByLocale = Annotated[dict[str, Text], BeforeValidator(_same_everywhere)]
ManyByLocale = Annotated[dict[str, Texts], BeforeValidator(_same_everywhere)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PaletteTable(_Table):
    """Colours; the secondary and those of ink and paper are derived when left out."""

    primary: Colour
    secondary: Colour | None = None
    ink: Colour | None = None
    paper: Colour | None = None
    accents: Annotated[list[Colour], Field(max_length=MOST_ACCENTS)] = []


class FontTable(_Table):
    """One font: a family that Handbill knows, or files of the brand's own."""

    family: Text = ""
    files: Texts = []
    weight: Annotated[int, Field(ge=100, le=900)] | None = None


def _family_is_table(value: Any) -> Any:
    return {"family": value} if isinstance(value, str) else value


Font = Annotated[FontTable, BeforeValidator(_family_is_table)]


class FontsTable(_Table):
    """Fonts of headings and of running text."""

    heading: Font = FontTable(family="Poppins", weight=700)
    body: Font = FontTable(family="Open Sans", weight=400)


class LogoTable(_Table):
    """Logos for light and for dark grounds."""

    light: Text = ""
    dark: Text = ""


def _path_is_table(value: Any) -> Any:
    return {"light": value} if isinstance(value, str) else value


class AccountTable(_Table):
    """What one account adds or changes."""

    display_name: Text = ""
    handle: Text = ""
    tone: Text | list[Text] = ""
    url: Text = ""
    hashtags: Texts = []
    palette: PaletteTable | None = None
    store_name: Text = ""
    store_address: Text = ""
    store_phone: Text = ""


def _is_said(value: str) -> str:
    if not _SAID.fullmatch(value):
        reason = (
            f"{value[:60]!r} is no pronunciation; write how it is said, espeak-ng's sounds in"
            ' double brackets, or both: "nyokki [[n\'jokI]]"'
        )
        raise ValueError(reason)
    return value


Said = Annotated[Text, AfterValidator(_is_said)]
Lexicon = dict[str, Said | dict[str, Said]]


class VoiceTable(_Table):
    """How the brand is spoken in films."""

    voices: ByLocale = {}
    pace: Annotated[float, Field(ge=0.5, le=2.0)] = 1.0
    mood: Text = ""
    pause_ms: Annotated[int, Field(ge=0, le=2_000)] = 0
    lexicon: Lexicon = {}


class BrandFile(_Table):
    """Every key of `brand.toml`."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    palette: PaletteTable
    fonts: FontsTable = FontsTable()
    logo: Annotated[LogoTable, BeforeValidator(_path_is_table)] = LogoTable()
    tone: Texts = []
    tagline: ByLocale = {}
    hashtags: Texts = []
    must_say: ManyByLocale = {}
    never_say: Texts = []
    legal: ByLocale = {}
    corner_radius: Annotated[float, Field(ge=0, le=1)] = 0.35
    url: Text = ""
    accounts: dict[str, AccountTable] = {}
    voice: VoiceTable = VoiceTable()
