"""A film's cover: the frame that shows most of what the film is about, chosen by measuring.

Frames are looked at five times a second while they are painted. One beats another by, in this
order: no word of it is still on its way, the headline is read in it, the product stands in it
whole, more of the picture is product, the product is sharper. No frame of a transition is looked
at. Captions are left out, the AI label is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import cv2

from handbill.errors import RenderError
from handbill.foreign.tool import appearing
from handbill.rendering.films.actors import Actor
from handbill.rendering.films.painting import paint
from handbill.rendering.films.planes import Frame, Plane, Pose, frame_to_bgr, new_frame
from handbill.rendering.films.storyboard_files import Layer
from handbill.rendering.films.takes import Painter, Take
from handbill.rendering.films.words import shown_words
from handbill.rendering.spec import FilmSpec

# YouTube and others refuse thumbnails from 2 MB on (catalogue: youtube, read 2026-11).
_MOST_BYTES = 2_000_000
_QUALITIES = (90, 80, 65, 50)
_LOOKS_A_SECOND = 5
_WORDS = frozenset({"text", "benefits", "price", "badge", "button"})
_PRODUCTS = frozenset({"product", "photo", "footage"})
_WHOLE = 0.95
_JUDGED_PX = 320  # longer side at which sharpness is judged: of the size of a thumbnail

_Facts = tuple[bool, bool, bool, float]
_Box = tuple[int, int, int, int]


class Merit(NamedTuple):
    """What speaks for a frame, the weightiest first; larger is better."""

    words_whole: bool
    says_headline: bool
    product_whole: bool
    product_share: float
    sharpness: float = 0.0


class CoverChoice:
    """Looks at a film's frames as they are painted, and keeps the best of them.

    Args:
        spec: of the film.
        painter: of its frames.
        label: the film's AI label, which its cover needs as well.

    Attributes:
        best: what speaks for the frame that is kept; None before the first look.
        at_s: its moment in the film.
    """

    def __init__(self, spec: FilmSpec, painter: Painter, label: Sequence[Actor]) -> None:
        self._spec = spec
        self._painter = painter
        self._label = label
        self.best: Merit | None = None
        self.at_s = 0.0
        self._kept = new_frame(*painter.size_px)
        self._next_ms = 0.0
        self._looked = False
        self._facts: tuple[_Facts, _Box] = (False, False, False, 0.0), (0, 0, 0, 0)

    def wants(self, time_ms: float, *, still: bool) -> bool:
        """Whether the frame of `time_ms` is to be painted, and shown to `look`.

        Args:
            time_ms: moments come in order.
            still: it is the frame before, pixel for pixel.
        """
        self._looked = self._looked and still
        take = self._painter.alone(time_ms)
        if self._looked or take is None or time_ms < self._next_ms:
            return False
        self._next_ms = time_ms + 1000 / _LOOKS_A_SECOND
        self._facts = self._judged(take, time_ms)
        return self.best is None or self._facts[0] >= self.best[:-1]

    def look(self, frame: Frame, time_ms: float) -> None:
        """Judge a frame that `wants` asked for, painted but for what lies over it."""
        self._looked = True
        facts, box = self._facts
        merit = Merit(*facts, sharpness=_sharpness(frame, box))
        if self.best is None or merit > self.best:
            self.best = merit
            self.at_s = round(time_ms / 1000, 3)
            self._kept.copy_from(frame)

    def write(self, target: Path) -> None:
        """Write the best frame as a JPEG.

        Raises:
            RenderError: it cannot be encoded in the size that platforms take.
        """
        for actor in self._label:
            paint(self._kept, actor.sprite, actor.at)
        tries = (_jpeg(frame_to_bgr(self._kept), quality) for quality in _QUALITIES)
        data = next((one for one in tries if 0 < len(one) <= _MOST_BYTES), b"")
        if not data:
            raise RenderError(f"the cover {target.name!r} could not be encoded")
        with appearing(target) as part:
            part.write_bytes(data)

    def _judged(self, take: Take, time_ms: float) -> tuple[_Facts, _Box]:
        """All of a merit that needs no pixels, and the product's box in the frame."""
        width, height = self._painter.size_px
        since_s = (time_ms - take.shot.start_ms) / 1000
        cast = take.cast(time_ms)
        words = [(layer, actor) for layer, actor, _ in cast if layer.kind in _WORDS]
        whole = all(_arrived(actor, since_s) for _, actor in words)
        says = any(self._is_headline(layer) for layer, _ in words)
        boxes = [_box(actor, pose) for layer, actor, pose in cast if layer.kind in _PRODUCTS]
        seen, box = _most_seen(boxes, width, height)
        share = (box[2] - box[0]) * (box[3] - box[1]) / (width * height)
        return (whole, says, seen >= _WHOLE, round(share, 2)), box

    def _is_headline(self, layer: Layer) -> bool:
        wanted = shown_words(self._spec, "headline")
        return bool(wanted) and shown_words(self._spec, layer.field) == wanted


def _jpeg(pixels: Plane, quality: int) -> bytes:
    ok, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes() if ok else b""


def _arrived(actor: Actor, since_s: float) -> bool:
    """Whether it has come to rest, or was a piece of what stands in its place by now."""
    motion = actor.motion
    lasts_s = 0.0 if motion.enter == "present" else motion.lasts_s
    return since_s >= min(motion.at_s + lasts_s, motion.leave_s)


def _box(actor: Actor, pose: Pose) -> tuple[float, float, float, float]:
    """Where an actor stands, upright: left, top, right, bottom; nothing of it where it is hid."""
    if pose.opacity < _WHOLE:
        return 0.0, 0.0, 0.0, 0.0
    wide, high = (side * pose.scale for side in actor.sprite.size_px)
    left = actor.at[0] + pose.dx - (wide - actor.sprite.size_px[0]) / 2
    top = actor.at[1] + pose.dy - (high - actor.sprite.size_px[1]) / 2
    return (
        left + pose.clip[0] * wide,
        top + pose.clip[1] * high,
        left + pose.clip[2] * wide,
        top + pose.clip[3] * high,
    )


def _most_seen(
    boxes: list[tuple[float, float, float, float]], width: int, height: int
) -> tuple[float, _Box]:
    """The box of which most pixels are in the frame: its share in there, and that part of it.

    What is larger than the frame, such as a photo to the edges, is whole where it fills it.
    """
    best: tuple[int, float, _Box] = (0, 0.0, (0, 0, width, height))
    for left, top, right, bottom in boxes:
        box = (
            max(0, round(left)),
            max(0, round(top)),
            min(width, round(right)),
            min(height, round(bottom)),
        )
        pixels = max(0, box[2] - box[0]) * max(0, box[3] - box[1])
        if pixels > best[0]:
            fits = min(right - left, width) * min(bottom - top, height)
            best = (pixels, pixels / fits, box)
    return best[1], best[2]


def _sharpness(frame: Frame, box: _Box) -> float:
    """How strong fine edges are in a part of the frame; 0 where nothing is drawn."""
    left, top, right, bottom = box
    part = frame.y[top:bottom, left:right]
    factor = min(1.0, _JUDGED_PX / max(part.shape))
    small = cv2.resize(part, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return round(float(cv2.Laplacian(small, cv2.CV_32F).var()), 3)
