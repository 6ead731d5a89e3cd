from __future__ import annotations

from pathlib import Path

import pytest

from handbill.errors import TemplateError
from handbill.rendering.posters.grounds import GROUNDS
from handbill.rendering.posters.layouts import SEASON, Layout, parse_layout, read_layouts
from handbill.settings import builtin_templates

LAYOUTS = read_layouts(builtin_templates())
# What a buyer must see wherever the brief has it; benefits and subhead may give way.
MUST_CARRY = {"headline", "price", "cta", "address", "deadline", "badge"}


def carried(layout: Layout, aspect: str) -> set[str]:
    composition = layout.aspects[aspect]
    tokens = [token for stack in composition.stacks for token in stack.flow]
    roles = {role for token in tokens for role in token.split("|")}
    return roles | ({"badge"} if composition.badge or "tag" in roles else set())


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_layout_carries_what_sells_in_every_aspect(layout: Layout) -> None:
    assert {"square", "portrait", "story", "landscape"} <= set(layout.aspects)
    for aspect in layout.aspects:
        assert carried(layout, aspect) >= MUST_CARRY


def test_there_is_a_choice_for_every_kind_of_picture() -> None:
    for kind in ("cutout", "photo", "none"):
        fitting = [
            layout
            for layout in LAYOUTS
            if layout.picture in ({kind} if kind == "none" else {kind, "any"})
        ]
        assert len([layout for layout in fitting if not layout.needs]) >= 3
    assert len({layout.family for layout in LAYOUTS}) >= 5
    assert len({ground for layout in LAYOUTS for ground in layout.grounds}) >= 12
    assert {*GROUNDS, SEASON} >= {ground for layout in LAYOUTS for ground in layout.grounds}


def test_an_unknown_word_is_named_with_its_file_and_what_is_known() -> None:
    text = (builtin_templates() / "posters" / "podium.toml").read_text("utf-8")
    with pytest.raises(TemplateError) as caught:
        parse_layout(text.replace('"sweep"', '"sweeep"'), "podium", "mine/podium.toml")
    message = str(caught.value)
    assert "mine/podium.toml" in message
    assert "'sweeep'" in message
    assert "sweep" in message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('frame = "body"', 'frame = "boody"'),
        ('kind = "circle"', 'kind = "circel"'),
        ('"headline"', '"hedline"'),
        ("[portrait]", "[portrait"),
        ("stacks = [", "stakcs = ["),
    ],
)
def test_faults_of_a_designer_are_user_errors(old: str, new: str) -> None:
    text = (builtin_templates() / "posters" / "podium.toml").read_text("utf-8")
    assert old in text
    with pytest.raises(TemplateError):
        parse_layout(text.replace(old, new), "podium", "podium.toml")


def test_a_folder_without_layouts_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="no poster layouts"):
        read_layouts(tmp_path)
