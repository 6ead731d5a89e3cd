"""Trust on a full disk: a clear word, nothing half written, and an exact resume, at twenty sizes.

Ten runs of a free job have a disk that is too small from the beginning, each a little larger than
the one before, so that they fail at ten places. Ten runs of a paid job have room at first, and
somebody else fills the disk while the n-th paid question is at the vendor, all but a few
kilobytes.
Then there is room again and the run is started once more.

The disks are tmpfs mounts; without the right to mount the room says so and has no figures.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench.run import at_least, at_most
from tests.doubles.killing import serving
from tests.doubles.paid_campaign import plain_text, write_campaign, write_sheet
from tests.doubles.small_disk import SmallDisk, can_mount, small_disk
from tests.doubles.vendor_server import VendorServer
from tests.doubles.whole_runs import Ended, Place, Reader, Runs

_ROWS = 4
_ROOMY_KIB = 160 * 1024
# What the run says: what could not be done, where, and what to do.
_CLEAR = re.compile(r"disk is full|less than 64 MB left|database or disk is full", re.IGNORECASE)
_REMEDY = re.compile(r"run again", re.IGNORECASE)
_CODES = {30}


@dataclass
class Book:
    """What happened, over all sizes."""

    sizes: int = 0
    unclear: list[str] = field(default_factory=list)
    differing: int = 0
    paid_twice: int = 0
    most_uncertain: int = 0


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The figures in the shape of ``bench/trust.json``; six sizes when `fast`."""
    if not can_mount():
        print("trust_disk: skipped, this user may not mount a small disk", file=sys.stderr)
        return {}
    sizes = 3 if fast else 10
    book = Book()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        runs = Runs()
        reader = Reader(root)
        try:
            _too_small(root, runs, sizes, book)
            _filled_meanwhile(root, runs, sizes, book)
        finally:
            seen = reader.end()
            runs.close()
    for words in book.unclear:
        print(f"unclear: {words}", file=sys.stderr)
    return {
        "disk_full_sizes": at_least(book.sizes, "sizes of a tmpfs", 2 * sizes),
        "disk_full_without_a_clear_word": at_most(len(book.unclear), "runs", 0),
        "disk_full_half_bundles_seen": at_most(sum(seen["half"].values()), "looks", 0),
        "disk_full_manifests_that_differ_after_resume": at_most(book.differing, "manifests", 0),
        "disk_full_calls_paid_twice": at_most(book.paid_twice, "calls", 0),
        "disk_full_most_uncertain_of_one_in_flight": at_most(book.most_uncertain, "calls", 1),
    }


def _too_small(root: Path, runs: Runs, sizes: int, book: Book) -> None:
    """A free job with posters on disks that are too small."""
    disk_folder = root / "small"
    place = Place(disk_folder)
    with small_disk(disk_folder, _ROOMY_KIB) as disk:
        _free_job(place)
        begun_kib = disk.used_kib()
        whole = runs.run(place)
        assert whole.code == 0, whole.words
        manifest, needs_kib = place.manifest(), disk.used_kib()
    for size in range(1, sizes + 1):
        size_kib = begun_kib + (needs_kib - begun_kib) * size // (sizes + 1)
        with small_disk(disk_folder, size_kib) as disk:
            _free_job(place)
            _judge(runs.run(place), f"{size_kib} KiB of {needs_kib}", place, book)
            disk.resize(_ROOMY_KIB)
            again = runs.run(place)
            book.differing += again.code != 0 or place.manifest() != manifest


def _free_job(place: Place) -> None:
    place.campaign.mkdir()
    write_sheet(place.campaign, _ROWS, posters=_ROWS)
    (place.campaign / "campaign.toml").write_text(
        'campaign = "Free"\nsheet = "briefs.csv"\nplacements = ["sms.text"]\nlocales = ["en"]\n'
    )


def _filled_meanwhile(root: Path, runs: Runs, sizes: int, book: Book) -> None:
    """A paid job whose disk is filled by somebody else while a question is at the vendor."""
    disk_folder = root / "filled"
    place = Place(disk_folder)
    server = VendorServer(write=plain_text)
    with serving(server), small_disk(disk_folder, _ROOMY_KIB) as disk:
        manifest = _paid_job(place, server, runs)
        for size in range(sizes):
            _empty(place)
            server.forget()
            # At the vendor when it happens; what is left is too little for all that follows.
            number, leave_kib = 1 + size % (_ROWS + 1), (0, 4, 16, 40, 120)[size % 5]
            server.latency = _Filling(server, disk, number, leave_kib)
            ended = runs.run(place)
            server.latency = lambda _: 0.0
            _judge(ended, f"{leave_kib} KiB left at question {number}", place, book)
            disk.clear()
            _resume(place, server, runs, manifest, book)


@dataclass
class _Filling:
    """Fills the disk when the n-th paid question has come in."""

    server: VendorServer
    disk: SmallDisk
    number: int
    leave_kib: int

    def __call__(self, _: int) -> float:
        if len(self.server.charged) + 1 == self.number:
            self.disk.fill(self.leave_kib)
        return 0.0


def _paid_job(place: Place, server: VendorServer, runs: Runs) -> bytes:
    write_campaign(place.campaign, server.base_url)
    write_sheet(place.campaign, _ROWS, posters=1)
    whole = runs.run(place)
    assert whole.code == 0, whole.words
    return place.manifest()


def _empty(place: Place) -> None:
    """Nothing was made yet."""
    shutil.rmtree(place.home)
    if place.out.exists():
        place.out.rename(place.campaign / ".gone")
        shutil.rmtree(place.campaign / ".gone")


def _judge(ended: Ended, what: str, place: Place, book: Book) -> None:
    """The run must say what, where and what to do, and end with the code of bundle and store."""
    book.sizes += 1
    clear = _CLEAR.search(ended.words) and _REMEDY.search(ended.words)
    where = str(place.folder) in ended.words
    if ended.code not in _CODES or not clear or not where or "fault in Handbill" in ended.words:
        book.unclear.append(f"{what}: ended with {ended.code}: {ended.words[-900:]}")


def _resume(place: Place, server: VendorServer, runs: Runs, manifest: bytes, book: Book) -> None:
    ended = runs.run(place)
    book.paid_twice += sum(count - 1 for count in Counter(server.charged).values())
    held = place.calls("uncertain")
    book.most_uncertain = max(book.most_uncertain, len(held))
    if held:
        ended = runs.run(place, HANDBILL_ON_UNCERTAIN="resend")
    book.differing += ended.code != 0 or place.manifest() != manifest


if __name__ == "__main__":
    for name, figure in figures(fast="--fast" in sys.argv).items():
        print(name, figure)
