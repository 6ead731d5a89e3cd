"""Text to a model, split so that the part that never changes comes first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a language model is told, from the most to the least lasting.

    Vendors charge a fraction for a beginning that they have seen before, so the parts are sent in
    this order and nothing of a row ever stands in an earlier one.

    Attributes:
        rules: how to write and what never to do; the same for every request.
        brand: the brand's voice and the placements asked for; the same for many rows.
        ask: one brief, fenced as data, with its order keys and any findings.
    """

    rules: str
    brand: str
    ask: str
