"""Pixels and sound: posters, films, the e-mail document. Paths in, paths out."""

from __future__ import annotations
