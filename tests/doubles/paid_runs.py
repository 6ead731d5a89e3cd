"""Whole runs of a campaign in this process, and what they have cost by the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from handbill.press.outcome import RunResult
from handbill.press.request import RunRequest
from handbill.settings import read_settings
from handbill.store.ledger_facts import totals
from handbill.studio import Studio

_NO_MORE: Mapping[str, str] = MappingProxyType({})


def run(
    campaign: Path, home: Path, *, settings: Mapping[str, str] = _NO_MORE, **wishes: Any
) -> RunResult:
    """Make `campaign`; `settings` are further variables, `wishes` fields of the request."""
    studio = Studio(
        read_settings(_environment(home) | dict(settings)), clock=lambda: 1_800_000_000.0
    )
    try:
        request = RunRequest(target=str(campaign), **wishes)
        reading = studio.begin(request, None)
        return studio.make(request, reading, started="x", moment=lambda: "y")
    finally:
        studio.close()


def spent(home: Path) -> int:
    """Micro-dollars of all campaigns of a home."""
    ledger = Studio(read_settings(_environment(home)), clock=lambda: 0.0).open_ledger()
    try:
        return sum(line.spent_micros for line in totals(ledger.engine, "campaign"))
    finally:
        ledger.close()


def _environment(home: Path) -> dict[str, str]:
    return {"HANDBILL_HOME": str(home), "HANDBILL_WORKERS": "1"}
