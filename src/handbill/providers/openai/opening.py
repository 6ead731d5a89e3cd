"""Opening the provider, and asking whether it is there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from handbill.domain.campaign import ProviderChoice
from handbill.errors import ProviderError
from handbill.providers.openai.batches import Batches
from handbill.providers.openai.connection import Connection
from handbill.providers.openai.copywriter import Copywriter
from handbill.providers.openai.moderation import Moderator
from handbill.providers.openai.pictures import Illustrator
from handbill.providers.openai.settings import OFFICIAL_URL, parse_settings
from handbill.providers.openai.speech import Speaker
from handbill.providers.openai.transcription import Listener
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
    moderator = Moderator(settings, connection)
    listener = Listener(settings, connection)
    models = {
        "copy": writer.model,
        "image": illustrator.model,
        "voice": speaker.model,
        "moderation": moderator.model,
        "transcription": listener.model,
    }
    return ProviderHandle(
        name="openai",
        mode="live",
        copy=writer,
        image=illustrator,
        voice=speaker,
        moderation=moderator,
        transcription=listener,
        models=MappingProxyType(models),
        probe=_Prober(connection, official=settings.base_url == OFFICIAL_URL),
        close=connection.close,
        batch=batches,
    )


# Ends that the vendor has announced for models that it still lists, where its list does not say
# so itself: openai 3.52, types/audio/speech_model.py and types/audio_model.py, read 2026-11-21.
_ANNOUNCED = {
    "tts-1": "2027-01-06",
    "tts-1-hd": "2027-01-06",
    "gpt-4o-mini-tts": "2027-01-06",
    "whisper-1": "2027-02-26",
    "gpt-4o-transcribe": "2027-02-26",
    "gpt-4o-mini-transcribe": "2027-02-26",
}


class _Prober:
    """Asks for the list of models: costs nothing, and shows key and address at once."""

    def __init__(self, connection: Connection, *, official: bool) -> None:
        self._connection = connection
        self._announced = _ANNOUNCED if official else {}

    async def __call__(self) -> ProbeAnswer:
        async def ask(client: AsyncOpenAI) -> Any:
            return await client.models.with_raw_response.list()

        try:
            raw = await self._connection.send(ask, model="")
        except ProviderError as fault:
            return ProbeAnswer(answers=False, message=str(fault))
        return ProbeAnswer(answers=True, models=_models(raw.body, self._announced))


def _models(body: bytes, announced: Mapping[str, str]) -> tuple[ModelFact, ...]:
    answer = json.loads(body)
    listed = answer.get("data") if isinstance(answer, dict) else None
    facts = [
        ModelFact(
            name=str(each["id"]),
            shuts_down_on=str(each.get("shutdown_date") or announced.get(str(each["id"]), "")),
        )
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict) and each.get("id")
    ]
    return tuple(sorted(facts, key=lambda fact: fact.name))
