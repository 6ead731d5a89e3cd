"""`handbill providers`: what is configured, what it can do, whether it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import click

from handbill.cli.options import json_option
from handbill.cli.speech import say, show, show_json, table
from handbill.domain.campaign import LISTENERS, SERVICES, ProviderChoice
from handbill.errors import HandbillError, ProviderError
from handbill.providers.ports import ModelFact, ProbeAnswer, ProviderHandle

_PROBE_S = 10.0
_MOST_CHARS = 300


@dataclass(kw_only=True)
class _Entry:
    """One provider as it is configured, and what was found out about it.

    Attributes:
        serves: capabilities that a campaign asks it for; empty without a campaign.
        answers: None where nothing is to be asked, as with the house.
        models: capability → model; `dates` has those that the vendor will shut down, `missing`
            those that it does not list.
    """

    name: str
    serves: tuple[str, ...] = ()
    mode: str = ""
    models: dict[str, str] = field(default_factory=dict)
    locales: tuple[str, ...] = ()
    answers: bool | None = None
    state: str = ""
    missing: tuple[str, ...] = ()
    dates: dict[str, str] = field(default_factory=dict)


@click.command("providers")
@click.argument("target", metavar="[TARGET]", required=False)
@click.option("--offline", is_flag=True, help="Ask nobody; show what is configured alone.")
@json_option
def command(*, target: str | None, offline: bool, as_json: bool) -> int:
    """Show providers, what each can do, whether it answers, and which models end soon.

    With a campaign or a sheet as TARGET: those that it names, as it configures them; the exit
    code is 50 when one of them does not answer. Without: those of this machine. Nothing is spent.
    """
    entries = asyncio.run(_entries(_choices(target), offline=offline))
    if as_json:
        show_json([_facts(entry) for entry in entries])
    else:
        _print(entries)
    silent = [entry for entry in entries if entry.answers is False]
    return ProviderError.exit_code if target and silent else 0


def _choices(target: str | None) -> list[tuple[ProviderChoice, tuple[str, ...]]]:
    """What is to be shown, each choice once, with the capabilities that it is to serve."""
    if target is None:
        from handbill.providers.registry import provider_names  # noqa: PLC0415 - --help stays fast

        return [(ProviderChoice(name=name), ()) for name in provider_names()]
    from handbill.campaign_folder import read_campaign  # noqa: PLC0415 - as above

    campaign = read_campaign(target)
    found: list[tuple[ProviderChoice, tuple[str, ...]]] = []
    for capability in SERVICES:
        choice = campaign.provider(capability)
        if capability in LISTENERS and choice.name == "house":
            continue  # nobody is asked
        known = next((each for each in found if each[0] == choice), None)
        if known:
            found[found.index(known)] = (choice, (*known[1], capability))
        else:
            found.append((choice, (capability,)))
    return found


async def _entries(
    choices: Iterable[tuple[ProviderChoice, tuple[str, ...]]], *, offline: bool
) -> list[_Entry]:
    work = (_entry(choice, serves, offline=offline) for choice, serves in choices)
    return list(await asyncio.gather(*work))


async def _entry(choice: ProviderChoice, serves: tuple[str, ...], *, offline: bool) -> _Entry:
    entry = _Entry(name=choice.name, serves=serves)
    handle = _opened(choice, serves or SERVICES, entry)
    if handle is None:
        entry.answers = False
        return entry
    entry.mode, entry.locales = handle.mode, handle.locales
    entry.state = "ready"
    if handle.probe is not None:
        await _ask(handle, entry, offline=offline)
    if handle.close is not None:
        await handle.close()
    return entry


def _opened(
    choice: ProviderChoice, capabilities: tuple[str, ...], entry: _Entry
) -> ProviderHandle | None:
    """The provider, if it opens for one of `capabilities`; else the entry says why not."""
    from handbill.providers.registry import open_provider  # noqa: PLC0415 - --help stays fast

    handle = None
    for capability in capabilities:
        try:
            opened = open_provider(choice, capability)
        except HandbillError as fault:
            entry.state = entry.state or _line(str(fault))
            continue
        if getattr(opened, capability, None) is not None or handle is None:
            handle = opened
        if getattr(opened, capability, None) is not None:
            entry.models[capability] = opened.models.get(capability, "")
    return handle


async def _ask(handle: ProviderHandle, entry: _Entry, *, offline: bool) -> None:
    """Whether it is there; no longer than `_PROBE_S`."""
    if offline:
        entry.state = "not asked"
        return
    assert handle.probe is not None  # noqa: S101 - the caller asked
    try:
        async with asyncio.timeout(_PROBE_S):
            found = await handle.probe()
    except TimeoutError:
        found = ProbeAnswer(answers=False, message=f"no answer within {_PROBE_S:g} s")
    except HandbillError as fault:
        found = ProbeAnswer(answers=False, message=str(fault))
    entry.answers = found.answers
    entry.state = "answers" if found.answers else _line(found.message)
    listed = {fact.name: fact for fact in found.models}
    names = [model for model in dict.fromkeys(entry.models.values()) if model]
    entry.missing = tuple(name for name in names if listed and name not in listed)
    entry.dates = _ending(names, listed)


def _ending(names: Iterable[str], listed: Mapping[str, ModelFact]) -> dict[str, str]:
    """Model → day of its end, for those of ours that have one."""
    days = {name: listed[name].shuts_down_on for name in names if name in listed}
    return {name: day for name, day in days.items() if day}


def _facts(entry: _Entry) -> dict[str, object]:
    return {
        "name": entry.name,
        "serves": entry.serves,
        "mode": entry.mode,
        "capabilities": entry.models,
        "locales": entry.locales,
        "answers": entry.answers,
        "state": entry.state,
        "models_missing": entry.missing,
        "models_shutting_down": entry.dates,
    }


def _print(entries: Iterable[_Entry]) -> None:
    rows: list[tuple[object, ...]] = [("provider", "mode", "can", "locales", "state")]
    rows += [
        (one.name, one.mode, _listed(one.models), _listed(one.locales), one.state)
        for one in entries
    ]
    for line in table(rows):
        show(line)
    for entry in entries:
        for model in entry.missing:
            say(f"{entry.name} does not list the model {model!r}", style="warn")
        for model, day in sorted(entry.dates.items()):
            say(f"{entry.name} shuts the model {model!r} down on {day}", style="warn")


def _line(text: str) -> str:
    return " ".join(text.split())[:_MOST_CHARS]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "any"
