"""One order as a program of its own, so that its time and memory are nobody else's.

Its argument is one JSON object: `folder`, `base_url`, `good_url` (a vendor that answers well,
asked first so that loading the SDK is not counted), `kind` (``copy``, ``image`` or ``video``) and
`deadline_s`. It prints status, message, seconds, the most memory in KiB and the ledger's states.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from handbill.domain.campaign import ProviderChoice
from handbill.press.calls import Calls, make_image, make_video, write_copy
from handbill.press.purse import Purse
from handbill.press.till import Till
from handbill.providers.ports import ImageRequest
from handbill.providers.registry import open_provider
from handbill.store import AssetStore
from handbill.store.ledger import Ledger
from handbill.store.ledger_facts import calls_of
from tests.doubles.asks import a_copy_request, with_prompt
from tests.doubles.film_job import REQUEST, choice_of

_PROFILES = Path(__file__).parents[2] / "src" / "handbill" / "providers" / "job" / "profiles"


async def ask(order: dict[str, Any], folder: Path, base_url: str) -> tuple[str, str]:
    ledger = Ledger(folder / "ledger.db", time.time)
    calls = Calls(Till(ledger, AssetStore(folder / "store"), Purse(campaign="C")), with_prompt)
    kind, limit = order["kind"], {"deadline_s": order["deadline_s"]}
    if kind == "video":
        choice = choice_of(
            {"base_url": base_url, "profile": impatient(folder), "key": "", "parameters": limit}
        )
    else:
        choice = ProviderChoice(name="openai", base_url=base_url, parameters=limit)
    handle = open_provider(choice, kind)
    assert handle.close is not None
    try:
        if kind == "copy":
            request = a_copy_request("instagram.feed_image", prompted=False)
            written = await write_copy(calls, handle, request, lambda _: ())
            (key,) = written.statuses
            return written.statuses[key], written.messages.get(key, "")
        if kind == "image":
            picture = ImageRequest(prompt="a", width_px=64, height_px=64)
            drawn = await make_image(calls, handle, picture)
            return drawn.status, drawn.message
        filmed = await make_video(calls, handle, REQUEST, row="lamp")
        return filmed.status, filmed.message
    finally:
        await handle.close()
        ledger.close()


def impatient(folder: Path) -> str:
    """A profile that asks after its job every tenth of a second."""
    text = (_PROFILES / "seedance.toml").read_text("utf-8")
    quick = text.replace("first_s = 15", "first_s = 0.1").replace("every_s = 10", "every_s = 0.1")
    profile = folder / "quick.toml"
    profile.write_text(quick, "utf-8")
    return str(profile)


def main() -> None:
    order = json.loads(sys.argv[1])
    folder = Path(order["folder"])
    if order["good_url"]:
        asyncio.run(ask(order, folder / "good", order["good_url"]))
    began = time.monotonic()
    status, message = asyncio.run(ask(order, folder / "bad", order["base_url"]))
    took_s = time.monotonic() - began
    ledger = Ledger(folder / "bad" / "ledger.db", time.time)
    states = sorted({call.state for call in calls_of(ledger.engine)})
    ledger.close()
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(json.dumps([status, message, took_s, peak_kib, states]) + "\n")


if __name__ == "__main__":
    main()
