"""Shots ready to be painted, and the painter that goes through them frame by frame."""

from __future__ import annotations

from collections.abc import Sequence

from handbill.domain.finding import Finding
from handbill.domain.sound import SpokenLine, WordEvent
from handbill.domain.storyboard import Shot, Storyboard
from handbill.rendering.films.actors import Actor, Set
from handbill.rendering.films.areas import Canvas
from handbill.rendering.films.backdrops import shown_scheme
from handbill.rendering.films.captions import timed_words
from handbill.rendering.films.elements import build_layer
from handbill.rendering.films.footage import Footage
from handbill.rendering.films.painting import paint
from handbill.rendering.films.planes import Frame, Pose, new_frame, yuv_of
from handbill.rendering.films.scenes import Scene
from handbill.rendering.films.storyboard_files import (
    Layer,
    find_board,
    read_layouts,
    storyboard_folder,
)
from handbill.rendering.films.telling import only_told
from handbill.rendering.films.transitions import LENGTHS_S, join_frames
from handbill.rendering.pictures import LoadedPicture, load_picture
from handbill.rendering.spec import FilmSpec

_EARLY_S = 0.42
_MIDDLE = 0.06  # of the width: what stands so near to the middle leans to no side


class Take:
    """A shot: its actors are drawn when it is first painted, so that few shots are held at once.

    Attributes:
        shot: what is shown.
        band_yuv: colour of the band that leads it in.
    """

    def __init__(self, shot: Shot, layers: Sequence[Layer], stage: Set) -> None:
        self.shot = shot
        self.band_yuv = yuv_of(stage.scheme.accent.bgr)
        self._layers = layers
        self._stage = stage
        self._scene: Scene | None = None
        self._cast: list[tuple[Layer, Actor]] = []

    @property
    def clips(self) -> tuple[Footage, ...]:
        """The user's clips that play in it."""
        if self._stage.spec.video:
            self._built()
        return tuple(self._stage.opened)

    def paint(self, frame: Frame, time_ms: float) -> None:
        """Paint the film's moment `time_ms`; moments come in order."""
        self._built().paint(frame, (time_ms - self.shot.start_ms) / 1000)

    def stance(self, time_ms: float) -> tuple[Pose, ...] | None:
        """How everything stands at a moment; None where a clip plays."""
        if self.clips:
            return None
        return self._built().poses((time_ms - self.shot.start_ms) / 1000)

    def cast(self, time_ms: float) -> list[tuple[Layer, Actor, Pose]]:
        """Everything in it from back to front: what it was built from, and how it stands."""
        poses = self._built().poses((time_ms - self.shot.start_ms) / 1000)
        return [(*one, pose) for one, pose in zip(self._cast, poses, strict=True)]

    def strike(self) -> None:
        """Give its drawings back: it is not painted again."""
        self._scene = None
        self._cast = []

    def _built(self) -> Scene:
        if self._scene is None:
            stage = self._stage
            self._cast = [
                (layer, actor) for layer in self._layers for actor in build_layer(layer, stage)
            ]
            actors = [actor for _, actor in self._cast]
            self._scene = Scene(actors, stage.canvas.width_px, stage.canvas.height_px)
        return self._scene


def build_takes(
    spec: FilmSpec, board: Storyboard, canvas: Canvas, spoken: Sequence[SpokenLine]
) -> tuple[list[Take], list[Finding]]:
    """Every shot of `board`, and what is found while their actors are drawn: it fills on the way.

    Raises:
        TemplateError: the storyboard's files are wrong.
    """
    layouts = read_layouts(storyboard_folder())
    plans = find_board(board.name)
    findings: list[Finding] = []
    takes: list[Take] = []
    wishes = [plans.shot(shot.role).scheme for shot in board.shots]
    before, side = "", 0
    for shot, wish, after in zip(board.shots, wishes, [*wishes[1:], ""], strict=True):
        tail_s = LENGTHS_S[_next_transition(board, shot)]
        layers = layouts[shot.layout]
        own, side = other_side(canvas, layers, side)
        scheme = shown_scheme(spec.palette, wish, (before, after), _standing(spec, layers))
        before = scheme.name
        stage = Set(
            # The end card alone repeats what the film has shown.
            spec=only_told(spec, shot.texts) if shot is not board.shots[-1] else spec,
            canvas=own,
            scheme=scheme,
            shot_s=(shot.end_ms - shot.start_ms) / 1000 + tail_s,
            motion=shot.motion,
            early_s=0.0 if takes else _EARLY_S,
            said=_said(shot, board, spoken),
            findings=findings,
        )
        takes.append(Take(shot, layers, stage))
    return takes, findings


