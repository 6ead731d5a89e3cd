"""Storyboards as files: those that come with Handbill are sound, wrong ones are named."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from handbill.errors import TemplateError
from handbill.rendering.colour_scheme import SCHEMES
from handbill.rendering.films.easing import ease_both, ease_out, overshoot
from handbill.rendering.films.motion import DRIFTS, ENTRANCES, HIDDEN, Motion
from handbill.rendering.films.planes import AT_REST
from handbill.rendering.films.storyboard_files import (
    StoryboardFile,
    find_board,
    read_layouts,
    read_storyboards,
    storyboard_folder,
    templates_digest,
)

_BOARDS = read_storyboards(storyboard_folder())
_LAYOUTS = read_layouts(storyboard_folder())

# Large words and shapes fill these where the brief has no picture.
_WHOLE_WITHOUT = ("deadline", "item_1", "item_2", "item_3", "place", "praise", "praise_more")
_FOR_WORDS = ("stage", "beside", "upper", "free")
_WORDY = ("text", "benefits", "price", "badge", "button", "logo")

_LAYOUT = '[[words]]\nkind = "text"\nfield = "headline"\n'
_BOARD = """
about = "Two shots."
[[shots]]
role = "hook"
layout = "words"
[[shots]]
role = "end_card"
layout = "words"
"""


@pytest.mark.parametrize("board", _BOARDS, ids=lambda board: board.name)
def test_every_storyboard_opens_and_closes_and_has_a_way_without_pictures(
    board: StoryboardFile,
) -> None:
    assert board.shots[0].role == "hook"
    assert board.shots[-1].role == "end_card"
    assert len({shot.role for shot in board.shots}) == len(board.shots)
    assert board.shots[0].transition == "cut"
    assert board.shots[0].least_s <= 2.0
    assert board.bpm[0] <= board.bpm[1]
    assert all(shot.scheme in SCHEMES for shot in board.shots)
    for shot in board.shots:
        shows_picture = shot.layout not in _WHOLE_WITHOUT and any(
            layer.kind == "product" for layer in _LAYOUTS[shot.layout]
        )
        sure = {"picture", "pictures"} & {*board.needs, *shot.needs}
        assert shot.layout_plain or not shows_picture or sure


@pytest.mark.parametrize("name", sorted(_LAYOUTS))
def test_every_layout_keeps_words_on_the_stage_and_moves_somewhere(name: str) -> None:
    layers = _LAYOUTS[name]
    for layer in layers:
        if layer.kind in _WORDY:
            assert layer.area in _FOR_WORDS
            for box in (layer.tall, layer.square, layer.wide):
                assert box[0] >= 0
                assert box[1] >= 0
                assert box[0] + box[2] <= 1.001
                assert box[1] + box[3] <= 1.001
    assert any(layer.drift != "still" or layer.kind == "footage" for layer in layers)
    assert layers[0].kind in ("ground", "photo")


@pytest.mark.parametrize("board", _BOARDS, ids=lambda board: board.name)
def test_words_stand_where_captions_do_only_in_shots_without_captions(
    board: StoryboardFile,
) -> None:
    for shot in board.shots:
        for name in filter(None, (shot.layout, shot.layout_plain)):
            areas = {layer.area for layer in _LAYOUTS[name] if layer.kind in _WORDY}
            assert shot.captions == "none" or not areas & {"upper", "free"}


def _write(folder: Path, layouts: str = _LAYOUT, board: str = _BOARD) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "layouts.toml").write_text(layouts, encoding="utf-8")
    (folder / "mine.toml").write_text(board, encoding="utf-8")
    return folder


def test_folder_of_ones_own_is_read(tmp_path: Path) -> None:
    board = read_storyboards(_write(tmp_path / "own"))[0]
    assert board.name == "mine"
    assert board.shot("hook").least_s == 1.6


@pytest.mark.parametrize(
    ("layouts", "board", "told"),
    [
        (_LAYOUT, _BOARD.replace('"words"', '"wrods"', 1), "no layout 'wrods'"),
        (_LAYOUT, _BOARD + 'colour = "red"\n', "colour"),
        (_LAYOUT, _BOARD + 'transition = "explode"\n', "'explode' is not one of"),
        (_LAYOUT + 'enter = "jump"\n', _BOARD, "'jump' is not one of"),
        (_LAYOUT + 'drift = "jump"\n', _BOARD, "'jump' is not one of"),
        (_LAYOUT.replace("headline", "headlin"), _BOARD, "'headlin' is not one of"),
        (_LAYOUT + "[[", _BOARD, "cannot be read"),
        (_LAYOUT, "shots = 3", "about"),
        ("words = 3", _BOARD, "words"),
    ],
)
def test_wrong_words_are_named_with_their_place(
    tmp_path: Path, layouts: str, board: str, told: str
) -> None:
    folder = _write(tmp_path / "wrong", layouts, board)
    with pytest.raises(TemplateError, match=str(folder)) as caught:
        read_storyboards(folder)
    assert told in str(caught.value)


def test_missing_storyboards_and_roles_are_named(tmp_path: Path) -> None:
    (tmp_path / "layouts.toml").write_text(_LAYOUT)
    with pytest.raises(TemplateError, match="no storyboard"):
        read_storyboards(tmp_path)
    with pytest.raises(TemplateError, match="no storyboard 'gone'"):
        find_board("gone")
    with pytest.raises(TemplateError, match="no shot has the role 'gone'"):
        _BOARDS[0].shot("gone")


def test_edited_file_changes_the_digest(tmp_path: Path) -> None:
    before = templates_digest(_write(tmp_path / "a"))
    after = templates_digest(_write(tmp_path / "b", board=_BOARD.replace("Two", "Three")))
    assert before != after


@pytest.mark.parametrize("name", sorted(ENTRANCES))
def test_entrances_end_exactly_at_rest(name: str) -> None:
    motion = Motion(enter=name, at_s=0.5, lasts_s=0.4)
    assert motion.pose(0.49) == HIDDEN
    assert motion.pose(0.91) == AT_REST
    nearly = ENTRANCES[name](0.999, 1000)
    assert abs(nearly.dx) + abs(nearly.dy) < 1.5
    assert nearly.opacity > 0.99
    assert abs(nearly.scale - 1) < 0.02


@pytest.mark.parametrize("name", sorted(DRIFTS))
def test_drifts_never_stand_still_and_stay_small(name: str) -> None:
    motion = Motion(enter="present", drift=name, shot_s=3.0, reach_px=1080)
    poses = [motion.pose(step / 9) for step in range(28)]
    assert all(before != after for before, after in itertools.pairwise(poses))
    assert all(0.95 < pose.scale < 1.1 and abs(pose.dx) + abs(pose.dy) < 110 for pose in poses)


@pytest.mark.parametrize("curve", [ease_out, ease_both, overshoot])
def test_curves_start_at_nothing_and_end_at_all(curve: object) -> None:
    assert callable(curve)
    assert curve(0.0) == pytest.approx(0.0, abs=1e-9)
    assert curve(1.0) == pytest.approx(1.0)
