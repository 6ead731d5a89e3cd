"""A folder that is watched: each sheet in it is made once, then moved to ``done`` or ``failed``.

A sheet counts as written whole when its size and its last change are what they were at the look
before, or when a file of its name with ``.done`` added lies beside it. What was seen is kept in a
file in Handbill's home, so that looks may be made by different processes. A sheet stays where it
is while it is made, because its pictures lie beside it.
"""

from __future__ import annotations

import dataclasses
import fcntl
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from handbill.campaign_folder.campaigns import SHEET_SUFFIXES
from handbill.domain.digest import digest
from handbill.errors import CampaignBusy, CampaignError

# A sheet whose run was ended from outside this often is not taken up again.
MOST_TRIES = 3
_DONE_MARK = ".done"


class SeenState(StrEnum):
    """`SEEN` at a look; `TAKEN` by a run; `ENDED`: its run is over, whatever became of it."""

    SEEN = "seen"
    TAKEN = "taken"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of one sheet.

    Attributes:
        size_bytes, changed_ns, inode: of the file as it was seen.
        tries: runs that took it.
    """

    size_bytes: int
    changed_ns: int
    inode: int
    state: SeenState = SeenState.SEEN
    tries: int = 0

    def same_file(self, other: Seen | None) -> bool:
        """Whether both are of the same bytes, as far as a file system tells."""
        return other is not None and (self.size_bytes, self.changed_ns, self.inode) == (
            (other.size_bytes, other.changed_ns, other.inode)
        )


class Inbox:
    """A folder under watch, held by one watcher; see `watching`.

    Args:
        folder: where sheets are put.
        memory: file that keeps what was seen.
    """

    def __init__(self, folder: Path, memory: Path) -> None:
        self.folder = folder
        self.memory = memory

    def look(self) -> tuple[Path, ...]:
        """The sheets to be made now, by name: those written whole that no run has had.

        A sheet whose run was ended from outside is among them, up to `MOST_TRIES` runs in all.
        """
        before = self._recall()
        now = {path.name: (path, _seen(path)) for path in _sheets(self.folder)}
        known: dict[str, Seen] = {}
        due: list[Path] = []
        for name, (path, seen) in sorted(now.items()):
            last = before.get(name)
            if last is not None and seen.same_file(last):
                known[name] = last
            else:
                known[name] = seen
            whole = seen.same_file(last) or mark_of(path).is_file()
            if whole and seen.size_bytes and known[name].state is not SeenState.ENDED:
                due.append(path)
        self._remember(known)
        return tuple(due)

    def take(self, sheet: Path) -> bool:
        """Book a run for `sheet` before it begins; False when it has had its runs.

        Raises:
            CampaignError: the sheet is not there any more.
        """
        known = self._recall()
        seen = known.get(sheet.name)
        if seen is None or not sheet.is_file():
            raise CampaignError(
                f"{sheet.name!r} is not in the inbox any more",
                where=str(self.folder),
                remedy="put it back; it is made when it is written whole",
            )
        tries = seen.tries + 1
        known[sheet.name] = dataclasses.replace(seen, state=SeenState.TAKEN, tries=tries)
        self._remember(known)
        return tries <= MOST_TRIES

    def file_away(self, sheet: Path, *, well: bool, problems: bytes) -> Path | None:
        """Move a sheet whose run is over to ``done`` or ``failed``.

        Args:
            sheet: a path that `take` was given.
            well: something was made of it.
            problems: the bytes of ``problems.csv``; nothing is written when empty.

        Returns:
            Where it is now; None when it was changed meanwhile: then it stays and is made again.
        """
        known = self._recall()
        seen = known.pop(sheet.name)
        if not sheet.is_file() or not _seen(sheet).same_file(seen):
            self._remember(known)
            return None
        # Booked first: should the move fail, the sheet is not made over and over.
        self._remember(known | {sheet.name: dataclasses.replace(seen, state=SeenState.ENDED)})
        place = _free_place(self.folder / ("done" if well else "failed"), sheet.name)
        if problems:
            place.with_name(f"{place.stem}.problems.csv").write_bytes(problems)
        shutil.move(sheet, place)
        mark_of(sheet).unlink(missing_ok=True)
        self._remember(known)
        return place

    def _recall(self) -> dict[str, Seen]:
        try:
            told: dict[str, dict[str, Any]] = json.loads(self.memory.read_text("utf-8"))
            return {
                name: Seen(
                    size_bytes=one["size_bytes"],
                    changed_ns=one["changed_ns"],
                    inode=one["inode"],
                    state=SeenState(one["state"]),
                    tries=one["tries"],
                )
                for name, one in told.items()
            }
        except (OSError, ValueError, KeyError):
            return {}

    def _remember(self, known: Mapping[str, Seen]) -> None:
        told = {name: dataclasses.asdict(seen) for name, seen in sorted(known.items())}
        fresh = self.memory.with_suffix(".new")
        fresh.write_text(json.dumps(told, indent=1), "utf-8")
        fresh.replace(self.memory)


@contextmanager
def watching(home: Path, folder: Path) -> Iterator[Inbox]:
    """Watch `folder` for as long as the block runs; it is made when it is not there.

    Args:
        home: Handbill's, where it is kept what was seen.
        folder: where sheets are put.

    Raises:
        CampaignBusy: another run watches it.
        CampaignError: it is no folder.
    """
    folder = folder.absolute()
    memory = home / "inboxes" / f"{digest(str(folder))[:16]}.json"
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise CampaignError(
            f"{str(folder)!r} cannot be watched: {fault.strerror}",
            remedy="name a folder that may be read and written",
        ) from fault
    with memory.with_suffix(".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CampaignBusy(
                "another run watches this inbox",
                where=str(folder),
                remedy="let it end; sheets that come meanwhile are found by the next look",
            ) from None
        yield Inbox(folder, memory)


def _sheets(folder: Path) -> Iterator[Path]:
    """Sheets in the folder itself; hidden files and the lock files of office programs are none."""
    for path in folder.iterdir():
        if path.name.startswith((".", "~$")) or path.is_symlink() or not path.is_file():
            continue
        if path.suffix.lower() in SHEET_SUFFIXES:
            yield path


def _seen(path: Path) -> Seen:
    stat = path.stat()
    return Seen(size_bytes=stat.st_size, changed_ns=stat.st_mtime_ns, inode=stat.st_ino)


def mark_of(sheet: Path) -> Path:
    """The file that says that `sheet` was written whole."""
    return sheet.with_name(sheet.name + _DONE_MARK)


def _free_place(folder: Path, name: str) -> Path:
    """A path in `folder` that is free: ``sheet.csv``, ``sheet-2.csv`` and so on."""
    folder.mkdir(exist_ok=True)
    place, number = folder / name, 1
    while place.exists():
        number += 1
        place = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return place
