"""One thing to make, and slices of many."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from handbill.domain.brief import Brief
from handbill.domain.placement import Placement


class Medium(StrEnum):
    """What an asset is, as `manifest.json` names it."""

    COPY = "copy"
    IMAGE = "image"
    FILM = "film"
    SOUND = "sound"
    CAPTIONS = "captions"
    DOCUMENT = "document"
    IMPORT = "import"


class Status(StrEnum):
    """How an order ended, as `outcomes.csv` names it."""

    MADE = "made"
    REUSED = "reused"
    REJECTED = "rejected"
    BLOCKED = "blocked"
    REFUSED = "refused"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    WAITING_FOR_REVIEW = "waiting_for_review"
    OVER_BUDGET = "over_budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One thing to make: brief × placement × locale × account × variant.

    Attributes:
        key: sha256 (hex) over everything that decides the result; see `plan.order_key`.
        creative_key: the same without placement: orders that share one creative idea
            (headline, hook, layout family) share it, so that a campaign tells one story.
        variant: 1-based.
        account: an account's name, or empty.
        audience: an audience's name, or empty.
        seed: 0 to 2**32 - 1, from the campaign's seed, brief id, account, audience and variant.
        folder: path inside the bundle, ``channels/<channel>/<placement>/<slug>-<digest8>…``.
    """

    key: str
    creative_key: str
    brief: Brief
    placement: Placement
    locale: str
    account: str
    variant: int
    audience: str
    seed: int
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A slice of orders of one medium, small enough for one task run."""

    name: str
    medium: Medium
    orders: tuple[Order, ...]