def _standing(spec: FilmSpec, layers: Sequence[Layer]) -> LoadedPicture | None:
    """What stands on the ground of a shot, or None."""
    path = next((picture for picture in spec.pictures if picture.path), None)
    if path is None or not any(layer.kind in ("product", "photo") for layer in layers):
        return None
    loaded = load_picture(path)
    return loaded if isinstance(loaded, LoadedPicture) else None


def other_side(canvas: Canvas, layers: Sequence[Layer], before: int) -> tuple[Canvas, int]:
    """The canvas mirrored where the product would stand on the side where it stood `before`.

    Also the side where it stands now: -1 for left, 1 for right, 0 for neither. Where words stand
    above products nothing is exchanged.
    """
    boxes = [layer for layer in layers if layer.kind in ("product", "shadow") and not layer.pick]
    shown = [area for area in map(canvas.place, boxes) if area.height > 0]
    if canvas.stacked or not shown:
        return canvas, before
    lean = shown[0].left + shown[0].width / 2 - canvas.width_px / 2
    side = 0 if abs(lean) < _MIDDLE * canvas.width_px else 1 if lean > 0 else -1
    if side and side == before:
        return canvas.turned(layers), -side
    return canvas, side or before


def _said(
    shot: Shot, board: Storyboard, spoken: Sequence[SpokenLine]
) -> list[tuple[str, list[WordEvent]]]:
    """The lines heard in `shot`, word times from its start."""
    said = []
    for index in shot.speech:
        shift_ms = board.speech_at_ms[index] - shot.start_ms
        words = [
            WordEvent(
                text=word.text, start_ms=word.start_ms + shift_ms, end_ms=word.end_ms + shift_ms
            )
            for word in timed_words(spoken[index])
        ]
        said.append((spoken[index].text, words))
    return said


def _next_transition(board: Storyboard, shot: Shot) -> str:
    after = [other for other in board.shots if other.start_ms == shot.end_ms]
    return after[0].transition if after else "cut"


class Painter:
    """Paints the film's frames in order: shots, transitions, overlay.

    Attributes:
        size_px: of the frames, both sides even.
    """

    def __init__(self, takes: list[Take], overlay: list[Actor], size_px: tuple[int, int]) -> None:
        self._takes = takes
        self._overlay = overlay
        self.size_px = size_px
        self._old, self._new = new_frame(*size_px), new_frame(*size_px)
        self._stance: tuple[object, ...] | None = None

    def paint_shots(self, frame: Frame, time_ms: float) -> None:
        """The moment `time_ms` without what lies over it."""
        self._stance = self._stance_at(time_ms)
        take, before, share = self._moment(time_ms)
        if before is None:
            self._strike_before(take)
            take.paint(frame, time_ms)
            return
        before.paint(self._old, time_ms)
        take.paint(self._new, time_ms)
        join_frames(take.shot.transition, self._old, self._new, frame, share, take.band_yuv)

    def paint_overlay(self, frame: Frame, time_ms: float) -> None:
        """Captions and label over what has been painted."""
        for actor in self._overlay:
            pose = actor.motion.pose(time_ms / 1000)
            if pose.opacity > 0:
                paint(frame, actor.sprite, actor.at, pose)

    def alone(self, time_ms: float) -> Take | None:
        """The shot of a moment, None while two of them are seen."""
        take, before, _ = self._moment(time_ms)
        return take if before is None else None

    def stands_still(self, time_ms: float) -> bool:
        """Whether the frame of `time_ms` is the one painted last, pixel for pixel."""
        return self._stance is not None and self._stance == self._stance_at(time_ms)

    def _strike_before(self, take: Take) -> None:
        for gone in self._takes[: self._takes.index(take)]:
            gone.strike()

    def _stance_at(self, time_ms: float) -> tuple[object, ...] | None:
        take, before, _ = self._moment(time_ms)
        stance = take.stance(time_ms)
        if before is not None or stance is None:
            return None
        over = tuple(actor.motion.pose(time_ms / 1000) for actor in self._overlay)
        return (take.shot.start_ms, *stance, *over)

    def _moment(self, time_ms: float) -> tuple[Take, Take | None, float]:
        """The shot of a moment; while it comes in, also the one before it, and how far it is."""
        index = next(
            place
            for place, take in reversed(list(enumerate(self._takes)))
            if time_ms >= take.shot.start_ms - 0.5
        )
        take = self._takes[index]
        length_ms = 1000 * LENGTHS_S[take.shot.transition] if index else 0
        gone_ms = time_ms - take.shot.start_ms
        if not length_ms or gone_ms >= length_ms:
            return take, None, 1.0
        return take, self._takes[index - 1], (gone_ms + 1) / length_ms
