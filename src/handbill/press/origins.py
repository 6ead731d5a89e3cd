"""How an asset came to be: who made it, and whether a machine invented any of it."""

from __future__ import annotations

from collections.abc import Callable

from handbill.domain.asset import Origin
from handbill.domain.campaign import Campaign
from handbill.domain.order import Medium
from handbill.providers.ports import ProviderHandle

# Medium → the capabilities that go into it, the one that names the asset first.
_MADE_BY = {
    Medium.COPY: ("copy",),
    Medium.IMAGE: ("image", "copy"),
    Medium.FILM: ("video", "voice", "music", "copy"),
    Medium.SOUND: ("voice", "copy"),
    Medium.CAPTIONS: ("copy",),
    Medium.DOCUMENT: ("copy",),
}


def origin_of(
    campaign: Campaign, medium: Medium, handle: Callable[[str], ProviderHandle]
) -> Origin:
    """The origin of a file of `medium`.

    The house writes from the brief by rules, and draws; nothing of that is invented, so its work
    is ``none``. Its voice is a synthetic one, so what is heard is ``assisted``. What one vendor's
    model made whole is ``generated``; what holds a part of it is ``assisted``.
    """
    makers = [(name, campaign.provider(name).name) for name in _MADE_BY[medium]]
    vendors = [(capability, name) for capability, name in makers if name != "house"]
    if not vendors:
        heard = medium in {Medium.FILM, Medium.SOUND}
        ai = "assisted" if heard else "none"
        return Origin(ai=ai, mode="offline", provider="house")
    capability, name = vendors[0]
    whole = capability == makers[0][0] and medium is not Medium.FILM
    opened = handle(capability)
    return Origin(
        ai="generated" if whole else "assisted",
        mode=opened.mode,
        provider=name,
        model=opened.models.get(capability, ""),
    )
