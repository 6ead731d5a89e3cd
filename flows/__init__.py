"""Flows: order work only, no logic, no I/O of their own."""

from __future__ import annotations
