from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from handbill.checking.ground import ground_faults
from handbill.domain.brief import Brief, Picture
from handbill.domain.campaign import Campaign
from handbill.domain.order import Status
from handbill.domain.placement import ImageSpec
from handbill.errors import ContentRefused, ProviderError
from handbill.press.grounds import Ground, _fetch, quiet_side
from handbill.press.making import StepEnded
from handbill.press.posters import PosterAsk, draw_poster_file
from handbill.providers.ports import ImageAnswer, ImageRequest, ProviderHandle
from handbill.rendering.posters import sketching
from handbill.rendering.posters.layouts import read_layouts
from handbill.settings import builtin_templates
from tests.doubles.asks import a_brief
from tests.doubles.poster_samples import CANVASES, KIT, spec_of

TEMPLATES = builtin_templates()
CANVAS = ImageSpec(width_px=1080, height_px=1350)


def calm(width_px: int = 1080, height_px: int = 1350) -> np.ndarray:
    """A soft scene: light above, a table below."""
    rows = np.linspace(0, 1, height_px, dtype=np.float32)[:, None, None]
    pixels = (1 - rows) * np.array([220, 230, 240]) + rows * np.array([60, 90, 120])
    return np.repeat(pixels, width_px, axis=1).astype(np.uint8)


def lettered() -> np.ndarray:
    pixels = calm()
    for top in range(700, 1200, 80):
        cv2.putText(pixels, "FRESH DAILY BARGAIN", (60, top), 0, 2.0, (10, 10, 10), 5, cv2.LINE_AA)
    return pixels


def busy() -> np.ndarray:
    pixels = calm()
    pixels[:450] = np.random.default_rng(1).integers(0, 255, (450, 1080, 3), dtype=np.uint8)
    pixels[:450] = cv2.resize(pixels[:150, :360], (1080, 450), interpolation=cv2.INTER_NEAREST)
    return pixels


def png(pixels: np.ndarray) -> bytes:
    data = io.BytesIO()
    Image.fromarray(pixels[:, :, ::-1]).save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize(
    ("pixels", "told"),
    [
        (calm(), ()),
        (calm(200, 250), ("it has only 200 × 250 pixels",)),
        (np.full((1350, 1080, 3), 90, np.uint8), ("it shows one colour alone",)),
    ],
)
def test_a_ground_is_measured(pixels: np.ndarray, told: tuple[str, ...]) -> None:
    assert ground_faults(pixels, CANVAS, "upper") == told


def test_a_busy_third_and_lettering_are_found() -> None:
    (found,) = ground_faults(busy(), CANVAS, "upper")
    assert found.startswith("its upper third is too busy for words")
    assert ground_faults(busy(), CANVAS, "lower") == ()
    (found,) = ground_faults(lettered(), CANVAS, "upper")
    assert found.startswith("there is lettering in it")


def test_words_stand_on_the_readers_side() -> None:
    wide = ImageSpec(width_px=1600, height_px=900)
    assert [quiet_side(wide, "en"), quiet_side(wide, "ar-EG"), quiet_side(CANVAS, "ar")] == [
        "left", "right", "upper",
    ]  # fmt: skip


@dataclass
class Model:
    """A provider of pictures that gives what it was told, in turn."""

    gives: list[bytes | ProviderError]
    asked: list[ImageRequest] = field(default_factory=list)

    async def make_image(self, request: ImageRequest) -> ImageAnswer:
        self.asked.append(request)
        given = self.gives[min(len(self.asked), len(self.gives)) - 1]
        if isinstance(given, ProviderError):
            raise given
        return ImageAnswer(data=given)


class Store:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put_bytes(self, data: bytes) -> str:
        (self._folder / "ground.png").write_bytes(data)
        return "ground.png"

    def path(self, name: str) -> Path:
        return self._folder / name


class Here:
    """Drawing processes that are none."""

    def start(self, draw: object, ask: object) -> tuple[object, object]:
        return draw, ask

    def finish(self, drawing: tuple[object, object]) -> object:
        draw, ask = drawing
        assert callable(draw)
        return draw(ask)


