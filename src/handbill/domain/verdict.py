"""How well a picture keeps to its brand: a verdict a rule, and a score."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVerdict:
    """What one rule says of one picture.

    Attributes:
        rule: ``palette``, ``font``, ``logo_space``, ``contrast``, ``safe_zone``, ``feed_text``,
            ``clutter``, ``resolution`` or ``sharpness``.
        score: 0 to 1, 1 where the rule is kept; None where it was not measured.
        measured: what was found, in words with its figure, or why it was not measured.
        wanted: what the rule asks for, in words.
    """

    rule: str
    score: float | None
    measured: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandVerdict:
    """What all rules say of one picture."""

    rules: tuple[RuleVerdict, ...]

    @property
    def score(self) -> int | None:
        """0 to 100: the mean of the rules that were measured, each counted alike."""
        scores = [rule.score for rule in self.rules if rule.score is not None]
        return round(100 * sum(scores) / len(scores)) if scores else None
