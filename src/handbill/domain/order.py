"""One thing to make, and slices of many."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from handbill.domain.brief import Brief
from handbill.domain.placement import Placement

# Seeds of one brief's variants lie this far apart (2**32 over the golden ratio), so that whoever
# deals out ideas can find the deck that all of them share; see `story_seed`.
_VARIANT_STEP = 0x9E3779B1
_SEEDS = 2**32


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
        seed: 0 to 2**32 - 1, from the campaign's seed, brief id, account, audience and variant;
            made by `variant_seed`.
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


def variant_seed(story: int, variant: int) -> int:
    """The seed of the 1-based `variant` of a story: 0 to 2**32 - 1."""
    return (story + variant * _VARIANT_STEP) % _SEEDS


def story_seed(seed: int, variant: int) -> int:
    """The seed that all variants of one brief, account and audience share.

    The inverse of `variant_seed`: with it, variants can be dealt from one shuffled deck, so
    that no two of them draw the same card.
    """
    return (seed - variant * _VARIANT_STEP) % _SEEDS
