"""Scenes over real HTTP: the product's picture goes along, and a wrong product is refused."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from handbill.checking.likeness import find_product, likeness_fault
from handbill.press.outcome import RunResult
from tests.doubles.killing import serving
from tests.doubles.paid_campaign import KEY_VARIABLE
from tests.doubles.paid_runs import run
from tests.doubles.scenes import a_jar, a_scene_with
from tests.doubles.vendor_server import VendorServer

START, END = b"\x89PNG\r\n", b"IEND\xaeB`\x82"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "sk-x")


def sent_picture(body: dict[str, Any]) -> np.ndarray:
    """The picture in the body of an edit."""
    data = base64.b64decode(body["multipart"])
    data = data[data.index(START) : data.index(END) + len(END)]
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    return picture


def painter(change: Callable[[np.ndarray], np.ndarray]) -> Callable[[dict[str, Any]], bytes]:
    """A model that paints a scene around what it was sent, after `change`."""

    def draw(body: dict[str, Any]) -> bytes:
        return cv2.imencode(".png", a_scene_with(change(sent_picture(body))))[1].tobytes()

    return draw


def a_campaign(folder: Path, server: VendorServer) -> Path:
    folder.mkdir()
    cv2.imwrite(str(folder / "jar.png"), a_jar())
    (folder / "briefs.csv").write_text(
        "id,product,description,image\njar,Tide Jar,Sea salt in a jar.,jar.png\n"
    )
    (folder / "campaign.toml").write_text(
        f"""campaign = "Scenes"
sheet = "briefs.csv"
placements = ["instagram.feed_image"]
locales = ["en"]
[providers]
image = {{ name = "openai", base_url = "{server.base_url}", key = "env:{KEY_VARIABLE}", \
parameters = {{ reference = true }} }}
"""
    )
    return folder


def findings(result: RunResult) -> str:
    return (Path(result.bundle) / "manifest.json").read_text()


def test_the_products_picture_goes_along_and_its_scene_is_the_poster(tmp_path: Path) -> None:
    with serving(VendorServer(draw=painter(lambda product: product))) as server:
        campaign, home = a_campaign(tmp_path / "c", server), tmp_path / "home"
        first = run(campaign, home)
        assert [seen.path for seen in server.seen] == ["/v1/images/edits"]
        again = run(campaign, home)
        assert len(server.charged) == 1
    assert np.array_equal(sent_picture(server.seen[0].body), a_jar())
    assert "scene.unusable" not in findings(first)
    assert (first.statuses, again.cost_usd_micros) == ({"made": 1}, 0)
    (poster,) = Path(first.bundle).rglob("image*.jp*g")
    pixels = cv2.imread(str(poster))
    assert pixels is not None
    # The jar stands in it whole and bright, above all words and their shade.
    assert likeness_fault(find_product(a_jar(), np.asarray(pixels, np.uint8))) == ""
    assert "scene.product_hidden" not in findings(first)


def test_another_picture_is_another_question(tmp_path: Path) -> None:
    with serving(VendorServer(draw=painter(lambda product: product))) as server:
        campaign, home = a_campaign(tmp_path / "c", server), tmp_path / "home"
        run(campaign, home)
        cv2.imwrite(str(campaign / "jar.png"), a_jar(colour=(90, 160, 60)))
        run(campaign, home)
        assert len(server.charged) == 2


def test_a_wrong_product_is_refused_twice_more_and_then_the_house_draws(tmp_path: Path) -> None:
    with serving(VendorServer(draw=painter(lambda _: a_jar(label="ZOOM")))) as server:
        campaign, home = a_campaign(tmp_path / "c", server), tmp_path / "home"
        result = run(campaign, home)
        assert len(server.charged) == 3
        run(campaign, home)
        assert len(server.charged) == 3
    last = base64.b64decode(server.seen[-1].body["multipart"])
    assert b"the product in it is not the one of the reference picture" in last
    assert result.statuses == {"made": 1}
    assert "scene.unusable" in findings(result)
