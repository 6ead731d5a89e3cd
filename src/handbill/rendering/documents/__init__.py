"""Documents that a placement takes: e-mail as HTML with its text alternative."""

from __future__ import annotations

from handbill.rendering.documents.email import EmailDocument, EmailSpec, Hero, draw_email

__all__ = ["EmailDocument", "EmailSpec", "Hero", "draw_email"]
