"""`handbill providers`: what is configured, what it can do, whether it answers."""

from __future__ import annotations

import click

from handbill.cli.options import json_option
from handbill.cli.speech import show, show_json, table
from handbill.domain.campaign import CAPABILITIES, ProviderChoice
from handbill.errors import HandbillError
from handbill.providers.ports import ProviderHandle


@click.command("providers")
@json_option
def command(*, as_json: bool) -> None:
    """Show the providers of this machine, what each can do, and whether it answers."""
    from handbill.providers.registry import provider_names  # noqa: PLC0415 - --help stays fast

    facts = [_facts(name) for name in provider_names()]
    if as_json:
        show_json(facts)
        return
    rows: list[tuple[object, ...]] = [("provider", "mode", "can", "locales", "state")]
    rows += [
        (
            one["name"],
            one["mode"],
            _listed(one["capabilities"]),
            _listed(one["locales"]),
            one["state"],
        )
        for one in facts
    ]
    for line in table(rows):
        show(line)


def _facts(name: str) -> dict[str, object]:
    can: dict[str, str] = {}
    handle: ProviderHandle | None = None
    state = "ready"
    for capability in CAPABILITIES:
        try:
            opened = _open(name, capability)
        except HandbillError as fault:
            state = " ".join(str(fault).split()) if not can else state
            continue
        if getattr(opened, capability, None) is not None:
            handle = opened
            can[capability] = opened.models.get(capability, "")
    return {
        "name": name,
        "mode": handle.mode if handle else "",
        "capabilities": can,
        "locales": handle.locales if handle else (),
        "state": "ready" if can else state,
    }


def _open(name: str, capability: str) -> ProviderHandle:
    from handbill.providers.registry import open_provider  # noqa: PLC0415 - --help stays fast

    return open_provider(ProviderChoice(name=name), capability)


def _listed(words: object) -> str:
    assert isinstance(words, dict | tuple)  # noqa: S101 - from `_facts`
    return ", ".join(words) or "any"
