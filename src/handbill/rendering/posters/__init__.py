"""Posters: layouts that a designer can read, grounds, pictures and type drawn into one picture."""

from __future__ import annotations

from handbill.rendering.posters.drawing import draw_poster

__all__ = ["draw_poster"]
