"""Finished files, and how each order ended."""

from __future__ import annotations

from dataclasses import dataclass

from handbill.domain.finding import Finding
from handbill.domain.order import Medium, Status
from handbill.domain.verdict import BrandVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file in the store, not yet in a bundle.

    Attributes:
        name: its name in the bundle's folder, such as ``image.jpg``.
        sha256: hex digest of its bytes.
        size_bytes: at least 1.
        width_px, height_px, duration_s: 0 where they do not apply.
        cover_at_s: moment of a film's cover in it; 0 for other files.
        licence: terms of the music in it, or empty.
        verdict: how a poster keeps to its brand; None for other files.
    """

    name: str
    sha256: str
    size_bytes: int
    mime: str
    medium: Medium
    width_px: int = 0
    height_px: int = 0
    duration_s: float = 0.0
    cover_at_s: float = 0.0
    licence: str = ""
    verdict: BrandVerdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How a file came to be.

    Attributes:
        ai: ``none``, ``assisted`` or ``generated``.
        mode: ``offline``, ``live``, ``batch`` or ``mock``.
        provider, model: who made it; model may be empty.
    """

    ai: str
    mode: str
    provider: str
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A finished, checked file of one order."""

    file: StoredFile
    origin: Origin
    marks: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one order ended.

    Attributes:
        order_key: the order's key.
        status: see `Status`.
        assets: what was made; a blocked order keeps its drafts here too.
        findings: faults of the order as a whole (those of a file stand at its asset).
        cost_usd_micros: what its calls cost, shared calls split evenly; at least 0.
        message: why it was not made, for people; empty when it was.
    """

    order_key: str
    status: Status
    assets: tuple[Asset, ...] = ()
    findings: tuple[Finding, ...] = ()
    cost_usd_micros: int = 0
    message: str = ""
