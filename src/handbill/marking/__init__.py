"""AI labels: visible words, metadata inside files, and what a person must still switch on."""

from __future__ import annotations

from handbill.marking.facts_of_files import MarkFacts
from handbill.marking.files import mark_film, mark_image, mark_sound
from handbill.marking.profiles import (
    PROFILES,
    digital_source_type,
    label_words,
    parse_profiles,
    todo_lines,
)

__all__ = [
    "PROFILES",
    "MarkFacts",
    "digital_source_type",
    "label_words",
    "mark_film",
    "mark_image",
    "mark_sound",
    "parse_profiles",
    "todo_lines",
]
