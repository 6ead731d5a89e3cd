from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from handbill.bundling import pack_bundle, verify_bundle, verifying
from handbill.store import AssetStore
from tests.doubles import bundles

Harm = Callable[[Path], None]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    store = AssetStore(tmp_path / "store")
    planned = bundles.plan(bundles.briefs("Espresso", "Cold Brew"))
    blocked = [planned.orders[-1].key]
    pack_bundle(bundles.contents(store, planned, blocked=blocked), store, tmp_path / "out")
    return tmp_path / "out"


def first(bundle: Path, pattern: str) -> Path:
    return min(bundle.glob(pattern))


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


def in_manifest(bundle: Path, path: Path, **fields: object) -> None:
    """Change an entry and keep the manifest's form, so that only the change can be found."""
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    name = path.relative_to(bundle).as_posix()
    entry = next(entry for entry in manifest["assets"] if entry["path"] == name)
    entry.update(fields)
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1)
    (bundle / "manifest.json").write_text(text, "utf-8")


def rebook(bundle: Path, path: Path) -> None:
    """Let the manifest agree with a file that was changed: a liar who can count."""
    data = path.read_bytes()
    in_manifest(bundle, path, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))


def flip_a_byte(bundle: Path) -> None:
    path = first(bundle, "channels/*/*/*/image.jpg")
    data = bytearray(path.read_bytes())
    data[-10] ^= 1
    path.write_bytes(data)


def cut_short(bundle: Path) -> None:
    path = first(bundle, "channels/*/*/*/image.jpg")
    path.write_bytes(path.read_bytes()[:-10])


def take_away(bundle: Path) -> None:
    first(bundle, "channels/*/*/*/copy.txt").unlink()


def link_outside(bundle: Path) -> None:
    path = first(bundle, "channels/*/*/*/copy.txt")
    path.unlink()
    path.symlink_to("/etc/hostname")


def text_as_picture(bundle: Path) -> None:
    path = first(bundle, "channels/*/*/*/image.jpg")
    path.write_text("not a picture", "utf-8")
    rebook(bundle, path)


def other_pixels(bundle: Path) -> None:
    in_manifest(bundle, first(bundle, "channels/*/*/*/image.jpg"), width_px=1080)


def stray(bundle: Path) -> None:
    (bundle / "channels" / "left over.tmp").write_text("x", "utf-8")


def time_in_manifest(bundle: Path) -> None:
    in_manifest(bundle, first(bundle, "channels/*/*/*/copy.txt"), model="2026-11-21T12:00:00Z")


def time_key_in_manifest(bundle: Path) -> None:
    in_manifest(bundle, first(bundle, "channels/*/*/*/copy.txt"), made_at=5)


def unsorted_keys(bundle: Path) -> None:
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    backwards = dict(reversed(manifest.items()))
    (bundle / "manifest.json").write_text(json.dumps(backwards), "utf-8")


def unknown_mode(bundle: Path) -> None:
    in_manifest(bundle, first(bundle, "channels/*/*/*/copy.txt"), mode="dreamt")


def unlabelled(bundle: Path) -> None:
    in_manifest(bundle, first(bundle, "channels/*/*/*/image.jpg"), ai="generated")


def mark_that_is_not_there(bundle: Path) -> None:
    marks = ["iptc.digital_source_type:algorithmicMedia"]
    in_manifest(bundle, first(bundle, "channels/*/*/*/image.jpg"), marks=marks)


def chinese_label_twice(bundle: Path) -> None:
    path = first(bundle, "channels/*/*/*/image.jpg")
    path.write_bytes(path.read_bytes() + b'{"ContentProducer":"x"}' * 2)
    rebook(bundle, path)
    in_manifest(bundle, path, marks=["cn.aigc"])


def too_long(bundle: Path) -> None:
    path = first(bundle, "channels/google_ads/rsa/*/copy.json")
    replace_in(path, "Fresh Roast", "Fresh Roast " * 4)
    rebook(bundle, path)


def too_many_hashtags(bundle: Path) -> None:
    path = first(bundle, "channels/instagram/feed_image/*/copy.json")
    replace_in(path, '"#coffee",', '"#coffee",' + '"#c",' * 40)
    rebook(bundle, path)


def formula_in_a_list(bundle: Path) -> None:
    replace_in(bundle / "outcomes.csv", ",Espresso,", ",=1+1,")


def unknown_status(bundle: Path) -> None:
    replace_in(bundle / "outcomes.csv", ",made,", ",perhaps,")


def no_mark(bundle: Path) -> None:
    path = bundle / "problems.csv"
    path.write_bytes(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))


