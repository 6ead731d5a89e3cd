"""An inbox in object storage: its sheets are fetched, made here, and filed away over there.

A sheet is claimed before it is fetched, by an object that storage lets only one machine create,
so several machines may watch one inbox. Its pictures are those that it names by their address:
files beside it are not fetched.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from typing_extensions import override

from handbill.campaign_folder.campaigns import SHEET_SUFFIXES
from handbill.domain.digest import digest
from handbill.press.inbox import Inbox, mark_of, watching
from handbill.store.drop_box import DropBox, Dropped


class RemoteInbox(Inbox):
    """A local inbox that follows one in storage.

    Args:
        box: where sheets are put.
        folder: where they lie while they are made.
        memory: file that keeps what was seen.
    """

    def __init__(self, box: DropBox, folder: Path, memory: Path) -> None:
        super().__init__(folder, memory)
        self._box = box
        self._holder = f"{socket.gethostname()} {folder}"

    @override
    def look(self) -> tuple[Path, ...]:
        """As `Inbox.look`, after every sheet that nobody else has was fetched."""
        for file in self._sheets():
            if self._filed(file).is_file():  # filed away here before it could be moved there
                self._box.move(file, self._filed(file).read_text("utf-8"))
            elif self._box.claim(file, self._holder):
                self._fetch(file)
        return super().look()

    @override
    def file_away(self, sheet: Path, *, well: bool, problems: bytes) -> Path | None:
        """As `Inbox.file_away`; the sheet in storage goes to ``done`` or ``failed`` too."""
        file = next((one for one in self._sheets() if one.name == sheet.name), None)
        place = super().file_away(sheet, well=well, problems=problems)
        if place is None or file is None:
            return place
        name = f"{place.parent.name}/{place.name}"
        self._filed(file).parent.mkdir(exist_ok=True)
        self._filed(file).write_text(name, "utf-8")
        if problems:
            self._box.write(f"{place.parent.name}/{place.stem}.problems.csv", problems)
        self._box.move(file, name)
        return place

    def _filed(self, file: Dropped) -> Path:
        """Where it is noted that a sheet was made and filed away, and under which name."""
        return self.folder / "filed" / f"{file.name}.{file.tag}"

    def _sheets(self) -> Iterator[Dropped]:
        for file in self._box.files():
            if Path(file.name).suffix.lower() in SHEET_SUFFIXES:
                yield file

    def _fetch(self, file: Dropped) -> None:
        """Bring a sheet here, unless it is here already with these bytes."""
        data = self._box.read(file.name)
        sheet = self.folder / file.name
        if not sheet.is_file() or sheet.read_bytes() != data:
            fresh = sheet.with_name(f".{file.name}.new")
            fresh.write_bytes(data)
            fresh.replace(sheet)
        mark_of(sheet).touch()


@contextmanager
def watching_storage(home: Path, url: str) -> Iterator[Inbox]:
    """Watch the inbox at `url` for as long as the block runs.

    Args:
        home: Handbill's; the sheets lie below it while they are made.
        url: such as ``s3://bucket/inbox``.

    Raises:
        CampaignBusy: another run on this machine watches it.
        StoreError: it cannot be opened.
    """
    box = DropBox(url)
    folder = home / "inboxes" / digest(url)[:16]
    with watching(home, folder) as local:
        yield RemoteInbox(box, folder, local.memory)
