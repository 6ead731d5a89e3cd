"""Which colours a product is shown on: none on which it would drown."""

from __future__ import annotations

from collections.abc import Sequence

from handbill.domain.brandkit import Palette
from handbill.rendering.colour import Colour, distance
from handbill.rendering.colour_scheme import Scheme, scheme_of
from handbill.rendering.pictures import LoadedPicture

# In OKLab: what is nearer to its ground is not seen as a shape of its own. Light things have a
# shadow on light grounds, dark things on dark ones have none.
_DROWNS, _DROWNS_LIGHT = 0.17, 0.06
_LIGHT = 0.6  # luminance from which a shadow is seen on a ground
_OTHERS = ("primary", "secondary", "accent", "tint", "ink", "paper")


def shown_scheme(
    palette: Palette, wish: str, taken: Sequence[str], picture: LoadedPicture | None
) -> Scheme:
    """The scheme `wish`, or another one of `palette` where a cut-out would drown on that.

    Args:
        palette: the film's colours.
        wish: name of the scheme that the storyboard asks for.
        taken: names of the schemes of the shots around it, better not taken again.
        picture: what is shown, or None.
    """
    asked = scheme_of(palette, wish)
    if picture is None or picture.kind != "cutout" or not drowns(picture, asked.ground):
        return asked
    others = [scheme_of(palette, name) for name in _OTHERS if name not in (wish, *taken)]
    clear = [other for other in others if not drowns(picture, other.ground)]
    return clear[0] if clear else _clearest(picture, [asked, *others])


def shown_colour(scheme: Scheme, wish: str, picture: LoadedPicture | None) -> str:
    """The role `wish`, or another one for a figure behind a cut-out that would drown on that."""
    if picture is None or picture.kind != "cutout" or not drowns(picture, scheme.colour(wish)):
        return wish
    # Words may lie on fields, so what stands in for one is as quiet.
    others = (
        ("panel", "accent", "field") if wish in ("panel", "accent") else ("ground_3", "ground_2")
    )
    clear = [name for name in others if not drowns(picture, scheme.colour(name))]
    return clear[0] if clear else wish


def drowns(picture: LoadedPicture, ground: Colour) -> bool:
    """Whether the cut-out is so like `ground` that its shape is lost."""
    light = ground.luminance > _LIGHT
    return distance(picture.mean, ground) < (_DROWNS_LIGHT if light else _DROWNS)


def _clearest(picture: LoadedPicture, schemes: Sequence[Scheme]) -> Scheme:
    return max(schemes, key=lambda scheme: distance(picture.mean, scheme.ground))
