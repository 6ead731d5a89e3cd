"""Checks of finished copy, pictures and films: one rule a file, faults as values."""

from __future__ import annotations

from handbill.checking.copy_check import check_copy
from handbill.checking.document import check_document
from handbill.checking.film import check_film
from handbill.checking.film_playing import check_playing
from handbill.checking.image import check_image

__all__ = ["check_copy", "check_document", "check_film", "check_image", "check_playing"]
