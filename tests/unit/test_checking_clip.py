"""Clips from models: too short, black, frozen and blank ones are told."""

from __future__ import annotations

import numpy as np
import pytest

from handbill.checking.clip import clip_faults

FPS = 4.0


def moving(count: int) -> list[np.ndarray]:
    ground = (
        np.random.default_rng(2)
        .integers(20, 220, (9, 16, 3), np.uint8)
        .repeat(10, 0)
        .repeat(10, 1)
    )
    return [np.roll(ground, 3 * at, axis=1) for at in range(count)]


def test_a_clip_that_moves_serves() -> None:
    assert clip_faults(np.stack(moving(16)), FPS) == ()


@pytest.mark.parametrize(
    ("pictures", "told"),
    [
        (moving(3), "lasts only 0.8 s"),
        ([np.full((90, 160, 3), 4, np.uint8)] * 8 + moving(8), "black"),
        ([np.full((90, 160, 3), 90, np.uint8)] * 16, "one colour"),
        (moving(1) * 16, "hardly anything moves"),
    ],
)
def test_faults_are_named(pictures: list[np.ndarray], told: str) -> None:
    assert told in "; ".join(clip_faults(np.stack(pictures), FPS))
