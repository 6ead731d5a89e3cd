"""A store that several machines share; a folder stands for the storage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from handbill.errors import SettingsError, StoreError
from handbill.store import AssetStore, open_store
from handbill.store.shared_store import as_shared


@pytest.fixture
def storage(tmp_path: Path) -> str:
    return f"file://{tmp_path}/storage"


@pytest.fixture
def here(tmp_path: Path, storage: str) -> AssetStore:
    return open_store(tmp_path / "here", storage)


@pytest.fixture
def there(tmp_path: Path, storage: str) -> AssetStore:
    return open_store(tmp_path / "there", storage)


def booked(store: AssetStore, folder: Path, data: bytes = b"poster") -> str:
    """Keep a file by its path, as drawing processes do, and book it."""
    drawn = folder / "drawn"
    drawn.write_bytes(data)
    sha256 = AssetStore(store.root).put_file(drawn, durable=False)
    store.book("recipe-1", {"sha256": sha256, "size_bytes": len(data)})
    return sha256


def test_what_one_machine_booked_another_recalls_and_reads(
    here: AssetStore, there: AssetStore, tmp_path: Path
) -> None:
    sha256 = booked(here, tmp_path)
    assert there.recall("recipe-1") == {"sha256": sha256, "size_bytes": 6}
    assert there.read(sha256) == b"poster"
    assert there.path(sha256).is_file()


def test_bytes_are_shared_before_their_digest_leaves(here: AssetStore, there: AssetStore) -> None:
    assert there.read(here.put_bytes(b"an answer that was paid")) == b"an answer that was paid"


def test_what_nobody_made_is_not_found(there: AssetStore) -> None:
    assert there.recall("recipe-9") is None
    with pytest.raises(StoreError, match="is not in the store"):
        there.read("0" * 64)


def test_a_record_whose_object_is_gone_or_changed_is_none(
    here: AssetStore, there: AssetStore, tmp_path: Path
) -> None:
    sha256 = booked(here, tmp_path)
    shared = tmp_path / "storage" / "objects" / sha256[:2] / sha256
    shared.write_bytes(b"pOster")
    assert there.recall("recipe-1") is None
    shared.unlink()
    assert there.recall("recipe-1") is None
    assert not there.has(sha256)


def test_while_a_slice_is_made_records_are_handed_on_behind_it(
    here: AssetStore, there: AssetStore, tmp_path: Path
) -> None:
    with as_shared(here).handing_on_behind():
        sha256 = booked(here, tmp_path)
        assert here.read(sha256) == b"poster"
    assert there.recall("recipe-1") == {"sha256": sha256, "size_bytes": 6}


def test_a_slice_does_not_end_well_while_storage_fails(here: AssetStore, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "storage")
    (tmp_path / "storage").write_text("no folder any more", "utf-8")
    shared = as_shared(here)

    def make_slice() -> None:
        with shared.handing_on_behind():
            booked(here, tmp_path)

    with pytest.raises(StoreError, match="could not be written"):
        make_slice()
    with pytest.raises(StoreError, match="could not be written"), shared.handing_on_behind():
        pass  # nor does another one, which may need what was not handed on


def test_objects_and_records_of_others_are_fetched_at_once(
    here: AssetStore, there: AssetStore, tmp_path: Path
) -> None:
    sha256 = booked(here, tmp_path)
    other = here.put_bytes(b"another")
    as_shared(there).fetch([other, "0" * 64], ["recipe-1", "recipe-9"])
    assert all(there.path(each).is_file() for each in (sha256, other))
    assert AssetStore(there.root).recall("recipe-1") is not None


def test_a_store_of_one_machine_is_not_shared(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="HANDBILL_STORE_URL"):
        as_shared(AssetStore(tmp_path))


def test_a_damaged_record_is_none(here: AssetStore, there: AssetStore, tmp_path: Path) -> None:
    booked(here, tmp_path)
    (record,) = (tmp_path / "storage" / "records").rglob("*.json")
    record.write_bytes(record.read_bytes().replace(b'"size_bytes": 6', b'"size_bytes": 7'))
    assert there.recall("recipe-1") is None


def test_a_local_store_serves_without_asking_the_shared_one(
    here: AssetStore, tmp_path: Path
) -> None:
    sha256 = booked(here, tmp_path)
    for path in (tmp_path / "storage").rglob("*"):
        if path.is_file():
            path.unlink()
    assert here.recall("recipe-1") is not None
    assert here.read(sha256) == b"poster"


def test_an_address_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="HANDBILL_STORE_URL"):
        open_store(tmp_path / "here", "nonsense://bucket")


def test_no_address_is_no_shared_store(tmp_path: Path) -> None:
    assert type(open_store(tmp_path / "here")) is AssetStore
