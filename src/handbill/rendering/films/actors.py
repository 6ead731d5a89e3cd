"""What a shot is made of: actors, and the set that they are built on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from handbill.domain.finding import Finding
from handbill.domain.sound import WordEvent
from handbill.rendering.canvases import Pixels
from handbill.rendering.colour import TEXT_CONTRAST, Colour, contrast, oklch, shift
from handbill.rendering.colour_scheme import Scheme
from handbill.rendering.films.areas import Area, Canvas
from handbill.rendering.films.footage import Footage
from handbill.rendering.films.motion import Motion
from handbill.rendering.films.planes import Sprite, sprite_of
from handbill.rendering.films.storyboard_files import Layer
from handbill.rendering.pictures import LoadedPicture, load_picture
from handbill.rendering.spec import FilmSpec

_FILLS = 0.62  # of the canvas's width over height: of photos less wide too much would be lost
_DEEP = 0.45  # OKLCH lightness below which a ground is dark
# Figures that stand for one another.
_WARDROBE = {
    "circle": ("circle", "circle", "squircle", "arch"),
    "hill": ("hill", "wave", "slope"),
    "sun": ("sun", "spokes", "halo"),
}
_MIRRORED = {
    "from_left": "from_right",
    "from_right": "from_left",
    "wipe": "wipe_back",
    "wipe_back": "wipe",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A sprite that rests with its top left corner at `at` and moves by `motion`.

    Attributes:
        footage: where the sprite is another picture at every moment; `sprite` is its first.
    """

    sprite: Sprite
    at: tuple[float, float]
    motion: Motion
    footage: Footage | None = None


@dataclass(slots=True, kw_only=True)
class Set:
    """What a shot is built with; gathers the findings on the way.

    Attributes:
        shot_s: length of the shot, with the transition that follows it.
        motion: the shot's own drift for its product, or empty.
        early_s: how long before the shot everything begins to move: a film's first frame is what
            a feed shows of it, and must not be an empty ground.
        opened: clips that the shot plays; they are closed after the film is cut.
        said: lines heard in the shot: text and words, times from the shot's start.
        words_till: where the words that were built last end.
    """

    spec: FilmSpec
    canvas: Canvas
    scheme: Scheme
    shot_s: float
    motion: str = ""
    early_s: float = 0.0
    opened: list[Footage] = field(default_factory=list)
    said: Sequence[tuple[str, Sequence[WordEvent]]] = ()
    findings: list[Finding] = field(default_factory=list)
    words_till: float = 0.0

    def moves(self, layer: Layer, later_s: float = 0.0) -> Motion:
        """The layer's motion on this set, begun `later_s` after its own start."""
        wiped = layer.enter in ("wipe", "wipe_back")
        mirrored = self.canvas.from_right if wiped else self.canvas.mirrored
        return Motion(
            enter=_MIRRORED.get(layer.enter, layer.enter) if mirrored else layer.enter,
            at_s=layer.at_s + later_s - self.early_s,
            lasts_s=layer.lasts_s,
            drift=layer.drift,
            depth=layer.depth,
            reach_px=self.canvas.side_px,
            shot_s=self.shot_s,
        )

    def picture(self, pick: int) -> LoadedPicture | None:
        """The picture number `pick`, or None when the brief has none that can be read."""
        found = [picture for picture in self.spec.pictures if picture.path]
        if not found:
            return None
        loaded = load_picture(found[pick % len(found)])
        if isinstance(loaded, Finding):
            self.findings.append(loaded)
            return None
        return loaded

    def dressed(self, shape: str) -> str:
        """The figure that this film has in place of `shape`: films of one campaign differ."""
        family = _WARDROBE.get(shape)
        if family is None:
            return shape
        spec = self.spec
        dice = random.Random(f"{spec.seed}/{spec.variant}/{shape}")  # noqa: S311 - variety
        found = dice.choice(family)
        # An arch stands on something: only stacked canvases have a floor.
        return found if found != "arch" or self.canvas.stacked else shape

    @property
    def shows_photo(self) -> bool:
        """Whether words lie on what fills the canvas: a photo, or a clip that plays here."""
        picture = self.picture(0)
        photo = picture is not None and picture.kind != "cutout" and not self.halves(picture)
        return bool(self.opened) or photo

    def halves(self, photo: LoadedPicture) -> bool:
        """Whether `photo` fills half of a wide canvas: a high one loses too much on all of it."""
        canvas = self.canvas
        ratio = photo.width_px / photo.height_px
        return not canvas.stacked and ratio < _FILLS * canvas.width_px / canvas.height_px

    def colour(self, name: str) -> Colour:
        """A role of the scheme, or one of the film's own.

        ``ray`` is a tone of the ground, for large patterns; ``on_photo`` is white over a photo to
        the edges and ink where a cut-out stands in its place.
        """
        if name == "ray":
            return ray_colour(self.scheme)
        if name == "on_photo":
            return self.scheme.colour("white" if self.shows_photo else "ink")
        return self.scheme.colour(name)


def ray_colour(scheme: Scheme) -> Colour:
    """The ground a little deeper, or lighter where it is dark already; its ink reads on both.

    A tone of the same hue stays clean where a mixture of two brand colours would turn muddy.
    """
    by = 0.05 if oklch(scheme.ground)[0] < _DEEP else -0.05
    wish = shift(scheme.ground, by)
    return wish if contrast(wish, scheme.ink) >= TEXT_CONTRAST else shift(scheme.ground, -by)


def centred(pixels: Pixels, area: Area, moves: Motion) -> Actor:
    """An actor of these pixels in the middle of `area`."""
    return centred_sprite(sprite_of(pixels), area, moves)


def centred_sprite(sprite: Sprite, area: Area, moves: Motion) -> Actor:
    """An actor in the middle of `area`."""
    wide, high = sprite.size_px
    left = area.left + (area.width - wide) / 2
    top = area.top + (area.height - high) / 2
    return Actor(sprite=sprite, at=(round(left), round(top)), motion=moves)
