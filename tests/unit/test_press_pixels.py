from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from handbill.errors import RenderError
from handbill.press.memory import held_bytes
from handbill.press.pixels import Pixels
from tests.doubles import drawing_jobs


@pytest.fixture
def pixels(tmp_path: Path) -> Iterator[Pixels]:
    pool = Pixels(1, tmp_path / "pixels.log")
    yield pool
    pool.close()


def test_drawings_are_made_in_another_process_and_faults_come_back(pixels: Pixels) -> None:
    begun = [pixels.start(drawing_jobs.double, number) for number in range(4)]
    failing = pixels.start(drawing_jobs.complain, 7)
    assert [pixels.finish(drawing) for drawing in begun] == [0, 2, 4, 6]
    with pytest.raises(RenderError, match="number 7 cannot be drawn"):
        pixels.finish(failing)


def test_a_process_that_dies_takes_no_neighbour_with_it(pixels: Pixels, tmp_path: Path) -> None:
    dying = pixels.start(drawing_jobs.die, tmp_path / "died-once")
    neighbours = [pixels.start(drawing_jobs.double, number) for number in (1, 2)]
    assert pixels.finish(dying) == "alive"
    assert [pixels.finish(drawing) for drawing in neighbours] == [2, 4]
    assert pixels.finish(pixels.start(drawing_jobs.double, 5)) == 10


def test_a_drawing_that_kills_every_process_is_given_up(pixels: Pixels) -> None:
    with pytest.raises(RenderError, match="died twice"):
        pixels.finish(pixels.start(drawing_jobs.always_die, 9))


def test_frames_are_told_while_a_drawing_is_under_way(pixels: Pixels) -> None:
    heard: list[int] = []
    assert pixels.finish(pixels.start(drawing_jobs.paint, 12), heard.append) == 12
    assert heard == sorted(heard)
    assert pixels.frames == 120


def test_stopping_ends_films_that_are_under_way(pixels: Pixels) -> None:
    drawing = pixels.start(drawing_jobs.paint, 3_000)
    while not pixels.frames:
        assert not drawing.future.done()
    began = time.monotonic()
    pixels.stop()
    with pytest.raises(RenderError, match="stopped"):
        pixels.finish(drawing)
    assert time.monotonic() - began < 2


def test_stopping_ends_every_ffmpeg_of_a_drawing(pixels: Pixels, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    drawing = pixels.start(drawing_jobs.decode, begun)
    while not begun.exists() or not begun.read_text():
        assert not drawing.future.done()
    began = time.monotonic()
    pixels.stop()
    with pytest.raises(RenderError, match="ffmpeg"):
        pixels.finish(drawing)
    assert time.monotonic() - began < 2
    assert Path(begun.read_text()).parent == tmp_path


@pytest.mark.skipif(not held_bytes(), reason="this system does not tell what a process holds")
def test_what_a_drawing_has_freed_is_given_back(pixels: Pixels) -> None:
    swollen = pixels.finish(pixels.start(drawing_jobs.leave_holes, 6_000))
    assert swollen - pixels.finish(pixels.start(drawing_jobs.held, 0)) > 60_000_000
