from __future__ import annotations

import json
from pathlib import Path

import pytest

from handbill.cli import run_verb
from tests.doubles.poster_samples import street_photo


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    (tmp_path / "brand.toml").write_text(
        'name = "Ours"\n[palette]\nprimary = "#0f6b5c"\n', "utf-8"
    )
    (tmp_path / "briefs.csv").write_text("product\nMug\n", "utf-8")
    (tmp_path / "campaign.toml").write_text(
        'campaign = "Ours"\nsheet = "briefs.csv"\nbrand = "brand.toml"\n'
        'placements = ["instagram.story", "x.post"]\n',
        "utf-8",
    )
    return tmp_path


def test_a_brought_picture_is_judged_rule_by_rule(
    campaign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = street_photo(campaign, 800, 450).path
    arguments = ["brand", "check", photo, "--campaign", str(campaign)]
    assert run_verb([*arguments, "--json"]) == 3
    (found,) = json.loads(capsys.readouterr().out)
    rules = {rule["rule"]: rule for rule in found["rules"]}
    assert rules["resolution"]["measured"] == "800 × 450 px"
    assert rules["resolution"]["wanted"] == "1600 × 900 px"
    assert rules["contrast"]["score"] is None
    assert rules["palette"]["score"] < 1
    assert run_verb(arguments) == 3
    told = capsys.readouterr().out
    assert "of 100" in told
    assert "not measured" in told


def test_what_is_no_picture_is_said(campaign: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (campaign / "notes.jpg").write_text("no picture", "utf-8")
    picture = str(campaign / "notes.jpg")
    assert run_verb(["brand", "check", picture, "--campaign", str(campaign)]) == 3
    assert "cannot be read as a picture" in capsys.readouterr().out
