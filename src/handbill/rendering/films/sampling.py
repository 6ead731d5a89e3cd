"""Single moments of a film, painted without encoding it: for contact sheets and tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handbill.domain.sound import SpokenLine
from handbill.domain.storyboard import Storyboard
from handbill.rendering.films.captions import plan_cues
from handbill.rendering.films.overlays import film_canvas, overlay_actors
from handbill.rendering.films.planes import Frame, new_frame
from handbill.rendering.films.takes import Painter, build_takes
from handbill.rendering.spec import FilmSpec


def sample_film(
    spec: FilmSpec, board: Storyboard, spoken: Sequence[SpokenLine], times_ms: Sequence[float]
) -> Iterator[Frame]:
    """The frames of the film at `times_ms`, which rise; each is a frame of its own.

    Raises:
        TemplateError: the storyboard's files are wrong.
    """
    canvas = film_canvas(spec, board)
    cues = plan_cues(spoken, board.speech_at_ms)
    takes, _ = build_takes(spec, board, canvas, spoken)
    size_px = canvas.width_px, canvas.height_px
    painter = Painter(takes, overlay_actors(spec, board, canvas, cues), size_px)
    try:
        for time_ms in times_ms:
            frame = new_frame(*size_px)
            painter.paint_shots(frame, time_ms)
            painter.paint_overlay(frame, time_ms)
            yield frame
    finally:
        for take in takes:
            for clip in take.clips:
                clip.close()
