"""From a brand's palette to the colours of one picture: ground, ink, accent, panel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from handbill.domain.brandkit import Palette
from handbill.rendering.colour import (
    LARGE_TEXT_CONTRAST,
    TEXT_CONTRAST,
    WHITE,
    Colour,
    contrast,
    distance,
    from_oklch,
    mix,
    oklch,
    parse_colour,
    readable,
    shade,
    shift,
)

SCHEMES = ("paper", "tint", "primary", "secondary", "accent", "ink", "white")


_YELLOWS = (62.0, 128.0)
_MUDDY = (35.0, 125.0)
# How far secondary type goes from the ink towards the ground; on lively grounds it would be lost.
_MUTED, _MUTED_ON_LIVELY = 0.28, 0.08
# A tone with at least this chroma may be deepened by so many hundredths of lightness.
_LIVELY, _MOST_DEEPENED, _LIGHT = 0.13, 7, 0.8
# What patterns and lights of a ground may take of the contrast.
_SPARE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The colours of one poster or shot, all from one palette.

    Attributes:
        ground: behind everything.
        ground_2, ground_3: quiet companions of it, for gradients and patterns.
        ink: text on the ground, at least 4.5 : 1.
        muted: secondary text on the ground, at least 4.5 : 1.
        accent: buttons, badges, kickers: stands out from ground and panel.
        on_accent: text on the accent.
        panel: a second area, clearly another colour than the ground.
        field: a second area on which `ink` reads as well as on the ground.
        on_panel: text on the panel.
    """

    name: str
    ground: Colour
    ground_2: Colour
    ground_3: Colour
    ink: Colour
    muted: Colour
    accent: Colour
    on_accent: Colour
    panel: Colour
    on_panel: Colour
    field: Colour

    @property
    def dark(self) -> bool:
        """Whether light text stands on the ground."""
        return self.ink.luminance > self.ground.luminance

    def colour(self, role: str) -> Colour:
        """The colour of a role named in a layout file, such as ``panel`` or ``accent``."""
        if role == "white":
            return WHITE
        found = getattr(self, role)
        assert isinstance(found, Colour)  # noqa: S101 - layout files are checked when read
        return found


@lru_cache(maxsize=256)
def scheme_of(palette: Palette, name: str) -> Scheme:
    """The scheme `name` (one of `SCHEMES`) of a palette."""
    brand = _Brand(palette)
    ground = _bearing_light(brand.ground(name), brand.paper)
    ink = readable(ground, (brand.ink, brand.paper))
    near = _under(ink, ground, _companion(ground, brand.primary, 0.07))
    far = _under(ink, ground, _companion(ground, brand.secondary, 0.12))
    accent = brand.standout(ground)
    deeper = _bearing_light(accent, brand.paper)
    # On a dark ground a deeper accent may drown.
    accent = deeper if contrast(deeper, ground) >= LARGE_TEXT_CONTRAST else accent
    panel = _bearing_light(brand.panel(ground, accent), brand.paper)
    quiet = _MUTED if oklch(ground)[1] < _LIVELY else _MUTED_ON_LIVELY
    return Scheme(
        name=name,
        ground=ground,
        ground_2=near,
        ground_3=far,
        ink=ink,
        muted=_readable_on_all(mix(ink, ground, quiet), ink, (ground, near, far)),
        accent=accent,
        on_accent=readable(accent, _on_accent_wishes(accent, brand.paper, brand.ink)),
        panel=panel,
        on_panel=readable(panel, (brand.ink, brand.paper)),
        field=brand.field(ground, ink, accent),
    )


