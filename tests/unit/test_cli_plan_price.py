"""What a plan says before a cent is spent: prices, calls, time, disk; saved plans; refreshing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from handbill.cli import run_verb
from handbill.domain.campaign import CAPABILITIES, ProviderChoice
from handbill.press.refreshing import Refresher
from tests.doubles.paid_campaign import plain_text
from tests.doubles.vendor_server import VendorServer

ONLY = ["--only", "instagram.feed_image"]
OWN_PRICES = (
    "parameters = { usd_per_input_mtok = 1.0, usd_per_output_mtok = 10.0, "
    "requests_per_minute = 6000 }"
)


@pytest.fixture
def folder(home: Path, small_sheet: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VENDOR_KEY", "sk-not-a-key")
    return small_sheet.parent


def choose(folder: Path, vendor: VendorServer, **capabilities: str) -> None:
    """Write a campaign whose capabilities are served by the vendor, each with more settings."""
    lines = ['campaign = "Paid"', 'sheet = "products.csv"', 'locales = ["en"]']
    lines += ['placements = ["instagram.feed_image"]', "[providers]"]
    for name, more in capabilities.items():
        start = f'name = "openai", base_url = "{vendor.base_url}", key = "env:VENDOR_KEY"'
        lines.append(f"{name} = {{ {start}{', ' if more else ''}{more} }}")
    (folder / "campaign.toml").write_text("\n".join(lines) + "\n", "utf-8")


def plan(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run_verb(["plan", str(folder), *ONLY, "--json", *words]) == 0
    facts: dict[str, Any] = json.loads(capsys.readouterr().out)
    return facts


def run(folder: Path, out: Path, *words: str) -> int:
    return run_verb(["run", str(folder), *ONLY, "--direct", "--json", "--out", str(out), *words])


def price_of(facts: dict[str, Any], capability: str) -> dict[str, Any]:
    return next(one for one in facts["prices"] if one["capability"] == capability)


def test_what_was_paid_lies_in_the_range_of_the_plan(
    folder: Path, vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(folder, vendor, image=OWN_PRICES)
    facts = plan(folder, capsys)
    assert vendor.charged == []
    image = price_of(facts, "image")
    assert image["calls"] == facts["calls"] == 2
    assert 0 < image["cost_usd_low"] < image["cost_usd"] == image["cost_usd_at_worst"]
    assert facts["cost_usd"] == image["cost_usd"]
    assert facts["unpriced"] == []

    assert run(folder, tmp_path / "out") == 0
    assert len(vendor.charged) == facts["calls"]
    assert json.loads(capsys.readouterr().out)["cost_usd"] <= image["cost_usd"]

    again = plan(folder, capsys)
    assert (again["calls"], again["cost_usd"], again["counts"]["reused"]) == (0, 0, 2)


def test_copy_is_priced_with_its_repeats_and_at_the_configured_pace(
    folder: Path, vendor: VendorServer, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(folder, vendor, copy=OWN_PRICES.replace("6000", "4"))
    copy = price_of(plan(folder, capsys), "copy")
    assert copy["calls"] == 2
    assert 0 < copy["cost_usd_low"] < copy["cost_usd"]
    assert copy["cost_usd_at_worst"] == pytest.approx(3 * copy["cost_usd"])
    assert copy["wall_s"] == {"low": 30, "high": 30}, "two calls at four a minute"
    assert vendor.charged == []


def test_a_model_that_nobody_has_priced_is_named_and_never_free(
    folder: Path, vendor: VendorServer, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(folder, vendor, copy='model = "home-grown-7b"', image=OWN_PRICES)
    facts = plan(folder, capsys)
    copy = price_of(facts, "copy")
    assert (copy["priced"], copy["cost_usd"], copy["cost_usd_at_worst"]) == (False, None, None)
    assert facts["unpriced"] == ["openai home-grown-7b"]
    assert facts["cost_usd"] == price_of(facts, "image")["cost_usd"] > 0
    assert facts["wall_s_without"] == ["copy"]

    assert run_verb(["plan", str(folder), *ONLY]) == 0
    said = capsys.readouterr()
    assert "not priced" in said.out
    assert "without what is not priced" in said.out
    assert "nobody knows the price of 'openai home-grown-7b'" in said.err


def test_a_listed_model_has_the_price_of_the_list(
    folder: Path, vendor: VendorServer, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(folder, vendor, copy='model = "gpt-4o-mini"')
    copy = price_of(plan(folder, capsys), "copy")
    assert copy["priced"]
    assert 0 < copy["cost_usd_low"] < copy["cost_usd"] < 0.1


def test_a_changed_row_is_the_only_one_that_costs(
    folder: Path, vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(folder, vendor, image=OWN_PRICES)
    run(folder, tmp_path / "out")
    sheet = folder / "products.csv"
    sheet.write_text(sheet.read_text().replace("Tea Pot", "Tall Pot"))

    facts = plan(folder, capsys)

    assert facts["counts"] == {"new": 0, "changed": 1, "reused": 1, "dropped": 0}
    assert facts["calls"] == 1
    changed = next(one for one in facts["orders"] if one["standing"] == "changed")
    assert (changed["brief"], changed["because"]) == ("pot", ["row"])
    assert changed["makes"] == ["copy", "image"]


def test_another_model_keeps_finished_work_until_it_is_refreshed(
    folder: Path, vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(folder, vendor, image=f'model = "one", {OWN_PRICES}')
    run(folder, tmp_path / "out")
    choose(folder, vendor, image=f'model = "two", {OWN_PRICES}')

    kept = plan(folder, capsys)
    assert kept["counts"]["reused"] == 2
    assert kept["kept_from_others"] == {"image": 2}
    wanted = plan(folder, capsys, "--refresh", "image")
    assert wanted["counts"]["changed"] == 2
    assert all(one["because"] == ["provider"] for one in wanted["orders"])

    paid = len(vendor.charged)
    assert run(folder, tmp_path / "out") == 0
    assert len(vendor.charged) == paid, "naming another model alone asks nobody"
    run(folder, tmp_path / "out", "--refresh", "image")
    assert len(vendor.charged) >= paid + 2
    models = {
        asset["model"]
        for asset in json.loads((tmp_path / "out" / "manifest.json").read_bytes())["assets"]
        if asset["medium"] == "image"
    }
    assert models == {"two"}
    paid = len(vendor.charged)
    run(folder, tmp_path / "out", "--refresh", "image")
    assert len(vendor.charged) == paid, "what was refreshed is fresh"


def test_other_words_are_asked_for_only_when_copy_is_refreshed(
    folder: Path, vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.write = plain_text
    choose(folder, vendor, copy=f'model = "one", {OWN_PRICES}')
    assert run(folder, tmp_path / "out") == 0
    choose(folder, vendor, copy=f'model = "two", {OWN_PRICES}')
    assert plan(folder, capsys)["kept_from_others"] == {"copy": 2}
    paid = len(vendor.charged)
    run(folder, tmp_path / "out")
    assert len(vendor.charged) == paid
    assert _models(tmp_path / "out", "copy") == {"one"}, "what is kept is told as it was made"
    run(folder, tmp_path / "out", "--refresh", "copy")
    assert len(vendor.charged) > paid
    assert _models(tmp_path / "out", "copy") == {"two"}


def test_answers_that_were_paid_are_no_part_of_the_price(
    folder: Path, vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choose(folder, vendor, image=OWN_PRICES)
    brand = (folder / "brand.toml", folder / "campaign.toml")
    brand[1].write_text('brand = "brand.toml"\n' + brand[1].read_text("utf-8"), "utf-8")
    look = 'name = "B"\n[palette]\nprimary = "#12343b"\n[fonts]\nheading = {{ family = "{}" }}\n'
    brand[0].write_text(look.format("Poppins"), "utf-8")
    run(folder, tmp_path / "out")
    paid = len(vendor.charged)
    brand[0].write_text(look.format("Open Sans"), "utf-8")
    facts = plan(folder, capsys)
    assert [one["makes"] for one in facts["orders"]] == [["image"]] * 2, "a font changes no copy"
    assert {tuple(one["because"]) for one in facts["orders"]} == {("brand",)}
    image = price_of(facts, "image")
    assert (image["calls"], image["answers_kept"], facts["cost_usd"]) == (0, 2, 0)
    run(folder, tmp_path / "out")
    assert len(vendor.charged) == paid


def _models(bundle: Path, medium: str) -> set[str]:
    assets = json.loads((bundle / "manifest.json").read_bytes())["assets"]
    return {asset["model"] for asset in assets if asset["medium"] == medium}


@pytest.mark.parametrize("capability", ["copy", "image", "voice", "music", "video"])
def test_each_capability_is_refreshed_by_its_own_name_alone(capability: str) -> None:
    made = {"made_by": {name: ["one", "old"] for name in CAPABILITIES}}
    store = SimpleNamespace(recall=lambda key: made if key == "kept" else None)
    opened = SimpleNamespace(name="one", models=dict.fromkeys(CAPABILITIES, "new"))
    campaign = SimpleNamespace(provider=lambda name: ProviderChoice(name="one", model=name))
    equipment: Any = SimpleNamespace(store=store, handle=lambda _: opened)

    def recalled(*refresh: str) -> object:
        docket: Any = SimpleNamespace(campaign=campaign, refresh=refresh)
        return Refresher(equipment, docket, capability).recall("kept")

    assert recalled() == made
    assert recalled(*(name for name in CAPABILITIES if name != capability)) == made
    assert recalled(capability) is None
    opened.models[capability] = "old"
    assert recalled(capability) == made, "what the right one has made is fresh"


def test_a_plan_with_a_paid_provider_loads_nothing_that_only_a_run_needs(
    folder: Path, vendor: VendorServer, tmp_path: Path
) -> None:
    choose(folder, vendor, copy=OWN_PRICES, image=OWN_PRICES, voice='model = "x"')
    script = (
        "import sys\n"
        "from handbill.cli import run_verb\n"
        "assert run_verb(sys.argv[1:]) == 0\n"
        "heavy = {'prefect', 'pandas', 'skia', 'cv2', 'openai', 'moviepy'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, "plan", str(folder)],
        env={"HANDBILL_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr.splitlines()[-1]) == (0, "[]"), ended.stderr


def test_the_house_costs_nothing_and_disk_and_time_are_told(
    home: Path, small_sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = plan(small_sheet, capsys)
    assert (facts["cost_usd"], facts["calls"], facts["unpriced"]) == (0, 0, [])
    assert 0 < facts["disk_bytes"]["low"] < facts["disk_bytes"]["high"] < facts["disk_free_bytes"]
    assert 0 < facts["wall_s"]["low"] <= facts["wall_s"]["high"]
    assert (facts["posters"], facts["films"]) == (2, 0)
