"""Clips that begin with the product's key visual: sent without words, looked at, used or left."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from handbill.cli import run_verb
from tests.doubles.clip_campaign import a_campaign, a_clip
from tests.doubles.clips import Picture, a_clip_of
from tests.doubles.job_vendor import KEY, JobVendor
from tests.doubles.killing import serving
from tests.doubles.paid_runs import run, spent
from tests.doubles.poster_samples import street_photo

MOVED = "reference = true"


def a_sheet(folder: Path) -> str:
    folder.mkdir()
    picture = Path(street_photo(folder).path)
    return f"id,product,image\nlamp,Tide Lamp,{picture.name}\n"


def sent_picture(vendor: JobVendor) -> Picture:
    """The picture that the first request carried."""
    request = next(each for each in vendor.seen if each.method == "POST")
    parts = [part for part in request.body["content"] if "image_url" in part]
    (part,) = parts
    data = base64.b64decode(part["image_url"]["url"].partition(",")[2])
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.asarray(decoded, np.uint8)


def moved(picture: Picture, folder: Path) -> bytes:
    """Three seconds in which the camera goes slowly towards it."""
    high, wide = (side // 2 * 2 for side in picture.shape[:2])
    frames = []
    for at in range(30):
        matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), 0, 1 + 0.004 * at)
        frames.append(np.asarray(cv2.warpAffine(picture, matrix, (wide, high)), np.uint8))
    return a_clip_of(folder / "moved.mp4", frames).read_bytes()


def asset_of(bundle: str) -> dict[str, object]:
    manifest = json.loads((Path(bundle) / "manifest.json").read_text())
    (film,) = [each for each in manifest["assets"] if each["medium"] == "film"]
    return dict(film)


def test_a_key_visual_is_sent_and_only_a_clip_that_shows_the_product_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOB_KEY", KEY)
    sheet = a_sheet(tmp_path / "c")
    vendor = JobVendor(states=["succeeded"], film=a_clip(tmp_path))
    with serving(vendor):
        first = run(a_campaign(tmp_path / "c", vendor, sheet=sheet, more=MOVED), tmp_path / "one")
        assert first.statuses == {"made": 1}
        assert spent(tmp_path / "one") == 1_000_000
        film = asset_of(first.bundle)
        assert film["ai"] == "none"
        assert "clip.unusable" in json.dumps(film["findings"])
        vendor.film = moved(sent_picture(vendor), tmp_path)
        second = run(a_campaign(tmp_path / "c", vendor, sheet=sheet, more=MOVED), tmp_path / "two")
        assert second.statuses == {"made": 1}
        film = asset_of(second.bundle)
        assert film["ai"] == "generated"
        assert "clip.unusable" not in json.dumps(film["findings"])
    prompts = [each.body for each in vendor.seen if each.method == "POST"]
    assert prompts[0] == prompts[1]  # the same question, so that it is paid once
    assert "begins with the picture" in json.dumps(prompts[0])
    wide, high = sent_picture(vendor).shape[1::-1]
    assert max(wide, high) <= 1280


def test_a_plan_prices_moved_pictures_and_draws_none(
    tmp_path: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("JOB_KEY", KEY)
    vendor = JobVendor()
    with serving(vendor):
        campaign = a_campaign(tmp_path / "c", vendor, sheet=a_sheet(tmp_path / "c"), more=MOVED)
        assert run_verb(["plan", str(campaign), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    price = next(one for one in facts["prices"] if one["capability"] == "video")
    assert price["calls"] == 1
    assert "1.0" in json.dumps(price)
    assert not list((home / "store").rglob("*.png"))
