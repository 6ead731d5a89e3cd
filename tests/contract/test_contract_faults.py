"""Ways of failing, through the whole way from door to wire: each ends typed and in time."""

from __future__ import annotations

import asyncio
import resource
import time
from pathlib import Path
from typing import Any

import pytest

from handbill.domain.campaign import ProviderChoice
from handbill.domain.order import Status
from handbill.press.calls import Calls, make_image, write_copy
from handbill.press.purse import Purse
from handbill.press.till import Till
from handbill.providers.ports import ImageRequest, ProviderHandle
from handbill.providers.registry import open_provider
from handbill.store import AssetStore
from handbill.store.ledger import Ledger
from handbill.store.ledger_facts import calls_of
from tests.doubles.asks import a_copy_request, with_prompt
from tests.doubles.vendor_server import VendorServer

DEADLINE_S = 2.5

COPY_FAULTS = {
    "429": Status.FAILED,
    "429_wait": Status.FAILED,
    "429_hours": Status.FAILED,
    "bankrupt": Status.FAILED,
    "500": Status.FAILED,
    "503": Status.FAILED,
    "401": Status.FAILED,
    "drip": Status.UNCERTAIN,
    "cut": Status.UNCERTAIN,
    "html": Status.FAILED,
    "garbage": Status.UNCERTAIN,
    "truncated": Status.UNCERTAIN,
    "empty": Status.UNCERTAIN,
    "refusal": Status.REFUSED,
    "meta": Status.FAILED,
    "gzip_bomb": Status.UNCERTAIN,
    "redirect": Status.FAILED,
}
PICTURE_FAULTS = {
    "picture_text": Status.FAILED,
    "picture_cut": Status.FAILED,
    "picture_bomb": Status.FAILED,
    "picture_elsewhere": Status.FAILED,
}


async def ended(folder: Path, server: VendorServer, fault: str) -> tuple[Any, str]:
    """Status and message of one order at a vendor that always fails in the same way."""
    ledger = Ledger(folder / "ledger.db", time.time)
    calls = Calls(Till(ledger, AssetStore(folder / "store"), Purse(campaign="C")), with_prompt)
    choice = ProviderChoice(
        name="openai", base_url=server.base_url, parameters={"deadline_s": DEADLINE_S}
    )
    handle = open_provider(choice, "copy")
    assert handle.close is not None
    try:
        return await (_picture if fault.startswith("picture") else _copy)(calls, handle)
    finally:
        await handle.close()
        ledger.close()


async def _copy(calls: Calls, handle: ProviderHandle) -> tuple[Any, str]:
    request = a_copy_request("instagram.feed_image", prompted=False)
    result = await write_copy(calls, handle, request, lambda _: ())
    (key,) = result.statuses
    return result.statuses[key], result.messages.get(key, "")


async def _picture(calls: Calls, handle: ProviderHandle) -> tuple[Any, str]:
    result = await make_image(calls, handle, ImageRequest(prompt="a", width_px=64, height_px=64))
    return result.status, result.message


@pytest.fixture(scope="module", autouse=True)
def loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The vendor's library loads its parts on first use, which is nobody's deadline."""

    async def run() -> None:
        async with VendorServer() as server:
            await ended(tmp_path_factory.mktemp("loaded"), server, "")

    asyncio.run(run())


@pytest.mark.parametrize(("fault", "status"), (COPY_FAULTS | PICTURE_FAULTS).items())
def test_a_vendor_that_always_fails_ends_typed_within_its_deadline(
    fault: str, status: Status, tmp_path: Path
) -> None:
    async def run() -> tuple[Any, str, float, int]:
        async with VendorServer(faults=[fault], faults_stay=True) as server:
            began = time.monotonic()
            how, why = await ended(tmp_path, server, fault)
            return how, why, time.monotonic() - began, len(server.seen)

    how, why, took_s, requests = asyncio.run(run())
    assert how is status, why
    assert why
    assert took_s < DEADLINE_S + 1.0
    assert requests <= 8
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1024 * 1024
    ledger = Ledger(tmp_path / "ledger.db", time.time)
    states = {call.state for call in calls_of(ledger.engine)}
    ledger.close()
    assert not states & {"reserved", "sent", "stored"}
