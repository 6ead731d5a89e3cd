"""What lies over all shots of a film: captions and AI label; and the canvas that leaves room."""

from __future__ import annotations

from collections.abc import Sequence

from handbill.domain.storyboard import Storyboard
from handbill.rendering.colour_scheme import scheme_of
from handbill.rendering.films.actors import Actor
from handbill.rendering.films.areas import Canvas, canvas_of
from handbill.rendering.films.caption_actors import caption_actors, label_actor, lit_colour
from handbill.rendering.films.captions import Cue
from handbill.rendering.films.storyboard_files import find_board
from handbill.rendering.pictures import LoadedPicture, load_picture
from handbill.rendering.spec import FilmSpec
from handbill.rendering.typography.breaking import is_rtl

_LYING = 1.1  # width over height from which on a product lies rather than stands


def film_canvas(spec: FilmSpec, board: Storyboard) -> Canvas:
    """The areas of the film: with strips for captions and label where it has them."""
    return canvas_of(
        spec.canvas,
        captions=spec.captions != "none" and any(at_ms >= 0 for at_ms in board.speech_at_ms),
        label=bool(spec.ai_label),
        mirrored=is_rtl(spec.locale),
        wide_product=_lies(spec),
    )


def _lies(spec: FilmSpec) -> bool:
    """Whether the first picture is wider than high, or a photo, which can be cropped to be so."""
    first = next((picture for picture in spec.pictures if picture.path), None)
    loaded = load_picture(first) if first else None
    if not isinstance(loaded, LoadedPicture):
        return False
    return loaded.kind != "cutout" or loaded.width_px > _LYING * loaded.height_px


def overlay_actors(
    spec: FilmSpec, board: Storyboard, canvas: Canvas, cues: Sequence[Cue]
) -> list[Actor]:
    """Captions and the AI label on the film's own time line."""
    scheme = scheme_of(spec.palette, "ink")
    lit = lit_colour((scheme.accent, scheme.panel))
    styles = [_style(spec, board, cue) for cue in cues]
    shown = [(cue, style) for cue, style in zip(cues, styles, strict=True) if style != "none"]
    actors = [
        actor
        for cue, style in shown
        for actor in caption_actors(spec, canvas, cue, lit if style == "karaoke" else None)
    ]
    return [*actors, *label_actor(spec, canvas)]


def _style(spec: FilmSpec, board: Storyboard, cue: Cue) -> str:
    """``karaoke``, ``block`` or ``none``; where the storyboard wants none there are none."""
    plans = find_board(board.name)
    shot = next((shot for shot in board.shots if cue.line in shot.speech), board.shots[0])
    planned = plans.shot(shot.role).captions
    return planned if planned == "none" else spec.captions or planned
