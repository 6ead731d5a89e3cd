"""Sound of a film: voice, music and effects mixed, levelled and encoded."""

from __future__ import annotations
