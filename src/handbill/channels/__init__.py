"""The catalogue of placements: figures with source and date, and the rules that read them."""

from __future__ import annotations

from handbill.channels.catalogue import Catalogue, Source, load_catalogue

__all__ = ["Catalogue", "Source", "load_catalogue"]
