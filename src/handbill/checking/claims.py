"""``claim.*``: statements that advertising law restricts, each with its citation.

Word lists alone are wrong in both directions, so every entry has a severity and exemptions. What
the brief itself says is the advertiser's own claim: it is shown to a person, but not blocked.
The lexicons are data: ``lexicon/<language>.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from handbill.checking.must_say import folded
from handbill.checking.view import CopyView, blocked, warned
from handbill.domain.finding import Finding

_LEXICON = Path(__file__).parent / "lexicon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One kind of restricted statement.

    Attributes:
        id: ``language.kind``.
        exempt: harmless uses of the same words, or None.
        blocks: keeps the asset back when the brief does not say it.
        promise: a promise (free shipping, a deadline) that is a fact once the brief makes it; any
            other claim is shown to a person even then.
    """

    id: str
    pattern: re.Pattern[str]
    exempt: re.Pattern[str] | None
    blocks: bool
    promise: bool
    citation: str
    suggestion: str


def check_claims(view: CopyView) -> Iterator[Finding]:
    """Restricted statements in the copy's language."""
    own = folded(_own_words(view))
    for field, text in view.texts():
        for claim, found in find_claims(text, view.locale):
            if claim.promise and (found in own or _dated(claim, view)):
                continue
            message = f"{found!r} in {text!r}: {claim.suggestion} [{claim.citation}]"
            code = f"claim.{claim.id.split('.')[1]}"
            if claim.blocks and found not in own:
                yield blocked(code, message, field)
            else:
                yield warned(code, message, field)


def find_claims(text: str, locale: str) -> Iterator[tuple[Claim, str]]:
    """Each restricted statement in `text` with the words that made it one."""
    plain = folded(text)
    for claim in lexicon(locale.split("-", maxsplit=1)[0].lower()):
        harmless = [match.span() for match in claim.exempt.finditer(plain)] if claim.exempt else []
        for match in claim.pattern.finditer(plain):
            if not any(start <= match.start() < end for start, end in harmless):
                yield claim, match.group()


@cache
def lexicon(language: str) -> tuple[Claim, ...]:
    """The claims of a language; empty where there is no lexicon."""
    path = _LEXICON / f"{language}.toml"
    if not path.is_file():
        return ()
    entries = tomllib.loads(path.read_text("utf-8"))
    return tuple(_claim(f"{language}.{kind}", entry) for kind, entry in entries.items())


def _claim(name: str, entry: dict[str, Any]) -> Claim:
    return Claim(
        id=name,
        pattern=re.compile(entry["pattern"]),
        exempt=re.compile(entry["exempt"]) if entry.get("exempt") else None,
        blocks=entry["severity"] == "block",
        promise=bool(entry.get("promise")),
        citation=entry["citation"],
        suggestion=entry["suggestion"],
    )


def _dated(claim: Claim, view: CopyView) -> bool:
    """Whether an urgent word has the row's own last day behind it."""
    return claim.id.endswith(".urgency") and view.brief.ends_on is not None


def _own_words(view: CopyView) -> str:
    brief = view.brief
    texts = [brief.product, brief.description, brief.offer, *brief.benefits, *brief.must_say]
    texts += [text for by in brief.translations.values() for text in by.values()]
    texts += [*brief.extras.values(), *view.kit.tagline.values(), *view.kit.legal.values()]
    texts += [view.kit.name, brief.vendor, *view.facts.values()]
    return "\n".join(texts)
