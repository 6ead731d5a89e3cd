"""What lies over all shots of a film: captions and AI label; and the canvas that leaves room."""

from __future__ import annotations

import re
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
from handbill.rendering.typography.breaking import is_rtl, kept_whole

# Width over height from which on a product, and a photo, lies rather than stands.
_LYING, _LYING_PHOTO = 1.1, 1.3
_SLENDER = 0.55  # what is narrower than this leaves room beside it, and would be tiny below words
_WIDE, _NARROW_EM = "\u2e80", 0.55
# What no line breaks in: one letter of a script without spaces, unless joined to the next.
_UNIT = re.compile(r"(?:[^\s\u2060\u0e01-\u0e5b\u2e80-\uffff]|\S\u2060)+\S?|\S")
_LONG_EM = 8.5  # a word as long as this is too small beside a product on a square


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
    """Whether the first picture asks for all of the width, or the words beside it do."""
    first = next((picture for picture in spec.pictures if picture.path), None)
    loaded = load_picture(first) if first else None
    if not isinstance(loaded, LoadedPicture):
        return False
    least = _LYING if loaded.kind == "cutout" else _LYING_PHOTO
    ratio = loaded.width_px / loaded.height_px
    return ratio > least or (ratio > _SLENDER and _long_words(spec))


def _long_words(spec: FilmSpec) -> bool:
    """Whether a word, or a name that stays whole, asks for all of the width."""
    text = kept_whole(f"{spec.display.hook} {spec.display.headline}", spec.names)
    units = (unit.replace("\u2060", "") for unit in _UNIT.findall(text))
    return any(
        sum(1.0 if char >= _WIDE else _NARROW_EM for char in unit) > _LONG_EM for unit in units
    )


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
