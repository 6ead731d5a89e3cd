"""Whole runs without Prefect, on placements without films."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from handbill.errors import CampaignError
from handbill.press.appraisal import Standing, appraise
from handbill.press.outcome import RunResult
from handbill.press.request import RunRequest
from handbill.settings import read_settings
from handbill.studio import Studio

ONLY = ("sms.text", "instagram.feed_image")
MOMENT = "2026-05-01T08:00:00+00:00"


def request_for(sheet: Path, **values: Any) -> RunRequest:
    return RunRequest(target=str(sheet), only=ONLY, **values)


def run(studio: Studio, request: RunRequest, out: Path) -> RunResult:
    reading = studio.begin(request, out)
    with studio.holding(reading):
        return studio.make(request, reading, started=MOMENT, moment=lambda: MOMENT)


def manifest(out: Path) -> dict[str, str]:
    assets = json.loads((out / "manifest.json").read_text())["assets"]
    return {asset["path"]: asset["sha256"] for asset in assets}


def outcomes(out: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((out / "outcomes.csv").read_text("utf-8-sig").splitlines()))


def test_a_second_run_makes_nothing_and_gives_the_same_manifest(
    studio: Studio, small_sheet: Path, tmp_path: Path
) -> None:
    first = run(studio, request_for(small_sheet), tmp_path / "one")
    assert first.statuses == {"made": 4}
    assert first.exit_code == 0
    bytes_of_first = (tmp_path / "one" / "manifest.json").read_bytes()

    second = run(studio, request_for(small_sheet), tmp_path / "two")
    assert second.statuses == {"reused": 4}
    assert all(count.fresh == 0 for count in studio.progress.counts())
    assert (tmp_path / "two" / "manifest.json").read_bytes() == bytes_of_first


def test_another_machine_gives_the_same_manifest(
    studio: Studio, small_sheet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = run(studio, request_for(small_sheet), tmp_path / "one")
    monkeypatch.setenv("HANDBILL_HOME", str(tmp_path / "elsewhere"))
    other = Studio(read_settings())
    try:
        there = run(other, request_for(small_sheet), tmp_path / "two")
    finally:
        other.close()
    assert there.statuses == {"made": 4}
    assert there.manifest_sha256 == here.manifest_sha256


def test_a_changed_row_remakes_its_own_assets_alone(
    studio: Studio, small_sheet: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run(studio, request_for(small_sheet), out)
    before = manifest(out)
    changed = small_sheet.read_text().replace("Tea Pot", "Tea Pot Grande")
    small_sheet.write_text(changed.replace("pot,Tea", "pot,Big Tea"))

    docket = studio.read(request_for(small_sheet))
    appraisal = appraise(studio.equip(docket), docket)
    assert {(one.order.brief.id, one.standing, one.because) for one in appraisal.standings} == {
        ("mug", Standing.REUSED, ()),
        ("pot", Standing.CHANGED, ("row",)),
    }

    result = run(studio, request_for(small_sheet), out)
    assert result.statuses == {"made": 2, "reused": 2}
    after = manifest(out)
    mug = {path: sha for path, sha in before.items() if "mug" in path}
    assert mug
    assert {path: sha for path, sha in after.items() if "mug" in path} == mug
    by_brief = {(row["brief"], row["status"]) for row in outcomes(out)}
    assert by_brief == {("mug", "reused"), ("pot", "made")}


def test_a_dropped_row_is_named_by_the_plan(
    studio: Studio, small_sheet: Path, tmp_path: Path
) -> None:
    whole = RunRequest(target=str(small_sheet.parent / "campaign"))
    campaign = Path(whole.target)
    campaign.mkdir()
    (campaign / "campaign.toml").write_text(
        'campaign = "C"\nsheet = "../products.csv"\nplacements = ["sms.text"]\nlocales = ["en"]\n'
    )
    run(studio, whole, tmp_path / "out")
    lines = small_sheet.read_text().splitlines()
    small_sheet.write_text("\n".join(lines[:2]) + "\n")
    docket = studio.read(whole)
    appraisal = appraise(studio.equip(docket), docket)
    assert appraisal.dropped == ("pot · sms.text · en",)
    assert appraisal.counts == {"new": 0, "changed": 0, "reused": 1, "dropped": 1}


def test_a_locale_that_the_house_does_not_write_blocks_its_orders_and_the_rest_is_made(
    studio: Studio, small_sheet: Path, tmp_path: Path
) -> None:
    text = small_sheet.read_text().replace("url\n", "url,locale\n", 1)
    lines = text.splitlines()
    small_sheet.write_text("\n".join([lines[0], f"{lines[1]},en", f"{lines[2]},sv"]) + "\n")
    result = run(studio, request_for(small_sheet), tmp_path / "out")
    assert result.statuses == {"blocked": 2, "made": 2}
    assert result.exit_code == 3
    message = next(row["message"] for row in outcomes(tmp_path / "out") if row["brief"] == "pot")
    assert "'house' does not write 'sv'; it writes " in message
    assert "en" in message


def test_rows_choose_briefs(studio: Studio, small_sheet: Path, tmp_path: Path) -> None:
    result = run(studio, request_for(small_sheet, rows="2-2"), tmp_path / "out")
    assert result.statuses == {"made": 2}
    assert {row["brief"] for row in outcomes(tmp_path / "out")} == {"pot"}


def test_a_campaign_that_changes_under_its_run_is_noticed(
    studio: Studio, small_sheet: Path, tmp_path: Path
) -> None:
    request = request_for(small_sheet)
    reading = studio.begin(request, tmp_path / "out")
    small_sheet.write_text(small_sheet.read_text().replace("four cups", "five cups"))
    fresh = Studio(studio.settings)
    with pytest.raises(CampaignError, match="changed while its run was under way"):
        fresh.docket(request, reading.plan_digest)


def test_a_pasted_sheet_has_one_place_for_one_text(studio: Studio) -> None:
    one = studio.keep_sheet("product\nMug\n")
    assert studio.keep_sheet("product\nMug\n") == one
    assert studio.keep_sheet("product\nPot\n") != one
    assert one.read_text() == "product\nMug\n"
