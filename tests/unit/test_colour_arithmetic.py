from __future__ import annotations

import pytest

from handbill.errors import BrandError
from handbill.rendering.colour import (
    BLACK,
    WHITE,
    Colour,
    contrast,
    distance,
    from_oklch,
    mix,
    oklch,
    parse_colour,
    readable,
)


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21.0)


def test_contrast_agrees_with_published_pairs() -> None:
    # WCAG's own borderline greys: #767676 passes on white, #777777 does not.
    assert contrast(parse_colour("#767676"), WHITE) >= 4.5
    assert contrast(parse_colour("#777777"), WHITE) < 4.5


def test_oklch_agrees_with_published_values() -> None:
    lightness, chroma, hue = oklch(parse_colour("#ff0000"))
    assert (lightness, chroma, hue) == pytest.approx((0.628, 0.2577, 29.23), abs=0.005)


@pytest.mark.parametrize("code", ["#0f6b5c", "#f2b33d", "#12142b", "#ffffff", "#000000"])
def test_oklch_goes_there_and_back(code: str) -> None:
    colour = parse_colour(code)
    assert distance(from_oklch(*oklch(colour)), colour) < 0.005


@pytest.mark.parametrize("text", ["teal", "#12", "#gggggg", "", "#-12345"])
def test_what_is_no_colour_is_said_to_be_none(text: str) -> None:
    with pytest.raises(BrandError, match="is not a colour"):
        parse_colour(text)


def test_readable_takes_the_first_wish_that_reads() -> None:
    yellow, navy = parse_colour("#ffd23f"), parse_colour("#12142b")
    assert readable(yellow, (WHITE, navy)) == navy


def test_mixing_complements_does_not_lose_the_ends() -> None:
    one, other = Colour(20, 90, 200), Colour(240, 180, 40)
    assert distance(mix(one, other, 0.0), one) < 0.01
    assert distance(mix(one, other, 1.0), other) < 0.01
