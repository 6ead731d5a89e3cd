"""Re-reads a bundle with code of its own: nothing here imports anything that packs."""

from __future__ import annotations
