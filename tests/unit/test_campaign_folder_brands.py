from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from handbill.campaign_folder import colours, create_campaign, house_brandkit, read_brandkit
from handbill.campaign_folder.colours import contrast, parse_colour
from handbill.errors import BrandError

WHOLE = """
name = "Morrow Harbour"
logo = "logo.png"
tone = "warm"
url = "https://morrow.example"
hashtags = ["Morrow", "#Harbour"]
never_say = ["cheap"]
corner_radius = 0.4
tagline = "One line for all"

[palette]
primary = "#1DF"
accents = ["Tomato", "rgb(1, 2, 3)"]

[must_say]
en = "Hand wash only"
"zh-CN" = ["手洗", "晾干"]

[legal]
"*" = "While stocks last."

[accounts.north]
handle = "@north"
tone = ["dry", "short"]
palette = { primary = "navy", ink = "black", paper = "white" }
"""


def brand(folder: Path, text: str) -> Path:
    Image.new("RGBA", (40, 40), (200, 30, 30, 255)).save(folder / "logo.png")
    (folder / "brand.toml").write_text(text, encoding="utf-8")
    return folder / "brand.toml"


def fault_of(folder: Path, text: str) -> str:
    with pytest.raises(BrandError) as caught:
        read_brandkit(brand(folder, text))
    assert caught.value.exit_code == 12
    assert caught.value.remedy
    assert "brand.toml" in str(caught.value)
    return str(caught.value)


def test_a_brand_is_read_and_its_colours_are_normalised(tmp_path: Path) -> None:
    kit = read_brandkit(brand(tmp_path, WHOLE))
    assert kit.palette.primary == "#11ddff"
    assert kit.palette.accents == ("#ff6347", "#010203")
    assert kit.logo == str(tmp_path / "logo.png")
    assert kit.tone == ("warm",)
    assert kit.hashtags == ("#Morrow", "#Harbour")
    assert kit.must_say == {"en": ("Hand wash only",), "zh-CN": ("手洗", "晾干")}
    assert kit.tagline_in("ja") == "One line for all"
    assert kit.legal_in("de") == "While stocks last."
    north = kit.account("north")
    assert (north.handle, north.tone) == ("@north", "dry, short")
    assert kit.palette_for("north").primary == "#000080"
    assert kit.palette_for("south") == kit.palette


def test_colours_that_are_left_out_are_derived_and_readable(tmp_path: Path) -> None:
    for primary in ("navy", "yellow", "#808080", "white", "black"):
        text = f'name = "B"\n[palette]\nprimary = "{primary}"\n'
        palette = read_brandkit(brand(tmp_path, text)).palette
        assert contrast(palette.ink, palette.paper) >= 4.5


@pytest.mark.parametrize(
    ("text", "colour"),
    [("#ABC", "#aabbcc"), ("1d4d4f", "#1d4d4f"), (" Dark Slate Grey ", "#2f4f4f"),
     ("rgb(255,0,0)", "#ff0000"), ("NAVY", "#000080")],
)  # fmt: skip
def test_colours_are_read_as_people_write_them(text: str, colour: str) -> None:
    assert parse_colour(text) == colour


def test_colour_names_are_known_after_a_picture_was_painted_with_them() -> None:
    Image.new("RGB", (2, 2), "rebeccapurple")
    colours._css_colours.cache_clear()
    assert parse_colour("rebeccapurple") == "#663399"


@pytest.mark.parametrize("text", ["", "#12345", "gren", "rgb(256,0,0)", "#gggggg", "url(x)"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no colour"):
        parse_colour(text)


def test_every_fault_of_a_brand_is_named_at_once(tmp_path: Path) -> None:
    text = fault_of(
        tmp_path,
        'name = "B"\ncorner_radius = 3\ncolour = "x"\n[palette]\nprimary = "gren"\npapr = "#fff"\n'
        '[accounts.a]\nhandel = "@a"\n',
    )
    assert "'gren' is no colour (did you mean 'green'?)" in text
    assert "corner_radius" in text
    assert "'palette.papr'; did you mean 'paper'?" in text
    assert "'accounts.a.handel'; did you mean 'handle'?" in text


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('logo = "nope.png"', "is no file"),
        ('logo = { light = "note.png" }', "no picture"),
        ('logo = { dark = "cut.png" }', "damaged"),
        ('fonts = { heading = { files = ["nope.ttf"] } }', "is no file"),
        ('fonts = { body = { files = ["note.ttf"] } }', "no TrueType"),
        ("fonts = { body = { weight = 1000 } }", "fonts.body.weight"),
    ],
)  # fmt: skip
def test_files_of_a_brand_are_proved(tmp_path: Path, line: str, word: str) -> None:
    for name in ("note.png", "note.ttf"):
        (tmp_path / name).write_text("a note")
    Image.effect_noise((90, 90), 50).save(tmp_path / "whole.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:3000])
    assert word in fault_of(tmp_path, f'name = "B"\n{line}\n[palette]\nprimary = "navy"\n')


def test_the_digest_follows_values_and_bytes_but_not_places(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        brand(folder, WHOLE)
    first = read_brandkit(one / "brand.toml").digest
    assert read_brandkit(two / "brand.toml").digest == first
    Image.new("RGBA", (40, 40), (0, 0, 0, 255)).save(two / "logo.png")
    assert read_brandkit(two / "brand.toml").digest != first
    brand(two, WHOLE.replace("0.4", "0.5"))
    assert read_brandkit(two / "brand.toml").digest != first


def test_kits_travel_to_other_processes(tmp_path: Path) -> None:
    for kit in (house_brandkit(), read_brandkit(brand(tmp_path, WHOLE))):
        assert pickle.loads(pickle.dumps(kit)) == kit  # noqa: S301 - our own bytes


def test_the_house_kit_is_readable_and_steady() -> None:
    kit = house_brandkit()
    assert contrast(kit.palette.ink, kit.palette.paper) >= 7
    assert kit.digest == house_brandkit().digest


def test_a_logo_beside_the_sheet_drafts_the_brand(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "briefs.csv").write_text("product\nMug\n")
    logo = Image.new("RGBA", (120, 60), (255, 255, 255, 0))
    pen = ImageDraw.Draw(logo)
    pen.rectangle((0, 0, 70, 60), fill=(18, 52, 120, 255))
    pen.rectangle((71, 0, 100, 60), fill=(228, 87, 46, 255))
    logo.save(shop / "logo.png")
    folder = create_campaign(tmp_path, "new", shop / "briefs.csv")
    kit = read_brandkit(folder / "brand" / "brand.toml")
    assert (kit.palette.primary, kit.palette.secondary) == ("#123478", "#e4572e")
    assert Path(kit.logo).read_bytes() == (shop / "logo.png").read_bytes()
