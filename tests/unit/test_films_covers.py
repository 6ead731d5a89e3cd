"""The frame that stands for a film: which one, and what is in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.placement import VideoSpec
from handbill.domain.storyboard import Storyboard
from handbill.rendering.films import plan_film
from handbill.rendering.films.caption_actors import label_actor
from handbill.rendering.films.covers import CoverChoice
from handbill.rendering.films.overlays import film_canvas
from handbill.rendering.films.planes import new_frame
from handbill.rendering.films.takes import Painter, build_takes
from handbill.rendering.spec import FilmSpec

_STEP_MS = 100


@pytest.fixture
def spec(tmp_path: Path) -> FilmSpec:
    """A silent film of a bottle with a headline and a price."""
    pixels = np.zeros((600, 300, 4), np.uint8)
    cv2.rectangle(pixels, (60, 20), (240, 580), (60, 140, 230, 255), -1)
    path = tmp_path / "bottle.png"
    cv2.imwrite(str(path), pixels)
    colours = Palette(primary="#0b6e4f", secondary="#f6ae2d", ink="#14213d", paper="#faf6ee")
    face = Typeface(family="Open Sans")
    return FilmSpec(
        canvas=VideoSpec(width_px=270, height_px=480, max_s=60),
        display=DisplayText(
            headline="Pressed this morning", hook="Old juice?", price="€14.90", cta="Order"
        ),
        speech=(),
        kit=BrandKit(name="Harbour", palette=colours, heading=face, body=face),
        palette=colours,
        pictures=(Picture(source="bottle.png", path=str(path)),),
        locale="en",
        seed=4,
    )


def _choose(spec: FilmSpec, target: Path) -> tuple[Storyboard, list[float], list[float]]:
    """The storyboard, the moments looked at, and those that were the best so far."""
    board = plan_film(spec, ())
    canvas = film_canvas(spec, board)
    takes, _ = build_takes(spec, board, canvas, ())
    painter = Painter(takes, [], (canvas.width_px, canvas.height_px))
    choice = CoverChoice(spec, painter, label_actor(spec, canvas))
    looked, best, merit = [], [], None
    for time_ms in range(0, board.duration_ms, _STEP_MS):
        frame = new_frame(*painter.size_px)
        painter.paint_shots(frame, time_ms)
        if choice.wants(time_ms, still=False):
            choice.look(frame, time_ms)
            looked.append(float(time_ms))
            if choice.best != merit:
                best.append(float(time_ms))
                merit = choice.best
    choice.write(target)
    assert choice.at_s == best[-1] / 1000
    return board, looked, best


def test_a_cover_shows_the_whole_headline_and_the_whole_product(
    spec: FilmSpec, tmp_path: Path
) -> None:
    board, looked, best = _choose(spec, tmp_path / "cover.jpg")
    shot = next(shot for shot in board.shots if shot.start_ms <= best[-1] < shot.end_ms)
    assert shot.role in ("product", "end_card")
    assert best[-1] > shot.start_ms + 600
    assert looked[0] == best[0] == 0


def test_no_frame_of_a_transition_is_looked_at(spec: FilmSpec, tmp_path: Path) -> None:
    board, looked, _ = _choose(spec, tmp_path / "cover.jpg")
    joints = [shot.start_ms for shot in board.shots[1:] if shot.transition != "cut"]
    assert joints
    assert not [at for at in looked for joint in joints if 0 <= at - joint < 340]


def test_the_same_film_has_the_same_cover_and_a_labelled_one_another(
    spec: FilmSpec, tmp_path: Path
) -> None:
    made = []
    for number, one in enumerate((spec, spec, replace(spec, ai_label="AI-generated"))):
        path = tmp_path / f"{number}.jpg"
        _choose(one, path)
        made.append(path.read_bytes())
    assert made[0] == made[1]
    assert made[2] != made[0]
