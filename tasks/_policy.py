"""The only table of retries, time limits and tags.

A fault of an order is a value in its slip, and calls to providers are repeated by the press alone.
What a task itself can still die of is the machine: a lost process, a full disk. That is tried
once more, because finished work is in the store and costs nothing the second time.
"""

from __future__ import annotations

from typing import Any

from prefect.cache_policies import NO_CACHE

from handbill.errors import HandbillError

_HOUR_S = 3600.0

# task: (tries after the first, seconds between them, time limit in seconds, tags)
_TABLE: dict[str, tuple[int, float, float, tuple[str, ...]]] = {
    "take_order": (0, 0.0, 300.0, ("reading",)),
    "read_sheet": (0, 0.0, 1 * _HOUR_S, ("reading",)),
    "write_copy": (1, 5.0, 12 * _HOUR_S, ("copy", "provider")),
    "draw_posters": (1, 5.0, 12 * _HOUR_S, ("posters", "pixels")),
    "cut_films": (1, 5.0, 24 * _HOUR_S, ("films", "pixels", "provider")),
    "finish_assets": (1, 5.0, 12 * _HOUR_S, ("checks",)),
    "pack_bundle": (0, 0.0, 2 * _HOUR_S, ("packing",)),
    "publish_outcomes": (2, 2.0, 300.0, ("publishing",)),
}


def policy(name: str) -> dict[str, Any]:
    """The arguments of `prefect.task` for the task `name`.

    Raises:
        KeyError: the table has no such task.
    """
    retries, delay_s, limit_s, tags = _TABLE[name]
    return {
        "name": name.replace("_", "-"),
        "retries": retries,
        "retry_delay_seconds": delay_s,
        "retry_condition_fn": may_be_tried_again,
        "timeout_seconds": limit_s,
        "tags": ["handbill", *tags],
        # The store is the cache: Prefect's own hashes the thin task alone and writes plainly.
        "cache_policy": NO_CACHE,
        "persist_result": False,
    }


def may_be_tried_again(task: Any, run: Any, state: Any) -> bool:
    """Whether a task that ended badly is tried again: not for what Handbill raised on purpose."""
    del task, run
    fault = state.result(raise_on_failure=False)
    return not isinstance(fault, HandbillError)
