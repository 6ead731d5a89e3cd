"""A whole campaign with a paid writer: nothing is paid twice, and money ends where it should."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.doubles.killing import serving
from tests.doubles.paid_runs import run, spent
from tests.doubles.vendor_server import VendorServer

CANARY = "sk-canary-0b1d2e"
SHEET = "id,product,description\n" + "".join(
    f"lamp{n},Tide Lamp {n},A small lamp for boats.\n" for n in range(1, 5)
)


def a_campaign(folder: Path, server: VendorServer, budget: str = "", sheet: str = SHEET) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "briefs.csv").write_text(sheet)
    (folder / "campaign.toml").write_text(
        f"""campaign = "Paid"
sheet = "briefs.csv"
placements = ["sms.text", "google_ads.rsa"]
locales = ["en"]
{budget}
[providers]
copy = {{ name = "openai", base_url = "{server.base_url}", key = "env:VENDOR_KEY" }}
"""
    )
    return folder


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENDOR_KEY", CANARY)


def written(body: dict[str, object]) -> str:
    """Copy that passes the checks: as long as it must be, without a fact."""
    answer = json.loads(VendorServer().text_for(body))
    for part in answer["placements"].values():
        part["hashtags"] = []
        for field, text in part["texts"].items():
            words = ("Calm", "Small", "Warm", "Quiet", "Bright")
            lines = [f"{words[n]} light" for n in range(4 if field == "descriptions" else 5)]
            part["texts"][field] = lines if isinstance(text, list) else lines[0]
    return json.dumps(answer)


def test_a_second_run_pays_nothing_and_gives_the_same_bundle(tmp_path: Path) -> None:
    with serving(VendorServer(write=written)) as server:
        campaign, home = a_campaign(tmp_path / "c", server), tmp_path / "home"
        first = run(campaign, home)
        paid = len(server.charged)
        manifest = (Path(first.bundle) / "manifest.json").read_bytes()
        again = run(campaign, home)
        assert len(server.charged) == paid
        assert (Path(again.bundle) / "manifest.json").read_bytes() == manifest
    assert paid >= 4
    assert len(set(server.charged)) == paid
    assert first.cost_usd_micros == spent(home) == paid * 511
    assert again.cost_usd_micros == 0


def test_a_run_over_budget_packs_what_is_finished_and_ends_with_40(tmp_path: Path) -> None:
    with serving(VendorServer(write=written)) as server:
        campaign = a_campaign(tmp_path / "c", server, budget="budget_usd = 0.0001")
        result = run(campaign, tmp_path / "home")
    assert server.charged == []
    assert result.statuses == {"over_budget": 8}
    assert result.exit_code == 40
    assert (Path(result.bundle) / "manifest.json").is_file()
    assert any("would allow it" in text for text, _ in result.messages)


ROWS = "id,product,description,budget_usd\n" + "".join(
    f"lamp{n},Tide Lamp {n},A small lamp for boats.,{usd}\n"
    for n, usd in enumerate(("0.0001", "", "5"), 1)
)


@pytest.mark.parametrize(
    ("cap", "over"),
    [("row", 2), ("provider", 6), ("day", 6)],
)
def test_budgets_of_rows_providers_and_days_stop_what_would_pass_them(
    tmp_path: Path, cap: str, over: int
) -> None:
    with serving(VendorServer(write=written)) as server:
        sheet = ROWS if cap == "row" else ROWS.replace("0.0001", "")
        campaign = a_campaign(tmp_path / "c", server, sheet=sheet)
        if cap == "provider":
            text = (campaign / "campaign.toml").read_text()
            capped = '"env:VENDOR_KEY", parameters = { budget_usd = 0.0001 } }'
            (campaign / "campaign.toml").write_text(text.replace('"env:VENDOR_KEY" }', capped))
        day = {"HANDBILL_DAY_BUDGET_USD": "0.0001"} if cap == "day" else {}
        result = run(campaign, tmp_path / "home", settings=day)
    assert (result.statuses["over_budget"], result.exit_code) == (over, 40)
    assert (len(server.charged) > 0) is (cap == "row")
    assert result.lacking_usd_micros > 0
    assert any("would allow it" in text for text, _ in result.messages)
    assert (Path(result.bundle) / "manifest.json").is_file()


def test_the_key_is_in_nothing_that_a_run_leaves_behind(tmp_path: Path) -> None:
    with serving(VendorServer(write=written, faults=["", "401"])) as server:
        campaign, home = a_campaign(tmp_path / "c", server), tmp_path / "home"
        run(campaign, home)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(left) > 10
    assert not [path for path in left if CANARY.encode() in path.read_bytes()]
    assert hashlib.sha256(CANARY.encode()).hexdigest() not in str(left)
