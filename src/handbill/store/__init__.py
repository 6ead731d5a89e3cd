"""The store: finished bytes under their digest, and what each recipe made."""

from __future__ import annotations

from handbill.store.asset_store import AssetStore
from handbill.store.shared_store import open_store

__all__ = ["AssetStore", "open_store"]
