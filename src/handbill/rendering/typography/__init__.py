"""Type: which font serves which script, where lines break, and text fitted to boxes."""

from __future__ import annotations
