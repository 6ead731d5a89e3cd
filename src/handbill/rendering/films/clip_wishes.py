"""What the storyboards want of a clip that somebody makes for them."""

from __future__ import annotations

from dataclasses import dataclass

from handbill.rendering.films.storyboard_files import (
    Layer,
    StoryboardFile,
    read_layouts,
    read_storyboards,
    storyboard_folder,
)

_BRISK_BPM = 108


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipWish:
    """The shot that a clip plays in.

    Attributes:
        role: of the shot, in the storyboard's words.
        quiet: the third in which words stand over it, ``upper`` or ``lower``.
        tempo: of the film's music, in words.
    """

    role: str
    quiet: str
    tempo: str


def clip_wish(width_px: int, height_px: int) -> ClipWish:
    """The wish of the storyboard that plays one clip, on a canvas of this shape.

    Raises:
        TemplateError: a storyboard's file is wrong.
    """
    folder = storyboard_folder()
    layouts = read_layouts(folder)
    playing = [board for board in read_storyboards(folder) if "video" in board.needs]
    shots = [
        (board, shot, layouts[shot.layout])
        for board in playing
        for shot in board.shots
        if any(layer.kind == "footage" for layer in layouts[shot.layout])
    ]
    if not shots:
        return ClipWish(role="opening", quiet="lower", tempo="steady")
    board, shot, layers = shots[0]
    return ClipWish(
        role=shot.role, quiet=_quiet(layers, width_px / height_px), tempo=_tempo(board)
    )


def _quiet(layers: tuple[Layer, ...], ratio: float) -> str:
    shape = "wide" if ratio > 1.2 else "tall" if ratio < 0.85 else "square"
    boxes = [getattr(layer, shape) for layer in layers if layer.kind == "text"]
    middles = [box[1] + box[3] / 2 for box in boxes if box[3] > 0]
    return "upper" if middles and sum(middles) / len(middles) < 0.5 else "lower"


def _tempo(board: StoryboardFile) -> str:
    return "lively and clear" if sum(board.bpm) / 2 >= _BRISK_BPM else "unhurried and clear"