class _Brand:
    """A palette's colours, parsed once."""

    def __init__(self, palette: Palette) -> None:
        self.primary = parse_colour(palette.primary)
        self.secondary = parse_colour(palette.secondary)
        self.ink = parse_colour(palette.ink)
        self.paper = parse_colour(palette.paper)
        self.accents = tuple(parse_colour(accent) for accent in palette.accents)

    def ground(self, name: str) -> Colour:
        made = {
            "paper": self.paper,
            "primary": self.primary,
            "secondary": self.secondary,
            "accent": self.accents[0] if self.accents else self.secondary,
        }
        return made[name] if name in made else self._quiet(name)

    def _quiet(self, name: str) -> Colour:
        """The grounds made from paper, ink and primary; a brand on dark paper stays dark."""
        dark_paper = oklch(self.paper)[0] < 0.5
        if name == "ink":
            return next(
                (colour for colour in (self.ink, self.paper) if oklch(colour)[0] < 0.5),
                shade(self.ink, 0.22),
            )
        if name == "white":
            return shift(self.paper, 0.04) if dark_paper else mix(self.paper, WHITE, 0.7)
        lightness, chroma = (0.28, 0.8) if dark_paper else (0.925, 0.34)
        return shade(self.primary, lightness, chroma=chroma)

    def standout(self, ground: Colour) -> Colour:
        """The palette's most lively colour that stands clear of `ground`."""
        wishes = (self.primary, *self.accents, self.secondary, self.paper, self.ink)
        clear = [wish for wish in wishes if contrast(wish, ground) >= LARGE_TEXT_CONTRAST]
        if not clear:
            return readable(ground, (self.ink, self.paper), ratio=LARGE_TEXT_CONTRAST)
        return max(_colourful(clear), key=lambda wish: oklch(wish)[1] + distance(wish, ground))

    def field(self, ground: Colour, ink: Colour, accent: Colour) -> Colour:
        """A lively colour that carries the ground's ink; else a deeper tone of the ground."""
        wishes = (*self.accents, self.secondary, self.primary)
        free = [
            wish for wish in wishes if min(distance(wish, ground), distance(wish, accent)) > 0.1
        ]
        carrying = [wish for wish in free if contrast(wish, ink) >= TEXT_CONTRAST + 0.3]
        return carrying[0] if carrying else _under(ink, ground, _deeper(ground, ink))

    def panel(self, ground: Colour, accent: Colour) -> Colour:
        """The colour of a second area: the first of the palette that is neither of these."""
        wishes = (self.primary, self.secondary, *self.accents, self.paper, self.ink)
        apart = [wish for wish in wishes if distance(wish, ground) >= 0.14]
        free = [wish for wish in apart if distance(wish, accent) >= 0.1]
        fallback = shade(ground, 0.9 if oklch(ground)[0] < 0.6 else 0.45)
        return next(iter(free or apart), fallback)


def _bearing_light(colour: Colour, paper: Colour) -> Colour:
    """A lively middle tone, such as a red, a shade deeper where light type then reads on it.

    Dark type would measure enough on it too, but looks dirty there.
    """
    lightness, chroma, _ = oklch(colour)
    light = paper if paper.luminance > _LIGHT else WHITE
    if chroma < _LIVELY or contrast(colour, light) >= TEXT_CONTRAST + _SPARE:
        return colour
    for step in range(1, _MOST_DEEPENED + 1):
        deeper = shade(colour, lightness - step / 100)
        if contrast(deeper, light) >= TEXT_CONTRAST + _SPARE:
            return deeper
    return colour


def _deeper(ground: Colour, ink: Colour) -> Colour:
    """The ground's own hue, moved in lightness away from the ink."""
    by = 0.1 if ink.luminance < ground.luminance else -0.1
    lightness = oklch(ground)[0] + by
    return shade(ground, lightness if 0.12 < lightness < 0.97 else oklch(ground)[0] - by * 0.7)


def _colourful(colours: list[Colour]) -> list[Colour]:
    """Those with a hue that people would name, else all."""
    return [colour for colour in colours if oklch(colour)[1] > 0.07] or colours


def _on_accent_wishes(accent: Colour, paper: Colour, ink: Colour) -> tuple[Colour, Colour]:
    """White type first wherever it reaches 4.5 : 1: that is what people find right on a button."""
    return (paper, ink) if contrast(accent, paper) >= TEXT_CONTRAST else (ink, paper)


def _under(ink: Colour, ground: Colour, companion: Colour) -> Colour:
    """`companion`, drawn back towards the ground until `ink` reads on it as well."""
    for step in range(11):
        drawn_back = mix(companion, ground, step / 10)
        if contrast(ink, drawn_back) >= TEXT_CONTRAST + 0.1:
            return drawn_back
    return ground


def _readable_on_all(wish: Colour, ink: Colour, grounds: tuple[Colour, ...]) -> Colour:
    """`wish`, moved towards `ink` until it reads on each of `grounds`."""
    for step in range(11):
        moved = mix(wish, ink, step / 10)
        if all(contrast(moved, ground) >= TEXT_CONTRAST for ground in grounds):
            return moved
    return ink


def _companion(ground: Colour, towards: Colour, step: float) -> Colour:
    """A near neighbour of the ground: a little off in light, its hue leaning to `towards`."""
    lightness, chroma, own = oklch(ground)
    _, lively, _ = oklch(towards)
    # Only near-white and near-black grounds lean to another hue: on a middle tone it turns to mud.
    neutral = chroma < (0.06 if lightness > 0.88 or lightness < 0.45 else 0.02)
    _, _, hue = oklch(mix(ground, towards, 0.5 if neutral else 0.08))
    away = -step if lightness > 0.6 else step
    leaned = chroma * 0.6 + lively * step * 3.4 if neutral else chroma
    if lightness < 0.45:
        # Dark yellows and oranges are mud: dark grounds keep their own hue, black stays nearly so.
        hue = own if chroma > 0.012 else hue
        warm = _MUDDY[0] < hue < _MUDDY[1]
        leaned = min(leaned, 0.012) if warm and chroma < 0.06 else min(max(leaned, chroma), 0.09)
    # Yellows turn olive when they are darkened: they keep the ground's own light.
    if lightness > 0.6 and _YELLOWS[0] < hue < _YELLOWS[1]:
        away *= 0.3
    return from_oklch(lightness + away * 0.75, leaned, hue)
