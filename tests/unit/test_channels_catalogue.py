from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from handbill.channels import load_catalogue
from handbill.domain.placement import Placement
from handbill.errors import ChannelError

CATALOGUE = load_catalogue(())
MADE = (
    "email.html",
    "facebook.post",
    "google_ads.rsa",
    "instagram.feed_image",
    "instagram.reel",
    "instagram.story",
    "linkedin.post",
    "pinterest.pin",
    "print.poster_a4",
    "sms.text",
    "tiktok.video",
    "x.post",
    "xiaohongshu.note",
    "youtube.short",
)


def _films() -> list[Placement]:
    placements = [CATALOGUE.placement(name) for name in CATALOGUE.made_ids]
    return [placement for placement in placements if "film" in placement.makes]


def test_holds_all_placements_and_says_which_are_made() -> None:
    assert len(CATALOGUE.ids) == 55
    assert CATALOGUE.made_ids == MADE


@pytest.mark.parametrize("name", CATALOGUE.ids)
def test_every_placement_is_whole(name: str) -> None:
    placement = CATALOGUE.described(name)
    assert placement.id == name
    assert placement.checked_on == "2026-11-21"
    assert placement.confidence in {"A", "B", "C"}
    assert placement.kind in {"organic", "ad", "commerce", "message", "print"}
    assert set(placement.makes) <= {"copy", "image", "film", "document"}
    assert CATALOGUE.sources(name)
    assert ("image" in placement.makes) <= (placement.image is not None)
    assert ("film" in placement.makes) <= (placement.video is not None)
    assert all(source.where and source.tier in "ABC" for source in CATALOGUE.sources(name))


def test_carries_figures_with_confidence_and_sources() -> None:
    caption = CATALOGUE.placement("instagram.feed_image").texts["caption"]
    assert (caption.limit, caption.unit) == (2200, "chars_unspecified")
    assert caption.provenance.confidence == "B"
    assert caption.provenance.sources == ("postiz", "aitoearn")
    assert CATALOGUE.placement("instagram.feed_image").hashtags_max == 5
    assert CATALOGUE.placement("x.post").disclosure.field == "made_with_ai"
    assert CATALOGUE.described("google_ads.pmax").image_slots["logo"].min_width_px == 128
    assert len(CATALOGUE.described("google_ads.display_upload").image.sizes) == 15  # type: ignore[union-attr]
    assert CATALOGUE.described("linkedin.post").figures["document.max_pages"] == "300"


def test_written_texts_leave_out_what_handbill_derives() -> None:
    assert set(CATALOGUE.placement("x.post").written_texts) == {"text"}
    assert set(CATALOGUE.placement("pinterest.pin").written_texts) == {"title", "description"}
    assert set(CATALOGUE.placement("email.html").written_texts) == {
        *("subject", "preheader", "headline", "intro", "benefits", "offer", "cta", "closing")
    }
    assert set(CATALOGUE.placement("sms.text").written_texts) == {"text"}
    assert CATALOGUE.placement("instagram.story").written_texts == {}
    assert CATALOGUE.placement("google_ads.rsa").written_texts["headline"].max_items == 15


def test_films_come_in_three_proportions() -> None:
    made = {
        (placement.video.width_px, placement.video.height_px)
        for placement in _films()
        if placement.video
    }
    assert made == {(1080, 1920), (1080, 1080), (1280, 720)}


def test_one_vertical_master_serves_three_placements() -> None:
    one, two, three = (
        CATALOGUE.placement(name).video
        for name in ("instagram.reel", "tiktok.video", "youtube.short")
    )
    assert one == two == three


@pytest.mark.parametrize("placement", _films(), ids=lambda placement: placement.id)
def test_a_master_keeps_every_figure_of_its_placements(placement: Placement) -> None:
    master, limits = placement.video, placement.video_limits
    assert master is not None
    assert limits is not None
    for edge in ("top_px", "bottom_px", "left_px", "right_px"):
        assert getattr(master.safe_zone, edge) >= getattr(limits.safe_zone, edge)
    assert limits.min_s <= master.min_s < master.max_s <= (limits.max_s or master.max_s)
    assert master.max_bytes <= (limits.max_bytes or master.max_bytes)
    assert master.min_kbps >= limits.min_kbps
    assert limits.min_width_px <= master.width_px <= (limits.max_width_px or 10**6)
    assert limits.min_height_px <= master.height_px <= (limits.max_height_px or 10**6)
    low, high = limits.fps_range or (0, 1000)
    assert low <= master.fps <= high
    proportion = master.width_px / master.height_px
    assert any(abs(proportion - _ratio(aspect)) < 0.01 for aspect in limits.aspects)


