"""From a layer of a layout to actors: which builder makes which kind."""

from __future__ import annotations

from collections.abc import Callable

from handbill.rendering.films import offer_elements, particles, picture_elements, text_elements
from handbill.rendering.films.actors import Actor, Set
from handbill.rendering.films.areas import Area
from handbill.rendering.films.storyboard_files import Layer
from handbill.rendering.films.words import shown_words

_LEAST_PX = 4.0


def build_layer(layer: Layer, stage: Set) -> list[Actor]:
    """The actors of `layer`, from back to front; none where there is nothing to show.

    A box without height leaves the layer out on that shape of canvas.
    """
    if (layer.given and not _has(layer.given, stage)) or (
        layer.lacking and _has(layer.lacking, stage)
    ):
        return []
    area = stage.canvas.place(layer)
    if area.width < _LEAST_PX or area.height < _LEAST_PX:
        return []
    return _BUILDERS[layer.kind](layer, area, stage)


def _has(names: str, stage: Set) -> bool:
    """Whether there is anything to show for one of `names`, joined by ``|``."""
    first = stage.picture(0) if {"photo", "cutout"} & set(names.split("|")) else None
    kind = "none" if first is None else first.kind
    return kind in names.split("|") or bool(shown_words(stage.spec, names))


_BUILDERS: dict[str, Callable[[Layer, Area, Set], list[Actor]]] = {
    "ground": picture_elements.build_ground,
    "shape": picture_elements.build_shape,
    "plate": picture_elements.build_plate,
    "product": picture_elements.build_product,
    "shadow": picture_elements.build_shadow,
    "particles": particles.build_particles,
    "photo": picture_elements.build_photo,
    "footage": picture_elements.build_footage,
    "logo": picture_elements.build_logo,
    "text": text_elements.build_field,
    "benefits": text_elements.build_benefits,
    "price": offer_elements.build_price,
    "badge": offer_elements.build_badge,
    "button": offer_elements.build_button,
}
