"""Hashtags of the house: the row's own words, and no figure that the row does not have."""

from __future__ import annotations

import pytest

from handbill.providers.house.hashtags import as_hashtag


@pytest.mark.parametrize(
    ("words", "tag"),
    [
        ("ocean blue shirt", "#OceanBlueShirt"),
        ("Winter tyres 205/55 R16", "#WinterTyresR16"),
        ("Model 3 2024", "#Model"),
        ("4 in 1 charger", "#4In1Charger"),
        ("iPhone 15", "#IPhone15"),
        ("24/7", ""),
        ("!!", ""),
    ],
)
def test_a_tag_runs_words_together_and_never_figures(words: str, tag: str) -> None:
    assert as_hashtag(words) == tag
