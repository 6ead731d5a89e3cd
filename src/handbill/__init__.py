"""Handbill: a spreadsheet in, finished marketing bundles out.

The engine of the project. It knows briefs, channels, providers, pixels and money,
and it has never heard of Prefect; the studio around it (`flows/`, `tasks/`) orders
its work.
"""

from __future__ import annotations

__version__ = "0.1.0"