def editor_too_long(bundle: Path) -> None:
    path = bundle / "imports" / "google_ads_editor.csv"
    replace_in(path, "Fresh Roast", "Fresh Roast " * 4)
    rebook(bundle, path)


def editor_stranger(bundle: Path) -> None:
    path = bundle / "imports" / "google_ads_editor.csv"
    replace_in(path, "Fresh Roast", "Other Roast")
    rebook(bundle, path)


def pin_without_file(bundle: Path) -> None:
    path = bundle / "imports" / "pinterest_pins.csv"
    replace_in(path, "image.jpg", "other.jpg")
    rebook(bundle, path)


def pin_twice(bundle: Path) -> None:
    path = bundle / "imports" / "pinterest_pins.csv"
    replace_in(path, "Cold Brew en", "Espresso en")
    rebook(bundle, path)


def blocked_in_a_sheet(bundle: Path) -> None:
    replace_in(
        bundle / "outcomes.csv", "pinterest.pin,en,,,1,made", "pinterest.pin,en,,,1,blocked"
    )


def report_calls_out(bundle: Path) -> None:
    replace_in(bundle / "report.html", "<main", '<img src="https://spy.example/x.gif"><main')


HARMS: list[tuple[Harm, str]] = [
    (flip_a_byte, "file.digest"),
    (cut_short, "file.size"),
    (take_away, "file.missing"),
    (link_outside, "file.kind"),
    (text_as_picture, "file.type"),
    (other_pixels, "file.pixels"),
    (stray, "file.stray"),
    (time_in_manifest, "manifest.time"),
    (time_key_in_manifest, "manifest.time"),
    (unsorted_keys, "manifest.order"),
    (unknown_mode, "manifest.value"),
    (unlabelled, "label.missing"),
    (mark_that_is_not_there, "label.absent"),
    (chinese_label_twice, "label.twice"),
    (too_long, "copy.too_long"),
    (too_many_hashtags, "copy.hashtags"),
    (formula_in_a_list, "list.formula"),
    (unknown_status, "outcomes.status"),
    (no_mark, "list.unreadable"),
    (editor_too_long, "import.too_long"),
    (editor_stranger, "import.unknown"),
    (pin_without_file, "import.file"),
    (pin_twice, "import.twice"),
    (blocked_in_a_sheet, "import.blocked"),
    (report_calls_out, "report.outside"),
]


def test_a_fresh_bundle_is_whole(bundle: Path) -> None:
    result = verify_bundle(bundle)

    assert result.whole
    assert result.orders == 8
    assert result.files > 20


@pytest.mark.parametrize(("harm", "code"), HARMS, ids=[harm.__name__ for harm, _ in HARMS])
def test_every_harm_is_found(bundle: Path, harm: Harm, code: str) -> None:
    harm(bundle)

    assert code in {fault.code for fault in verify_bundle(bundle).faults}


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "manifest.unreadable"), ("[]", "manifest.unreadable"), ("{}", "manifest.unreadable")],
)
def test_a_manifest_that_cannot_be_read_is_one_fault(bundle: Path, text: str, code: str) -> None:
    (bundle / "manifest.json").write_text(text, "utf-8")

    assert [fault.code for fault in verify_bundle(bundle).faults] == [code]


def test_a_folder_without_manifest_is_no_bundle(tmp_path: Path) -> None:
    assert [fault.code for fault in verify_bundle(tmp_path).faults] == ["manifest.missing"]


def test_a_mark_in_the_file_is_found(bundle: Path) -> None:
    path = first(bundle, "channels/*/*/*/image.jpg")
    words = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
    path.write_bytes(path.read_bytes() + words.encode() + b'{"ContentProducer":"x"}')
    rebook(bundle, path)
    in_manifest(bundle, path, marks=["iptc.digital_source_type:algorithmicMedia", "cn.aigc"])

    assert verify_bundle(bundle).faults == ()


def test_a_fault_reads_as_a_line(bundle: Path) -> None:
    take_away(bundle)

    [fault] = verify_bundle(bundle).faults
    assert str(fault).endswith(
        "copy.txt: is listed in the manifest and is not there [file.missing]"
    )


def test_what_a_file_manager_leaves_is_no_stray(bundle: Path) -> None:
    (bundle / "channels" / ".DS_Store").write_bytes(b"\0")

    assert verify_bundle(bundle).whole


def test_verifying_shares_no_code_with_packing() -> None:
    folder = Path(str(verifying.__file__)).parent
    imported = {
        node.module
        for path in [*folder.glob("*.py"), folder.parent / "verify.py"]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
    }

    ours = {name for name in imported if name.startswith("handbill.bundling")}
    assert ours == {f"handbill.bundling.verifying.{n}" for n in ("reading", "lists", "sheets_out")}