def test_feeds_that_take_four_by_five_can_have_their_films_in_it(tmp_path: Path) -> None:
    own = 'checked_on = "2026-12-01"\n[post]\nmaster = "portrait"\n'
    (tmp_path / "linkedin.toml").write_text(own, encoding="utf-8")
    film = load_catalogue((tmp_path,)).placement("linkedin.post").video
    assert film is not None
    assert (film.width_px, film.height_px) == (1080, 1350)
    taking = [
        placement.video_limits
        for placement in map(CATALOGUE.described, CATALOGUE.ids)
        if placement.video_limits and "4:5" in placement.video_limits.aspects
    ]
    assert len(taking) >= 4
    for limits in taking:
        assert limits.min_s <= film.min_s < film.max_s <= (limits.max_s or film.max_s)
        assert film.max_bytes <= (limits.max_bytes or film.max_bytes)
        assert limits.min_width_px <= film.width_px <= (limits.max_width_px or film.width_px)


def _ratio(aspect: str) -> float:
    width, height = aspect.split(":")
    return float(width) / float(height)


@pytest.mark.parametrize("name", [name for name in MADE if CATALOGUE.placement(name).image])
def test_pictures_that_are_made_keep_the_platforms_own_figures(name: str) -> None:
    image = CATALOGUE.placement(name).image
    assert image is not None
    assert image.width_px >= image.min_width_px
    assert image.height_px >= image.min_height_px
    assert image.width_px <= (image.max_width_px or image.width_px)
    low, high = image.aspect_range or (0.0, 100.0)
    assert low <= image.width_px / image.height_px <= high
    assert not image.aspects or any(
        abs(image.width_px / image.height_px - _ratio(aspect)) < 0.01 for aspect in image.aspects
    )


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("instagram.reels", "instagram.reel"),
        ("tiktok.vid", "tiktok.video"),
        ("Google Ads.RSA", "google_ads.rsa"),
        ("print.a4", "print.poster_a4"),
    ],
)
def test_an_unknown_placement_names_the_nearest(asked: str, nearest: str) -> None:
    with pytest.raises(ChannelError) as caught:
        CATALOGUE.placement(asked)
    assert repr(asked) in str(caught.value)
    assert nearest in caught.value.remedy


def test_a_placement_that_is_only_described_says_so_and_lists_what_is_made() -> None:
    with pytest.raises(ChannelError) as caught:
        CATALOGUE.placement("weibo.post")
    assert "does not make it yet" in str(caught.value)
    assert all(name in str(caught.value) for name in MADE)
    assert CATALOGUE.described("weibo.post").texts["text"].limit == 2000


def test_a_folder_laid_over_changes_one_figure_alone(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(
        'checked_on = "2026-12-01"\n[post.text.text]\nlimit = 25000\n', "utf-8"
    )
    (tmp_path / "intranet.toml").write_text(
        '[banner]\nplatform = "Intranet"\nkind = "organic"\nconfidence = "A"\nmakes = ["image"]\n'
        "[banner.image]\nwidth_px = 800\nheight_px = 200\n",
        "utf-8",
    )
    catalogue = load_catalogue((tmp_path, tmp_path / "absent"))
    post = catalogue.placement("x.post")
    assert post.texts["text"].limit == 25000
    assert post.texts["text"].unit == "x_weighted"
    assert post.checked_on == "2026-12-01"
    assert catalogue.placement("intranet.banner").image is not None
    assert CATALOGUE.placement("x.post").texts["text"].limit == 280


def test_the_users_own_figures_lie_in_handbills_home(home: Path) -> None:
    folder = home / "channels"
    folder.mkdir(parents=True)
    (folder / "instagram.toml").write_text("[reel.hashtags]\nmax = 30\n", "utf-8")
    assert load_catalogue().placement("instagram.reel").hashtags_max == 30
    assert load_catalogue(()).placement("instagram.reel").hashtags_max == 5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[post.text.text]\nlimmit = 3\n", "unknown key 'limmit'"),
        ("[post\n", "this is not TOML"),
        ('[post]\nplatfrom = "X"\n', "unknown key 'platfrom'"),
        ('[new]\nplatform = "X"\n', "'kind'"),
    ],
)
def test_a_fault_in_a_file_is_named_with_its_place(
    tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / "x.toml").write_text(content, "utf-8")
    with pytest.raises(ChannelError) as caught:
        load_catalogue((tmp_path,)).described("x.post")
    assert message in str(caught.value)
    assert "x.toml" in caught.value.where


def test_reading_one_placement_opens_one_channel_file() -> None:
    program = (
        "import sys; from handbill.channels import load_catalogue\n"
        "c = load_catalogue(); c.placement('x.post'); print(sorted(c._channels))\n"
        "assert 'babel' not in sys.modules and 'regex' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert done.stdout.strip() == "['x']", done.stderr
