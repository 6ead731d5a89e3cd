from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from handbill.domain.order import variant_seed
from handbill.rendering.canvases import Pixels, as_pixels
from handbill.rendering.picture_decoding import decode_picture
from handbill.rendering.posters import draw_poster
from handbill.rendering.posters.variety import TOO_NEAR, dealt_apart, look_of
from handbill.rendering.spec import PosterSpec
from tests.doubles.poster_samples import CANVASES, KIT, bottle, spec_of, street_photo

COLOURS = ((40, 90, 200), (200, 60, 40), (60, 170, 80), (230, 230, 230))


def page(number: int, turned: int = 0) -> Pixels:
    """A small poster: a ground with a block, which stands elsewhere for every `turned`."""
    pixels = np.full((337, 270, 4), 255, np.uint8)
    pixels[:, :, :3] = COLOURS[number % 4]
    block = np.s_[20:150, 20:130] if turned % 2 == 0 else np.s_[190:320, 140:250]
    pixels[block] = (20, 20, 20, 255)
    return as_pixels(pixels)


def test_distance_is_none_for_the_same_and_large_for_another() -> None:
    assert look_of(page(0)).distance(look_of(page(0))) == 0
    noisy = page(0).astype(int) + np.random.default_rng(1).integers(-2, 3, (337, 270, 4))
    assert look_of(page(0)).distance(look_of(as_pixels(np.clip(noisy, 0, 255)))) < 0.1
    assert look_of(page(0)).distance(look_of(page(0, 1))) > TOO_NEAR
    assert look_of(page(0)).distance(look_of(page(1))) > TOO_NEAR


def spec(variant: int) -> PosterSpec:
    return spec_of(CANVASES["square"], variant=variant, seed=variant_seed(7, variant))


def test_what_looks_like_an_earlier_variant_is_dealt_anew() -> None:
    drawn: list[tuple[int, int, tuple[str, ...]]] = []

    def draw(one: PosterSpec, left_out: tuple[str, ...]) -> tuple[Pixels, str]:
        drawn.append((one.variant, one.seed, left_out))
        number = 0 if not left_out else one.variant
        return page(number, number), f"layout {len(left_out)}"

    deal = dealt_apart(spec(2), draw)  # type: ignore[arg-type]
    assert [(variant, left_out) for variant, _, left_out in drawn] == [
        (1, ()), (2, ()), (2, ("layout 0",)),
    ]  # fmt: skip
    assert deal.left_out == ("layout 0",)
    assert deal.seed != spec(2).seed
    assert dealt_apart(spec(2), draw) == deal  # type: ignore[arg-type]


def test_the_first_variant_is_nobodys_copy_and_a_distinct_one_keeps_its_deal() -> None:
    assert dealt_apart(spec(1), pytest.fail).seed == spec(1).seed  # type: ignore[arg-type]
    deal = dealt_apart(spec(3), lambda one, _: (page(one.variant, one.variant), "any"))
    assert (deal.seed, deal.left_out) == (spec(3).seed, ())


def test_where_all_look_alike_the_tries_end() -> None:
    tries: list[int] = []

    def draw(one: PosterSpec, _: object) -> tuple[Pixels, str]:
        tries.append(one.variant)
        return page(0), "the only one"

    dealt_apart(spec(2), draw)
    assert tries == [1, 2, 2, 2]


@pytest.mark.parametrize("kind", ["cut-out", "photo", "no picture"])
def test_variants_of_one_story_are_told_apart(tmp_path: Path, kind: str) -> None:
    made = {"cut-out": (bottle(tmp_path),), "photo": (street_photo(tmp_path),), "no picture": ()}
    looks = []
    for variant in range(1, 5):
        one = spec_of(
            CANVASES["portrait"],
            kit=KIT,
            pictures=made[kind],
            variant=variant,
            seed=variant_seed(11, variant),
        )
        first = Path(draw_poster(one, tmp_path / f"v{variant}").path)
        again = Path(draw_poster(one, tmp_path / f"again{variant}").path)
        assert first.read_bytes() == again.read_bytes()
        looks.append(look_of(decode_picture(first).pixels))
    assert min(a.distance(b) for a, b in itertools.combinations(looks, 2)) > TOO_NEAR
