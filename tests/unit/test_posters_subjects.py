from __future__ import annotations

from dataclasses import replace

import pytest

from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.rendering.posters.seasons import season_of
from handbill.rendering.posters.subjects import ordered_pictures, pair_of, pair_words
from tests.doubles.poster_samples import CANVASES, spec_of


@pytest.mark.parametrize(
    ("sources", "chosen"),
    [
        (("boots-after.jpg", "boots-before.jpg"), ("boots-before.jpg", "boots-after.jpg")),
        (("img/Sofa_Vorher_1.png", "img/Sofa_Nachher_1.png"), None),
        (("кресло-до.jpg", "кресло-после.jpg"), None),
    ],
)
def test_a_pair_is_told_by_file_names(
    sources: tuple[str, str], chosen: tuple[str, str] | None
) -> None:
    pair = pair_of([Picture(source=source) for source in sources])
    assert pair is not None
    assert tuple(picture.source for picture in pair) == (chosen or sources)


def test_a_pair_is_told_by_alternative_texts() -> None:
    pictures = [
        Picture(source="1.jpg", alt="After: like new"),
        Picture(source="2.jpg", alt="Before"),
    ]
    assert pair_of(pictures) == (pictures[1], pictures[0])


@pytest.mark.parametrize(
    "names", [("before.jpg",), ("a.jpg", "b.jpg"), ("look-after-it.jpg", "b.jpg")]
)
def test_one_word_alone_makes_no_pair(names: tuple[str, ...]) -> None:
    assert pair_of([Picture(source=name) for name in names]) is None


def test_posters_with_one_picture_show_the_one_after_and_variants_take_turns() -> None:
    pair = (Picture(source="before.jpg"), Picture(source="after.jpg"))
    assert ordered_pictures(spec_of(CANVASES["square"], pictures=pair))[0].source == "after.jpg"
    several = tuple(Picture(source=f"{number}.jpg") for number in range(3))
    spec = spec_of(CANVASES["square"], pictures=several)
    first = [ordered_pictures(replace(spec, variant=number))[0].source for number in (1, 2, 3, 4)]
    assert first == ["0.jpg", "1.jpg", "2.jpg", "0.jpg"]


def test_both_sides_are_named_in_the_posters_language() -> None:
    assert pair_words("de-AT") == ("Vorher", "Nachher")
    assert pair_words("zh-TW") == ("之前", "之後")
    assert pair_words("xx") == ("", "")


@pytest.mark.parametrize(
    ("words", "motif"),
    [
        ("Winter sale", "snow"),
        ("Frühling im Garten", "blossom"),
        ("秋のおすすめ", "leaves"),
        ("Летние скидки", "sunshine"),
        ("A springboard for ideas", ""),
        ("Mayonnaise", ""),
    ],
)
def test_a_season_is_named_or_there_is_none(words: str, motif: str) -> None:
    assert season_of(DisplayText(headline="Shoes", kicker=words)) == motif
