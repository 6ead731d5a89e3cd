"""All rules for copy, in the order in which a person would want to read their findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from handbill.checking.characters import check_characters
from handbill.checking.claims import check_claims
from handbill.checking.fact_gate import check_facts
from handbill.checking.hashtags import check_hashtags
from handbill.checking.language import check_language, check_translation
from handbill.checking.leftovers import check_leftovers
from handbill.checking.length import check_lengths
from handbill.checking.meta_talk import check_meta_talk
from handbill.checking.must_say import check_must_say
from handbill.checking.never_say import check_never_say
from handbill.checking.view import CopyView
from handbill.domain.brandkit import BrandKit
from handbill.domain.copy import Copy
from handbill.domain.finding import Finding
from handbill.domain.order import Order

COPY_RULES: tuple[Callable[[CopyView], Iterable[Finding]], ...] = (
    check_leftovers,
    check_meta_talk,
    check_facts,
    check_must_say,
    check_never_say,
    check_claims,
    check_lengths,
    check_hashtags,
    check_characters,
    check_language,
    check_translation,
)


def check_copy(
    copy: Copy, order: Order, kit: BrandKit, facts: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Every finding of one finished copy, without repeats.

    Args:
        copy: filled copy, as it would leave the house.
        order: its order: brief, placement and locale give the limits and what may be said.
        kit: the brand's must-say, never-say and legal lines.
        facts: slot name → text in the locale; what these say may stand in the copy.
    """
    view = CopyView(copy=copy, order=order, kit=kit, facts=facts)
    found = (finding for rule in COPY_RULES for finding in rule(view))
    return tuple(dict.fromkeys(found))
