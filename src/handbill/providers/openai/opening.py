"""Opening the provider, and asking whether it is there."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from handbill.domain.campaign import ProviderChoice
from handbill.errors import ProviderError
from handbill.providers.openai.batches import Batches
from handbill.providers.openai.connection import Connection
from handbill.providers.openai.copywriter import Copywriter
from handbill.providers.openai.pictures import Illustrator
from handbill.providers.openai.settings import parse_settings
from handbill.providers.openai.speech import Speaker
from handbill.providers.ports import ModelFact, ProbeAnswer, ProviderHandle

if TYPE_CHECKING:
    from openai import AsyncOpenAI


def open_openai(choice: ProviderChoice) -> ProviderHandle:
    """The provider as `choice` configures it; nothing is sent, and no key is read yet.

    Raises:
        CampaignError: a setting that does not fit.
    """
    settings = parse_settings(choice)
    connection = Connection(settings)
    batches = Batches(connection, settings.base_url)
    writer = Copywriter(settings, connection, batches)
    illustrator = Illustrator(settings, connection, batches)
    speaker = Speaker(settings, connection)
    models = {"copy": writer.model, "image": illustrator.model, "voice": speaker.model}
    return ProviderHandle(
        name="openai",
        mode="live",
        copy=writer,
        image=illustrator,
        voice=speaker,
        models=MappingProxyType(models),
        probe=_Prober(connection),
        close=connection.close,
        batch=batches,
    )


class _Prober:
    """Asks for the list of models: costs nothing, and shows key and address at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def __call__(self) -> ProbeAnswer:
        async def ask(client: AsyncOpenAI) -> Any:
            return await client.models.with_raw_response.list()

        try:
            raw = await self._connection.send(ask, model="")
        except ProviderError as fault:
            return ProbeAnswer(answers=False, message=str(fault))
        return ProbeAnswer(answers=True, models=_models(raw.body))


def _models(body: bytes) -> tuple[ModelFact, ...]:
    answer = json.loads(body)
    listed = answer.get("data") if isinstance(answer, dict) else None
    facts = [
        ModelFact(name=str(each["id"]), shuts_down_on=str(each.get("shutdown_date") or ""))
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict) and each.get("id")
    ]
    return tuple(sorted(facts, key=lambda fact: fact.name))
