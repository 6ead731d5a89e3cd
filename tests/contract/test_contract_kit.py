"""The contract kit, on our own providers and on the whole example of the documentation."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from handbill.campaign_folder import read_campaign
from handbill.domain.campaign import ProviderChoice
from handbill.domain.copy import DisplayText, Draft
from handbill.errors import CampaignError, CapabilityMissing
from handbill.providers.ports import CopyAnswer, CopyRequest, ProviderHandle
from handbill.providers.registry import open_provider, provider_names
from handbill.providers.testing import ContractBroken, check_provider
from handbill.providers.testing.requests import a_copy_request
from tests.doubles.loopback import send_json
from tests.doubles.vendor_server import VendorServer

PAGE = Path(__file__).parents[2] / "docs" / "providers.md"


def test_house_keeps_the_contract() -> None:
    handle = open_provider(ProviderChoice(name="house"), "copy")
    kept = asyncio.run(check_provider(handle))
    assert "its copy is matched by order key and fills the fields of the placement" in kept
    assert len(kept) == 4


def test_openai_keeps_the_contract() -> None:
    async def run() -> tuple[str, ...]:
        async with VendorServer() as server:
            server.write = lambda body: json.dumps(one_of_each(body))
            server.heard = {"text": "A lamp."}
            choice = ProviderChoice(name="openai", base_url=server.base_url)
            return await check_provider(open_provider(choice, "copy"))

    assert len(asyncio.run(run())) == 7


def one_of_each(body: dict[str, Any]) -> dict[str, Any]:
    keys = {order.placement.id: order.key[:12] for order in a_copy_request().orders}
    placements = {
        name.replace(".", "__"): {
            "order": key,
            "framework": "x",
            "texts": {"text": "A lamp."},
            "hashtags": [],
        }
        for name, key in keys.items()
    }
    return {"display": {"headline": "A lamp"}, "placements": placements}


@pytest.fixture
def teahouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example of the documentation, installed as a package of its own."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "teahouse.py").write_text(blocks[0])
    info = tmp_path / "teahouse-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: teahouse\nVersion: 1.0\n")
    entry = re.search(r'teahouse = "(.*?)"', PAGE.read_text("utf-8"))
    assert entry is not None
    (info / "entry_points.txt").write_text(f"[handbill.providers]\nteahouse = {entry[1]}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("TEAHOUSE_KEY", "t")
    yield
    sys.modules.pop("teahouse", None)


class TeahouseServer(VendorServer):
    """Answers as the example expects its vendor to answer."""

    @override
    async def _answer(self, writer: asyncio.StreamWriter, request: Any) -> bool:
        assert request.headers["authorization"] == "Bearer t"
        written = {key: dict.fromkeys(texts, "A lamp.") for key, texts in
                   request.body["texts"].items()}  # fmt: skip
        return await send_json(
            writer, 200, {"written": written, "headline": "A lamp", "cups": len(written)}
        )


def test_the_example_of_the_documentation_is_found_by_name_and_keeps_the_contract(
    teahouse: None,
) -> None:
    async def run() -> tuple[str, ...]:
        async with TeahouseServer() as server:
            choice = ProviderChoice(
                name="teahouse",
                base_url=server.base_url.removesuffix("/v1"),
                key="env:TEAHOUSE_KEY",
            )
            handle = open_provider(choice, "copy")
            with pytest.raises(CapabilityMissing, match="only copy"):
                open_provider(choice, "voice")
            return await check_provider(handle)

    assert "teahouse" in provider_names()
    assert asyncio.run(run())[0] == "it serves copy"


def test_the_documented_test_is_the_one_that_runs_here() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert "asyncio.run(check_provider(PROVIDER(choice)))" in blocks[1]
    compile(blocks[1], "docs/providers.md", "exec")


def test_a_provider_that_does_not_load_is_named(teahouse: None, tmp_path: Path) -> None:
    (tmp_path / "teahouse.py").write_text("import nothing_of_this_name")
    with pytest.raises(CampaignError, match=r"teahouse.*does not load.*nothing_of_this_name"):
        open_provider(ProviderChoice(name="teahouse"), "copy")


def test_a_provider_may_not_offer_something_else_than_a_callable(
    teahouse: None, tmp_path: Path
) -> None:
    (tmp_path / "teahouse.py").write_text("PROVIDER = 7")
    with pytest.raises(CampaignError, match="int instead of a callable"):
        open_provider(ProviderChoice(name="teahouse"), "copy")


class Muddled:
    """Gives every draft the key of another order."""

    def writes(self, locale: str) -> bool:
        return bool(locale)

    async def write_copy(self, request: CopyRequest) -> CopyAnswer:
        keys = [order.key for order in request.orders]
        drafts = {
            key: Draft(order_key=other, framework="x", texts={}, display=DisplayText(headline="x"))
            for key, other in zip(keys, reversed(keys), strict=True)
        }
        return CopyAnswer(drafts=drafts)


def test_the_kit_finds_drafts_that_are_mixed_up() -> None:
    handle = ProviderHandle(name="m", mode="mock", copy=Muddled())
    with pytest.raises(ContractBroken, match="names its order"):
        asyncio.run(check_provider(handle))


def test_the_kit_wants_live_providers_to_prepare_their_calls() -> None:
    handle = ProviderHandle(name="m", mode="live", copy=Muddled())
    with pytest.raises(ContractBroken, match="prepares its calls"):
        asyncio.run(check_provider(handle))


def test_every_configuration_that_the_page_shows_can_be_read_and_opened(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(\[providers.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 4
    opened = []
    for number, block in enumerate(blocks):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "s.csv").write_text("product\nTide Lamp\n")
        (folder / "campaign.toml").write_text(
            f'sheet = "s.csv"\nplacements = ["sms.text"]\n{block}'
        )
        campaign = read_campaign(str(folder))
        opened += [
            open_provider(choice, name).models.get(name, "")
            for name, choice in campaign.providers.items()
        ]
    assert {"qwen3:14b", "qwen-image", "kokoro", "whisper-1"} <= set(opened)
