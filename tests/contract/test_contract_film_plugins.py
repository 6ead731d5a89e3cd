"""Film plug-ins of other packages: moviepy clips and effects, made once each, and their faults."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from handbill.campaign_folder import read_campaign
from handbill.errors import CampaignError, RenderError
from handbill.foreign.ffmpeg import run_ffmpeg
from handbill.foreign.film_plugins import film_plugins, run_film_plugins
from handbill.rendering.films.footage import open_footage
from handbill.rendering.films.footage_files import write_even_clip
from handbill.rendering.films.footage_scan import sample_clip
from tests.doubles.paid_runs import run

PLUGINS = """
import time
import numpy as np
from moviepy import ColorClip, VideoClip
from moviepy.video.fx import MirrorX


def stripes(ask):
    size = (ask["height_px"] // 4, ask["width_px"] // 4)

    def frame(t):
        picture = np.zeros((*size, 3), np.uint8)
        picture[:, (np.arange(size[1]) + int(t * 20)) % 40 < 20] = (240, 240, 240)
        return picture

    return VideoClip(frame, duration=2)


def greened(clip):
    return clip.image_transform(lambda picture: picture * np.array([0.2, 1.0, 0.2]))


def broken(clip):
    raise ValueError("no such colour")


def sleepy(clip):
    time.sleep(60)


def nothing(clip):
    return 7
"""
POINTS = """[handbill.film_clips]
stripes = shop_films:stripes
[handbill.film_effects]
mirrored = moviepy.video.fx:MirrorX
greened = shop_films:greened
broken = shop_films:broken
sleepy = shop_films:sleepy
nothing = shop_films:nothing
"""
ASK = {"fps": 10, "length_s": 2.0, "width_px": 160, "height_px": 90, "seed": 1}


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with an installed package of plug-ins."""
    site = tmp_path / "site"
    told = site / "shop_films-1.2.dist-info"
    told.mkdir(parents=True)
    (site / "shop_films.py").write_text(PLUGINS)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: shop-films\nVersion: 1.2\n")
    (told / "entry_points.txt").write_text(POINTS)
    monkeypatch.syspath_prepend(site)
    monkeypatch.setenv("PYTHONPATH", f"{site}:{Path(sys.modules['handbill'].__path__[0]).parent}")
    importlib.invalidate_caches()
    film_plugins.cache_clear()
    yield site
    film_plugins.cache_clear()


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Two seconds that are white on the left and black on the right, with a tone."""
    path = tmp_path / "own.mp4"
    picture = "color=black:size=160x90:rate=25:duration=2,drawbox=c=white:t=fill:w=60"
    tone = ["-f", "lavfi", "-i", "sine=300:duration=2"]
    coded = ["-pix_fmt", "yuv420p", "-c:a", "aac"]
    run_ffmpeg(["-f", "lavfi", "-i", picture, *tone, *coded, str(path)])
    return path


def changed(clip: Path, folder: Path, *effects: str) -> Path:
    even, target = folder / "even.mkv", folder / "made.mp4"
    assert write_even_clip(clip, even, 10, 60.0)
    run_film_plugins(target, effects=effects, source=even, ask=ASK)
    return target


def test_effects_of_moviepy_and_functions_change_a_clip_in_order(
    packages: Path, clip: Path, tmp_path: Path
) -> None:
    made = changed(clip, tmp_path, "mirrored", "greened")
    picture = sample_clip(made, 2.0, 160)[1].astype(int)
    left, right = picture[20:70, 10:50], picture[20:70, 110:150]
    assert left.mean() < 30
    assert right[:, :, 1].mean() > 200
    assert right[:, :, 0].mean() < 80
    footage, told = open_footage(str(made), (160, 90), 1.0)
    assert footage is not None, told
    assert np.abs(footage.sound()).max() > 0.02
    footage.close()
    first = made.read_bytes()
    assert changed(clip, tmp_path, "mirrored", "greened").read_bytes() == first


@pytest.mark.parametrize(
    ("effect", "told"),
    [
        ("broken", "ValueError: no such colour"),
        ("nothing", "instead of a clip"),
        ("absent", "no installed package offers"),
        ("sleepy", "gave nothing for 1 s"),
    ],
)
def test_faults_of_plugins_are_told_and_leave_no_file(
    effect: str, told: str, packages: Path, clip: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("handbill.foreign.film_plugins.STALL_S", 1.0 if effect == "sleepy" else 60)
    with pytest.raises(RenderError, match=told):
        changed(clip, tmp_path, effect)
    assert not (tmp_path / "made.mp4").exists()
    assert not list(tmp_path.glob(".part-*"))


def a_campaign(folder: Path, film: str) -> Path:
    folder.mkdir()
    (folder / "briefs.csv").write_text("id,product\nlamp,Tide Lamp\nrope,Long Rope\n")
    (folder / "campaign.toml").write_text(
        f'campaign = "Plugged"\nsheet = "briefs.csv"\nplacements = ["x.post"]\n'
        f'locales = ["en"]\n[film]\n{film}\n'
    )
    return folder


def test_a_campaign_has_its_clips_made_by_a_plugin(packages: Path, tmp_path: Path) -> None:
    campaign = a_campaign(tmp_path / "c", 'clip = "stripes"\neffects = ["greened"]')
    result = run(campaign, tmp_path / "home")
    assert result.statuses == {"made": 2}
    (film, *_) = sorted(Path(result.bundle).rglob("film.mp4"))
    opening = sample_clip(film, 2.0, 160)[2].astype(int)
    green, rest = opening[:, :, 1], opening[:, :, [0, 2]].max(axis=2)
    assert float(np.mean(green > rest + 60)) > 0.04
    again = run(campaign, tmp_path / "home")
    assert again.statuses == {"reused": 2}


def test_a_plugin_that_is_not_installed_is_told_by_its_nearest_name(
    packages: Path, tmp_path: Path
) -> None:
    with pytest.raises(CampaignError, match="did you mean 'stripes'"):
        read_campaign(a_campaign(tmp_path / "c", 'clip = "stripe"'))
    assert read_campaign(a_campaign(tmp_path / "d", 'effects = ["greened"]')).film.effects
