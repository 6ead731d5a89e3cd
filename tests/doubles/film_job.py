"""One clip as a program: hands a job in through the till, and can be killed anywhere.

Its argument is one JSON object: `folder`, `base_url`, `profile`, and `spot`, ``NAME:NUMBER``, the
moment at which it kills itself with signal 9. It prints status and size of the clip.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from handbill.domain.campaign import ProviderChoice
from handbill.press.calls import CallResult, Calls, make_video
from handbill.press.purse import Purse
from handbill.press.till import Till
from handbill.providers.ports import VideoAnswer, VideoRequest
from handbill.providers.registry import open_provider
from handbill.store import AssetStore
from handbill.store.ledger import Ledger
from tests.doubles.paying_job import kill_at

REQUEST = VideoRequest(
    prompt="a lamp by the sea {model}", width_px=1280, height_px=720, duration_s=5, seed=3
)


async def short_sleep(wait_s: float) -> None:
    """Waits, but never for long."""
    await asyncio.sleep(min(wait_s, 0.02))


async def make(
    folder: Path,
    choice: ProviderChoice,
    *,
    request: VideoRequest = REQUEST,
    policy: str = "hold",
    budget: int | None = None,
) -> CallResult[VideoAnswer]:
    ledger = Ledger(folder / "ledger.db", time.time)
    purse = Purse(campaign="C", on_uncertain=policy, budget=budget)
    calls = Calls(Till(ledger, AssetStore(folder / "store"), purse, sleep=short_sleep))
    handle = open_provider(choice, "video")
    assert handle.close is not None
    try:
        return await make_video(calls, handle, request, row="lamp")
    finally:
        await handle.close()
        ledger.close()


def choice_of(order: dict[str, Any]) -> ProviderChoice:
    return ProviderChoice(
        name="job",
        model=order.get("model", ""),
        base_url=order["base_url"],
        key=order.get("key", ""),
        parameters={"profile": order["profile"], **order.get("parameters", {})},
    )


def main() -> None:
    order = json.loads(sys.argv[1])
    kill_at(order["spot"], Counter())
    result = asyncio.run(make(Path(order["folder"]), choice_of(order)))
    size = len(result.answer.data) if result.answer else 0
    sys.stdout.write(json.dumps([result.status, size]) + "\n")


if __name__ == "__main__":
    main()
