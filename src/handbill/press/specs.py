"""Order + copy → what a renderer is asked for."""

from __future__ import annotations

from handbill.domain.brandkit import BrandKit
from handbill.domain.campaign import FilmWish
from handbill.domain.copy import Copy
from handbill.domain.order import Order
from handbill.press.speaking import caption_lines
from handbill.rendering.spec import FilmSpec, PosterSpec

NO_WISH = FilmWish()


def makes(order: Order, medium: str) -> bool:
    """Whether the order's placement takes `medium` (``image``, ``film``, ``document``)."""
    return medium in order.placement.makes


def poster_spec(order: Order, copy: Copy, kit: BrandKit, ai_label: str = "") -> PosterSpec | None:
    """The poster of an order, or None when its placement takes no picture."""
    canvas = order.placement.image
    if canvas is None or not makes(order, "image"):
        return None
    return PosterSpec(
        canvas=canvas,
        display=copy.display,
        kit=kit,
        palette=kit.palette_for(order.account),
        pictures=order.brief.pictures,
        locale=order.locale,
        seed=order.seed,
        variant=order.variant,
        url=link_of(order, kit) if order.placement.kind == "print" else "",
        ai_label=ai_label,
    )


def film_spec(
    order: Order, copy: Copy, kit: BrandKit, ai_label: str = "", wish: FilmWish = NO_WISH
) -> FilmSpec | None:
    """The film of an order, or None when its placement takes none."""
    canvas = order.placement.video
    if canvas is None or not makes(order, "film"):
        return None
    from handbill.rendering.films.words import after_first  # noqa: PLC0415 - plans read no films

    return FilmSpec(
        canvas=canvas,
        display=copy.display,
        speech=caption_lines(order, copy, kit),
        said=copy.speech,
        length_s=wish.length_s,
        captions=wish.captions,
        music=wish.music,
        music_from_s=wish.music_from_s,
        music_to_s=wish.music_to_s,
        music_gain_db=wish.music_gain_db,
        music_licence=wish.music_licence,
        footage=wish.footage if order.brief.video else "mend",
        clip_by="" if order.brief.video else _plugin("clip", wish.clip),
        effects=tuple(_plugin("effect", name) for name in wish.effects),
        kit=kit,
        palette=kit.palette_for(order.account),
        pictures=after_first(order.brief.pictures),
        locale=order.locale,
        seed=order.seed,
        variant=order.variant,
        url=link_of(order, kit),
        ai_label=ai_label,
        video=order.brief.video,
        names=_names(order, kit),
    )


def _names(order: Order, kit: BrandKit) -> tuple[str, ...]:
    """What must stay whole in every line: the names of product, brand, vendor and shop."""
    brief = order.brief
    named = (
        brief.name_in(order.locale),
        kit.name,
        brief.vendor,
        brief.text("store_name", order.locale),
    )
    return tuple(dict.fromkeys(name for name in named if name))


def _plugin(kind: str, name: str) -> str:
    """What decides what a film plug-in makes; its name alone where it is not installed here."""
    if not name:
        return ""
    from handbill.foreign.film_plugins import film_plugins  # noqa: PLC0415 - looks at packages

    found = film_plugins(kind).get(name)
    return found.identity if found else name


def link_of(order: Order, kit: BrandKit) -> str:
    """The brief's link, else the account's, else the brand's."""
    return order.brief.url or kit.account(order.account).url or kit.url
