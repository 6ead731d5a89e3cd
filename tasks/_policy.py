"""The only table of retries.

A fault of an order is a value in its slip, and calls to providers are repeated by the press alone.
What a task itself can still die of is the machine: a lost process, a full disk. That is tried
once more, because finished work is in the store and costs nothing the second time.

There are no time limits here: Prefect cannot end work in a thread. Calls have deadlines of their
own in the press, and so have the programs that are run.

Tasks have no tags: Prefect asks its server for a concurrency slot for every tag of every task, and
a task that cannot ask, because the server restarts, would fail. Runs are tagged.
"""

from __future__ import annotations

from typing import Any

from prefect.cache_policies import NO_CACHE

from handbill.errors import HandbillError

# task: (tries after the first, seconds between them)
_TABLE: dict[str, tuple[int, float]] = {
    "take_order": (0, 0.0),
    "read_sheet": (0, 0.0),
    "make_slice": (1, 5.0),
    "work_shard": (1, 5.0),
    "advance_batches": (1, 30.0),
    "pack_bundle": (0, 0.0),
    "publish_outcomes": (4, 15.0),
    "publish_plan": (2, 2.0),
    "publish_waiting": (2, 2.0),
    "take_approvals": (0, 0.0),
    "price_orders": (0, 0.0),
    "look_into_inbox": (0, 0.0),
    "file_sheet": (0, 0.0),
}


def policy(name: str) -> dict[str, Any]:
    """The arguments of `prefect.task` for the task `name`.

    Raises:
        KeyError: the table has no such task.
    """
    retries, delay_s = _TABLE[name]
    return {
        "name": name.replace("_", "-"),
        "retries": retries,
        "retry_delay_seconds": delay_s,
        "retry_condition_fn": may_be_tried_again,
        # The store is the cache: Prefect's own hashes the thin task alone and writes plainly.
        "cache_policy": NO_CACHE,
        "persist_result": False,
    }


def may_be_tried_again(task: Any, run: Any, state: Any) -> bool:
    """Whether a task that ended badly is tried again: not for what Handbill raised on purpose."""
    del task, run
    fault = state.result(raise_on_failure=False)
    return not isinstance(fault, HandbillError)