@dataclass
class Bench:
    """As much of the press's equipment as grounds need."""

    model: Model
    scratch: Path
    calls: object = None
    templates: Path = TEMPLATES
    pixels: Here = field(default_factory=Here)

    @property
    def store(self) -> Store:
        return Store(self.scratch)

    def handle(self, capability: str) -> ProviderHandle:
        assert capability == "image"
        return ProviderHandle(name="painter", mode="mock", image=self.model)


class Papers:
    """As much of a docket as grounds need."""

    kit = KIT
    campaign = Campaign(name="C", folder="/", sheet="/s", placements=(), locales=())


@dataclass
class Wish:
    """As much of an order as grounds need."""

    brief: Brief
    locale: str = "en"


def fetched(model: Model, folder: Path) -> Ground | StepEnded:
    bench: Any = Bench(model, folder)
    papers: Any = Papers()
    wish: Any = Wish(a_brief())
    return asyncio.run(_fetch(bench, papers, wish, CANVAS, {"image": ["painter", ""]}))


def test_a_good_picture_is_taken_at_once(tmp_path: Path) -> None:
    model = Model([png(calm())])
    ground = fetched(model, tmp_path)
    assert isinstance(ground, Ground)
    assert Path(ground.path).is_file()
    assert ground.made_by == {"image": ["painter", ""]}
    assert ground.remarks == ()
    assert len(model.asked) == 1
    assert "Leave the upper third calm" in model.asked[0].prompt


def test_a_faulty_picture_is_asked_for_again_with_its_faults(tmp_path: Path) -> None:
    model = Model([png(lettered()), png(calm())])
    ground = fetched(model, tmp_path)
    assert isinstance(ground, Ground)
    assert ground.path
    assert (
        "An earlier picture could not be used: there is lettering in it" in model.asked[1].prompt
    )


def test_after_three_the_house_draws_and_says_so(tmp_path: Path) -> None:
    model = Model([png(lettered())])
    ground = fetched(model, tmp_path)
    assert isinstance(ground, Ground)
    assert len(model.asked) == 3
    assert len({request.prompt for request in model.asked}) == 3
    assert (ground.path, ground.made_by) == ("", {})
    (remark,) = ground.remarks
    assert remark.code == "ground.unusable"
    spec = replace(spec_of(CANVASES["square"]), remarks=ground.remarks)
    result = draw_poster_file(PosterAsk(spec=spec, target=tmp_path / "poster"))
    assert remark in result.findings


def test_a_ground_that_nobody_sees_is_not_labelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    covered = [one for one in read_layouts(TEMPLATES) if one.name == "magazine_cover"]
    monkeypatch.setattr(sketching, "_layouts", lambda: covered)
    photo = cv2.resize(busy()[:450], (1600, 2000))
    for name, pixels in (("photo", photo), ("ground", calm())):
        cv2.imwrite(str(tmp_path / f"{name}.png"), pixels)
    spec = replace(
        spec_of(CANVASES["portrait"]),
        pictures=(Picture(source="photo.png", path=str(tmp_path / "photo.png")),),
        background=str(tmp_path / "ground.png"),
        ai_label="AI-generated",
    )
    ask = PosterAsk(spec=spec, target=tmp_path / "poster")
    result = draw_poster_file(ask)
    assert result.ground_hidden
    assert "ground.hidden" in {finding.code for finding in result.findings}
    assert "label" not in {box.role for box in result.boxes}
    shown = draw_poster_file(replace(ask, label_without_ground="AI-assisted"))
    assert "label" in {box.role for box in shown.boxes}


def test_a_refusal_is_no_ground_and_one_after_a_fault_ends_the_asking(tmp_path: Path) -> None:
    refused = fetched(Model([ContentRefused("not this")]), tmp_path)
    assert isinstance(refused, StepEnded)
    assert refused.status is Status.REFUSED
    model = Model([png(lettered()), ContentRefused("not that")])
    ground = fetched(model, tmp_path)
    assert isinstance(ground, Ground)
    assert len(model.asked) == 2
    assert "not that" in ground.remarks[0].message
