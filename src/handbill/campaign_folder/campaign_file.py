"""The shape of `campaign.toml`."""

from __future__ import annotations

import difflib
import re
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from handbill.domain.campaign import LEAST_MUSIC_S, SERVICES

MOST_VARIANTS = 20
_LONGEST_NAME = 30
LABELS = ("eu", "cn", "us-ca", "us-ny", "in", "none")
_REFERENCE = re.compile(r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:\S.*|block:[a-z0-9][a-z0-9/_-]*)$")
_TAG = re.compile(r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")
_PLACEMENT = re.compile(r"^[a-z0-9_]+\.[a-z0-9_]+$")
_CURRENCY = re.compile(r"^[A-Za-z]{3}$")
_SECRET = re.compile(r"key|token|secret|password|authorization", re.IGNORECASE)

Text = Annotated[str, Field(max_length=500)]
Scalar = str | int | float | bool


class ProviderTable(BaseModel):
    """One capability's provider."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")] = "house"
    model: Text = ""
    base_url: Text = ""
    key: Text = ""
    parameters: dict[str, Scalar] = {}

    @field_validator("name")
    @classmethod
    def _is_no_key(cls, value: str) -> str:
        if len(value) > _LONGEST_NAME or value.startswith(("sk-", "sk_", "key-")):
            reason = (
                'this looks like a key; write the provider\'s name, and key = "env:NAME" beside it'
            )
            raise ValueError(reason)
        return value

    @field_validator("key")
    @classmethod
    def _is_reference(cls, value: str) -> str:
        if value and not _REFERENCE.match(value):
            reason = (
                "this is not a reference to a key; keys never stand in this file."
                " Write env:NAME_OF_VARIABLE, file:/path/to/key or block:name-of-prefect-secret"
            )
            raise ValueError(reason)
        return value

    @field_validator("base_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (
            parts.scheme not in {"http", "https"} or not parts.hostname or parts.username
        ):
            reason = "write an http or https address without user name and password"
            raise ValueError(reason)
        return value

    @field_validator("parameters")
    @classmethod
    def _hold_no_secret(cls, value: dict[str, Scalar]) -> dict[str, Scalar]:
        # A number or a switch (max_output_tokens, honours_idempotency_key) is nobody's key.
        texts = (name for name, given in value.items() if isinstance(given, str))
        if secret := next((name for name in texts if _SECRET.search(name)), ""):
            reason = f'{secret!r} looks like a key; write key = "env:NAME" in place of it'
            raise ValueError(reason)
        return value


class FilmTable(BaseModel):
    """What the campaign wants of its films."""

    model_config = ConfigDict(extra="forbid", strict=True)

    length_s: Annotated[float, Field(ge=6, le=60)] | None = None
    captions: Literal["karaoke", "block", "none", ""] = ""
    music: Text = ""
    music_from_s: Annotated[float, Field(ge=0, le=3600)] = 0.0
    music_to_s: Annotated[float, Field(gt=0, le=4200)] | None = None
    music_gain_db: Annotated[float, Field(ge=-18, le=6)] = 0.0
    music_licence: Text = ""
    footage: Literal["mend", "restore", "as_is"] = "mend"
    clip: Text = ""
    effects: Annotated[list[Text], Field(max_length=8)] = []

    @field_validator("music_to_s")
    @classmethod
    def _ends_after_it_begins(cls, value: float | None, info: ValidationInfo) -> float | None:
        begins_s = info.data.get("music_from_s", 0.0)
        if value is not None and value < begins_s + LEAST_MUSIC_S:
            reason = (
                f"less than {LEAST_MUSIC_S:g} s after music_from_s = {begins_s:g}; "
                "write a later moment, or leave music_to_s out"
            )
            raise ValueError(reason)
        return value

    @field_validator("clip")
    @classmethod
    def _makes_clips(cls, value: str) -> str:
        if value:
            _one_of(value, _film_plugins("clip"), "film plug-in for clips")
        return value

    @field_validator("effects")
    @classmethod
    def _are_effects(cls, value: list[str]) -> list[str]:
        for name in value:
            _one_of(name, _film_plugins("effect"), "film plug-in for effects")
        return value


class CampaignFile(BaseModel):
    """Every key of `campaign.toml`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    campaign: Text = ""
    sheet: Annotated[str, Field(min_length=1)]
    columns: Annotated[str, Field(min_length=1)] | dict[str, str] = "auto"
    brand: str = ""
    currency: str = ""
    source_locale: str = ""
    encoding: str = ""
    worksheet: str = ""
    pictures: str = ""
    placements: Annotated[list[str], Field(min_length=1)]
    locales: list[str] = []
    variants: Annotated[int, Field(ge=1, le=MOST_VARIANTS)] = 1
    accounts: list[Text] = []
    audiences: list[Text] = []
    budget_usd: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    review: Literal["none", "before_export"] = "none"
    labels: list[str] = []
    media_base_url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    providers: dict[str, ProviderTable] = {}
    film: FilmTable = FilmTable()

    @field_validator("providers", mode="before")
    @classmethod
    def _names_are_tables(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: {"name": choice} if isinstance(choice, str) else choice
                for name, choice in value.items()}  # fmt: skip

    @field_validator("providers")
    @classmethod
    def _are_capabilities(cls, value: dict[str, ProviderTable]) -> dict[str, ProviderTable]:
        for name in value:
            _one_of(name, SERVICES, "capability")
        return value

    @field_validator("labels")
    @classmethod
    def _are_profiles(cls, value: list[str]) -> list[str]:
        for name in value:
            _one_of(name, LABELS, "label profile")
        return value

    @field_validator("placements")
    @classmethod
    def _look_like_placements(cls, value: list[str]) -> list[str]:
        for name in value:
            if not _PLACEMENT.match(name):
                reason = f"{name!r} is no placement; they look like instagram.story"
                raise ValueError(reason)
        return list(dict.fromkeys(value))

    @field_validator("locales")
    @classmethod
    def _look_like_locales(cls, value: list[str]) -> list[str]:
        return list(dict.fromkeys(_locale(tag) for tag in value))

    @field_validator("source_locale")
    @classmethod
    def _looks_like_locale(cls, value: str) -> str:
        return _locale(value) if value else ""

    @field_validator("currency")
    @classmethod
    def _looks_like_currency(cls, value: str) -> str:
        if value and not _CURRENCY.match(value):
            reason = "write the ISO code of three letters, such as EUR, USD or CNY"
            raise ValueError(reason)
        return value.upper()

    @model_validator(mode="after")
    def _accounts_differ(self) -> CampaignFile:
        if len(set(self.accounts)) != len(self.accounts):
            reason = "accounts: one account is named twice"
            raise ValueError(reason)
        return self

    @property
    def budget(self) -> Decimal | None:
        """The budget as it was written."""
        return None if self.budget_usd is None else Decimal(str(self.budget_usd))


def _film_plugins(kind: str) -> tuple[str, ...]:
    from handbill.foreign.film_plugins import film_plugins  # noqa: PLC0415 - looks at packages

    return tuple(sorted(film_plugins(kind)))


def _one_of(name: str, known: tuple[str, ...], what: str) -> None:
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    choice = f"use {', '.join(known)}" if known else "no installed package offers any"
    reason = f"there is no {what} {name[:60]!r}; {hint}{choice}"
    raise ValueError(reason)


def _locale(tag: str) -> str:
    if not _TAG.match(tag):
        reason = f"{tag[:60]!r} is no locale; use a language and a region, such as en, de or zh-CN"
        raise ValueError(reason)
    first, *rest = re.split("[-_]", tag)
    return "-".join([first.lower(), *(_cased(part) for part in rest)])


def _cased(part: str) -> str:
    return part.title() if len(part) == 4 else part.upper()  # noqa: PLR2004 - scripts have four letters
