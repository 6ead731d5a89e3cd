"""Adapters to vendors, one small Protocol a capability (`ports.py`)."""

from __future__ import annotations
