"""Wide and square films: products change sides, words begin in one line, names stay whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.placement import VideoSpec
from handbill.domain.sound import WordEvent
from handbill.rendering.colour import Colour
from handbill.rendering.colour_scheme import scheme_of
from handbill.rendering.films.actors import Set
from handbill.rendering.films.areas import Canvas, canvas_of
from handbill.rendering.films.caption_actors import caption_actors, lit_colour
from handbill.rendering.films.captions import Cue
from handbill.rendering.films.elements import build_layer
from handbill.rendering.films.lettering import letter, text_look
from handbill.rendering.films.overlays import film_canvas
from handbill.rendering.films.planning import plan_film
from handbill.rendering.films.storyboard_files import Layer, read_layouts, storyboard_folder
from handbill.rendering.films.takes import other_side
from handbill.rendering.films.text_elements import build_text, lay_out
from handbill.rendering.spec import FilmSpec
from handbill.rendering.typography.breaking import is_torn
from handbill.rendering.typography.paragraphs import broken_lines

_LAYOUTS = read_layouts(storyboard_folder())
_SIZES = {"square": (360, 360), "wide": (640, 360)}
_PALETTE = Palette(primary="#12343b", secondary="#e4572e", ink="#10272d", paper="#fbf5ea")
_KIT = BrandKit(
    name="Harbour",
    palette=_PALETTE,
    heading=Typeface(family="Raleway", weight=700),
    body=Typeface(family="Lato"),
)


def _canvas(shape: str, *, rtl: bool = False) -> Canvas:
    width, height = _SIZES[shape]
    return canvas_of(VideoSpec(width_px=width, height_px=height), captions=True, mirrored=rtl)


def _spec(shape: str = "square", locale: str = "en", hook: str = "") -> FilmSpec:
    width, height = _SIZES[shape]
    return FilmSpec(
        canvas=VideoSpec(width_px=width, height_px=height, max_s=60),
        display=DisplayText(headline="Pressed this morning", hook=hook, cta="Order"),
        speech=(),
        kit=_KIT,
        palette=_PALETTE,
        pictures=(),
        locale=locale,
        seed=3,
    )


def _stage(spec: FilmSpec) -> Set:
    canvas = canvas_of(spec.canvas, captions=False)
    return Set(spec=spec, canvas=canvas, scheme=scheme_of(_PALETTE, "paper"), shot_s=2.0)


def _picture(folder: Path, width: int, height: int, *, cut: bool) -> Picture:
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[:, :, :3] = np.arange(width, dtype=np.uint8)[None, :, None]
    edge = width // 8 if cut else 0
    pixels[edge : height - edge, edge : width - edge, 3] = 255
    path = folder / f"{width}-{height}-{cut}.png"
    cv2.imwrite(str(path), pixels)
    return Picture(source=path.name, path=str(path))


@pytest.mark.parametrize("rtl", [False, True])
@pytest.mark.parametrize("shape", sorted(_SIZES))
def test_products_change_sides_and_words_begin_in_one_line(shape: str, *, rtl: bool) -> None:
    base, side = _canvas(shape, rtl=rtl), 0
    for name in ("hook_beside", "hero", "quote", "item_1", "offer", "deadline"):
        layers = _LAYOUTS[name]
        canvas, now = other_side(base, layers, side)
        shown = [canvas.place(one) for one in layers if one.kind == "product"]
        if shown := [area for area in shown if area.height > 0]:
            assert now == (1 if shown[0].left + shown[0].width / 2 > base.width_px / 2 else -1)
            assert now != side
        side = now
        words = [
            canvas.place(one) for one in layers if one.align == "start" and one.area == "stage"
        ]
        begins = {round(area.right if rtl else area.left) for area in words if area.height > 0}
        assert len(begins) <= 1
        for area in words:
            assert area.left >= base.safe.left - 1
            assert area.right <= base.safe.right + 1


def test_what_stands_above_words_and_shots_without_products_are_not_turned() -> None:
    tall = canvas_of(VideoSpec(width_px=360, height_px=640), captions=True)
    assert other_side(tall, _LAYOUTS["hero"], 1) == (tall, 1)
    wide = _canvas("wide")
    assert other_side(wide, _LAYOUTS["quote"], 1) == (wide, 1)


def test_long_words_take_all_of_a_square_unless_the_product_is_slender(tmp_path: Path) -> None:
    upright = _picture(tmp_path, 300, 400, cut=True)
    slender = _picture(tmp_path, 200, 600, cut=True)
    long = "Lebensmittelunverträglichkeiten?"
    for hook, picture, stacked in (
        (long, upright, True),
        (long, slender, False),
        ("Old juice?", upright, False),
    ):
        spec = replace(_spec("square", "de", hook), pictures=(picture,))
        assert film_canvas(spec, plan_film(spec, [])).stacked is stacked


def test_high_photos_fill_half_of_a_wide_canvas_and_words_stand_beside_them(
    tmp_path: Path,
) -> None:
    high, broad = _picture(tmp_path, 300, 400, cut=False), _picture(tmp_path, 480, 270, cut=False)
    for picture, over in ((high, False), (broad, True)):
        stage = _stage(replace(_spec("wide"), pictures=(picture,)))
        assert stage.shows_photo is over
        assert (stage.colour("on_photo") == Colour(255, 255, 255)) is over


def test_half_a_photo_ends_above_the_captions(tmp_path: Path) -> None:
    spec = replace(_spec("wide"), pictures=(_picture(tmp_path, 300, 400, cut=False),))
    canvas = canvas_of(spec.canvas, captions=True)
    stage = replace(_stage(spec), canvas=canvas)
    layer = next(one for one in _LAYOUTS["full_picture"] if one.kind == "photo")
    photo = build_layer(layer, stage)[0]
    assert photo.at[1] <= 0
    low = canvas.captions.top - 0.06 * canvas.height_px
    assert low < photo.at[1] + photo.sprite.size_px[1] < canvas.captions.top


def test_words_under_others_move_up_to_them() -> None:
    stage = _stage(_spec("wide"))
    above = Layer(kind="text", field="headline", align="start", stand="top", wide=(0, 0, 0.5, 0.5))
    below = Layer(
        kind="text", field="subhead", align="start", stand="top", wide=(0, 0.6, 0.5, 0.4)
    )
    build_text(above, stage.canvas.place(above), stage, "One")
    till = stage.words_till
    area = stage.canvas.place(below)
    moved = build_text(below.model_copy(update={"under": True}), area, stage, "Two")
    stood = build_text(below, area, stage, "Two")
    assert till < moved[0].at[1] + 20 < stood[0].at[1]


@pytest.mark.parametrize(
    ("locale", "text", "name"),
    [
        ("zh-CN", "戴上云雀静音耳机Pro，世界只剩音乐", "云雀静音耳机Pro"),
        ("ja", "月見ガラスの行灯ランプで、夜がやさしくなる", "月見ガラス"),
    ],
)
def test_names_stay_on_one_line(locale: str, text: str, name: str) -> None:
    stage = _stage(replace(_spec("wide", locale), names=(name,)))
    layer = Layer(kind="text", field="hook", look="giant", align="start", wide=(0, 0, 0.5, 1))
    block = lay_out(text, layer.model_copy(update={"most_lines": 5}), stage.canvas.safe, stage)
    assert any(name in line for line in broken_lines(block))


def test_prices_are_not_set_in_figures_that_hang() -> None:
    assert (
        text_look(_KIT, "en", "price", "start").stack
        != text_look(_KIT, "en", "giant", "start").stack
    )
    lining = replace(_KIT, heading=Typeface(family="Poppins", weight=700))
    price, giant = (text_look(lining, "en", name, "start") for name in ("price", "giant"))
    assert price.stack == giant.stack


def test_a_single_long_word_is_divided_rather_than_cut_off() -> None:
    look = text_look(_KIT, "de", "button", "centre")
    block = letter("Versandkostenfrei", look, "button", (277, 150), 1080, 2)
    assert "Versand-kostenfrei" in block.text
    assert not block.truncated


def test_captions_are_large_and_lit_in_a_colour() -> None:
    assert lit_colour((Colour(184, 178, 167), Colour(250, 246, 236))) == Colour(255, 214, 10)
    word = WordEvent(text="Now", start_ms=0, end_ms=900)
    cue = Cue(text="Now", start_ms=0, end_ms=900, words=(word,), line=0)
    spec = _spec("wide")
    heights = [
        caption_actors(
            spec, canvas_of(replace(spec.canvas, width_px=side), captions=True), cue, None
        )[0].sprite.size_px[1]
        for side in (360, 640)
    ]
    assert heights[1] > heights[0]


def test_lines_of_captions_do_not_tear_names() -> None:
    text, name = "戴上云雀静音耳机", "云雀静音耳机"
    assert is_torn(text, 4, (name,))
    assert not is_torn(text, 2, (name,))
    assert is_torn("the Lacuna drop now", 10, ("Lacuna drop",))
