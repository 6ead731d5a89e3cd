"""How an asset came to be: who made it, and whether a machine invented any of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType

from handbill.domain.asset import Origin
from handbill.domain.copy import Copy
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
# A film's cover is a picture, but one out of the film.
COVER = "cover"
_COVER_MADE_BY = ("video", "copy")


NO_MODES: Mapping[str, str] = MappingProxyType({})
NO_MAKERS: Mapping[str, Sequence[str]] = MappingProxyType({})


def origin_of(
    vendors: Collection[str],
    medium: Medium | str,
    handle: Callable[[str], ProviderHandle],
    modes: Mapping[str, str] = NO_MODES,
    makers: Mapping[str, Sequence[str]] = NO_MAKERS,
) -> Origin:
    """The origin of a file of `medium`.

    Args:
        vendors: capabilities that somebody else than the house served.
        medium: of the file, or `COVER`.
        handle: opens the campaign's provider, for what `modes` or `makers` do not say.
        modes: capability → how it was made.
        makers: capability → provider and model that made it.
    """
    first = next((name for name in _made_by(medium) if name in vendors), "")
    if not first:
        return Origin(ai="none", mode="offline", provider="house")
    mode, maker = modes.get(first), makers.get(first)
    if mode is None or maker is None:
        opened = handle(first)
        mode = mode or opened.mode
        maker = maker or (opened.name, opened.models.get(first, ""))
    provider, model = maker
    return Origin(ai=ai_of(vendors, medium), mode=mode, provider=provider, model=model)


def _made_by(medium: Medium | str) -> tuple[str, ...]:
    return MADE_BY[medium] if isinstance(medium, Medium) else _COVER_MADE_BY


def ai_of(vendors: Collection[str], medium: Medium | str) -> str:
    """``none``, ``assisted`` or ``generated``; `vendors` as in `origin_of`.

    The house writes, draws, speaks and plays by rules that people wrote; nothing of that is a
    trained model's invention, so it is ``none``. What one vendor's model made whole is
    ``generated``, and so is a film with a clip of it; what holds a part of it is ``assisted``.
    """
    served = [name in vendors for name in _made_by(medium)]
    if not any(served):
        return "none"
    return "generated" if served[0] else "assisted"


def vendors_of_copy(copy: Copy) -> frozenset[str]:
    """``copy``, when somebody else than the house wrote it."""
    return frozenset() if copy.provider == "house" else frozenset({"copy"})


def label_of_medium(
    labels: Sequence[str], vendors: Collection[str], locale: str, medium: Medium
) -> str:
    """The words of the visible AI label that a file of `medium` needs, or empty."""
    return label_words(labels, locale, str(medium), ai_of(vendors, medium))
