"""What a run that waits for a person keeps, so that it goes on without making anything again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handbill.domain.digest import digest
from handbill.store import AssetStore


def keep_slips(store: AssetStore, run: str, plan_digest: str, slips: Sequence[str]) -> None:
    """Keep the finished slips of a run that is about to wait."""
    content = {"slips": [{"sha256": sha256} for sha256 in slips]}
    store.book(_key(run, plan_digest), content)


def recall_slips(store: AssetStore, run: str, plan_digest: str) -> list[str]:
    """The finished slips that `keep_slips` kept for this run and this very plan, if any."""
    record: Mapping[str, Any] = store.recall(_key(run, plan_digest)) or {"slips": []}
    return [slip["sha256"] for slip in record["slips"]]


def _key(run: str, plan_digest: str) -> str:
    return digest(["slips", run, plan_digest])
