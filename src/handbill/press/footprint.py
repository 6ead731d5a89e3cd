"""Drawing time and disk of a plan, from figures that were measured.

The figures are of a demo campaign of 345 orders (264 pictures, 33 print files, 48 films) on two
cores of a small cloud machine; a range holds the least and the most of one kind.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from handbill.domain.order import Order
from handbill.press.appraisal import Appraisal, Standing
from handbill.press.specs import makes

# Seconds of one core.
_POSTER_S = (0.3, 1.5)
_FILM_S = (4.0, 15.0)
_FINISH_S = (0.02, 0.3)
# Bytes of a picture's pixel, of a print file's, and of a film's second.
_PICTURE_BYTES_A_PX = (0.05, 0.23)
_PRINT_BYTES_A_PX = (0.03, 0.10)
_FILM_BYTES_A_S = (590_000, 840_000)
_FILM_S_LONG = (6.0, 21.0)
_COMPANIONS_BYTES = (380_000, 700_000)  # voice, captions and cover of a film
_TEXTS_BYTES = (1_200, 6_000)
_DOCUMENT_BYTES = (11_000, 16_000)
# Small files lie in the store and, as a copy, in the bundle; large ones share their bytes.
_COPIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From `low` to `high`, both inclusive and at least 0."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What drawing takes.

    Attributes:
        posters, films: how many are to be made; films of one canvas and one story are one.
        drawing_s: time on all drawing processes together.
        disk_bytes: of new files, in store and bundle together.
    """

    posters: int
    films: int
    drawing_s: Range
    disk_bytes: Range


def footprint_of(appraisal: Appraisal, workers: int) -> Footprint:
    """Drawing time and disk of the orders that are not there yet.

    Args:
        appraisal: a plan held against what exists.
        workers: drawing processes, at least 1.
    """
    orders = [one.order for one in appraisal.standings if one.standing is not Standing.REUSED]
    posters = sum(makes(order, "image") for order in orders)
    films = len(_films(orders))

    def seconds(end: int) -> int:
        work = posters * _POSTER_S[end] + films * _FILM_S[end] + len(orders) * _FINISH_S[end]
        return math.ceil(work / max(1, workers))

    sizes = [_bytes_of(order) for order in orders]
    return Footprint(
        posters=posters,
        films=films,
        drawing_s=Range(low=seconds(0), high=seconds(1)),
        disk_bytes=Range(low=sum(one.low for one in sizes), high=sum(one.high for one in sizes)),
    )


def _films(orders: Iterable[Order]) -> set[tuple[object, ...]]:
    """What tells films apart before their words are known."""
    return {
        (order.creative_key, order.placement.video.width_px, order.placement.video.height_px)
        for order in orders
        if makes(order, "film") and order.placement.video
    }


def _bytes_of(order: Order) -> Range:
    low, high = (_bytes_at(order, end) for end in (0, 1))
    return Range(low=low, high=high)


def _bytes_at(order: Order, end: int) -> int:
    placement = order.placement
    total = float(_TEXTS_BYTES[end])
    if placement.image and makes(order, "image"):
        pixels = placement.image.width_px * placement.image.height_px
        printed = placement.image.formats[:1] == ("pdf",)
        total += pixels * (_PRINT_BYTES_A_PX if printed else _PICTURE_BYTES_A_PX)[end]
    if makes(order, "document"):
        total += _DOCUMENT_BYTES[end]
    total *= _COPIES
    if placement.video and makes(order, "film"):
        longest = min(_FILM_S_LONG[end], placement.video.max_s or _FILM_S_LONG[end])
        total += longest * _FILM_BYTES_A_S[end] + _COMPANIONS_BYTES[end]
    return math.ceil(total)
