"""Finds placements by id; a channel's file is read when one of its placements is asked for."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from handbill.channels.placements import placement_from
from handbill.domain.placement import Placement
from handbill.errors import ChannelError
from handbill.settings import read_settings

_FIGURES = Path(__file__).parent / "figures"
_SLOT_HEADER = re.compile(r"^\[([a-z0-9_]+)\]\s*(?:#.*)?$", re.MULTILINE)
_NEAREST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where figures were read; `tier` is ``A`` official, ``B`` third party, ``C`` not verified."""

    key: str
    tier: str
    where: str
    what: str


class Catalogue:
    """Every placement that Handbill knows.

    Reading is lazy: asking for one placement parses one file of a few kilobytes.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._channels: dict[str, Mapping[str, Placement]] = {}
        self._ids: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all placements, sorted."""
        if not self._ids:
            self._ids = tuple(sorted(self._scan_ids()))
        return self._ids

    @property
    def made_ids(self) -> tuple[str, ...]:
        """Ids of the placements that Handbill makes something for, sorted."""
        return tuple(name for name in self.ids if self.described(name).makes)

    def placement(self, placement_id: str) -> Placement:
        """The placement `placement_id`, which Handbill can make.

        Raises:
            ChannelError: there is no such placement (the nearest are named), it is only described
                so far, or a file of the catalogue has a fault.
        """
        found = self.described(placement_id)
        if not found.makes:
            raise ChannelError(
                f"the placement {placement_id!r} is described, but Handbill does not make it yet",
                remedy=f"choose among: {', '.join(self.made_ids)}",
            )
        return found

    def described(self, placement_id: str) -> Placement:
        """The placement `placement_id`, whether it can be made or is only described.

        Raises:
            ChannelError: there is no such placement, or a file of the catalogue has a fault.
        """
        channel, _, slot = placement_id.partition(".")
        found = self._channel(channel).get(slot) if f"{channel}.{slot}" in self.ids else None
        if found is None:
            raise ChannelError(
                f"there is no placement {placement_id!r}", remedy=self._advice(placement_id)
            )
        return found

    def nearest(self, placement_id: str) -> tuple[str, ...]:
        """Up to three ids that look like `placement_id`, the best first."""
        wanted = placement_id.strip().lower().replace(" ", "_").replace("-", "_")
        by_name = difflib.get_close_matches(wanted, self.ids, n=_NEAREST, cutoff=0.6)
        same_channel = [name for name in self.ids if name.split(".")[0] == wanted.split(".")[0]]
        return tuple(dict.fromkeys([*by_name, *same_channel]))[:_NEAREST]

    def sources(self, placement_id: str) -> tuple[Source, ...]:
        """Every source of a placement's figures, sorted by key.

        Raises:
            ChannelError: there is no such placement.
        """
        keys = sorted(_source_keys(self.described(placement_id)))
        known = _sources()
        return tuple(known[key] for key in keys if key in known)

    def _advice(self, placement_id: str) -> str:
        nearest = self.nearest(placement_id)
        return f"did you mean {' or '.join(nearest)}?" if nearest else _all_ids(self.made_ids)

    def _scan_ids(self) -> set[str]:
        return {
            f"{path.stem}.{slot}"
            for folder in self._folders
            for path in folder.glob("[a-z]*.toml")
            for slot in _SLOT_HEADER.findall(path.read_text("utf-8"))
        }

    def _channel(self, channel: str) -> Mapping[str, Placement]:
        if channel not in self._channels:
            self._channels[channel] = _read_channel(self._folders, channel)
        return self._channels[channel]


def load_catalogue(folders: Sequence[Path] | None = None) -> Catalogue:
    """The catalogue that comes with Handbill, with the user's own figures laid over it.

    Args:
        folders: folders with files of the same form, ``<channel>.toml``; later ones win, value by
            value, so that a file may hold one figure alone. A folder that does not exist is empty.
            None stands for ``channels/`` in Handbill's home; an empty sequence for none.
    """
    named = (read_settings().home / "channels",) if folders is None else tuple(folders)
    present = tuple(folder for folder in named if folder.is_dir())
    return Catalogue((_FIGURES, *present)) if present else _builtin()


@cache
def _builtin() -> Catalogue:
    return Catalogue((_FIGURES,))


def _read_channel(folders: Sequence[Path], channel: str) -> Mapping[str, Placement]:
    paths = [path for folder in folders if (path := folder / f"{channel}.toml").is_file()]
    tables: dict[str, Any] = {}
    for path in paths:
        tables = _overlay(tables, _read_toml(path))
    checked_on = str(tables.pop("checked_on", ""))
    where = str(paths[-1])
    masters = _read_toml(_FIGURES / "_masters.toml")
    slots = {
        slot: placement_from(f"{channel}.{slot}", table, masters, checked_on, where)
        for slot, table in tables.items()
    }
    return MappingProxyType(slots)


def _overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`above` laid over `below`: tables are joined, every other value is replaced."""
    joined = dict(below)
    for name, value in above.items():
        old = joined.get(name)
        both = isinstance(old, dict) and isinstance(value, dict)
        joined[name] = _overlay(old, value) if both else value  # type: ignore[arg-type]
    return joined


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ChannelError(
            f"this is not TOML: {fault}", where=str(path), remedy="correct the file"
        ) from fault


@cache
def _sources() -> Mapping[str, Source]:
    tables = _read_toml(_FIGURES / "_sources.toml")
    return {key: Source(key=key, **table) for key, table in tables.items()}


def _source_keys(placement: Placement) -> set[str]:
    media = (placement.image, placement.video_limits, *placement.image_slots.values())
    provenances = [rule.provenance for rule in placement.texts.values()]
    provenances += [medium.provenance for medium in media if medium]
    provenances += [placement.disclosure.provenance, placement.hashtags_provenance]
    named = {key for provenance in provenances for key in provenance.sources}
    further = [text for name, text in placement.figures.items() if name.endswith("sources")]
    return named | {key for text in further for key in text.split(", ")}


def _all_ids(ids: Sequence[str]) -> str:
    return f"choose among: {', '.join(ids)}"
