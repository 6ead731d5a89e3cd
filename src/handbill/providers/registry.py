"""Providers by name: those that come with Handbill, and those of other packages.

Another package offers one by an entry point of the group ``handbill.providers``: its name is what
a campaign writes, its object is called with the campaign's `ProviderChoice` and returns a
`ProviderHandle`. Nothing is imported before it is asked for.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from handbill.domain.campaign import SERVICES, ProviderChoice
from handbill.errors import CampaignError, CapabilityMissing
from handbill.providers.ports import ProviderHandle

GROUP = "handbill.providers"
BUILT_IN = {
    "house": "handbill.providers.house:PROVIDER",
    "job": "handbill.providers.job:PROVIDER",
    "openai": "handbill.providers.openai:PROVIDER",
}

Opener = Callable[[ProviderChoice], ProviderHandle]


def open_provider(choice: ProviderChoice, capability: str) -> ProviderHandle:
    """The provider that `choice` names, which must be able to serve `capability`.

    Raises:
        CampaignError: there is no such provider, or its package does not load.
        CapabilityMissing: it cannot do this kind of work.
    """
    handle = _opener(choice.name, capability)(choice)
    # Films of the house are cut from the other four: it needs no clips of anybody.
    cut_at_home = capability == "video" and handle.mode == "offline"
    if capability in _PORTS and getattr(handle, capability) is None and not cut_at_home:
        able = [name for name in _PORTS if getattr(handle, name) is not None]
        raise CapabilityMissing(
            f"provider {choice.name!r} has no {capability!r}, only {', '.join(able)}; name "
            f"another for {capability} under [providers]",
            provider=choice.name,
        )
    return handle


def provider_names() -> tuple[str, ...]:
    """Every provider that can be named on this machine, sorted."""
    return tuple(sorted({*BUILT_IN, *_entry_points()}))


# What a handle can hold.
_PORTS = tuple(name for name in SERVICES if name in ProviderHandle.__dataclass_fields__)


def _opener(name: str, capability: str) -> Opener:
    where = f"[providers] {capability}"
    # The built-in names are not for others to take, and cost no look at installed packages.
    if name in BUILT_IN:
        module, _, attribute = BUILT_IN[name].partition(":")
        return _callable(getattr(import_module(module), attribute), name, where)
    found = _entry_points()
    if name not in found:
        known = provider_names()
        near = difflib.get_close_matches(name, known, n=1)
        guess = f"did you mean {near[0]!r}? " if near else ""
        raise CampaignError(
            f"there is no provider {name!r}",
            where=where,
            remedy=f"{guess}there are: {', '.join(known)}",
        )
    return _callable(_load(found[name], where), name, where)


def _entry_points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP) if point.name not in BUILT_IN}


def _load(point: EntryPoint, where: str) -> object:
    try:
        return point.load()
    except Exception as fault:  # whatever a foreign package does on import
        raise CampaignError(
            f"provider {point.name!r} ({point.value}) does not load: "
            f"{type(fault).__name__}: {fault}",
            where=where,
            remedy="install its package again, or name another provider",
        ) from fault


def _callable(loaded: object, name: str, where: str) -> Opener:
    if callable(loaded):
        return loaded
    raise CampaignError(
        f"provider {name!r} offers {type(loaded).__name__} instead of a callable",
        where=where,
        remedy="its entry point must name a callable that takes a ProviderChoice",
    )
