"""The store: finished bytes under their digest, and what each recipe made."""

from __future__ import annotations

from handbill.store.asset_store import AssetStore

__all__ = ["AssetStore"]
