"""Words keep off the product in a scene: by the crop, by another layout, or they say that not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import pytest

from handbill.domain.placement import ImageSpec
from handbill.press.scenes import look_at_scene
from handbill.rendering.pictures import clear_picture_caches, crop_of, load_scene
from handbill.rendering.posters.sketching import Sketch, sketch_poster
from handbill.rendering.spec import PosterSpec
from tests.doubles.poster_samples import CANVASES, spec_of
from tests.doubles.scenes import a_jar, a_scene_with


@pytest.fixture(autouse=True)
def fresh_pictures() -> Iterator[None]:
    clear_picture_caches()
    yield
    clear_picture_caches()


def scene_spec(
    folder: Path, canvas: ImageSpec, at: tuple[float, float], share: float
) -> PosterSpec:
    """A poster on a scene with the jar in it, its place found as a run finds it."""
    size = (canvas.width_px, canvas.height_px)
    for name, pixels in (
        ("jar", a_jar()),
        ("scene", a_scene_with(a_jar(), size, share=share, at=at)),
    ):
        cv2.imwrite(str(folder / f"{name}.png"), pixels)
    faults, subject = look_at_scene(folder / "scene.png", folder / "jar.png", canvas, "lower")
    assert faults == ()
    height = 0.93 * share  # the jar's picture has a rim
    assert subject[1] == pytest.approx(at[1] - height / 2, abs=0.03)
    assert subject[3] == pytest.approx(at[1] + height / 2, abs=0.03)
    spec = spec_of(canvas)
    words = replace(spec.display, address="", deadline="", badge="", benefits=())
    return replace(spec, display=words, scene=str(folder / "scene.png"), subject=subject)


def covered(sketch: Sketch) -> set[str]:
    """Roles whose boxes reach into the heart of the product."""
    assert sketch.subject is not None
    placed = [(one.piece.role, one.area) for stack in sketch.stacks for one in stack.placed]
    placed += [(one.mark.role, one.area) for one in sketch.margins.placed]
    return {role for role, area in placed if area.overlaps(sketch.subject)}


@pytest.mark.parametrize("canvas", ["portrait", "square", "landscape"])
@pytest.mark.parametrize(
    ("at", "share"), [((0.5, 0.38), 0.5), ((0.5, 0.62), 0.5), ((0.3, 0.5), 0.4)]
)
def test_words_keep_off_the_product(
    tmp_path: Path, canvas: str, at: tuple[float, float], share: float
) -> None:
    spec = scene_spec(tmp_path, CANVASES[canvas], at, share)
    sketch = sketch_poster(spec, spec.display)
    assert covered(sketch) == set()
    assert sketch.subject is not None
    assert sketch.plan.spot.contains(sketch.subject)
    assert "scene.product_hidden" not in {finding.code for finding in sketch.findings}


def test_a_scene_that_fills_the_page_loses_what_is_empty_above_the_product(tmp_path: Path) -> None:
    spec = scene_spec(tmp_path, CANVASES["portrait"], (0.5, 0.62), 0.5)
    sketch = sketch_poster(spec, spec.display)
    assert sketch.choice.layout.name == "magazine_cover"
    assert sketch.plan.spot.height < 0.8 * sketch.frames.page.height


def test_words_that_have_no_other_place_are_told(tmp_path: Path) -> None:
    spec = scene_spec(tmp_path, CANVASES["portrait"], (0.5, 0.38), 0.5)
    cover = sketch_poster(spec, spec.display).choice.layout
    large = scene_spec(tmp_path, CANVASES["portrait"], (0.5, 0.5), 0.8)
    clear_picture_caches()
    sketch = sketch_poster(large, large.display, layouts=(cover,))
    assert "headline" in covered(sketch)
    (finding,) = (one for one in sketch.findings if one.code == "scene.product_hidden")
    assert "headline" in finding.message


def test_crops_hold_the_product_of_a_scene(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "scene.png"), a_scene_with(a_jar(), share=0.3, at=(0.85, 0.8)))
    scene = load_scene(str(tmp_path / "scene.png"), (0.72, 0.66, 0.98, 0.94))
    left, top, wide, high = crop_of(scene, 500, 500)
    assert left + wide >= 0.98 * scene.width_px
    assert top + high >= 0.94 * scene.height_px
