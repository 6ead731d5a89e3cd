"""Values that go into the ledger and come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCard:
    """Who pays for what.

    Attributes:
        key: sha256 (hex) over everything that decides the answer; the same question in another
            row, campaign or run is the same call.
        brief: the brief's id, or empty.
        mode: ``live`` or ``batch``.
        deadline_s: the call cannot be in flight for longer.
    """

    key: str
    campaign: str
    brief: str
    provider: str
    model: str
    endpoint: str
    mode: str = "live"
    deadline_s: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """The most that may be spent, in micro-dollars; None means no cap."""

    campaign: int | None = None
    row: int | None = None
    day: int | None = None
    providers: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What to do about a call.

    Attributes:
        verdict: ``send`` (it is ours, money is set aside), ``collect`` (it is ours and was begun:
            ask after `pending`), ``stored`` (read `answer_sha256`), ``busy`` (another process is
            at it: ask again later), ``batched`` (it was handed in with others),
            ``uncertain`` or ``refused`` (see `message`).
        mode: how a stored answer was bought: ``live`` or ``batch``.
    """

    verdict: str
    answer_sha256: str = ""
    pending: str = ""
    message: str = ""
    mode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What an answer cost.

    Attributes:
        micros: None when no price is known.
        units: the vendor's own counts.
    """

    micros: int | None
    units: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
