"""Keys of providers from Prefect's Secret blocks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from prefect.blocks.system import Secret

from handbill.providers.keys import use_blocks


def read_block(name: str) -> str:
    """The value of the Secret block `name`, or empty when there is none.

    Providers ask from an event loop, in which Prefect would answer with a coroutine; a thread of
    its own has no loop.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="handbill-secret") as thread:
        return thread.submit(_load, name).result()


def _load(name: str) -> str:
    try:
        block = Secret.load(name)
    except ValueError:
        return ""
    assert isinstance(block, Secret)  # noqa: S101 - outside of a loop it is the block itself
    return str(block.get())


use_blocks(read_block)
