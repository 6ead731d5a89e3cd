"""Where things may stand on a film's canvas: safe zone, captions, boxes of layers."""

from __future__ import annotations

from dataclasses import dataclass

from handbill.domain.placement import VideoSpec
from handbill.rendering.films.storyboard_files import Box, Layer

# Width over height from which on a layout's drawing for squares, and for wide canvases, is taken:
# 4:5 still stacks like 9:16, and 4:3 stands side by side like 16:9.
_SQUARE_FROM, _WIDE_FROM = 0.9, 1.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle in pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Exclusive."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Exclusive."""
        return self.top + self.height

    def part(self, box: Box) -> Area:
        """The part of this area that `box` names in shares."""
        return Area(
            left=self.left + box[0] * self.width,
            top=self.top + box[1] * self.height,
            width=box[2] * self.width,
            height=box[3] * self.height,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """The areas of one film.

    Attributes:
        side_px: the shorter side; sizes of type and motion follow it.
        whole: to the edges.
        safe: inside the platform's controls and a margin of our own.
        stage: `safe` without the strips of the captions and of the AI label.
        captions: that strip, at the bottom of `safe`; of no height when nobody speaks.
        mirrored: left and right are exchanged, for locales that read from the right.
    """

    width_px: int
    height_px: int
    fps: int
    whole: Area
    safe: Area
    stage: Area
    captions: Area
    mirrored: bool

    @property
    def side_px(self) -> int:
        """The shorter side."""
        return min(self.width_px, self.height_px)

    def place(self, layer: Layer) -> Area:
        """Where `layer` stands on this canvas."""
        area = self.whole if layer.area == "canvas" else self.stage
        box = _box_for(layer, self.width_px / self.height_px)
        return area.part(_mirrored(box) if self.mirrored else box)


def canvas_of(
    spec: VideoSpec, *, captions: bool, label: bool = False, mirrored: bool = False
) -> Canvas:
    """The areas for `spec`; sides are made even, as the encoder wants them.

    Args:
        spec: size and safe zone.
        captions: leave a strip for captions.
        label: leave a strip for the AI label above the stage.
        mirrored: exchange left and right in all layouts.
    """
    width, height = spec.width_px // 2 * 2, spec.height_px // 2 * 2
    side, zone = min(width, height), spec.safe_zone
    margin = 0.06 * side
    # Left and right are kept equal: a picture that leans aside looks like a mistake.
    across = max(margin, min(0.16 * width, max(zone.left_px, zone.right_px)))
    top = max(margin, zone.top_px)
    bottom = max(margin, zone.bottom_px)
    safe = Area(left=across, top=top, width=width - 2 * across, height=height - top - bottom)
    strip = (0.155 if width <= height else 0.13) * side if captions else 0.0
    head = 0.062 * side / safe.height if label else 0.0
    return Canvas(
        width_px=width,
        height_px=height,
        fps=spec.fps,
        whole=Area(left=0, top=0, width=width, height=height),
        safe=safe,
        stage=safe.part((0, head, 1, 1 - head - (strip * 1.12) / safe.height)),
        captions=safe.part((0, 1 - strip / safe.height, 1, strip / safe.height)),
        mirrored=mirrored,
    )


def _box_for(layer: Layer, aspect: float) -> Box:
    """The layer's box for canvases of this aspect: the drawing whose shape is nearest."""
    if aspect < _SQUARE_FROM:
        return layer.tall
    return layer.square if aspect < _WIDE_FROM else layer.wide


def _mirrored(box: Box) -> Box:
    return 1.0 - box[0] - box[2], box[1], box[2], box[3]
