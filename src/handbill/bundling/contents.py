"""What a bundle is packed from, and what the packer asks of a store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from handbill.domain.asset import Asset, Origin, Outcome
from handbill.domain.brandkit import BrandKit
from handbill.domain.copy import Copy
from handbill.domain.finding import Finding, Problem, blocks
from handbill.domain.order import Order, Status
from handbill.domain.plan import Plan

# How an order ends whose files may go out.
GOES_OUT = (Status.MADE, Status.REUSED)


class ObjectSource(Protocol):
    """What packing needs of a store."""

    def path(self, sha256: str) -> Path:
        """Where an object lies."""
        ...

    def place(self, sha256: str, target: Path, *, share: bool) -> None:
        """Put an object's bytes at `target`, compared with its digest."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleContents:
    """Everything that goes into one bundle.

    Attributes:
        campaign: the campaign's name.
        plan: its orders, in the order in which they are listed.
        outcomes: exactly one for each order of the plan, in any order.
        problems: of the sheet.
        copies: finished copy by order key; an order may have none.
        copy_origins: how a copy came to be, by order key; a copy without one is taken for the
            house's rule-based work when its provider is ``house``, else for generated live.
        todos: what a person must still do, by order key; written as ``todo.txt``.
        kit: the brand, for the report's looks and for addresses; None for none.
        run: facts of this run for ``run.json``, in JSON's own types: moments, durations,
            versions, money. Nothing of it reaches the manifest.
        version: Handbill's own version.
        media_base_url: where the bundle's files will be reachable from outside
            (``https://cdn.example.com/spring``), or empty when they will not.
        judge: holds words that a person typed against their brief, as Handbill's own words were
            held; None leaves them unjudged.
    """

    campaign: str
    plan: Plan
    outcomes: tuple[Outcome, ...]
    version: str
    problems: tuple[Problem, ...] = ()
    copies: Mapping[str, Copy] = field(default_factory=lambda: MappingProxyType({}))
    copy_origins: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}))
    todos: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    kit: BrandKit | None = None
    run: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    media_base_url: str = ""
    judge: Callable[[Order, Copy], tuple[Finding, ...]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleReceipt:
    """What was packed.

    Attributes:
        path: the bundle's folder, absolute.
        manifest_sha256: equal for equal inputs.
        files: all files of the bundle.
        written, kept: files that were written anew, and that stood there unchanged.
        size_bytes: of all files together; shared blocks count each time.
        kept_foreign: files that Handbill did not make and left where they were.
        held_back: lines for a person about what did not enter a native import sheet.
        edited: files that a person had changed and that stayed as they were.
        put_aside: where files lie that a person had changed and that have no place any more.
        rejudged: how orders end whose words a person changed.
    """

    path: Path
    manifest_sha256: str
    files: int
    written: int
    kept: int
    size_bytes: int
    kept_foreign: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    put_aside: tuple[str, ...] = ()
    rejudged: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedOrder:
    """One order beside how it ended and what was written for it."""

    order: Order
    outcome: Outcome
    copy: Copy | None = None

    @property
    def goes_out(self) -> bool:
        """Whether its files may enter an import sheet: made, and nothing blocks it."""
        found = self.outcome.findings + tuple(
            finding for asset in self.outcome.assets for finding in asset.findings
        )
        return self.outcome.status in GOES_OUT and not blocks(found)

    def path(self, asset: Asset) -> str:
        """Where a file of this order lies in the bundle."""
        return f"{self.order.folder}/{asset.file.name}"

    def text(self, name: str) -> str:
        """The first text of a field of its copy, or empty."""
        return next(iter(self.texts(name)), "")

    def texts(self, name: str) -> tuple[str, ...]:
        """All texts of a field of its copy."""
        return self.copy.texts.get(name, ()) if self.copy else ()
