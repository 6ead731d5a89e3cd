"""What waits for a person's word before it goes out, and that word."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# What `review` of a campaign says when a person must approve what goes out.
BEFORE_EXPORT = "before_export"
# As many letters of a proof's key as people are shown, and the fewest that name one.
SHOWN_CHARS = 12
LEAST_CHARS = 6


class Verdict(StrEnum):
    """What a person said of a proof; `WAITING` while nobody has."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    REMAKE = "remake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A finished order as a person is shown it before it goes out.

    Attributes:
        key: sha256 (hex) over its words and files: whatever changes has to be looked at again.
        campaign: the campaign's name.
        label: the order in words that stay the same from run to run.
        brief, product, placement, locale, account, audience, variant: of the order.
        text: the first words of its copy, for lists.
        note: what the person wrote beside the verdict.
        run: the Prefect run that waits for the verdict and its round, or empty.
        target: what a later run is to be given.
        folder: the bundle of proofs in which it can be looked at.
    """

    key: str
    campaign: str
    label: str
    brief: str
    product: str
    placement: str
    locale: str
    account: str = ""
    audience: str = ""
    variant: int = 1
    text: str = ""
    verdict: Verdict = Verdict.WAITING
    note: str = ""
    run: str = ""
    target: str = ""
    folder: str = ""

    @property
    def short_key(self) -> str:
        """Its key as people are shown it."""
        return self.key[:SHOWN_CHARS]
