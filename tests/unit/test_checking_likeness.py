"""A product in a scene is told from others, from other colours and from other labels."""

from __future__ import annotations

import numpy as np
import pytest

from handbill.checking.ground import lettering_lines
from handbill.checking.likeness import find_product, likeness_fault, without_product
from tests.doubles.scenes import a_jar, a_scene_with

JAR = a_jar()


@pytest.mark.parametrize(
    ("share", "at", "light", "turned"),
    [
        (0.5, (0.5, 0.38), 1.0, 0.0),
        (0.32, (0.3, 0.6), 0.8, 0.0),
        (0.7, (0.55, 0.45), 1.12, 3.0),
        (0.45, (0.68, 0.3), 0.9, -4.0),
    ],
)
def test_a_product_is_known_at_any_size_place_and_light(
    share: float, at: tuple[float, float], light: float, turned: float
) -> None:
    scene = a_scene_with(JAR, share=share, at=at, light=light, turned=turned)
    found = find_product(JAR, scene)
    assert likeness_fault(found) == ""
    assert found is not None
    middle = found.corners.mean(axis=0)
    assert np.abs(middle - np.array(at) * (1088, 1360)).max() < 40


@pytest.mark.parametrize("cast", [(1.12, 1.0, 0.9), (0.9, 1.0, 1.1)])
def test_a_product_in_colder_or_warmer_light_is_known(cast: tuple[float, float, float]) -> None:
    lit = JAR.astype(np.float32)
    lit[:, :, :3] *= cast
    scene = a_scene_with(np.clip(lit, 0, 255).astype(np.uint8), turned=6.0)
    assert likeness_fault(find_product(JAR, scene)) == ""


@pytest.mark.parametrize(
    ("product", "told"),
    [
        (a_jar(colour=(170, 90, 40)), "other colours"),
        (a_jar(label="ZOOM"), "shape or label differ"),
        (np.ascontiguousarray(a_jar()[::-1]), "shape or label differ"),
    ],
)
def test_another_colour_label_or_form_is_no_likeness(product: np.ndarray, told: str) -> None:
    assert told in likeness_fault(find_product(JAR, a_scene_with(product)))


def test_an_empty_room_holds_no_product() -> None:
    empty = a_scene_with(np.zeros_like(JAR))
    assert "not the one" in likeness_fault(find_product(JAR, empty))


def test_a_photograph_on_an_even_ground_is_cut_to_its_product() -> None:
    photo = a_scene_with(JAR, (900, 1000), share=0.7, at=(0.5, 0.5))
    photo[(a_scene_with(np.zeros_like(JAR), (900, 1000)) == photo).all(axis=2)] = 250
    on_white = np.dstack([photo, np.full(photo.shape[:2], 255, np.uint8)])
    assert likeness_fault(find_product(on_white, a_scene_with(JAR))) == ""


def test_the_products_own_label_is_no_lettering_of_the_scene() -> None:
    fine = a_jar()
    fine[240:560, 85:375] = (225, 238, 244, 255)
    for top in range(255, 545, 18):
        fine[top : top + 9, 95:365:9] = fine[top : top + 9, 96:365:9] = (30, 30, 30, 255)
        fine[top : top + 9, 97:365:9] = fine[top : top + 4, 98:365:9] = (30, 30, 30, 255)
    scene = a_scene_with(fine, share=0.7, at=(0.5, 0.4))
    found = find_product(fine, scene)
    assert found is not None
    assert lettering_lines(scene) > 0
    assert lettering_lines(without_product(scene, found)) == 0
