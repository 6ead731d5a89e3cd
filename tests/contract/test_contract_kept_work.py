"""Finished work when a campaign goes from the house to a vendor and back: kept, told as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handbill.cli import run_verb
from tests.doubles.killing import serving
from tests.doubles.paid_campaign import plain_text
from tests.doubles.vendor_server import VendorServer

HOUSE = ("none", "offline", "house", "")
POSTS = ("facebook.post", "sms.text")


@pytest.fixture
def vendor() -> Iterator[VendorServer]:
    with serving(VendorServer(write=plain_text)) as server:
        yield server


class Shop:
    """One campaign whose providers are named anew from run to run."""

    def __init__(
        self, folder: Path, vendor: VendorServer, out: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder, self.vendor, self.out, self._capsys = folder, vendor, out, capsys

    def name(self, *capabilities: str, placements: tuple[str, ...] = POSTS) -> None:
        """Let the vendor serve `capabilities`, and the house all others."""
        choice = f'name = "openai", base_url = "{self.vendor.base_url}", key = "env:VENDOR_KEY"'
        lines = ['campaign = "Shop"', 'sheet = "products.csv"', 'locales = ["en"]']
        lines += [f"placements = {json.dumps(placements)}", 'labels = ["eu"]', "[providers]"]
        lines += [f"{one} = {{ {choice} }}" for one in capabilities]
        (self.folder / "campaign.toml").write_text("\n".join(lines) + "\n", "utf-8")

    def replace(self, old: str, new: str) -> None:
        """Change the sheet."""
        sheet = self.folder / "products.csv"
        sheet.write_text(sheet.read_text("utf-8").replace(old, new), "utf-8")

    def plan(self, *words: str) -> dict[str, Any]:
        self._capsys.readouterr()
        assert run_verb(["plan", str(self.folder), "--json", *words]) == 0
        facts: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return facts

    def run(self, *words: str) -> int:
        """Run; how many calls were paid."""
        before = len(self.vendor.charged)
        command = ["run", str(self.folder), "--direct", "--json", "--out", str(self.out)]
        assert run_verb([*command, *words]) == 0
        return len(self.vendor.charged) - before

    def assets(self, medium: str = "", brief: str = "") -> list[dict[str, Any]]:
        manifest = json.loads((self.out / "manifest.json").read_bytes())
        return [
            one
            for one in manifest["assets"]
            if medium in ("", one["medium"]) and f"{brief}" in one["path"]
        ]

    def origins(self, medium: str, brief: str = "") -> set[tuple[str, ...]]:
        told = ("ai", "mode", "provider", "model")
        found = {tuple(one.get(name, "") for name in told) for one in self.assets(medium, brief)}
        assert found
        return found

    def todos(self) -> list[Path]:
        return sorted(path for path in self.out.rglob("todo.txt") if path.parent.name != "imports")

    def files(self) -> dict[str, bytes]:
        return {one["path"]: (self.out / one["path"]).read_bytes() for one in self.assets()}


@pytest.fixture
def shop(
    home: Path,
    small_sheet: Path,
    vendor: VendorServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Shop:
    monkeypatch.setenv("VENDOR_KEY", "sk-not-a-key")
    return Shop(small_sheet.parent, vendor, tmp_path / "out", capsys)


def counted(facts: dict[str, Any]) -> tuple[int, ...]:
    return tuple(facts["counts"][name] for name in ("new", "changed", "reused"))


def test_house_work_is_kept_and_not_labelled_when_a_vendor_is_named(shop: Shop) -> None:
    shop.name()
    assert shop.run() == 0
    files, assets = shop.files(), shop.assets()

    shop.name("copy", "image")
    facts = shop.plan()
    assert (counted(facts), facts["calls"], facts["cost_usd"]) == ((0, 0, 4), 0, 0)
    assert facts["kept_from_others"] == {"copy": 4, "image": 2}
    assert shop.run() == 0
    assert (shop.files(), shop.assets()) == (files, assets)
    assert shop.origins("image") == shop.origins("copy") == {HOUSE}
    assert shop.todos() == []


def test_vendor_copy_is_asked_for_by_refresh_and_kept_with_its_labels_by_the_house(
    shop: Shop,
) -> None:
    shop.name()
    shop.run()
    unlabelled = shop.files()
    shop.name("copy")
    shop.run()
    facts = shop.plan("--refresh", "copy")
    assert counted(facts) == (0, 4, 0)
    assert {tuple(one["because"]) for one in facts["orders"]} == {("provider",)}
    assert shop.run("--refresh", "copy") > 0
    (written,) = shop.origins("copy")
    assert written[:3] == ("generated", "live", "openai")
    assert shop.origins("image") == {("assisted", *written[1:])}
    assert shop.todos()
    files, assets = shop.files(), shop.assets()

    shop.name()
    facts = shop.plan()
    assert (counted(facts), facts["kept_from_others"]) == ((0, 0, 4), {"copy": 4})
    assert shop.run() == 0
    assert (shop.files(), shop.assets()) == (files, assets), "a vendor's work, told as such"

    shop.replace("Tea Pot", "Tall Pot")
    assert counted(shop.plan()) == (0, 2, 2)
    assert shop.run() == 0
    assert shop.origins("copy", "pot") == shop.origins("image", "pot") == {HOUSE}
    assert shop.origins("copy", "mug") == {written}

    facts = shop.plan("--refresh", "copy")
    assert (counted(facts), facts["kept_from_others"]) == ((0, 0, 4), {}), "the first run's work"
    assert shop.run("--refresh", "copy") == 0
    assert shop.origins("copy") == shop.origins("image") == {HOUSE}
    kept = {path: data for path, data in shop.files().items() if "mug" in path}
    assert kept == {path: data for path, data in unlabelled.items() if "mug" in path}


def test_a_vendors_pictures_are_kept_by_the_house_until_they_are_refreshed(shop: Shop) -> None:
    shop.name("image")
    assert shop.run() == 2
    (drawn,) = shop.origins("image")
    assert drawn[:3] == ("generated", "live", "openai")
    files, assets = shop.files(), shop.assets()
    assert all(one["marks"] for one in shop.assets("image"))

    shop.name()
    facts = shop.plan()
    assert (counted(facts), facts["kept_from_others"]) == ((0, 0, 4), {"image": 2})
    assert shop.run() == 0
    assert (shop.files(), shop.assets()) == (files, assets)

    shop.replace("Tea Pot", "Tall Pot")
    shop.run()
    assert shop.origins("image", "pot") == {HOUSE}
    assert shop.origins("image", "mug") == {drawn}
    shop.run("--refresh", "image")
    assert shop.origins("image") == {HOUSE}
    assert shop.todos() == []


def test_a_new_row_and_a_changed_one_are_made_by_the_vendor_that_is_named_now(shop: Shop) -> None:
    shop.name()
    shop.run()
    shop.name("copy", "image")
    shop.replace("Tea Pot", "Tall Pot")
    sheet = shop.folder / "products.csv"
    sheet.write_text(sheet.read_text("utf-8") + "cup,Tea Cup,A cup for one.,Light,9.90,EUR,\n")
    facts = shop.plan()
    assert counted(facts) == (2, 2, 2)
    assert shop.run() > 0
    for brief in ("pot", "cup"):
        assert {one[2] for one in shop.origins("copy", brief)} == {"openai"}
        assert {one[0] for one in shop.origins("image", brief)} == {"generated"}
    assert shop.origins("copy", "mug") == shop.origins("image", "mug") == {HOUSE}
    assert shop.run() == 0


def test_a_film_with_a_vendors_voice_is_kept_and_labelled_by_the_house(shop: Shop) -> None:
    sheet = shop.folder / "products.csv"
    sheet.write_text("\n".join(sheet.read_text("utf-8").splitlines()[:2]) + "\n", "utf-8")
    reel = ("instagram.reel",)
    shop.name("voice", placements=reel)
    assert shop.run() > 0
    (spoken,) = shop.origins("film")
    assert spoken[:3] == ("assisted", "live", "openai")
    assets = shop.assets()

    shop.name(placements=reel)
    facts = shop.plan()
    assert (counted(facts), facts["kept_from_others"]) == ((0, 0, 1), {"voice": 1})
    assert shop.run() == 0
    assert shop.assets() == assets
