from __future__ import annotations

import errno
import json
import multiprocessing
import os
import resource
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from handbill.errors import StoreError
from handbill.store import AssetStore
from handbill.store.durable import incoming_file

ABSENT = "0" * 64
KEY = "ab" * 32


@pytest.fixture
def file_size_limit() -> Iterator[None]:
    """No file of this process may pass 64 KiB: what a full disk looks like, without root."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def incoming(store: AssetStore) -> list[Path]:
    return list((store.root / "incoming").iterdir())


def flip_a_bit(path: Path) -> None:
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    state = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns + 1))


def test_bytes_come_back_under_their_digest(store: AssetStore) -> None:
    sha256 = store.put_bytes(b"a poster")

    assert store.read(sha256) == b"a poster"
    assert store.path(sha256) == store.root / "objects" / sha256[:2] / sha256
    assert incoming(store) == []


def test_objects_are_read_only(store: AssetStore) -> None:
    sha256 = store.put_bytes(b"a poster")

    assert stat.S_IMODE(store.path(sha256).stat().st_mode) == 0o444


@pytest.mark.parametrize("adopt", [True, False])
def test_a_file_gets_the_same_name_as_its_bytes(
    store: AssetStore, tmp_path: Path, *, adopt: bool
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"frames" * 400_000)

    sha256 = store.put_file(film, adopt=adopt)

    assert sha256 == store.put_bytes(film.read_bytes())
    assert store.path(sha256).samefile(film) is adopt


def test_putting_twice_leaves_the_first_object(store: AssetStore, tmp_path: Path) -> None:
    sha256 = store.put_bytes(b"once")
    inode = store.path(sha256).stat().st_ino
    copy = tmp_path / "copy"
    copy.write_bytes(b"once")

    store.put_bytes(b"once")
    store.put_file(copy)

    assert store.path(sha256).stat().st_ino == inode


def test_a_flipped_bit_is_found_and_the_object_put_aside(store: AssetStore) -> None:
    sha256 = store.put_bytes(b"a poster that was paid for")
    flip_a_bit(store.path(sha256))

    with pytest.raises(StoreError, match=r"was changed after it was written.*quarantine"):
        store.read(sha256)

    assert not store.has(sha256)
    assert (store.root / "quarantine" / sha256).is_file()


def test_a_flipped_bit_is_found_even_after_a_first_good_reading(
    store: AssetStore, tmp_path: Path
) -> None:
    sha256 = store.put_bytes(b"a film")
    store.verified_path(sha256)
    flip_a_bit(store.path(sha256))

    with pytest.raises(StoreError, match="was changed"):
        store.place(sha256, tmp_path / "film.mp4", share=True)
    assert not (tmp_path / "film.mp4").exists()


def test_an_absent_object_says_how_to_get_it_back(store: AssetStore) -> None:
    with pytest.raises(StoreError, match="run the campaign again"):
        store.read(ABSENT)


@pytest.mark.parametrize("name", ["../../etc/passwd", "AB" * 32, "ab", ""])
def test_a_name_that_is_no_digest_is_refused(store: AssetStore, name: str) -> None:
    with pytest.raises(StoreError, match="is not a sha256"):
        store.path(name)


def test_placing_shares_or_copies(store: AssetStore, tmp_path: Path) -> None:
    sha256 = store.put_bytes(b"film" * 1000)

    store.place(sha256, tmp_path / "shared.mp4", share=True)
    store.place(sha256, tmp_path / "own.mp4", share=False)

    own = tmp_path / "own.mp4"
    own.write_bytes(b"edited by a person")
    assert (tmp_path / "shared.mp4").read_bytes() == b"film" * 1000
    assert store.read(sha256) == b"film" * 1000
    assert not store.path(sha256).samefile(own)


def test_a_record_comes_back_while_its_objects_are_there(store: AssetStore) -> None:
    data = b"a picture"
    sha256 = store.put_bytes(data)
    record = {"files": [{"name": "image.jpg", "sha256": sha256, "size_bytes": len(data)}]}

    store.book(KEY, record)

    assert store.recall(KEY) == record
    assert (store.root / "records" / "ab" / f"{KEY}.json").is_file()
    store.path(sha256).unlink()
    assert store.recall(KEY) is None


def test_a_record_of_a_truncated_object_is_not_recalled(store: AssetStore) -> None:
    sha256 = store.put_bytes(b"a picture", durable=False)
    store.book(KEY, {"sha256": sha256, "size_bytes": 9})
    store.path(sha256).chmod(0o644)
    os.truncate(store.path(sha256), 0)

    assert store.recall(KEY) is None


def test_a_damaged_record_is_not_recalled(store: AssetStore) -> None:
    store.book(KEY, {"cost_usd_micros": 1200})
    path = store.root / "records" / "ab" / f"{KEY}.json"

    path.write_text(path.read_text("utf-8").replace("1200", "1300"), "utf-8")
    assert store.recall(KEY) is None
    path.write_text(json.dumps({"record": []}), "utf-8")
    assert store.recall(KEY) is None
    path.write_bytes(b"\x00half")
    assert store.recall(KEY) is None


def test_an_unknown_recipe_was_never_booked(store: AssetStore) -> None:
    assert store.recall(KEY) is None


@pytest.mark.parametrize("key", ["../outside", "", "a/b", ".hidden", "x" * 200])
def test_a_recipe_key_cannot_leave_its_folder(store: AssetStore, key: str) -> None:
    with pytest.raises(StoreError, match="recipe key"):
        store.book(key, {})


def test_a_full_disk_is_said_and_leaves_nothing(
    store: AssetStore, tmp_path: Path, file_size_limit: None
) -> None:
    with pytest.raises(StoreError, match=r"the disk is full.*\n.*make room") as caught:
        store.put_bytes(b"x" * 100_000)

    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.EFBIG
    assert incoming(store) == []
    assert list((store.root / "objects").rglob("*")) == []
    assert store.read(store.put_bytes(b"x" * 1000)) == b"x" * 1000


def test_what_a_killed_writer_left_is_swept_and_a_living_one_is_spared(tmp_path: Path) -> None:
    first = AssetStore(tmp_path)
    (first.root / "incoming" / "object.1.0").write_bytes(b"half a pict")
    with incoming_file(first.root / "incoming", "object") as (path, writer):
        writer.write(b"still being written")
        AssetStore(tmp_path)
        assert incoming(first) == [path]


def _put_many(root: Path, seed: int) -> None:
    store = AssetStore(root)
    for number in range(40):
        data = b"%d" % (number % 20) * 5000
        sha256 = store.put_bytes(data, durable=False)
        store.book(f"recipe-{number % 20}", {"sha256": sha256, "size_bytes": len(data)})
        assert store.read(sha256) == data
        assert store.recall(f"recipe-{(number * seed) % (number % 20 + 1)}") is not None


def test_several_processes_write_the_same_things_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_put_many, args=(tmp_path, seed)) for seed in (1, 3, 7)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    store = AssetStore(tmp_path)
    assert incoming(store) == []
    objects = [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]
    assert len(objects) == 20
    assert all(store.read(path.name) for path in objects)
