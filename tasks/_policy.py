"""The only table of retries and tags.

A fault of an order is a value in its slip, and calls to providers are repeated by the press alone.
What a task itself can still die of is the machine: a lost process, a full disk. That is tried
once more, because finished work is in the store and costs nothing the second time.

There are no time limits here: Prefect cannot end work in a thread. Calls have deadlines of their
own in the press, and so have the programs that are run.
"""

from __future__ import annotations

from typing import Any

from prefect.cache_policies import NO_CACHE

from handbill.errors import HandbillError

# task: (tries after the first, seconds between them, tags)
_TABLE: dict[str, tuple[int, float, tuple[str, ...]]] = {
    "take_order": (0, 0.0, ("reading",)),
    "read_sheet": (0, 0.0, ("reading",)),
    "write_copy": (1, 5.0, ("copy", "provider")),
    "draw_posters": (1, 5.0, ("posters", "pixels")),
    "cut_films": (1, 5.0, ("films", "pixels", "provider")),
    "work_shard": (1, 5.0, ("slices", "pixels", "provider")),
    "finish_assets": (1, 5.0, ("checks",)),
    "advance_batches": (1, 30.0, ("copy", "provider", "batch")),
    "pack_bundle": (0, 0.0, ("packing",)),
    "publish_outcomes": (2, 2.0, ("publishing",)),
    "publish_plan": (2, 2.0, ("publishing",)),
    "publish_waiting": (2, 2.0, ("publishing", "review")),
    "take_approvals": (0, 0.0, ("review",)),
    "price_orders": (0, 0.0, ("reading",)),
    "look_into_inbox": (0, 0.0, ("inbox",)),
    "file_sheet": (0, 0.0, ("inbox",)),
}


def policy(name: str) -> dict[str, Any]:
    """The arguments of `prefect.task` for the task `name`.

    Raises:
        KeyError: the table has no such task.
    """
    retries, delay_s, tags = _TABLE[name]
    return {
        "name": name.replace("_", "-"),
        "retries": retries,
        "retry_delay_seconds": delay_s,
        "retry_condition_fn": may_be_tried_again,
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
