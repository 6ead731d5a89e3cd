"""What marks say about a file: how it came to be, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from handbill.domain.asset import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkFacts:
    """Everything that a mark may say; no clock, so that equal inputs give equal bytes.

    Attributes:
        profiles: label profiles of the campaign; see `profiles.PROFILES`.
        origin: how the file came to be. Files that no machine invented carry no AI label:
            forged labels are as forbidden as missing ones.
        produce_id: unique for this file's content, such as an order key.
        producer: who answers for it, for the Chinese label: a registered code, else a name.
        brand: whose campaign it is, or empty.
        version: of Handbill.
    """

    profiles: tuple[str, ...]
    origin: Origin
    produce_id: str
    producer: str = "handbill"
    brand: str = ""
    version: str = ""

    @property
    def invented(self) -> bool:
        """Whether a machine invented any of it."""
        return self.origin.ai != "none"
