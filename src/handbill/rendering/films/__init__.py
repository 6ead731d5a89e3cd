"""Films: storyboards planned to the beat of speech and music, and cut at the encoder's speed."""

from __future__ import annotations

from handbill.rendering.films.cutting import cut_film
from handbill.rendering.films.planning import plan_film

__all__ = ["cut_film", "plan_film"]
