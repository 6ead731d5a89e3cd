"""Where things may stand on a film's canvas: safe zone, captions, boxes of layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handbill.domain.placement import SafeZone, VideoSpec
from handbill.rendering.films.storyboard_files import Box, Layer

# Width over height from which on a layout's drawing for squares, and for wide canvases, is taken:
# 4:5 still stacks like 9:16, and 4:3 stands side by side like 16:9.
_SQUARE_FROM, _WIDE_FROM = 0.9, 1.3
# Of a stacked canvas's height: where words and captions end, on tall ones and on squares. Products
# stand below, at most this share above the lower edge: platforms cover the lower third of a
# vertical film with controls, which a product may stand behind.
_WORDS_TILL, _SQUARE_TILL, _FOOT_OFF = 0.49, 0.57, 0.145


HEAD = 0.095  # of the shorter side: the strip of the AI label


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
        captions: that strip, below the stage; of no height when nobody speaks.
        podium: where products stand: under the captions of a stacked canvas and down behind the
            platform's controls; on other canvases the stage, out to the edges.
        floor: from just above the products' feet down over the lower edge, edge to edge.
        beside: the part of `podium` that is safe for words; on other canvases the stage.
        upper: the stage and the strip of the captions, for words of shots without captions.
        free: the whole safe zone below the AI label, for shots of words alone.
        stacked: words above, product below: canvases clearly higher than wide, and square ones
            whose product is wider than high.
        mirrored: left and right are exchanged, for locales that read from the right.
        column: of a shot that is turned round once more: how far its words reach from where they
            begin, as a share; they are moved over as they are, so that all lines begin in one
            place. 0 where nothing is turned.
    """

    width_px: int
    height_px: int
    fps: int
    whole: Area
    safe: Area
    stage: Area
    captions: Area
    podium: Area
    floor: Area
    beside: Area
    upper: Area
    free: Area
    stacked: bool
    mirrored: bool
    column: float = 0.0

    @property
    def side_px(self) -> int:
        """The shorter side."""
        return min(self.width_px, self.height_px)

    def place(self, layer: Layer) -> Area:
        """Where `layer` stands on this canvas."""
        areas = {
            "canvas": self.whole,
            "stage": self.stage,
            "podium": self.podium,
            "floor": self.floor,
            "beside": self.beside,
            "upper": self.upper,
            "free": self.free,
        }
        return areas[layer.area].part(self._turned_box(layer))

    def turned(self, layers: Sequence[Layer]) -> Canvas:
        """The canvas of a shot of these layers with its sides exchanged."""
        boxes = [self._box_of(layer) for layer in layers if _begins(layer)]
        column = max((box[0] + box[2] for box in boxes), default=1.0)
        return replace(self, mirrored=not self.mirrored, column=column)

    @property
    def from_right(self) -> bool:
        """Whether lines begin at the right."""
        return self.mirrored != bool(self.column)

    def _turned_box(self, layer: Layer) -> Box:
        box = self._box_of(layer)
        if self.column and _begins(layer):
            left = self.column - box[0] - box[2] if self.from_right else box[0] + 1 - self.column
            return left, box[1], box[2], box[3]
        return _mirrored(box) if self.mirrored else box

    def _box_of(self, layer: Layer) -> Box:
        """The layer's box for canvases of this shape: the drawing whose shape is nearest."""
        if self.stacked:
            return layer.tall
        return layer.square if self.width_px < _WIDE_FROM * self.height_px else layer.wide


def _begins(layer: Layer) -> bool:
    """Whether it stands where lines begin."""
    return layer.align == "start" or layer.kind == "benefits"


def canvas_of(
    spec: VideoSpec,
    *,
    captions: bool,
    label: bool = False,
    mirrored: bool = False,
    wide_product: bool = False,
) -> Canvas:
    """The areas for `spec`; sides are made even, as the encoder wants them.

    Args:
        spec: size and safe zone.
        captions: leave a strip for captions.
        label: leave a strip for the AI label above the stage.
        mirrored: exchange left and right in all layouts.
        wide_product: what is shown is wider than high; a square canvas is stacked then.
    """
    width, height = spec.width_px // 2 * 2, spec.height_px // 2 * 2
    side, safe = min(width, height), _safe_area(spec.safe_zone, width, height)
    strip = (0.155 if width <= height else 0.13) * side if captions else 0.0
    head = HEAD * side if label else 0.0
    stacked = width / height < (_WIDE_FROM if wide_product else _SQUARE_FROM)
    words_till = min(safe.bottom, _words_till(width, height)) if stacked else safe.bottom
    foot = height - max(0.055 * side, min(_FOOT_OFF * height, spec.safe_zone.bottom_px))
    gap = max(1.2 * strip, 0.05 * side if stacked else 0.0)
    stage = _between(safe, safe.top + head, words_till - gap)
    podium = _between(
        Area(left=0.05 * width, top=0, width=0.9 * width, height=height),
        words_till + 0.03 * side,
        foot,
    )
    edges = Area(left=0.03 * width, top=0, width=0.94 * width, height=height)
    below = stage.bottom if captions else 0.96 * height
    aside = _between(edges, stage.top if label else 0.045 * height, below)
    return Canvas(
        width_px=width,
        height_px=height,
        fps=spec.fps,
        whole=Area(left=0, top=0, width=width, height=height),
        safe=safe,
        stage=stage,
        captions=_between(safe, words_till - strip, words_till),
        podium=podium if stacked else aside,
        floor=Area(left=0, top=foot - 0.07 * height, width=width, height=1.1 * height - foot),
        beside=_between(safe, podium.top, min(podium.bottom, safe.bottom)) if stacked else stage,
        upper=_between(safe, stage.top, words_till),
        free=_between(safe, stage.top, safe.bottom),
        stacked=stacked,
        mirrored=mirrored,
    )


def _safe_area(zone: SafeZone, width: int, height: int) -> Area:
    """What platforms leave free, and a margin; as much on the left as on the right.

    A picture that leans aside looks like a mistake.
    """
    margin = 0.06 * min(width, height)
    across = max(margin, 0.065 * width, min(0.16 * width, max(zone.left_px, zone.right_px)))
    top, bottom = max(margin, zone.top_px), max(margin, zone.bottom_px)
    return Area(left=across, top=top, width=width - 2 * across, height=height - top - bottom)


def _words_till(width: int, height: int) -> float:
    """Where words end on a stacked canvas: the lower it is, the more of it they need."""
    share = _SQUARE_TILL - 0.22 * max(0.0, height / width - 1)
    return max(_WORDS_TILL, share) * height


def _between(area: Area, top: float, bottom: float) -> Area:
    """`area` with another top and bottom; of no height where they cross."""
    return Area(left=area.left, top=top, width=area.width, height=max(0.0, bottom - top))


def _mirrored(box: Box) -> Box:
    return 1.0 - box[0] - box[2], box[1], box[2], box[3]
