"""Every storyboard moves: in its first second and a half, and in every second after."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.placement import VideoSpec
from handbill.rendering.colour_scheme import scheme_of
from handbill.rendering.films.actors import Set
from handbill.rendering.films.areas import canvas_of
from handbill.rendering.films.elements import build_layer
from handbill.rendering.films.motion import CELLS, Roll
from handbill.rendering.films.planes import AT_REST
from handbill.rendering.films.planning import plan_film
from handbill.rendering.films.sampling import sample_film
from handbill.rendering.films.shapes import draw_strip
from handbill.rendering.films.storyboard_files import (
    StoryboardFile,
    read_layouts,
    read_storyboards,
    storyboard_folder,
)
from handbill.rendering.spec import FilmSpec

_BOARDS = [board for board in read_storyboards(storyboard_folder()) if "video" not in board.needs]
_PALETTE = Palette(primary="#0b6e4f", secondary="#f6ae2d", ink="#14213d", paper="#faf6ee")
_DISPLAY = DisplayText(
    headline="Pressed this morning",
    hook="Still buying old juice?",
    subhead="Apples from the orchard behind the mill.",
    benefits=("No added sugar", "Glass bottles", "Picked by hand"),
    badge="−20 %",
    price="€14.90",
    compare_at="€19.90",
    deadline="Until 31 May",
    address="Quay 4",
    cta="Order now",
)


@pytest.fixture(scope="module")
def bottle(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """A drawn bottle on a transparent ground."""
    pixels = np.zeros((300, 150, 4), np.uint8)
    cv2.rectangle(pixels, (30, 10), (120, 290), (60, 140, 230, 255), -1)
    path = tmp_path_factory.mktemp("pictures") / "bottle.png"
    cv2.imwrite(str(path), pixels)
    return Picture(source="bottle.png", path=str(path))


def _film(board: StoryboardFile, picture: Picture, size_px: tuple[int, int]) -> FilmSpec:
    return FilmSpec(
        canvas=VideoSpec(width_px=size_px[0], height_px=size_px[1], max_s=60),
        display=_DISPLAY,
        speech=(),
        kit=BrandKit(
            name="Harbour",
            palette=_PALETTE,
            heading=Typeface(family="Poppins"),
            body=Typeface(family="Lato"),
        ),
        palette=_PALETTE,
        pictures=() if "no_picture" in board.needs else (picture,) * 3,
        locale="en",
        seed=3,
        length_s=15.0,
    )


@pytest.mark.parametrize("size_px", [(180, 320), (320, 180)], ids=["tall", "wide"])
@pytest.mark.parametrize("board", _BOARDS, ids=lambda board: board.name)
def test_no_second_of_a_film_stands_still(
    board: StoryboardFile, bottle: Picture, size_px: tuple[int, int]
) -> None:
    spec = _film(board, bottle, size_px)
    plan = plan_film(spec, [], board)
    times_ms = list(range(0, plan.duration_ms, 500))
    frames = [frame.y.astype(np.int16) for frame in sample_film(spec, plan, [], times_ms)]
    changes = [
        int((np.abs(after - before) > 12).sum()) / before.size
        for before, after in itertools.pairwise(frames)
    ]
    seconds = [max(pair) for pair in zip(changes[::2], changes[1::2], strict=False)]
    assert min(seconds) > 0.001
    assert max(changes[:3]) > 0.02


def test_figures_of_a_running_price_cannot_be_read() -> None:
    figure = np.zeros((120, 60, 4), np.uint8)
    cv2.putText(figure, "8", (4, 100), cv2.FONT_HERSHEY_SIMPLEX, 3.0, (255,) * 4, 10)
    strip = draw_strip(figure, CELLS)
    assert strip.shape == (120 * CELLS, 60, 4)
    edges = [
        float(np.abs(np.diff(cell.astype(float), axis=0)).max())
        for cell in np.split(strip[:, :, 3], CELLS)
    ]
    assert max(edges) < 40
    roll = Roll(at_s=0.2, lasts_s=0.5, cell_px=100, leave_s=1.0)
    assert roll.pose(0.1).opacity == 0
    assert roll.pose(0.25).dy != roll.pose(0.3).dy
    assert roll.pose(1.0).opacity == 0


def test_every_frame_of_a_price_shows_all_of_it_or_nothing_of_it(bottle: Picture) -> None:
    board = next(board for board in _BOARDS if board.name == "offer_burst")
    spec = _film(board, bottle, (180, 320))
    stage = Set(
        spec=spec,
        canvas=canvas_of(spec.canvas, captions=False),
        scheme=scheme_of(_PALETTE, "paper"),
        shot_s=3.0,
    )
    layers = read_layouts(storyboard_folder())["offer"]
    layer = next(layer for layer in layers if layer.kind == "price")
    actors = build_layer(layer, stage)
    running = [actor for actor in actors if isinstance(actor.motion, Roll)]
    old, figure = (actor for actor in actors if not isinstance(actor.motion, Roll))
    assert len(running) > 2
    for time_s in np.arange(0.0, 2.0, 1 / 60):
        shown = figure.motion.pose(time_s)
        blurred = [actor for actor in running if actor.motion.pose(time_s).opacity > 0]
        assert not (shown.opacity > 0 and blurred)
        assert shown.opacity in (0.0, 1.0)
        assert shown.clip == (0.0, 0.0, 1.0, 1.0)
    assert figure.motion.pose(2.0) == AT_REST
    assert old.motion.pose(2.0) == AT_REST
