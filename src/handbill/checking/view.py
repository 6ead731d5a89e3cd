"""What the rules look at: one copy with its order, kit and facts, and its texts by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from handbill.domain.brandkit import BrandKit
from handbill.domain.brief import Brief
from handbill.domain.copy import Copy, DisplayText
from handbill.domain.finding import Finding, Severity
from handbill.domain.order import Order
from handbill.domain.placement import Placement, Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyView:
    """One copy under the rules.

    Attributes:
        facts: slot name → text in the copy's locale, as `handbill.facts.facts_of` gives them.
    """

    copy: Copy
    order: Order
    kit: BrandKit
    facts: Mapping[str, str]

    @property
    def brief(self) -> Brief:
        """The order's brief."""
        return self.order.brief

    @property
    def placement(self) -> Placement:
        """The order's placement."""
        return self.order.placement

    @property
    def locale(self) -> str:
        """The order's locale."""
        return self.order.locale

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text that is not empty, with its field: copy, pictures' words, speech, tags."""
        for name, lines in self.copy.texts.items():
            yield from ((name, line) for line in lines if line)
        yield from display_texts(self.copy.display)
        yield from (("speech", line) for line in self.copy.speech if line)
        yield from (("hashtags", tag) for tag in self.copy.hashtags if tag)
        if self.copy.alt_text:
            yield "alt_text", self.copy.alt_text

    def whole(self) -> str:
        """Everything that a reader, viewer or listener gets, one text a line."""
        return "\n".join(text for _, text in self.texts())


def display_texts(display: DisplayText) -> Iterator[tuple[str, str]]:
    """The words for pictures, as ``display.headline`` and so on."""
    for one in fields(display):
        value = getattr(display, one.name)
        lines = value if isinstance(value, tuple) else (value,)
        yield from ((f"display.{one.name}", line) for line in lines if line)


def blocked(code: str, message: str, field: str = "") -> Finding:
    """A finding that keeps the asset back."""
    return Finding(code=code, severity=Severity.BLOCK, message=message, field=field)


def warned(code: str, message: str, field: str = "") -> Finding:
    """A finding that a person should see."""
    return Finding(code=code, severity=Severity.WARN, message=message, field=field)


def weighed(code: str, message: str, field: str, provenance: Provenance) -> Finding:
    """A finding that blocks only when its figure was read somewhere (confidence A or B)."""
    if provenance.confidence in {"A", "B"}:
        return blocked(code, message, field)
    return warned(code, f"{message} (the figure is not verified)", field)
