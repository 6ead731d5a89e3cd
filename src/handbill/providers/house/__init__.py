"""The embedded provider: words, voice and music with no network, no key and no weights."""

from __future__ import annotations

from types import MappingProxyType

from handbill.domain.campaign import ProviderChoice
from handbill.providers.house.copywriter import HouseCopy
from handbill.providers.house.voices import voice_for
from handbill.providers.ports import (
    MusicAnswer,
    MusicRequest,
    ProviderHandle,
    SpeechAnswer,
    SpeechRequest,
)
from handbill.settings import read_settings

__all__ = ["PROVIDER", "HouseCopy"]


class _LaterVoice:
    """The house voice, whose libraries are loaded when it first speaks."""

    def speaks(self, locale: str) -> bool:
        """As `HouseVoiceProvider.speaks`."""
        return voice_for(locale) is not None

    async def speak(self, request: SpeechRequest) -> SpeechAnswer:
        """As `HouseVoiceProvider.speak`."""
        from handbill.providers.house.voice import (  # noqa: PLC0415 - numpy, espeak: only when asked
            HouseVoiceProvider,
        )

        return await HouseVoiceProvider().speak(request)


class _LaterMusic:
    """The house band, whose libraries are loaded when it first plays."""

    async def compose(self, request: MusicRequest) -> MusicAnswer:
        """As `HouseMusicProvider.compose`."""
        from handbill.providers.house.music import (  # noqa: PLC0415 - numpy: only when asked
            HouseMusicProvider,
        )

        return await HouseMusicProvider().compose(request)


def PROVIDER(choice: ProviderChoice) -> ProviderHandle:  # noqa: N802 - the name of the entry point
    """The house, opened like every provider by a campaign's choice, of which it needs nothing."""
    copy = HouseCopy(read_settings().templates)
    return ProviderHandle(
        name=choice.name,
        mode="offline",
        copy=copy,
        voice=_LaterVoice(),
        music=_LaterMusic(),
        models=MappingProxyType({"copy": "house", "voice": "espeak-ng", "music": "house"}),
        locales=copy.languages,
    )
