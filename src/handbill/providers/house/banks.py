"""The phrase banks: what the house copywriter can say, a TOML file a language.

The files lie in ``templates/prompts/house`` and are meant to be read and extended by people who
write for a living; `docs` of the format stand at the top of ``en.toml``. A line asks for what it
needs by its own slots, so that a row without an offer never meets a line about one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from handbill.errors import TemplateError

_SLOT = re.compile(r"⟦([a-z_]+)(?:\|[a-z0-9]+)?⟧")
_FIELD = re.compile(r"\{([a-z_0-9]+)\}")
_TONES = re.compile(r"^([a-z]+(?:\s*,\s*[a-z]+)*)\|\s*(.+)$", re.DOTALL)
_NEEDS = re.compile(r"^\[([a-z_, ]+)\]\s*")
TONES = ("warm", "playful", "premium", "plain", "bold", "expert")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a bank.

    Attributes:
        text: with slots (``⟦price⟧``) and fields for own words (``{benefit}``).
        tones: tones of voice that it is kept for; empty serves all.
        slots, fields: what it needs, by name: those that it shows and those that it only
            relies on, as in ``[ends_on] This one has a date on it``.
    """

    text: str
    tones: frozenset[str]
    slots: frozenset[str]
    fields: frozenset[str]

    @property
    def names_the_row(self) -> bool:
        """Whether a reader can tell from the line which row it is about."""
        return "⟦product⟧" in self.text or bool(self.fields - {"cta"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a language joins, ends, quotes and cuts; see the ``[style]`` table of a bank."""

    space: str
    sentence_end: str
    bullet: str
    quote_open: str
    quote_close: str
    abbreviations: frozenset[str]
    subordinators: tuple[str, ...]
    list_openers: tuple[str, ...]
    list_joints: tuple[str, ...]
    list_strip: tuple[str, ...]
    verb_marks: tuple[str, ...]
    group_words: tuple[str, ...]

    @property
    def dense(self) -> bool:
        """Whether the script has no spaces between words and says more in fewer letters."""
        return self.space == ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Everything that the house says in one language.

    Attributes:
        tone_words: tone of voice → words of briefs that mean it.
        lines: dotted place, such as ``frameworks.story.hook`` → lines.
        frameworks: names, in the file's order.
        cta: known call to action → ways to say it, the first is ours.
        words: other single words, dotted place → word.
    """

    language: str
    style: Style
    tone_words: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, tuple[Line, ...]]
    frameworks: tuple[str, ...]
    cta: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]

    def pool(self, place: str) -> tuple[Line, ...]:
        """The lines at `place`, or none."""
        return self.lines.get(place, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of product: words in any language that give it away, and emoji that suit it.

    Attributes:
        visit: those words that mean something people come for: a meal, a class, a show.
    """

    name: str
    words: tuple[str, ...]
    emoji: tuple[str, ...]
    visit: tuple[str, ...] = ()


def read_line(text: str) -> Line:
    """A line as it stands in a bank, with its tones in front or without."""
    tones: frozenset[str] = frozenset()
    if (match := _TONES.match(text)) and set(named := _words(match.group(1))) <= set(TONES):
        tones, text = frozenset(named), match.group(2)
    needs: list[str] = []
    if match := _NEEDS.match(text):
        needs, text = _words(match.group(1)), text[match.end() :]
    return Line(
        text=text,
        tones=tones,
        slots=frozenset((*_SLOT.findall(text), *needs)),
        fields=frozenset(_FIELD.findall(text)),
    )


@cache
def read_bank(folder: Path, language: str) -> Bank:
    """The bank of `language` in `folder`.

    Raises:
        TemplateError: the file is missing, is no TOML, or lacks a table.
    """
    path = folder / f"{language}.toml"
    content = _toml(path)
    try:
        return _bank(content)
    except (KeyError, TypeError, AttributeError) as fault:
        raise TemplateError(
            f"the phrase bank lacks or misspells {str(fault)!r}",
            where=str(path),
            remedy="compare it with en.toml beside it, which explains every table",
        ) from fault


@cache
def read_kinds(folder: Path) -> tuple[Kind, ...]:
    """The kinds of product that the banks have lines for.

    Raises:
        TemplateError: ``kinds.toml`` is missing or is no TOML.
    """
    return tuple(
        Kind(
            name=name,
            words=tuple(table["words"]),
            emoji=tuple(table.get("emoji", ())),
            visit=tuple(table.get("visit", ())),
        )
        for name, table in _toml(folder / "kinds.toml").items()
    )


def _toml(path: Path) -> dict[str, dict[str, list[str]]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise TemplateError(
            f"the phrase bank cannot be read: {fault}",
            where=str(path),
            remedy="restore the file, or unset HANDBILL_TEMPLATES to use the built-in templates",
        ) from fault


def _bank(content: Mapping[str, object]) -> Bank:
    tables = {name: table for name, table in content.items() if isinstance(table, dict)}
    speech = {"style", "tones", "cta"}
    lines: dict[str, tuple[Line, ...]] = {}
    words: dict[str, str] = {}
    for name in sorted(set(tables) - speech):
        _gather(name, tables[name], lines, words)
    return Bank(
        language=str(content["language"]),
        style=_style(tables["style"]),
        tone_words=MappingProxyType({tone: tuple(tables["tones"][tone]) for tone in TONES}),
        lines=MappingProxyType(lines),
        frameworks=tuple(tables["frameworks"]),
        cta=MappingProxyType({name: tuple(texts) for name, texts in tables["cta"].items()}),
        words=MappingProxyType(words),
    )


def _gather(
    place: str,
    table: Mapping[str, object],
    lines: dict[str, tuple[Line, ...]],
    words: dict[str, str],
) -> None:
    for name, value in table.items():
        below = f"{place}.{name}"
        if isinstance(value, dict):
            _gather(below, value, lines, words)
        elif isinstance(value, list):
            lines[below] = tuple(read_line(str(text)) for text in value)
        else:
            words[below] = str(value)


def _style(table: Mapping[str, object]) -> Style:
    return Style(
        space=str(table["space"]),
        sentence_end=str(table["sentence_end"]),
        bullet=str(table["bullet"]),
        quote_open=str(table["quote_open"]),
        quote_close=str(table["quote_close"]),
        abbreviations=frozenset(_texts(table["abbreviations"])),
        subordinators=_texts(table["subordinators"]),
        list_openers=_texts(table["list_openers"]),
        list_joints=_texts(table["list_joints"]),
        list_strip=_texts(table["list_strip"]),
        verb_marks=_texts(table["verb_marks"]),
        group_words=_texts(table["group_words"]),
    )


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        message = "a list of texts"
        raise TypeError(message)
    return tuple(str(text) for text in value)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]
