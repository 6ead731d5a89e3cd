"""Where things stand in a film's shots: words in the safe zone, products low, nothing collides."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pytest

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.placement import SafeZone, VideoSpec
from handbill.rendering.colour import TEXT_CONTRAST, WHITE, Colour, contrast, oklch
from handbill.rendering.colour_scheme import SCHEMES, scheme_of
from handbill.rendering.films.actors import Actor, Set, ray_colour
from handbill.rendering.films.areas import Area, canvas_of
from handbill.rendering.films.elements import build_layer
from handbill.rendering.films.footage import Footage
from handbill.rendering.films.lettering import draw_block, letter, take_apart, text_look
from handbill.rendering.films.storyboard_files import (
    Layer,
    read_layouts,
    read_storyboards,
    storyboard_folder,
)
from handbill.rendering.spec import FilmSpec
from handbill.rendering.typography.breaking import is_rtl

_LAYOUTS = read_layouts(storyboard_folder())
_WORDY = ("text", "benefits", "price", "badge", "button", "logo")
# What fills the frame by itself: photos and clips.
_FILLED = {
    name
    for name, layers in _LAYOUTS.items()
    if any(layer.kind in ("photo", "footage") for layer in layers)
}
# Close-ups, which run over the lower edge, stand nowhere.
_SHOWING = sorted(
    name
    for name, layers in _LAYOUTS.items()
    if any(
        layer.kind == "product"
        and layer.area == "podium"
        and layer.stand != "top"
        and layer.tall[3]
        for layer in layers
    )
)
_SHAPES = {"tall": (360, 640), "four_five": (360, 450), "square": (360, 360), "wide": (640, 360)}
_PALETTE = Palette(
    primary="#12343b", secondary="#e4572e", ink="#10272d", paper="#fbf5ea", accents=("#f2b134",)
)
_KIT = BrandKit(
    name="Harbour",
    palette=_PALETTE,
    heading=Typeface(family="EB Garamond", weight=700),
    body=Typeface(family="Poppins"),
)
_WORDS = {
    "de": DisplayText(
        headline="Der Möwenkessel gießt langsam und genau",
        hook="Wer langsam gießt, trinkt besser",
        kicker="Zubereitung",
        subhead="Bienenwachs, in Bernsteinglas gegossen.",
        benefits=("Gießt langsam und ruhig", "Buchengriff bleibt kühl", "Fasst einen Liter"),
        badge="Kostenloser Versand",
        price="1.169,00 €",
        compare_at="1.289,00 €",
        cta="Jetzt Kessel holen",
        address="Kai 4, Hafenstadt",
        legal="Solange der Vorrat reicht.",
    ),
    "ar": DisplayText(
        headline="حذاء خفيف لكل يوم",
        hook="خطوة أخف تبدأ هنا",
        subhead="مريح ومتين.",
        benefits=("نعل مرن", "قماش يتنفس"),
        badge="خصم 20٪",
        price="49.00 €",
        compare_at="59.00 €",
        deadline="حتى 18 أبريل",
        cta="اطلبه الآن",
        address="رصيف 4، الميناء",
    ),
    "zh-CN": DisplayText(
        headline="海港拼配咖啡豆，周二现烘",
        hook="一杯好咖啡，从周二开始",
        subhead="可可、樱桃、榛子风味",
        benefits=("每周二新鲜烘焙", "可可、樱桃、榛子风味"),
        badge="8折",
        price="€9.90",
        compare_at="€12.90",
        deadline="4月18日截止",
        cta="立即选购",
        address="海港城4号码头",
    ),
}


@pytest.fixture(scope="module")
def bottle(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """A drawn bottle on a transparent ground."""
    pixels = np.zeros((600, 300, 4), np.uint8)
    cv2.rectangle(pixels, (60, 20), (240, 580), (60, 140, 230, 255), -1)
    path = tmp_path_factory.mktemp("pictures") / "bottle.png"
    cv2.imwrite(str(path), pixels)
    return Picture(source="bottle.png", path=str(path))


def _set(shape: str, locale: str, *pictures: Picture, captions: bool = True) -> Set:
    width, height = _SHAPES[shape]
    zone = SafeZone(top_px=90, bottom_px=224, left_px=27, right_px=47)
    canvas = VideoSpec(
        width_px=width, height_px=height, safe_zone=zone if shape == "tall" else SafeZone()
    )
    spec = FilmSpec(
        canvas=canvas,
        display=_WORDS[locale],
        speech=(),
        kit=_KIT,
        palette=_PALETTE,
        pictures=pictures,
        locale=locale,
        seed=3,
        url="https://harbour.example",
    )
    return Set(
        spec=spec,
        canvas=canvas_of(canvas, captions=captions, label=True, mirrored=is_rtl(locale)),
        scheme=scheme_of(_PALETTE, "primary"),
        shot_s=3.0,
    )


def _ink(actors: list[Actor]) -> Area:
    """What the actors cover when they are at rest, without faint shadows."""
    boxes = []
    for actor in _staying(actors):
        rows, columns = np.nonzero(actor.sprite.keep < 255 - 128)
        if rows.size:
            left, top = actor.at
            boxes.append(
                (left + columns.min(), top + rows.min(), left + columns.max(), top + rows.max())
            )
    edges = np.array(boxes)
    left, top = edges[:, 0].min(), edges[:, 1].min()
    return Area(left=left, top=top, width=edges[:, 2].max() - left, height=edges[:, 3].max() - top)


def _staying(actors: list[Actor]) -> list[Actor]:
    """Those that stay: pieces of words and running figures give way to the whole."""
    return [actor for actor in actors if actor.motion.leave_s > 1e6]


def _built(name: str, stage: Set, *kinds: str) -> list[tuple[Layer, list[Actor]]]:
    pairs = [(layer, build_layer(layer, stage)) for layer in _LAYOUTS[name] if layer.kind in kinds]
    return [(layer, actors) for layer, actors in pairs if actors]


@pytest.mark.parametrize("locale", sorted(_WORDS))
@pytest.mark.parametrize("shape", sorted(_SHAPES))
@pytest.mark.parametrize("name", sorted(_LAYOUTS))
def test_words_stand_inside_the_safe_zone(name: str, shape: str, locale: str) -> None:
    stage = _set(shape, locale)
    safe = stage.canvas.safe
    for layer, actors in _built(name, stage, *_WORDY):
        ink = _ink(actors)
        assert ink.left >= safe.left - 2, layer
        assert ink.top >= safe.top - 2, layer
        assert ink.right <= safe.right + 2, layer
        assert ink.bottom <= safe.bottom + 2, layer


@pytest.mark.parametrize("name", _SHOWING)
def test_product_of_a_tall_film_stands_low_and_large(name: str, bottle: Picture) -> None:
    stage = _set("tall", "de", bottle)
    inks = [_ink(actors) for _, actors in _built(name, stage, "product")]
    lowest = max(inks, key=lambda ink: ink.bottom)
    height = stage.canvas.height_px
    assert 0.78 * height < lowest.bottom < 0.88 * height
    assert lowest.height > 0.26 * height
    assert lowest.top < stage.canvas.safe.bottom


@pytest.mark.parametrize("name", sorted(set(_LAYOUTS) - _FILLED))
def test_lower_third_of_a_tall_film_is_never_bare(name: str) -> None:
    stage = _set("tall", "de")
    height = stage.canvas.height_px
    inks = [_ink(actors) for _, actors in _built(name, stage, "shape")]
    assert any(ink.bottom > 0.85 * height and ink.width > 180 for ink in inks)


@pytest.mark.parametrize("locale", sorted(_WORDS))
@pytest.mark.parametrize("shape", sorted(_SHAPES))
@pytest.mark.parametrize("name", ["offer", "offer_plain"])
def test_prices_and_what_is_under_them_keep_apart(name: str, shape: str, locale: str) -> None:
    stage = _set(shape, locale)
    [(_, price)] = _built(name, stage, "price")
    old, new = _staying(price)
    [(_, under)] = _built(name, stage, "text")
    old_ink, new_ink, under_ink = _ink([old]), _ink([new]), _ink(under)
    above = old_ink.bottom < new_ink.top
    aside = old_ink.left > new_ink.right or new_ink.left > old_ink.right
    assert above or aside
    assert max(old_ink.bottom, new_ink.bottom) < under_ink.top


@pytest.mark.parametrize("shape", sorted(_SHAPES))
def test_badge_keeps_off_the_price(shape: str) -> None:
    for name in ("offer", "offer_plain"):
        stage = _set(shape, "zh-CN")
        [(_, badge)] = _built(name, stage, "badge")
        [(_, price)] = _built(name, stage, "price")
        one, other = _ink(badge), _ink(price)
        aside = one.left > other.right or other.left > one.right
        assert aside or one.top > other.bottom or other.top > one.bottom


def test_words_of_end_cards_keep_clear_of_each_other_and_of_the_product(bottle: Picture) -> None:
    for locale in sorted(_WORDS):
        stage = _set("tall", locale, bottle)
        inks = [_ink(actors) for _, actors in _built("end_card", stage, *_WORDY)]
        inks.append(_ink(_built("end_card", stage, "product")[0][1]))
        tops = sorted(inks, key=lambda ink: ink.top)
        assert len(tops) >= 5
        for above, below in itertools.pairwise(tops):
            assert above.bottom < below.top + 1


def test_captions_lie_between_words_and_product() -> None:
    canvas = _set("tall", "de").canvas
    assert canvas.stage.bottom < canvas.captions.top
    assert canvas.captions.bottom < canvas.podium.top
    assert canvas.captions.bottom < canvas.safe.bottom
    silent = _set("tall", "de", captions=False).canvas
    assert silent.stage.height > canvas.stage.height
    assert silent.captions.height == 0


def test_long_badge_is_shown_whole() -> None:
    stage = _set("tall", "de")
    assert _built("offer", stage, "badge")
    assert not [finding for finding in stage.findings if finding.code == "film.text_shortened"]


@pytest.mark.parametrize("name", SCHEMES)
def test_rays_are_a_quiet_tone_of_their_ground(name: str) -> None:
    scheme = scheme_of(_PALETTE, name)
    ray = ray_colour(scheme)
    assert ray != scheme.ground
    assert contrast(ray, scheme.ground) < 1.4
    assert contrast(ray, scheme.ink) >= min(TEXT_CONTRAST, contrast(scheme.ground, scheme.ink)) - 1
    assert abs(oklch(ray)[0] - oklch(scheme.ground)[0]) == pytest.approx(0.05, abs=0.02)


def test_cut_out_in_place_of_a_photo_stands_beside_the_words(bottle: Picture) -> None:
    for shape, limit in (("wide", 0.5), ("tall", 0.0)):
        stage = _set(shape, "zh-CN", bottle)
        ink = _ink(_built("full_picture", stage, "photo")[0][1])
        words = _ink(_built("full_picture", stage, "text")[0][1])
        assert ink.left > limit * stage.canvas.width_px
        assert words.right < ink.left or words.bottom < ink.top


def test_odd_shape_of_canvas_keeps_every_area_inside() -> None:
    small = replace(_set("tall", "de").spec.canvas, height_px=420, safe_zone=SafeZone())
    canvas = canvas_of(small, captions=True, label=True)
    for area in (canvas.stage, canvas.captions, canvas.podium, canvas.beside, canvas.upper):
        assert area.height > 10
        assert area.bottom <= canvas.height_px


def _captioned() -> list[str]:
    """Layouts that are shown with captions over them, besides photos to the edges."""
    shots = (shot for board in read_storyboards(storyboard_folder()) for shot in board.shots)
    found = {
        name
        for shot in shots
        if shot.captions != "none"
        for name in (shot.layout, shot.layout_plain, *(turn.layout for turn in shot.then))
        if name
    }
    return sorted(found - _FILLED)


@pytest.mark.parametrize("shape", sorted(_SHAPES))
@pytest.mark.parametrize("name", _captioned())
def test_captions_never_lie_over_the_product(name: str, shape: str, bottle: Picture) -> None:
    stage = _set(shape, "de", bottle)
    strip = stage.canvas.captions
    for _, actors in _built(name, stage, "product"):
        ink = _ink(actors)
        # Drifts move a product by up to a hundredth of the canvas.
        assert ink.bottom <= strip.top + 6 or ink.top >= strip.bottom - 6


@pytest.mark.parametrize("shape", ["tall", "four_five", "wide"])
def test_lying_product_is_stacked_on_a_square_and_nowhere_else_anew(shape: str) -> None:
    square = VideoSpec(width_px=360, height_px=360)
    assert canvas_of(square, captions=True, wide_product=True).stacked
    assert not canvas_of(square, captions=True).stacked
    spec = _set(shape, "de").spec.canvas
    both = [canvas_of(spec, captions=True, wide_product=wide).stacked for wide in (True, False)]
    assert both[0] == both[1]


@pytest.mark.parametrize("text", ["Third night free", "送料無料", "Up to 70% off", "2 for 1"])
@pytest.mark.parametrize("shape", sorted(_SHAPES))
def test_offers_on_seals_are_never_shortened(shape: str, text: str) -> None:
    stage = _set(shape, "de")
    stage.spec = replace(stage.spec, display=replace(stage.spec.display, badge=text))
    assert _built("offer", stage, "badge")
    assert not stage.findings


class _EvenClip:
    """A clip that draws the eye everywhere alike."""

    def watched(self, top: float, bottom: float) -> float:
        return bottom - top


@pytest.mark.parametrize("name", ["hook_footage", "moment_second", "moment_third"])
@pytest.mark.parametrize("shape", sorted(_SHAPES))
def test_white_words_can_be_read_on_a_white_clip(name: str, shape: str) -> None:
    stage = _set(shape, "de")
    stage.opened.append(cast("Footage", _EvenClip()))
    for _, actors in _built(name, stage, "text"):
        veil, *words = actors
        ink = _ink(words)
        rows = slice(round(ink.top - veil.at[1]), round(ink.bottom - veil.at[1]))
        columns = slice(round(ink.left), round(ink.right))
        under = Colour(*(int(veil.sprite.keep[rows, columns].max()),) * 3)
        assert contrast(under, WHITE) > TEXT_CONTRAST
        assert veil.sprite.size_px[0] >= stage.canvas.width_px


def test_long_words_are_divided_where_that_makes_all_of_them_larger() -> None:
    look = text_look(_KIT, "de", "title", "start")
    box_px = (480.0, 360.0)
    long = letter("Donaudampfschifffahrt heute", look, "title", box_px, 1080, 4)
    assert "-" in long.text
    assert long.size_px > 70
    assert "-" not in letter("Ein leichter Schuh", look, "title", box_px, 1080, 4).text


def test_films_of_one_campaign_wear_different_shapes() -> None:
    stage = _set("tall", "de")
    worn = set()
    for seed in range(12):
        stage.spec = replace(stage.spec, seed=seed)
        worn.add(tuple(stage.dressed(shape) for shape in ("circle", "hill", "sun", "ring")))
    assert len(worn) > 6
    assert {shapes[3] for shapes in worn} == {"ring"}
    wide = _set("wide", "de")
    for seed in range(12):
        wide.spec = replace(wide.spec, seed=seed)
        assert wide.dressed("circle") != "arch"


def test_photo_that_is_about_to_be_shown_is_out_of_focus(tmp_path: Path) -> None:
    pixels = np.full((300, 400, 3), 255, np.uint8)
    pixels[:, ::20] = 0
    cv2.imwrite(str(tmp_path / "photo.png"), pixels)
    stage = _set("tall", "de", Picture(source="photo.png", path=str(tmp_path / "photo.png")))
    [(_, [kept_back])] = _built("hook_shadow", stage, "shadow")
    [(_, [shown])] = _built("reveal", stage, "product")
    inner = slice(80, 120)
    spread = [int(np.ptp(actor.sprite.y[inner, inner])) for actor in (kept_back, shown)]
    assert spread[0] < 0.25 * spread[1]
    assert kept_back.sprite.y[inner, inner].max() < 200


@pytest.mark.parametrize("name", ["giant", "title"])
@pytest.mark.parametrize("text", ["stopping jugs for fifty fjords", "كلمات عن عود الليل الطويل"])
def test_words_that_come_one_by_one_are_whole_and_make_the_block(text: str, name: str) -> None:
    locale = "ar" if text[0] > "z" else "en"
    look = text_look(_KIT, locale, name, "start")
    block = letter(text, look, name, (420.0, 500.0), 540, 6)
    assert block.lines > 1
    pixels, margin = draw_block(block, 0xFF000000)
    whole = np.zeros_like(pixels)
    pieces = take_apart(block, pixels, margin)
    for piece in pieces:
        rows = slice(piece.top, piece.top + piece.pixels.shape[0])
        whole[rows, piece.left : piece.left + piece.pixels.shape[1]] += piece.pixels
    assert np.array_equal(whole, pixels)
    assert len(pieces) >= len(text.split()) - 2
