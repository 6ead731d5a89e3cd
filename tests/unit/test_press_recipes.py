from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from handbill.domain.brandkit import BrandKit, Typeface
from handbill.domain.brief import Brief, Picture
from handbill.domain.campaign import ProviderChoice
from handbill.domain.copy import DisplayText
from handbill.domain.order import Order
from handbill.domain.placement import ImageSpec, Provenance, TextField, VideoSpec
from handbill.press.recipes import (
    HOUSE,
    VENDOR,
    copy_key,
    film_key,
    folder_digest,
    look_of,
    maker_of,
    poster_key,
)
from handbill.rendering.spec import FilmSpec, PosterSpec
from tests.doubles.small_plans import FEED, KIT, brief, plan

DISPLAY = DisplayText(headline="A mug for the quay")


def order(one: Brief | None = None, kit: BrandKit = KIT) -> Order:
    return plan(one or brief(), kit=kit).orders[0]


def key_of_copy(one: Order, kit: BrandKit = KIT, texts: str = "t") -> str:
    return copy_key(one, kit, HOUSE, texts)


def poster(**values: object) -> PosterSpec:
    spec = PosterSpec(
        canvas=ImageSpec(width_px=1080, height_px=1350),
        display=DISPLAY,
        kit=KIT,
        palette=KIT.palette,
        pictures=(),
        locale="en",
        seed=1,
    )
    return dataclasses.replace(spec, **values)  # type: ignore[arg-type]


def film(**values: object) -> FilmSpec:
    spec = FilmSpec(
        canvas=VideoSpec(width_px=1080, height_px=1920, master="vertical"),
        display=DISPLAY,
        speech=("Hello.",),
        kit=KIT,
        palette=KIT.palette,
        pictures=(),
        locale="en",
        seed=1,
    )
    return dataclasses.replace(spec, **values)  # type: ignore[arg-type]


def key_of_poster(spec: PosterSpec, kit: BrandKit = KIT) -> str:
    return poster_key(spec, look_of(kit), "layouts", HOUSE)


def key_of_film(spec: FilmSpec) -> str:
    return film_key(spec, look_of(spec.kit), "boards", {"voice": HOUSE, "music": HOUSE})


def test_another_font_makes_other_posters_and_films_but_no_other_copy() -> None:
    kit = dataclasses.replace(KIT, heading=Typeface(family="Lora"), digest="k2")
    assert key_of_copy(order(kit=kit), kit) == key_of_copy(order())
    assert key_of_poster(poster(kit=kit), kit) != key_of_poster(poster())
    assert key_of_film(film(kit=kit)) != key_of_film(film())


def test_another_tone_makes_other_copy_but_no_other_posters() -> None:
    kit = dataclasses.replace(KIT, tone=("bold",), digest="k3")
    assert key_of_copy(order(kit=kit), kit) != key_of_copy(order())
    assert key_of_poster(poster(kit=kit), kit) == key_of_poster(poster())


def test_a_brand_font_counts_by_its_bytes(tmp_path: Path) -> None:
    font = tmp_path / "brand.ttf"
    font.write_bytes(b"one")
    kit = dataclasses.replace(KIT, body=Typeface(family="Brand", files=(str(font),)))
    before = look_of(kit)
    font.write_bytes(b"another")
    assert look_of(kit) != before


def test_another_picture_makes_another_poster_but_no_other_copy() -> None:
    one, other = (Picture(source="m.png", path="/m.png", sha256=sha) for sha in ("a1", "b2"))
    assert key_of_copy(order(brief(pictures=(one,)))) == key_of_copy(
        order(brief(pictures=(other,)))
    )
    assert key_of_poster(poster(pictures=(one,))) != key_of_poster(poster(pictures=(other,)))


def test_where_a_picture_lies_decides_nothing() -> None:
    here, there = (Picture(source="m.png", path=path, sha256="a1") for path in ("/x", "/y"))
    assert key_of_poster(poster(pictures=(here,))) == key_of_poster(poster(pictures=(there,)))


@pytest.mark.parametrize(
    "values", [{"headline": "Another"}, {"price": "9 €"}, {"benefits": ("Light",)}]
)
def test_other_words_make_another_poster(values: dict[str, object]) -> None:
    words = dataclasses.replace(DISPLAY, **values)  # type: ignore[arg-type]
    assert key_of_poster(poster(display=words)) != key_of_poster(poster())


def test_where_a_figure_was_read_decides_no_pixel() -> None:
    canvas = ImageSpec(
        width_px=1080,
        height_px=1350,
        provenance=Provenance(confidence="A", sources=("ig",)),
        aspects=("4:5",),
    )
    assert key_of_poster(poster(canvas=canvas)) == key_of_poster(poster())


def test_placements_of_one_canvas_share_one_film() -> None:
    canvas = VideoSpec(width_px=1080, height_px=1920, master="vertical", min_audio_kbps=128)
    assert key_of_film(film(canvas=canvas)) == key_of_film(film())
    assert key_of_film(film(canvas=dataclasses.replace(canvas, min_kbps=516))) != key_of_film(
        film()
    )
    assert key_of_film(film(canvas=dataclasses.replace(canvas, max_s=30.0))) != key_of_film(film())


def test_a_users_own_clip_counts_by_its_bytes(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"one")
    before = key_of_film(film(video=str(clip)))
    clip.write_bytes(b"another")
    assert key_of_film(film(video=str(clip))) != before


def test_a_longer_limit_makes_other_copy_and_its_source_does_not() -> None:
    def with_limit(limit: int, note: str = "") -> str:
        rule = TextField(
            name="caption", limit=limit, unit="chars", provenance=Provenance(note=note)
        )
        placement = dataclasses.replace(FEED, texts={"caption": rule})
        return key_of_copy(dataclasses.replace(order(), placement=placement))

    assert with_limit(100, "read in May") == with_limit(100, "read in June")
    assert with_limit(100) != with_limit(200)


def test_from_vendor_to_vendor_nothing_goes_stale_and_from_the_house_it_does() -> None:
    one, other = ProviderChoice(name="openai", model="a"), ProviderChoice(name="else", model="b")
    assert maker_of(one) == maker_of(other) == VENDOR
    assert maker_of(ProviderChoice()) == HOUSE
    assert copy_key(order(), KIT, VENDOR, "t") != copy_key(order(), KIT, HOUSE, "t")


def test_a_changed_template_changes_its_folders_digest(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.toml").write_text("x = 1")
    shallow, deep = folder_digest(tmp_path, deep=False), folder_digest(tmp_path)
    (tmp_path / "deep" / "a.toml").write_text("x = 22")
    assert folder_digest(tmp_path) != deep
    assert folder_digest(tmp_path, deep=False) == shallow
    assert folder_digest(tmp_path / "none") == ""
