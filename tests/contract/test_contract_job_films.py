"""A film with a vendor's clip in it: bought once, and said on the film."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handbill.cli import run_verb
from tests.doubles.clip_campaign import a_campaign, a_clip
from tests.doubles.job_vendor import KEY, JobVendor
from tests.doubles.killing import serving
from tests.doubles.paid_runs import run, spent


def test_a_clip_stands_in_the_film_and_is_bought_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOB_KEY", KEY)
    vendor = JobVendor(states=["failed", "succeeded"], film=a_clip(tmp_path))
    with serving(vendor):
        campaign, home = a_campaign(tmp_path / "c", vendor), tmp_path / "home"
        first = run(campaign, home)
        assert first.statuses == {"failed": 1}
        second = run(campaign, home)
        assert second.statuses == {"made": 1}
        assert spent(home) == 1_000_000  # 6 s are wished, 10 s are the next on offer
        assert second.cost_usd_micros == 1_000_000
        third = run(campaign, home)
        assert spent(home) == 1_000_000
        assert third.cost_usd_micros == 0
    assert vendor.jobs == ["job-1", "job-2"]
    films = sorted(Path(second.bundle).rglob("*.mp4"))
    assert films
    manifest = json.loads((Path(second.bundle) / "manifest.json").read_text())
    shown = json.dumps(manifest)
    assert '"ai": "generated"' in shown
    assert '"provider": "job"' in shown


def test_a_plan_prices_the_clips(
    tmp_path: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("JOB_KEY", KEY)
    vendor = JobVendor()
    with serving(vendor):
        campaign = a_campaign(tmp_path / "c", vendor)
        assert run_verb(["plan", str(campaign), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    price = next(one for one in facts["prices"] if one["capability"] == "video")
    shown = json.dumps(price)
    assert price["calls"] == 1
    assert "1.0" in shown, shown
    assert vendor.seen == []
