"""Poor clips made better: grain, casts, dull light and softness, measured before and after."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from handbill.rendering.films.footage import open_footage
from handbill.rendering.films.footage_mending import grain_of
from handbill.rendering.films.painting import paint
from handbill.rendering.films.planes import as_plane, frame_to_bgr, new_frame
from tests.doubles.clips import Picture, a_clip_of

SIZE = (320, 180)


def a_scene(at: int = 0, size_px: tuple[int, int] = SIZE) -> Picture:
    """Grey and coloured cards on a table, the light going over them; some of it moves."""
    wide, high = size_px
    rows = np.linspace(90, 190, high)[:, None, None]
    picture = np.repeat(np.repeat(rows, wide, axis=1), 3, axis=2).astype(np.uint8)
    cards = [(30, 30, 30), (235, 235, 235), (60, 60, 200), (180, 120, 60), (128, 128, 128)]
    for place, colour in enumerate(cards):
        left = round((0.06 + 0.19 * place) * wide)
        cv2.rectangle(
            picture, (left, high // 4), (left + wide // 8, 3 * high // 4), colour, thickness=-1
        )
    middle = (round((0.1 + 0.02 * at) * wide), round(0.88 * high))
    cv2.circle(picture, middle, high // 16, (240, 240, 240), -1, cv2.LINE_AA)
    return picture


def filmed(path: Path, care: str, size_px: tuple[int, int] = SIZE) -> tuple[list[Picture], str]:
    """Two pictures as they stand in the film, BGR, and what was said of the clip."""
    footage, told = open_footage(str(path), size_px, 1.6, care=care)
    assert footage is not None, told
    pictures = []
    for time_s in (0.8, 1.0):
        frame = new_frame(*size_px)
        paint(frame, footage.sprite_at(time_s), (0, 0))
        pictures.append(np.asarray(frame_to_bgr(frame), np.uint8))
    footage.close()
    return pictures, " ".join(one.message for one in told)


def grainy(picture: Picture, dice: np.random.Generator, spread: float = 26) -> Picture:
    soft = cv2.GaussianBlur(dice.normal(0, spread, picture.shape[:2]), (0, 0), 0.6)
    return as_plane(np.clip(picture + soft[:, :, None], 0, 255).astype(np.uint8))


def grey(picture: Picture) -> Picture:
    return as_plane(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def edges(picture: Picture) -> float:
    """How steep the cards' sides are, in levels a pixel."""
    rows = grey(picture)[60:120].astype(float).mean(axis=0)
    return float(np.sort(np.abs(np.diff(rows)))[-8:].mean())


@pytest.fixture(scope="module")
def grain_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dice = np.random.default_rng(5)
    pictures = [grainy(a_scene(at), dice) for at in range(20)]
    return a_clip_of(tmp_path_factory.mktemp("grain") / "grain.mp4", pictures)


def grain(pictures: list[Picture]) -> float:
    return grain_of(*(grey(one) for one in pictures))


def test_grain_is_taken_out_and_edges_stay(grain_clip: Path) -> None:
    before, nothing = filmed(grain_clip, "as_is")
    after, told = filmed(grain_clip, "mend")
    assert nothing == ""
    assert "cleaned of grain" in told
    assert grain(before) > 6
    assert grain(after) < 0.3 * grain(before)
    assert edges(after[0]) > 0.93 * edges(before[0])


def test_soft_grain_is_taken_out_where_restoring_is_asked_for(tmp_path: Path) -> None:
    dice = np.random.default_rng(6)
    path = a_clip_of(tmp_path / "soft.mp4", [grainy(a_scene(at), dice, 10) for at in range(20)])
    plain, said = filmed(path, "mend")
    clean, told = filmed(path, "restore")
    assert "grain" not in said
    assert "cleaned of grain" in told
    assert grain(clean) < 0.4 * grain(plain)


def test_a_clean_clip_is_left_as_it_is_whatever_is_asked(tmp_path: Path) -> None:
    path = a_clip_of(tmp_path / "good.mp4", [a_scene(at) for at in range(20)])
    found = {care: filmed(path, care) for care in ("as_is", "mend", "restore")}
    assert {told for _, told in found.values()} == {""}
    assert np.array_equal(found["as_is"][0], found["mend"][0])
    assert np.array_equal(found["as_is"][0], found["restore"][0])


def test_the_cast_of_lamps_is_taken_away(tmp_path: Path) -> None:
    warm = np.array([0.68, 0.95, 1.0])
    pictures = [(a_scene(at) * warm).astype(np.uint8) for at in range(20)]
    (after, _), told = filmed(a_clip_of(tmp_path / "warm.mp4", pictures), "restore")
    assert "balanced in colour" in told
    card = after[70:110, 266:290].reshape(-1, 3).mean(axis=0)  # the grey one
    assert card.max() - card.min() < 14 < 128 - 0.68 * 128


def test_a_coloured_wall_is_no_cast(tmp_path: Path) -> None:
    wall = np.full((180, 320, 3), (40, 50, 190), np.uint8)
    wall[40:140, 60:120] = (30, 40, 120)
    wall[:, 300:] = (60, 70, 230)
    pictures = [np.roll(wall, 2 * at, axis=1) for at in range(20)]
    _, told = filmed(a_clip_of(tmp_path / "wall.mp4", pictures), "restore")
    assert "colour" not in told


def test_dull_and_dim_pictures_get_light(tmp_path: Path) -> None:
    pictures = [(20 + a_scene(at) * 0.2).astype(np.uint8) for at in range(20)]
    path = a_clip_of(tmp_path / "dim.mp4", pictures)
    before = grey(filmed(path, "as_is")[0][0])
    after, told = filmed(path, "restore")
    assert "brightened" in told
    assert grey(after[0]).std() > 1.4 * before.std()
    assert before.mean() < 60
    assert 70 < grey(after[0]).mean() < 170


def test_a_small_clip_is_enlarged_with_its_edges(tmp_path: Path) -> None:
    small = [cv2.resize(a_scene(at), (160, 90), interpolation=cv2.INTER_AREA) for at in range(20)]
    path = a_clip_of(tmp_path / "small.mp4", [np.asarray(one, np.uint8) for one in small])
    before = filmed(path, "mend")[0][0]
    (after, _), told = filmed(path, "restore")
    assert "sharpened after enlarging" in told
    assert edges(after) > 1.12 * edges(before)
    assert int(after.max()) - int(before.max()) < 30  # no glaring seams


def test_the_same_clip_is_restored_to_the_same_bytes(grain_clip: Path) -> None:
    assert np.array_equal(filmed(grain_clip, "restore")[0], filmed(grain_clip, "restore")[0])
