"""Words for providers, and facts into their answers."""

from __future__ import annotations

from handbill.prompting.filling import fill_draft

__all__ = ["fill_draft"]
