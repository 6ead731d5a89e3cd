"""An inbox: a sheet is made when it is whole, once, and then it is filed away."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handbill.errors import CampaignBusy, CampaignError
from handbill.press.inbox import MOST_TRIES, Inbox, watching

SHEET = "product\nMug\n"


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return Inbox(folder, tmp_path / "memory.json")


def put(inbox: Inbox, name: str, text: str = SHEET) -> Path:
    path = inbox.folder / name
    path.write_text(text)
    return path


def again(inbox: Inbox, tmp_path: Path) -> Inbox:
    """The same inbox as another process sees it."""
    return Inbox(inbox.folder, tmp_path / "memory.json")


def test_a_sheet_is_whole_at_the_second_look_that_finds_it_unchanged(inbox: Inbox) -> None:
    sheet = put(inbox, "a.csv")
    assert inbox.look() == ()
    sheet.write_text(SHEET + "Pot\n")
    assert inbox.look() == (), "it grew since the last look"
    assert inbox.look() == (sheet,)


def test_a_rewrite_of_equal_size_counts_as_a_change(inbox: Inbox) -> None:
    sheet = put(inbox, "a.csv")
    inbox.look()
    sheet.write_text(SHEET.replace("Mug", "Pot"))
    os.utime(sheet, ns=(1, 1))
    assert inbox.look() == ()
    assert inbox.look() == (sheet,)


def test_a_done_file_says_at_once_that_a_sheet_is_whole(inbox: Inbox) -> None:
    sheet = put(inbox, "a.xlsx")
    mark = put(inbox, "a.xlsx.done", "")
    assert inbox.look() == (sheet,)
    assert inbox.take(sheet)
    inbox.file_away(sheet, well=True, problems=b"")
    assert not mark.exists(), "else the next sheet of this name would count as whole"


def test_what_is_no_sheet_is_left_alone(inbox: Inbox) -> None:
    for name in ("mug.jpg", ".hidden.csv", "~$open.xlsx", "a.csv.part", "notes"):
        put(inbox, name)
    (inbox.folder / "folder.csv").mkdir()
    (inbox.folder / "link.csv").symlink_to("/etc/hostname")
    put(inbox, "empty.csv", "")
    inbox.look()
    assert inbox.look() == ()


def test_a_sheet_is_filed_with_its_problems_and_never_due_again(
    inbox: Inbox, tmp_path: Path
) -> None:
    sheet = put(inbox, "a.csv")
    inbox.look()
    assert inbox.look() == (sheet,)
    assert inbox.take(sheet)
    place = inbox.file_away(sheet, well=False, problems=b"file,row\n")
    assert place == inbox.folder / "failed" / "a.csv"
    assert place.read_text() == SHEET
    assert place.with_name("a.problems.csv").read_bytes() == b"file,row\n"
    assert not sheet.exists()
    assert again(inbox, tmp_path).look() == ()


def test_a_name_that_comes_again_does_not_write_over_the_first(inbox: Inbox) -> None:
    places = []
    for number in range(3):
        sheet = put(inbox, "a.csv", f"{SHEET}{number}\n")
        put(inbox, "a.csv.done", "")
        inbox.look()
        inbox.take(sheet)
        places.append(inbox.file_away(sheet, well=True, problems=b"p\n"))
    assert [place.name for place in places if place] == ["a.csv", "a-2.csv", "a-3.csv"]
    kept = sorted(path.name for path in (inbox.folder / "done").glob("*.problems.csv"))
    assert kept == ["a-2.problems.csv", "a-3.problems.csv", "a.problems.csv"]


def test_a_sheet_that_changed_while_it_was_made_is_made_again(inbox: Inbox) -> None:
    sheet = put(inbox, "a.csv")
    inbox.look()
    inbox.look()
    inbox.take(sheet)
    sheet.write_text(SHEET + "Pot\n")
    assert inbox.file_away(sheet, well=True, problems=b"") is None
    assert sheet.exists()
    assert inbox.look() == ()
    assert inbox.look() == (sheet,)


def test_a_sheet_whose_watcher_was_killed_is_taken_up_again_but_not_for_ever(
    inbox: Inbox, tmp_path: Path
) -> None:
    sheet = put(inbox, "a.csv")
    inbox.look()
    for _ in range(MOST_TRIES):
        watcher = again(inbox, tmp_path)
        assert watcher.look() == (sheet,)
        assert watcher.take(sheet)
    assert again(inbox, tmp_path).look() == (sheet,)
    assert not again(inbox, tmp_path).take(sheet)


def test_a_sheet_that_cannot_be_moved_is_not_made_over_and_over(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = put(inbox, "a.csv")
    inbox.look()
    inbox.look()
    inbox.take(sheet)

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("handbill.press.inbox.shutil.move", refuse)
    with pytest.raises(PermissionError):
        inbox.file_away(sheet, well=True, problems=b"")
    assert sheet.exists()
    assert inbox.look() == ()


def test_a_memory_that_cannot_be_read_starts_anew(inbox: Inbox, tmp_path: Path) -> None:
    sheet = put(inbox, "a.csv")
    inbox.look()
    (tmp_path / "memory.json").write_text('{"a.csv": {"size')
    assert inbox.look() == ()
    assert inbox.look() == (sheet,)


def test_one_watcher_at_a_time(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "inbox"
    with (
        watching(home, folder),
        pytest.raises(CampaignBusy, match="another run watches"),
        watching(home, folder),
    ):
        pass
    with watching(home, folder) as inbox:
        assert inbox.look() == ()


def test_a_file_cannot_be_watched_and_a_sheet_that_went_away_cannot_be_taken(
    tmp_path: Path, inbox: Inbox
) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(CampaignError, match="cannot be watched"),
        watching(tmp_path / "home", tmp_path / "file"),
    ):
        pass
    sheet = put(inbox, "a.csv")
    inbox.look()
    sheet.unlink()
    with pytest.raises(CampaignError, match="not in the inbox any more"):
        inbox.take(sheet)
