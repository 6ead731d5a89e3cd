"""Who is named for a poster: the vendor whose picture is seen in it, and nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from handbill.domain.copy import DisplayText
from handbill.domain.order import Medium
from handbill.domain.placement import VideoSpec
from handbill.press.films import used_by_film
from handbill.press.origins import COVER, ai_of
from handbill.rendering.spec import FilmSpec
from tests.contract.test_contract_scenes import a_campaign, painter
from tests.doubles.killing import serving
from tests.doubles.paid_campaign import KEY_VARIABLE
from tests.doubles.paid_runs import run
from tests.doubles.poster_samples import KIT
from tests.doubles.scenes import a_jar
from tests.doubles.vendor_server import VendorServer

HOUSE = ("none", "offline", "house", "")


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "sk-x")


def poster_of(bundle: str) -> tuple[dict[str, Any], np.ndarray]:
    """The picture's entry in the manifest, and its pixels."""
    manifest = json.loads((Path(bundle) / "manifest.json").read_text("utf-8"))
    (asset,) = (one for one in manifest["assets"] if one["medium"] == "image")
    pixels = cv2.imread(str(Path(bundle) / asset["path"]))
    assert pixels is not None
    return asset, pixels


def told_of(asset: dict[str, Any]) -> tuple[str, ...]:
    return tuple(asset[name] for name in ("ai", "mode", "provider", "model"))


def made(
    folder: Path, draw: Callable[[dict[str, Any]], bytes], change: Callable[[Path], None] | None
) -> list[tuple[dict[str, Any], np.ndarray]]:
    """The same campaign twice: with AI labels, and without."""
    found = []
    with serving(VendorServer(draw=draw)) as server:
        for labels in (["eu"], []):
            campaign = a_campaign(folder / f"c{len(labels)}", server)
            settings = campaign / "campaign.toml"
            words = settings.read_text("utf-8")
            settings.write_text(f"labels = {json.dumps(labels)}\n{words}", "utf-8")
            if change:
                change(campaign)
            found.append(poster_of(run(campaign, folder / "home").bundle))
    return found


def test_a_vendors_scene_is_named_and_labelled(tmp_path: Path) -> None:
    (asset, labelled), (_, bare) = made(tmp_path, painter(lambda product: product), None)
    assert told_of(asset)[:3] == ("generated", "live", "openai")
    assert not np.array_equal(labelled, bare)


def test_a_scene_that_was_refused_is_nobodys(tmp_path: Path) -> None:
    (asset, labelled), (_, bare) = made(tmp_path, painter(lambda _: a_jar(label="ZOOM")), None)
    assert told_of(asset) == HOUSE
    assert {finding["code"] for finding in asset["findings"]} >= {"scene.unusable"}
    assert np.array_equal(labelled, bare)


@pytest.mark.parametrize(
    ("changes", "used"),
    [
        ({}, {"voice", "music", "video"}),
        ({"speech": ()}, {"music", "video"}),
        ({"music": "/own.mp3"}, {"voice", "video"}),
        ({"video": "/own.mp4"}, {"voice", "music"}),
    ],
)
def test_films_name_those_who_made_a_part_of_them(changes: dict[str, Any], used: set[str]) -> None:
    spec = FilmSpec(
        canvas=VideoSpec(width_px=1080, height_px=1920),
        display=DisplayText(headline="Fresh"),
        speech=("Fresh.",),
        kit=KIT,
        palette=KIT.palette,
        pictures=(),
        locale="en",
        seed=1,
    )
    assert used_by_film(("voice", "music", "video"), replace(spec, **changes)) == used


def test_a_cover_is_as_invented_as_its_films_pictures() -> None:
    assert [ai_of({"video"}, medium) for medium in (COVER, Medium.IMAGE)] == ["generated", "none"]
    assert ai_of({"voice"}, COVER) == "none"
