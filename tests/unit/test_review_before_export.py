"""Review before export: only what a person approved, and just as they saw it, goes out."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from handbill.bundling import verify_bundle
from handbill.cli import run_verb
from handbill.cli.review import join_keys
from handbill.domain.review import Proof, Verdict
from handbill.press.outcome import RunResult
from handbill.press.request import RunRequest
from handbill.studio import Studio

MOMENT = "2026-05-01T08:00:00+00:00"
SETTINGS = """\
campaign = "Reviewed"
sheet = "products.csv"
placements = ["sms.text", "instagram.feed_image", "google_ads.rsa"]
review = "before_export"
"""


@pytest.fixture
def shop(small_sheet: Path) -> Path:
    (small_sheet.parent / "campaign.toml").write_text(SETTINGS, "utf-8")
    return small_sheet.parent


def run(studio: Studio, shop: Path, **values: Any) -> RunResult:
    request = RunRequest(target=str(shop), **values)
    reading = studio.begin(request, None)
    with studio.holding(reading):
        return studio.make(request, reading, started=MOMENT, moment=lambda: MOMENT)


def exported(shop: Path) -> set[str]:
    """Folders of the orders that went out, and import sheets."""
    assets = json.loads((shop / "out" / "manifest.json").read_bytes())["assets"]
    return {path["path"].rsplit("/", 1)[0] for path in assets}


def waiting(studio: Studio) -> dict[tuple[str, str], Proof]:
    return {(proof.brief, proof.placement): proof for proof in studio.reviews().waiting()}


def approvals_in(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def test_nothing_goes_out_before_it_is_approved(studio: Studio, shop: Path) -> None:
    result = run(studio, shop)
    assert result.statuses == {"waiting_for_review": 6}
    assert (result.waiting, result.exit_code, result.messages) == (6, 3, ())
    assert exported(shop) == set()
    assert not (shop / "out" / "channels").exists()
    assert not (shop / "out" / "imports").exists()
    proofs = Path(result.proofs)
    assert proofs == shop / "out-review"
    assert len(list(proofs.rglob("copy.json"))) == 6
    assert not (proofs / "imports").exists(), "proofs are not for uploading"
    assert verify_bundle(proofs).faults == verify_bundle(shop / "out").faults == ()
    assert len(approvals_in(proofs / "approvals.csv")) == len(waiting(studio)) == 6


def test_verdicts_decide_what_goes_out(
    studio: Studio, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(studio, shop)
    asked = waiting(studio)
    mug, pot = asked["mug", "google_ads.rsa"], asked["pot", "google_ads.rsa"]
    remade = asked["pot", "instagram.feed_image"]
    words = ["review", str(shop), "--approve", "all", "--reject", pot.short_key]
    words += ["--remake", remade.short_key, "--note", "not this one"]
    assert run_verb(words) == 0
    assert "handbill run" in capsys.readouterr().err

    result = run(studio, shop)
    assert result.statuses == {"rejected": 1, "reused": 4, "waiting_for_review": 1}
    assert result.messages == (("rejected by a person: not this one", 1),)
    names = exported(shop)
    assert "channels/google_ads/rsa/harbour-mug-501b2d62.en" in names
    assert not any("google_ads/rsa/tea-pot" in name for name in names)
    assert not any("feed_image/tea-pot" in name for name in names)
    (ads,) = (shop / "out" / "imports").glob("google_ads*.csv")
    assert b"example.com/mug" in ads.read_bytes()
    assert b"example.com/pot" not in ads.read_bytes()
    assert mug.key not in {proof.key for proof in waiting(studio).values()}

    fresh = {count.step: count.fresh for count in studio.progress.counts()}
    assert fresh == {"copy": 1, "posters": 1, "films": 0, "checks": 1}, "the remade order alone"
    (again,) = waiting(studio).values()
    assert (again.label, again.key == remade.key) == (remade.label, False)


def test_what_changed_after_its_approval_waits_again(studio: Studio, shop: Path) -> None:
    run(studio, shop)
    reviews = studio.reviews()
    reviews.decide(reviews.waiting(), Verdict.APPROVED)
    assert run(studio, shop).statuses == {"reused": 6}
    approved = (shop / "out" / "manifest.json").read_bytes()
    assert run(studio, shop).statuses == {"reused": 6}
    assert (shop / "out" / "manifest.json").read_bytes() == approved

    sheet = shop / "products.csv"
    sheet.write_text(sheet.read_text("utf-8").replace("19.90", "17.90"), "utf-8")
    assert run(studio, shop).statuses == {"reused": 3, "waiting_for_review": 3}
    assert not any("harbour-mug" in name for name in exported(shop))


def test_approvals_are_taken_from_a_file(studio: Studio, shop: Path) -> None:
    form = Path(run(studio, shop).proofs) / "approvals.csv"
    rows = approvals_in(form)
    assert {"key", "decision", "note", "product", "text"} <= rows[0].keys()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Key", "Decision", "Note"])
    sheet.append([rows[0]["key"], "OK", ""])
    sheet.append([rows[1]["key"], "no", "too loud"])
    sheet.append([rows[2]["key"], "perhaps", ""])
    sheet.append(["", "ok", ""])
    book.save(shop / "approvals.xlsx")

    result = run(studio, shop)
    assert result.statuses == {"rejected": 1, "reused": 1, "waiting_for_review": 4}
    assert result.messages == (("rejected by a person: too loud", 1),)
    faults = approvals_in(shop / "out" / "problems.csv")
    assert [(fault["row"], fault["code"]) for fault in faults] == [
        ("4", "approvals.decision"),
        ("5", "approvals.key"),
    ]
    assert len(waiting(studio)) == 4


def test_a_form_can_ask_for_a_review_and_never_waive_it(studio: Studio, shop: Path) -> None:
    (shop / "campaign.toml").write_text(SETTINGS.replace("before_export", "none"), "utf-8")
    result = run(studio, shop, only=("sms.text",), review="before_export")
    assert result.statuses == {"waiting_for_review": 2}
    assert run(studio, shop, only=("sms.text",)).statuses == {"reused": 2}


def test_the_list_is_told_to_machines(
    studio: Studio, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(studio, shop, only=("sms.text",))
    capsys.readouterr()
    assert run_verb(["review", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["product"] for one in told["waiting"]] == ["Harbour Mug", "Tea Pot"]
    assert told["waiting"][0]["report"] == str(shop / "out-review" / "report.html")
    key = told["waiting"][0]["key"]
    assert run_verb(["review", "--approve", key[:6], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["decided"] == {"approved": 1}
    assert run_verb(["review", "--approve", "abcdef"]) == 2
    assert run_verb(["review", str(shop), "--reject", key]) == 0, "a verdict may be changed"


@pytest.mark.parametrize(
    ("words", "joined"),
    [
        (["--approve", "all"], ["--approve", "all"]),
        (["--approve", "a1b2c3", "d4e5f6", "shop"], ["--approve", "a1b2c3,d4e5f6", "shop"]),
        (["--reject", "a1b2c3", "--note", "no"], ["--reject", "a1b2c3", "--note", "no"]),
        (["shop", "--approve"], ["shop", "--approve"]),
    ],
)
def test_keys_that_follow_an_option_belong_to_it(words: list[str], joined: list[str]) -> None:
    assert join_keys(words) == joined
