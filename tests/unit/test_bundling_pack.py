from __future__ import annotations

import json
import os
import resource
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handbill.bundling import BundleContents, pack_bundle, verify_bundle
from handbill.bundling.pack import SHARE_FROM_BYTES
from handbill.bundling.staging import is_bundle
from handbill.domain.asset import Asset, Origin, StoredFile
from handbill.domain.finding import Problem
from handbill.domain.order import Medium, Status
from handbill.errors import BundleError
from handbill.store import AssetStore
from tests.doubles import bundles


@pytest.fixture
def given(store: AssetStore) -> BundleContents:
    return bundles.contents(store, bundles.plan(bundles.briefs("Espresso", "Cold Brew")))


def manifest_of(bundle: Path) -> dict[str, list[dict[str, object]]]:
    loaded = json.loads((bundle / "manifest.json").read_bytes())
    assert isinstance(loaded, dict)
    return loaded


def test_the_tree_is_the_contract(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    receipt = pack_bundle(given, store, out)

    names = {path.name for path in out.iterdir()}
    assert names == {
        *("manifest.json", "report.html", "outcomes.csv", "problems.csv", "run.json"),
        *("channels", "imports"),
    }
    order = given.plan.orders[0]
    assert sorted(path.name for path in (out / order.folder).iterdir()) == [
        *("copy.json", "copy.txt", "image.jpg"),
    ]
    assert order.folder.startswith("channels/instagram/feed_image/brief-1-")
    assert {path.name for path in (out / "imports").iterdir()} == {
        *("google_ads_editor.csv", "pinterest_pins.csv", "handoff.csv", "todo.txt"),
    }
    assert receipt.files == len(manifest_of(out)["assets"])
    assert verify_bundle(out).faults == ()


def test_equal_contents_give_an_equal_manifest(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    later = replace(given, run={"started": "2027-01-01T00:00:00Z"})
    reused = replace(
        later, outcomes=tuple(replace(one, status=Status.REUSED) for one in later.outcomes)
    )

    first = pack_bundle(given, store, tmp_path / "one")
    second = pack_bundle(reused, store, tmp_path / "two")

    assert first.manifest_sha256 == second.manifest_sha256
    one, two = tmp_path / "one" / "manifest.json", tmp_path / "two" / "manifest.json"
    assert one.read_bytes() == two.read_bytes()
    assert b"2026-11-21T" not in one.read_bytes()


def test_an_entry_has_every_key_of_the_contract(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    pack_bundle(given, store, tmp_path / "out")

    entry = next(
        asset for asset in manifest_of(tmp_path / "out")["assets"] if asset["medium"] == "image"
    )
    assert entry.keys() >= {
        *("path", "sha256", "bytes", "mime", "brief", "row", "placement", "locale", "account"),
        *("variant", "medium", "width_px", "height_px", "ai", "mode", "provider", "model"),
        *("marks", "findings"),
    }
    assert list(entry) == sorted(entry)
    assert (entry["brief"], entry["row"], entry["width_px"]) == ("b1", 2, 40)


def test_packing_again_rewrites_nothing(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    pack_bundle(given, store, out)
    before = bundles.snapshot(out / "channels")

    receipt = pack_bundle(given, store, out)

    assert bundles.snapshot(out / "channels") == before
    assert (receipt.written, receipt.kept) == (0, receipt.files)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_changed_order_changes_its_own_files_alone(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    pack_bundle(given, store, out)
    order = given.plan.orders[0]
    before = bundles.snapshot(out / "channels")
    other = bundles.picture(store, bundles.jpeg(44, 44))

    pack_bundle(bundles.changed(given, order.key, assets=(other,)), store, out)

    after = bundles.snapshot(out / "channels")
    differing = {path for path in before if before[path] != after[path]}
    assert differing == {f"{order.folder}/image.jpg".removeprefix("channels/")}


def test_a_discarded_edit_is_put_right_and_the_store_is_unharmed(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    pack_bundle(given, store, out)
    picture = out / given.plan.orders[0].folder / "image.jpg"
    picture.write_bytes(b"edited in place")

    pack_bundle(given, store, out, discard_edits=True)

    assert verify_bundle(out).faults == ()


def test_large_objects_share_their_bytes_with_the_store(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    data = b"\0\0\0\x18ftypmp42" + os.urandom(SHARE_FROM_BYTES)
    sha256 = store.put_bytes(data)
    file = StoredFile(
        name="film.mp4",
        sha256=sha256,
        size_bytes=len(data),
        mime="video/mp4",
        medium=Medium.FILM,
        duration_s=6.0,
        cover_at_s=3.4,
    )
    film = Asset(file=file, origin=Origin(ai="none", mode="offline", provider="house"))
    order = given.plan.orders[0]
    small = given.outcomes[0].assets[0]

    pack_bundle(bundles.changed(given, order.key, assets=(film, small)), store, tmp_path / "out")

    folder = tmp_path / "out" / order.folder
    assert (folder / "film.mp4").samefile(store.path(sha256))
    assert not (folder / "image.jpg").samefile(store.path(small.file.sha256))
    assets = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["assets"]
    assert [(one["medium"], one["cover_at_s"]) for one in assets if "cover_at_s" in one] == [
        ("film", 3.4)
    ]


def test_files_of_a_dropped_order_go_and_a_strangers_file_stays(
    store: AssetStore, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    both = bundles.contents(store, bundles.plan(bundles.briefs("Espresso", "Cold Brew")))
    one = bundles.contents(store, bundles.plan(bundles.briefs("Espresso")))
    pack_bundle(both, store, out)
    (out / "client notes.txt").write_text("lovely", "utf-8")

    receipt = pack_bundle(one, store, out)

    assert receipt.kept_foreign == ("client notes.txt",)
    assert (out / "client notes.txt").read_text("utf-8") == "lovely"
    assert list(out.glob("channels/*/*/brief-2-*")) == []
    assert [fault.code for fault in verify_bundle(out).faults] == ["file.stray"]


@pytest.mark.parametrize("stranger", ["thesis.doc", "manifest.json"])
def test_a_folder_that_is_no_bundle_is_left_alone(
    given: BundleContents, store: AssetStore, tmp_path: Path, stranger: str
) -> None:
    out = tmp_path / "documents"
    out.mkdir()
    (out / stranger).write_text('{"name": "web app"}', "utf-8")

    with pytest.raises(BundleError, match=r"is not a bundle.*\n.*--out"):
        pack_bundle(given, store, out)

    assert [path.name for path in out.iterdir()] == [stranger]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["documents", "store"]


def test_a_file_in_the_way_is_refused(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file", "utf-8")

    with pytest.raises(BundleError, match="but a file"):
        pack_bundle(given, store, tmp_path / "out")


def test_a_missing_object_leaves_the_old_bundle(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    pack_bundle(given, store, out)
    before = bundles.snapshot(out)
    lost = bundles.picture(store, bundles.jpeg(60, 60))
    store.path(lost.file.sha256).unlink()

    with pytest.raises(BundleError, match="is not in the store"):
        pack_bundle(bundles.changed(given, given.plan.orders[0].key, assets=(lost,)), store, out)

    assert bundles.snapshot(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "store"]


@pytest.fixture
def tiny_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_said_and_leaves_no_half_bundle(
    given: BundleContents, store: AssetStore, tmp_path: Path, tiny_files: None
) -> None:
    with pytest.raises(BundleError, match=r"the disk is full.*\n.*make room"):
        pack_bundle(given, store, tmp_path / "out")

    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_no_reader_ever_sees_half_a_bundle(store: AssetStore, tmp_path: Path) -> None:
    out = tmp_path / "out"
    small = bundles.contents(store, bundles.plan(bundles.briefs("Espresso")))
    large = bundles.contents(store, bundles.plan(bundles.briefs("Espresso", "Cold Brew")))
    pack_bundle(small, store, out)
    whole = {pack_bundle(one, store, tmp_path / "x").manifest_sha256 for one in (small, large)}
    seen: set[int] = set()
    faults: list[str] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            handle = os.open(out, os.O_RDONLY)  # one bundle, whatever takes its name meanwhile
            try:
                missing, assets = _missing_files(Path(f"/proc/self/fd/{handle}"))
                still_there = os.stat(out).st_ino == os.fstat(handle).st_ino  # noqa: PTH116
                faults.extend(missing if still_there else ())
                seen.add(assets)
            finally:
                os.close(handle)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for turn in range(6):
        pack_bundle(small if turn % 2 else large, store, out)
        assert is_bundle(out)
    done.set()
    watcher.join()

    assert faults == []
    assert len(whole) == 2
    assert len(seen - {0}) == 2


def _missing_files(bundle: Path) -> tuple[list[str], int]:
    try:
        assets = json.loads((bundle / "manifest.json").read_bytes())["assets"]
    except FileNotFoundError:
        return ["manifest.json"], 0
    paths = [entry["path"] for entry in assets]
    return [path for path in paths if not (bundle / path).is_file()], len(paths)


def test_outcomes_must_belong_to_the_plan(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    with pytest.raises(BundleError, match="do not belong"):
        pack_bundle(replace(given, outcomes=given.outcomes[1:]), store, tmp_path / "out")


@pytest.mark.parametrize("name", ["../escape.jpg", "a//b.jpg", ".hidden", "con.jpg", "x ", "-rf"])
def test_a_file_name_that_is_not_safe_is_refused(
    given: BundleContents, store: AssetStore, tmp_path: Path, name: str
) -> None:
    asset = given.outcomes[0].assets[0]
    bad = replace(asset, file=replace(asset.file, name=name))

    with pytest.raises(BundleError):
        pack_bundle(
            bundles.changed(given, given.outcomes[0].order_key, assets=(bad,)),
            store,
            tmp_path / "out",
        )
    assert not (tmp_path / "out").exists()


def test_outcomes_and_problems_are_guarded_and_complete(store: AssetStore, tmp_path: Path) -> None:
    planned = bundles.plan(bundles.briefs("=cmd|' /C calc'!A0"), ["sms.text"])
    given = replace(
        bundles.contents(store, planned, blocked=[planned.orders[0].key]),
        problems=(
            Problem(
                code="price.not_a_number",
                message="'@SUM(A1)' is not a price",
                remedy="write a number",
                file="briefs.csv",
                row=7,
                column="price",
                value="@SUM(A1)",
            ),
        ),
    )

    pack_bundle(given, store, tmp_path / "out")

    outcomes = (tmp_path / "out" / "outcomes.csv").read_text("utf-8-sig")
    assert "'=cmd|' /C calc'!A0" in outcomes
    assert "block text.number_not_in_brief '25 %' stands nowhere" in outcomes
    assert ",blocked," in outcomes
    assert "0.001500" in outcomes
    problems = (tmp_path / "out" / "problems.csv").read_text("utf-8-sig")
    assert "briefs.csv,,7,price,'@SUM(A1),price.not_a_number," in problems
    assert verify_bundle(tmp_path / "out").faults == ()


def test_run_json_holds_what_may_differ(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    pack_bundle(given, store, tmp_path / "out")

    run = json.loads((tmp_path / "out" / "run.json").read_bytes())
    assert run["started"] == "2026-11-21T12:00:00Z"
    assert run["cost_usd_micros"] == 1_500 * len(given.outcomes)
    assert run["statuses"] == {"made": len(given.outcomes)}


def test_a_bundle_can_be_copied_away_whole(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    pack_bundle(given, store, tmp_path / "out")

    shutil.copytree(tmp_path / "out", tmp_path / "usb stick")

    assert verify_bundle(tmp_path / "usb stick").faults == ()
