"""How an asset came to be: who made it, and whether a machine invented any of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from handbill.domain.asset import Origin
from handbill.domain.campaign import Campaign
from handbill.domain.order import Medium
from handbill.marking import label_words
from handbill.providers.ports import ProviderHandle

# Medium → the capabilities that go into it, the one that names the asset first.
MADE_BY = {
    Medium.COPY: ("copy",),
    Medium.IMAGE: ("image", "copy"),
    Medium.FILM: ("video", "voice", "music", "copy"),
    Medium.SOUND: ("voice", "copy"),
    Medium.CAPTIONS: ("copy",),
    Medium.DOCUMENT: ("copy",),
}


NO_MODES: Mapping[str, str] = MappingProxyType({})
NO_MAKERS: Mapping[str, Sequence[str]] = MappingProxyType({})


def origin_of(
    campaign: Campaign,
    medium: Medium,
    handle: Callable[[str], ProviderHandle],
    modes: Mapping[str, str] = NO_MODES,
    makers: Mapping[str, Sequence[str]] = NO_MAKERS,
) -> Origin:
    """The origin of a file of `medium`.

    Args:
        campaign: names who serves each capability now.
        medium: of the file.
        handle: opens a provider.
        modes: capability → mode, where it differs from its provider's.
        makers: capability → provider and model that made what was kept, where that is known.
    """
    vendors = _vendors(campaign, medium)
    if not vendors:
        return Origin(ai="none", mode="offline", provider="house")
    opened = handle(vendors[0])
    now = (opened.name, opened.models.get(vendors[0], ""))
    provider, model = makers.get(vendors[0], now)
    return Origin(
        ai=ai_of(campaign, medium),
        mode=modes.get(vendors[0], opened.mode),
        provider=provider,
        model=model,
    )


def ai_of(campaign: Campaign, medium: Medium) -> str:
    """``none``, ``assisted`` or ``generated``, without opening a provider.

    The house writes, draws, speaks and plays by rules that people wrote; nothing of that is a
    trained model's invention, so it is ``none``. What one vendor's model made whole is
    ``generated``, and so is a film with a clip of it; what holds a part of it is ``assisted``.
    """
    vendors = _vendors(campaign, medium)
    if not vendors:
        return "none"
    whole = vendors[0] == MADE_BY[medium][0]
    return "generated" if whole else "assisted"


def label_of_medium(campaign: Campaign, locale: str, medium: Medium) -> str:
    """The words of the visible AI label that a file of `medium` needs, or empty."""
    return label_words(campaign.labels, locale, str(medium), ai_of(campaign, medium))


def _vendors(campaign: Campaign, medium: Medium) -> list[str]:
    """Capabilities of a medium that somebody else than the house serves."""
    return [name for name in MADE_BY[medium] if campaign.provider(name).name != "house"]
