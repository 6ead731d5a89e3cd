"""The words of one poster and the fonts that show them; what cannot be shown is a finding."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, replace
from typing import Any

from handbill.domain.copy import DisplayText
from handbill.domain.finding import Finding, Severity
from handbill.rendering.spec import PosterSpec
from handbill.rendering.typography.font_stacks import (
    FontStack,
    font_stack,
    glyph_finding,
    missing_glyphs,
)

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def showable(
    display: DisplayText, heading: FontStack, body: FontStack
) -> tuple[DisplayText, tuple[Finding, ...]]:
    """`display` without signs that no font has, and findings for letters that none has.

    An emoji or ornament that is missing is left out with a warning; a missing letter blocks.
    """
    kept: dict[str, Any] = {}
    findings: list[Finding] = []
    for entry in fields(display):
        value = getattr(display, entry.name)
        stack = heading if entry.name in {"headline", "price", "badge"} else body
        texts = value if isinstance(value, tuple) else (value,)
        cleaned = tuple(_without_missing_signs(_apostrophes(text, stack), stack) for text in texts)
        findings += _findings(entry.name, texts, cleaned, stack)
        kept[entry.name] = cleaned if isinstance(value, tuple) else cleaned[0]
    return replace(display, **kept), tuple(dict.fromkeys(findings))


def stacks_for(spec: PosterSpec) -> tuple[FontStack, FontStack]:
    """The font stacks for headings and for the rest."""
    return font_stack(spec.kit.heading, spec.locale), font_stack(spec.kit.body, spec.locale)


def _findings(
    field: str, texts: tuple[str, ...], cleaned: tuple[str, ...], stack: FontStack
) -> list[Finding]:
    found = []
    for text, clean in zip(texts, cleaned, strict=True):
        if (finding := glyph_finding(clean or text, stack, field)) is not None:
            found.append(finding)
        elif missing_glyphs(text, stack):
            found.append(_sign_left_out(text, stack, field))
    return found


def _sign_left_out(text: str, stack: FontStack, field: str) -> Finding:
    return Finding(
        code="font.sign_left_out",
        severity=Severity.WARN,
        message=f"no font here has {missing_glyphs(text, stack)!r}, so the poster leaves it out; "
        "install an emoji font, such as fonts-noto-color-emoji",
        field=field,
    )


def _apostrophes(text: str, stack: FontStack) -> str:
    """`text` with the printer's apostrophe for the typewriter's, where the font has it."""
    if "'" not in text or missing_glyphs("’", stack):
        return text
    return _APOSTROPHE.sub("’", text)


def _without_missing_signs(text: str, stack: FontStack) -> str:
    missing = missing_glyphs(text, stack)
    signs = [
        char for char in missing if unicodedata.category(char) in {"So", "Sk", "Sm", "Co", "Cn"}
    ]
    if not signs:
        return text
    table = {ord(char): None for char in (*signs, "\ufe0f", "\u200d")}
    return " ".join(text.translate(table).split())
