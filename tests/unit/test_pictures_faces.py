"""Faces are found, products are no faces, and crops of stills and of clips keep people whole."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from handbill.domain.brief import Picture
from handbill.rendering.faces import find_faces
from handbill.rendering.films.footage import open_footage
from handbill.rendering.films.footage_camera import plan_camera, small_grey
from handbill.rendering.films.footage_scan import find_moments, scan_clip
from handbill.rendering.pictures import crop_picture, load_picture
from tests.doubles.clips import a_clip_of
from tests.doubles.drawn_faces import a_street, with_face
from tests.doubles.poster_samples import bottle, street_photo, studio_photo


def test_a_face_is_found_with_its_hair() -> None:
    (head,) = find_faces(with_face(a_street((640, 360)), 400, 60, 240))
    left, top, right, bottom = head
    assert (400 / 640) < left < (470 / 640)
    assert (580 / 640) < right <= 1
    assert top < 0.35
    assert 0.65 < bottom < 0.9


def test_grey_pictures_have_faces_too() -> None:
    grey = cv2.cvtColor(with_face(a_street((320, 180)), 30, 30, 110), cv2.COLOR_BGR2GRAY)
    assert len(find_faces(np.asarray(grey, np.uint8))) == 1


@pytest.mark.parametrize("make", [bottle, studio_photo, street_photo])
def test_what_is_no_face_is_not_taken_for_one(make: object, tmp_path: Path) -> None:
    assert callable(make)
    sample = make(tmp_path, 420, 1100) if make is bottle else make(tmp_path)
    pixels = cv2.imread(sample.path)
    assert pixels is not None
    assert find_faces(np.asarray(pixels, np.uint8)) == ()
    assert find_faces(a_street((640, 360))) == ()


def test_an_upright_crop_of_a_wide_photo_keeps_the_face(tmp_path: Path) -> None:
    file = tmp_path / "people.png"
    cv2.imwrite(str(file), with_face(a_street((1200, 600)), 880, 150, 300))
    loaded = load_picture(Picture(source="people.png", path=str(file), sha256="1"))
    cropped = crop_picture(loaded, 300, 600)  # type: ignore[arg-type]
    (head,) = find_faces(np.ascontiguousarray(cropped[:, :, :3]))
    assert head[0] > 0
    assert head[2] < 1


def test_a_stretch_with_somebody_in_it_is_worth_more(tmp_path: Path) -> None:
    streets = [a_street((320, 180), seed=at // 2) for at in range(30)]
    streets += [with_face(a_street((320, 180), seed=at // 2), 100, 30, 120) for at in range(30)]
    clip = a_clip_of(tmp_path / "somebody.mp4", streets)
    assert find_moments((scan_clip(clip),), 2.0)[0].start_s >= 2.5


def test_the_crop_of_a_clip_follows_the_face_and_not_what_moves_beside_it(tmp_path: Path) -> None:
    ground = a_street((480, 270))
    pictures = []
    for at in range(30):
        frame = with_face(ground, 300, 60, 140)
        cv2.circle(frame, (40 + 4 * at, 200), 22, (255, 255, 255), -1)
        pictures.append(frame)
    clip = a_clip_of(tmp_path / "beside.mp4", pictures)
    footage, told = open_footage(str(clip), (152, 270), 2.5)
    assert footage is not None, told
    middle = footage.camera.centres[:, 0]
    footage.close()
    assert np.abs(middle - 370 / 480).max() < 0.06


def test_a_crop_holds_two_faces_where_both_fit() -> None:
    pair = with_face(with_face(a_street((640, 360)), 60, 100, 160), 240, 120, 160)
    heads = find_faces(pair)
    assert len(heads) == 2
    grey = np.asarray(cv2.cvtColor(pair, cv2.COLOR_BGR2GRAY), np.uint8)
    middle = float(plan_camera([small_grey(grey)] * 8, 30, (0.6, 1.0)).centres[0, 0])
    assert middle - 0.3 < min(head[0] for head in heads)
    assert middle + 0.3 > max(head[2] for head in heads)
