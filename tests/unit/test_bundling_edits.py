"""Files that a person changed in a bundle are kept, marked, and overwritten only when asked."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handbill.bundling import BundleContents, build_report, pack_bundle, verify_bundle
from handbill.domain.copy import Copy
from handbill.domain.finding import Finding, Severity
from handbill.domain.order import Order, Status
from handbill.store import AssetStore
from tests.doubles import bundles


@pytest.fixture
def given(store: AssetStore) -> BundleContents:
    return bundles.contents(store, bundles.plan(bundles.briefs("Espresso", "Cold Brew")))


@pytest.fixture
def out(given: BundleContents, store: AssetStore, tmp_path: Path) -> Path:
    pack_bundle(given, store, tmp_path / "out")
    return tmp_path / "out"


def order_at(given: BundleContents, placement: str) -> Order:
    return next(order for order in given.plan.orders if order.placement.id == placement)


def entry_of(bundle: Path, path: str) -> dict[str, Any]:
    assets = json.loads((bundle / "manifest.json").read_bytes())["assets"]
    return next(asset for asset in assets if asset["path"] == path)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def say(file: Path, field: str, *texts: str) -> None:
    """Change the words of a copy.json as a person with a text editor would."""
    copy = json.loads(file.read_bytes())
    copy["texts"][field] = list(texts)
    file.write_text(json.dumps(copy, ensure_ascii=False, indent=4), "utf-8")


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def other_words(given: BundleContents, order: Order, text: str) -> BundleContents:
    copies = dict(given.copies) | {order.key: bundles.copy_of(order, text=[text], caption=[text])}
    return replace(given, copies=copies)


def test_an_edited_text_is_kept_and_marked(
    given: BundleContents, store: AssetStore, out: Path
) -> None:
    folder = order_at(given, "sms.text").folder
    text = out / folder / "copy.txt"
    made = sha256(text)
    text.write_text("What the client wanted\n", "utf-8")

    receipt = pack_bundle(given, store, out)

    assert text.read_text("utf-8") == "What the client wanted\n"
    assert receipt.edited == (f"{folder}/copy.txt",)
    entry = entry_of(out, f"{folder}/copy.txt")
    assert "edited" in entry["marks"]
    assert entry["sha256"] == sha256(text)
    assert entry["edited_from"] == entry["made_sha256"] == made
    line = next(row for row in rows_of(out / "outcomes.csv") if "copy.txt" in row["findings"])
    assert "warn file.edited [copy.txt]" in line["findings"]
    assert "file.edited" in (out / "report.html").read_text("utf-8")
    assert verify_bundle(out).faults == ()


def test_packing_an_edited_bundle_again_changes_nothing(
    given: BundleContents, store: AssetStore, out: Path
) -> None:
    (out / order_at(given, "sms.text").folder / "copy.txt").write_text("Mine\n", "utf-8")
    first = pack_bundle(given, store, out)
    before = bundles.snapshot(out / "channels")

    second = pack_bundle(given, store, out)

    assert second.manifest_sha256 == first.manifest_sha256
    assert bundles.snapshot(out / "channels") == before
    assert (second.written, second.edited) == (0, first.edited)


def test_an_edit_outlives_new_words_and_says_that_it_is_behind(
    given: BundleContents, store: AssetStore, out: Path
) -> None:
    order = order_at(given, "sms.text")
    text = out / order.folder / "copy.txt"
    text.write_text("Mine\n", "utf-8")
    pack_bundle(given, store, out)

    pack_bundle(other_words(given, order, "New words"), store, out)

    assert text.read_text("utf-8") == "Mine\n"
    entry = entry_of(out, f"{order.folder}/copy.txt")
    assert entry["edited_from"] != entry["made_sha256"]
    assert [finding["code"] for finding in entry["findings"]] == ["file.edited_behind"]
    assert "New words" in (out / order.folder / "copy.json").read_text("utf-8")
    assert verify_bundle(out).faults == ()


def test_edits_are_discarded_only_when_asked(
    given: BundleContents, store: AssetStore, out: Path
) -> None:
    text = out / order_at(given, "sms.text").folder / "copy.txt"
    wanted = (out / "manifest.json").read_bytes()
    text.write_text("Mine\n", "utf-8")
    pack_bundle(given, store, out)
    assert (out / "manifest.json").read_bytes() != wanted

    receipt = pack_bundle(given, store, out, discard_edits=True)

    assert receipt.edited == receipt.put_aside == ()
    assert (out / "manifest.json").read_bytes() == wanted
    assert "Mine" not in text.read_text("utf-8")


def test_a_taken_back_edit_is_no_edit(given: BundleContents, store: AssetStore, out: Path) -> None:
    text = out / order_at(given, "sms.text").folder / "copy.txt"
    original, wanted = text.read_bytes(), (out / "manifest.json").read_bytes()
    text.write_text("Mine\n", "utf-8")
    pack_bundle(given, store, out)
    text.write_bytes(original)

    assert pack_bundle(given, store, out).edited == ()

    assert (out / "manifest.json").read_bytes() == wanted


def test_edited_words_reach_the_import_sheets_and_the_text_beside_them(
    given: BundleContents, store: AssetStore, out: Path
) -> None:
    order = order_at(given, "google_ads.rsa")
    texts = ("Roasted by Ana", "Ground to order", "From the quay", "Open on Sundays")
    say(out / order.folder / "copy.json", "headline", *texts)

    pack_bundle(given, store, out)

    rows = rows_of(out / "imports" / "google_ads_editor.csv")
    assert any(row["Headline 1"] == "Roasted by Ana" for row in rows)
    assert "Roasted by Ana" in (out / order.folder / "copy.txt").read_text("utf-8")
    assert "edited" not in entry_of(out, f"{order.folder}/copy.txt")["marks"]
    assert "Roasted by Ana" in (out / "report.html").read_text("utf-8")
    assert verify_bundle(out).faults == ()
    again = (out / "manifest.json").read_bytes()
    pack_bundle(given, store, out)
    assert (out / "manifest.json").read_bytes() == again


def test_words_in_handbills_own_form_are_still_an_edit(
    given: BundleContents, store: AssetStore, out: Path
) -> None:
    order = order_at(given, "sms.text")
    file = out / order.folder / "copy.json"
    as_edited = other_words(given, order, "Typed by hand")
    elsewhere = out.parent / "elsewhere"
    pack_bundle(as_edited, store, elsewhere)
    file.write_bytes((elsewhere / order.folder / "copy.json").read_bytes())

    for _ in range(2):
        assert pack_bundle(given, store, out).edited == (f"{order.folder}/copy.json",)

    assert "Typed by hand" in file.read_text("utf-8")


@pytest.mark.parametrize(
    "broken", ["not json", "[]", '{"texts": ["a"]}', '{"texts": {"text": "a"}}', "{}"]
)
def test_a_broken_edit_is_kept_and_named(
    given: BundleContents, store: AssetStore, out: Path, broken: str
) -> None:
    folders = [order_at(given, name).folder for name in ("sms.text", "google_ads.rsa")]
    for folder in folders:
        (out / folder / "copy.json").write_text(broken, "utf-8")

    assert len(pack_bundle(given, store, out).edited) == 2

    assert all((out / folder / "copy.json").read_text("utf-8") == broken for folder in folders)
    codes = {fault.code for fault in verify_bundle(out).faults}
    assert "copy.unreadable" in codes
    assert codes <= {"copy.unreadable", "import.unknown"}
    assert build_report(out).is_file()


def test_too_long_an_edit_is_named_by_verify(
    given: BundleContents, store: AssetStore, out: Path
) -> None:
    order = order_at(given, "google_ads.rsa")
    texts = ("A headline that is far too long for Google", "Two", "Three", "Four")
    say(out / order.folder / "copy.json", "headline", *texts)

    pack_bundle(given, store, out)

    assert [fault.code for fault in verify_bundle(out).faults] == ["copy.too_long"]


def test_an_edited_picture_is_measured_again(
    given: BundleContents, store: AssetStore, out: Path
) -> None:
    folder = order_at(given, "instagram.feed_image").folder
    (out / folder / "image.jpg").write_bytes(bundles.jpeg(64, 80, "#ffffff"))

    pack_bundle(given, store, out)

    entry = entry_of(out, f"{folder}/image.jpg")
    assert (entry["width_px"], entry["height_px"], entry["marks"]) == (64, 80, ["edited"])
    assert [finding["code"] for finding in entry["findings"]] == ["file.edited"]
    assert verify_bundle(out).faults == ()


def test_edited_files_of_a_dropped_order_are_put_aside(
    given: BundleContents, store: AssetStore, out: Path
) -> None:
    gone = next(order for order in given.plan.orders if order.brief.id == "b2")
    (out / gone.folder / "copy.txt").write_text("Two hours of work\n", "utf-8")
    fewer = bundles.contents(store, bundles.plan(bundles.briefs("Espresso")))

    receipt = pack_bundle(fewer, store, out)

    assert not (out / gone.folder).exists()
    (aside,) = receipt.put_aside
    assert aside.startswith(f"kept/{gone.folder}/copy-")
    assert (out / aside).read_text("utf-8") == "Two hours of work\n"
    assert receipt.kept_foreign == ()
    assert verify_bundle(out).faults == ()
    assert pack_bundle(fewer, store, out).put_aside == ()
    assert (out / aside).is_file()


def test_an_edited_import_sheet_gives_way_and_is_put_aside(
    given: BundleContents, store: AssetStore, out: Path
) -> None:
    sheet = out / "imports" / "google_ads_editor.csv"
    made = sheet.read_bytes()
    sheet.write_bytes(made + b"mine,,\r\n")

    receipt = pack_bundle(given, store, out)

    assert sheet.read_bytes() == made
    (aside,) = receipt.put_aside
    assert (out / aside).read_bytes() == made + b"mine,,\r\n"
    assert verify_bundle(out).faults == ()


def test_a_link_in_place_of_a_file_is_not_followed(
    given: BundleContents, store: AssetStore, out: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not for the client", "utf-8")
    text = out / order_at(given, "sms.text").folder / "copy.txt"
    text.unlink()
    text.symlink_to(secret)

    assert pack_bundle(given, store, out).edited == ()

    assert not text.is_symlink()
    assert "not for the client" not in text.read_text("utf-8")


def _of_the_sheet(_: Order, copy: Copy) -> tuple[Finding, ...]:
    """A judge that knows one price."""
    wrong = [text for texts in copy.texts.values() for text in texts if "9.90" in text]
    return tuple(
        Finding(code="facts.unknown", severity=Severity.BLOCK, message=f"{text!r} is not so")
        for text in wrong
    )


def test_a_wrong_price_that_a_person_typed_is_blocked_kept_and_named(
    given: BundleContents, store: AssetStore, out: Path
) -> None:
    judged = replace(given, judge=_of_the_sheet)
    order = order_at(given, "google_ads.rsa")
    file = out / order.folder / "copy.json"
    say(file, "headlines", "Now 9.90 only")
    before = file.read_bytes()

    receipt = pack_bundle(judged, store, out)

    (outcome,) = receipt.rejudged
    assert (outcome.order_key, outcome.status) == (order.key, Status.BLOCKED)
    assert "typed into copy.json" in outcome.message
    assert file.read_bytes() == before
    line = next(row for row in rows_of(out / "outcomes.csv") if row["order"] == order.key)
    assert line["status"] == "blocked"
    assert "facts.unknown" in line["findings"]
    sheets = (out / "imports").iterdir()
    assert not any(b"9.90 only" in sheet.read_bytes() for sheet in sheets if sheet.is_file())
    say(file, "headlines", "Now for less")
    assert pack_bundle(judged, store, out).rejudged[0].status is Status.MADE
