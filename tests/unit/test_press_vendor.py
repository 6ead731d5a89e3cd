"""A run whose copy and grounds come from a paid vendor, on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handbill.cli import run_verb
from tests.doubles.vendor_server import VendorServer


@pytest.fixture
def campaign(
    home: Path, small_sheet: Path, vendor: VendorServer, monkeypatch: pytest.MonkeyPatch
) -> Path:
    monkeypatch.setenv("VENDOR_KEY", "sk-not-a-key")
    choice = f'{{ name = "openai", base_url = "{vendor.base_url}", key = "env:VENDOR_KEY" }}'
    folder = small_sheet.parent
    (folder / "campaign.toml").write_text(
        'campaign = "Paid"\nsheet = "products.csv"\nlocales = ["en"]\n'
        'placements = ["x.post"]\nlabels = ["eu"]\n'
        f"[providers]\ncopy = {choice}\nimage = {choice}\n"
    )
    return folder


def run(campaign: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    capsys.readouterr()
    words = ["run", str(campaign), "--only", "instagram.feed_image", "--direct", "--json"]
    code = run_verb([*words, "--out", str(out)])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, json.loads(said.out)


def test_a_paid_run_is_labelled_booked_and_never_paid_twice(
    campaign: Path, vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run(campaign, tmp_path / "one", capsys)
    paid = len(vendor.charged)
    assert paid >= 4, "two texts and two grounds"
    second = run(campaign, tmp_path / "two", capsys)
    assert len(vendor.charged) == paid
    one, two = (tmp_path / name / "manifest.json" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes(), (first, second)

    assets = json.loads(one.read_text())["assets"]
    image = next(asset for asset in assets if asset["medium"] == "image")
    assert (image["ai"], image["mode"], image["provider"]) == ("generated", "live", "openai")
    assert image["marks"]
    assert b"sk-not-a-key" not in b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    )


def test_a_vendor_that_is_down_fails_its_orders_and_the_run_still_ends(
    campaign: Path, vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.faults, vendor.faults_stay = ["401"], True
    code, result = run(campaign, tmp_path / "out", capsys)
    assert code == 50, "nothing was made, and the provider is the cause"
    assert result["statuses"] == {"failed": 2}
    assert "the key was refused" in result["messages"][0]["message"]
