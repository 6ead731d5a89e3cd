"""An inbox in object storage: fetched once, by one machine, and filed away over there."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbill.errors import StoreError
from handbill.press.inbox import Inbox
from handbill.press.remote_inbox import RemoteInbox, watching_storage
from handbill.store.drop_box import DropBox

obstore = pytest.importorskip("obstore", reason="needs the extra 'shared'")
SHEET = b"product\nMug\n"


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    folder = tmp_path / "bucket"
    folder.mkdir()
    (folder / "spring.csv").write_bytes(SHEET)
    (folder / "read me.pdf").write_bytes(b"not a sheet")
    return folder


def machine(bucket: Path, folder: Path) -> RemoteInbox:
    folder.mkdir(exist_ok=True)
    return RemoteInbox(DropBox(bucket.as_uri()), folder, folder / "memory.json")


def test_a_sheet_is_fetched_at_the_first_look_and_filed_away_over_there(
    bucket: Path, tmp_path: Path
) -> None:
    inbox = machine(bucket, tmp_path / "here")
    (sheet,) = inbox.look()
    assert sheet.read_bytes() == SHEET
    assert inbox.take(sheet)
    assert (bucket / "spring.csv").is_file(), "it stays until it is made"
    inbox.file_away(sheet, well=True, problems=b"file,row\n")
    names = sorted(path.relative_to(bucket).as_posix() for path in bucket.rglob("*.*"))
    assert names == ["done/spring.csv", "done/spring.problems.csv", "read me.pdf"]
    assert inbox.look() == ()


def test_two_machines_never_make_the_same_sheet(bucket: Path, tmp_path: Path) -> None:
    one, two = machine(bucket, tmp_path / "one"), machine(bucket, tmp_path / "two")
    assert len(one.look()) == 1
    assert two.look() == ()
    assert len(machine(bucket, tmp_path / "one").look()) == 1, "its own claim serves it again"
    (bucket / "spring.csv").write_bytes(SHEET + b"Pot\n")
    assert len(two.look()) == 1, "other bytes are another sheet"


def test_a_sheet_that_was_filed_here_alone_is_moved_and_not_made_again(
    bucket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = machine(bucket, tmp_path / "here")
    (sheet,) = inbox.look()
    inbox.take(sheet)

    def fails(*_: object) -> None:
        raise StoreError("the network is gone")

    with monkeypatch.context() as patch:
        patch.setattr(DropBox, "move", fails)
        with pytest.raises(StoreError):
            inbox.file_away(sheet, well=False, problems=b"")
    assert machine(bucket, tmp_path / "here").look() == ()
    assert (bucket / "failed" / "spring.csv").is_file()


def test_an_address_is_watched_like_a_folder(bucket: Path, tmp_path: Path) -> None:
    with watching_storage(tmp_path / "home", bucket.as_uri()) as inbox:
        assert isinstance(inbox, Inbox)
        assert [sheet.name for sheet in inbox.look()] == ["spring.csv"]
