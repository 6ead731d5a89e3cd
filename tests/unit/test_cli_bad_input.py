"""What goes in wrong comes back with its place and its remedy, and the rest is made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handbill.cli import run_verb

HEADER = "id,product,description,price,currency,image"


@pytest.fixture
def shop(tmp_path: Path, home: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


def sheet_of(shop: Path, *rows: str, header: str = HEADER) -> Path:
    path = shop / "briefs.csv"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return path


def campaign_of(shop: Path, settings: str = 'placements = ["sms.text"]', brand: str = "") -> Path:
    sheet_of(shop, "mug,Harbour Mug,A mug.,19.90,EUR,")
    lines = ['campaign = "Spring"', 'sheet = "briefs.csv"', settings]
    if brand:
        (shop / "brand.toml").write_text(brand, "utf-8")
        lines.append('brand = "brand.toml"')
    (shop / "campaign.toml").write_text("\n".join(lines) + "\n", "utf-8")
    return shop


def checked(target: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = run_verb(["check", str(target), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_an_empty_sheet(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shop / "briefs.csv"
    path.write_text("")
    code, facts = checked(path, capsys)
    assert code == 10
    assert facts["faults"][0]["remedy"]
    assert path.name in facts["faults"][0]["where"]


def test_a_sheet_without_a_product_column(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, facts = checked(sheet_of(shop, "19.90,EUR", header="price,currency"), capsys)
    assert code == 10
    assert "product" in json.dumps(facts["faults"])


@pytest.mark.parametrize(
    "content", [None, b"", b"this is no picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00"]
)
def test_a_picture_that_is_missing_empty_text_or_cut_off(
    content: bytes | None, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (shop / "mug.png").write_bytes(content)
    _, facts = checked(sheet_of(shop, "mug,Harbour Mug,A mug.,19.90,EUR,mug.png"), capsys)
    (problem,) = facts["problems"]
    assert (problem["row"], problem["column"], problem["value"]) == (2, "image", "mug.png")
    assert problem["remedy"]


def test_a_brand_colour_that_is_no_colour(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brand = 'name = "B"\n[palette]\nprimary = "reddish"\n'
    code, facts = checked(campaign_of(shop, brand=brand), capsys)
    assert code == 12
    said = json.dumps(facts["faults"])
    assert "reddish" in said
    assert "primary" in said


def test_a_placement_that_does_not_exist(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, facts = checked(campaign_of(shop, 'placements = ["instagram.real"]'), capsys)
    assert code == 14
    assert "instagram.reel" in facts["faults"][0]["remedy"]


def test_a_label_profile_that_does_not_exist(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, facts = checked(campaign_of(shop, 'placements = ["sms.text"]\nlabels = ["eux"]'), capsys)
    assert code == 11
    assert "eu" in json.dumps(facts["faults"])


@pytest.mark.parametrize("price", ["abc", "12 or so", "-5", "1e3e4"])
def test_a_price_that_is_no_price_rejects_its_row_alone(
    price: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (f"mug,Harbour Mug,A mug.,{price},EUR,", "pot,Tea Pot,A pot.,39.90,EUR,")
    code, facts = checked(sheet_of(shop, *rows), capsys)
    assert code == 3
    assert facts["briefs"] == 1
    problem = facts["problems"][0]
    assert (problem["row"], problem["column"], problem["value"]) == (2, "price", price)
    assert problem["remedy"]


def test_every_fault_is_told_at_once(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brand = 'name = "B"\n[palette]\nprimary = "reddish"\n'
    target = campaign_of(shop, 'placements = ["instagram.real", "tv.spot"]', brand)
    sheet_of(shop, "mug,Harbour Mug,A mug.,abc,EUR,", "pot,Tea Pot,A pot.,39.90,EUR,no.png")
    code, facts = checked(target, capsys)
    assert code == facts["faults"][0]["exit_code"]
    kinds = [fault["kind"] for fault in facts["faults"]]
    assert kinds.count("ChannelError") == 2
    assert "BrandError" in kinds
    assert {problem["row"] for problem in facts["problems"]} == {2, 3}
    assert run_verb(["check", str(target)]) == code
    said = capsys.readouterr().out
    assert all(word in said for word in ("reddish", "instagram.reel", "row 2", "row 3", "'abc'"))


@pytest.mark.parametrize(
    "product",
    [
        "😀🎉🛍️",
        "A" * 400,
        "Wort " * 60,
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "⟦price⟧",
    ],
)
def test_strange_products_are_made_or_told_and_never_fail(
    product: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = sheet_of(
        shop, f'odd,"{product}","{product}",19.90,EUR,', "pot,Tea Pot,A pot.,39.90,EUR,"
    )
    out = shop / "out"
    only = ["--only", "sms.text", "instagram.feed_image"]
    code = run_verb(["run", str(path), *only, "--direct", "--json", "--out", str(out)])
    result = json.loads(capsys.readouterr().out)
    assert code in {0, 3}
    assert "failed" not in result["statuses"], result["messages"]
    assert result["statuses"].get("made", 0) >= 2
    assert run_verb(["verify", str(out)]) == 0


def test_a_placement_that_is_named_twice_is_made_once(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = campaign_of(shop, 'placements = ["sms.text", "sms.text"]')
    for words in ([str(twice)], [str(shop / "briefs.csv"), "--only", "sms.text", "sms.text"]):
        out = tmp_path / f"out-{len(words)}"
        capsys.readouterr()
        assert run_verb(["run", *words, "--direct", "--json", "--out", str(out)]) == 0
        assert json.loads(capsys.readouterr().out)["orders"] == 1
