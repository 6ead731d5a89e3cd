"""Descriptions are taken apart at their seams, in every house language."""

from __future__ import annotations

import pytest

from handbill.providers.house.banks import Style, read_bank
from handbill.providers.house.pen import short_names
from handbill.providers.house.sentences import bare, clause_of, points_of, sentences_of
from handbill.settings import builtin_templates


def style(language: str) -> Style:
    return read_bank(builtin_templates() / "prompts" / "house", language).style


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "Bean there, drunk that! The energy drink.", 2),
        ("en", "Made by Dr. Brown in approx. 3.5 hours. Done.", 2),
        ("en", "Visit www.shop.example now. Soft wool.", 1),
        ("en", "Perfect for Fall. \xa0Every time you look", 2),
        ("en", "✨✨✨", 0),
        ("de", "Am 3. Mai geröstet, z. B. für Filter. Fertig.", 2),
        ("zh", "每周二烘焙。余味绵长！可选整豆", 3),
        ("zh", "他说“好。”然后走了。", 1),
        ("ja", "毎週火曜日に焙煎。「おいしい。」と言われます。", 2),
        ("ar", "تُحمّص كلّ ثلاثاء. هل جرّبتم؟ نعم.", 3),
        ("es", "¿Lo ves? Sí. Tostado cada martes.", 3),
    ],
)
def test_sentences_end_where_a_reader_ends_them(language: str, text: str, wanted: int) -> None:
    found = sentences_of(text, style(language))
    assert len(found) == wanted, found
    assert all(piece in " ".join(text.replace("\xa0", " ").split()) for piece in found)


@pytest.mark.parametrize(
    ("language", "text", "limit", "wanted"),
    [
        ("en", "Short and sweet.", 40, "Short and sweet"),
        ("en", "Bean there, drunk that!", 40, "Bean there, drunk that!"),
        (
            "en",
            "Womens black leather bag, with ample space for more",
            30,
            "Womens black leather bag",
        ),
        ("en", "When it rains and rains, you stay dry in this jacket", 30, ""),
        ("en", "Knitted jumper in a soft wool blend with low shoulders", 30, ""),
        ("en", "Fresh (really fresh, we mean it), squeezed for you daily", 25, ""),
        ("de", "Aus einem Faden gestrickt, mit Knöpfen aus Horn", 30, "Aus einem Faden gestrickt"),
        ("de", "Wenn es lange regnet, bleibst du in dieser Jacke trocken", 30, ""),
        ("zh", "可可与烤榛子的香气，余味绵长，适合早晨", 12, "可可与烤榛子的香气"),
        ("zh", "下雨的时候，你需要一把非常结实的伞", 10, ""),
        ("ja", "水牛ボタンと深いポケット、長く使える一枚です", 14, "水牛ボタンと深いポケット"),
        ("ar", "محبوكة بخيط واحد متّصل، مع أزرار من القرن وجيبين", 30, "محبوكة بخيط واحد متّصل"),
    ],
)
def test_a_cut_falls_on_a_clause_that_stands_alone(
    language: str, text: str, limit: int, wanted: str
) -> None:
    assert clause_of(text, limit, style(language)) == wanted


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        (
            "en",
            "Black cotton top, with long sleeves, no collar and a thick hem.",
            ("Long sleeves", "No collar", "Thick hem"),
        ),
        ("en", "Cocoa and hazelnut, with a long, soft finish.", ()),
        ("en", "Flour, water, salt and 36 hours.", ()),
        ("en", "PE at school wouldn't have been such a drag with these on your feet.", ()),
        ("de", "Gestrickt, mit Knöpfen aus Horn und zwei tiefen Taschen.", ()),
        ("zh", "可盛六杯，内置滤网，可用洗碗机清洗。", ("可盛六杯", "内置滤网", "可用洗碗机清洗")),
        ("zh", "面粉、水、盐，再加三十六小时。", ()),
        ("ja", "薄手。", ()),
    ],
)
def test_points_are_found_only_where_there_is_a_list(
    language: str, text: str, wanted: tuple[str, ...]
) -> None:
    assert points_of(text, style(language)) == wanted


def test_a_full_stop_goes_and_other_marks_stay() -> None:
    assert bare("Soft wool.") == "Soft wool"
    assert bare("Really?") == "Really?"
    assert bare("余味绵长。") == "余味绵长"


def test_short_names_shrink_at_separators_and_never_end_on_a_small_word() -> None:
    names = list(short_names("Striped Skirt and Top - Summer Edition"))
    assert names[0] == "Striped Skirt and Top"
    assert "Striped Skirt and" not in names
    assert names[-1] == "Striped"
