"""Trust after a kill: runs of ``handbill run --direct`` are killed with signal 9 and resumed.

Three ways of killing:

- at *every* moment that the store, the ledger, the press and the bundler name, of a job of six
  rows that replaces an older bundle, with a vendor that ignores idempotency keys; and of the same
  job with a paid poster, at every moment after its copy is written;
- at every other moment with a vendor that honours the keys;
- a hundred times after a random while, of jobs of twenty rows with four calls at once, each run a
  fresh ``python -m handbill``.

The vendor keeps its own book of what it charged. A reader of its own process reads every bundle
that can be seen, all the time. After each kill the run is simply started again; the manifest must
become that of a run that nobody disturbed, byte for byte.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.run import at_least, at_most
from tests.doubles.killing import serving
from tests.doubles.paid_campaign import plain_text, write_campaign, write_sheet
from tests.doubles.vendor_server import VendorServer
from tests.doubles.whole_runs import KILLED, Ended, Place, Reader, Runs, kill_fresh, run_fresh

_ROWS = 6
_MANY_ROWS = 20
_AT_ONCE = 4
_LANES = 2
_NEVER = "*:0"


@dataclass
class Book:
    """What happened, over all kills of one way."""

    kills: int = 0
    paid_twice: int = 0
    differing: int = 0
    most_uncertain: int = 0
    unlisted: int = 0
    resent: int = 0
    too_often_resent: int = 0
    odd_endings: list[str] = field(default_factory=list)
    moments: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ends(self, ended: Ended, *codes: int) -> None:
        if ended.code not in codes:
            self.odd_endings.append(f"{ended.code}: {ended.words[-500:]}")


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The figures in the shape of ``bench/trust.json``; fewer kills when `fast`."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        reader = Reader(root)
        try:
            every = _every_moment(root, step=8 if fast else 1)
            posters = _every_moment(root, step=16 if fast else 1, posters=1)
            honoured = _every_moment(root, step=24 if fast else 2, keys=True)
            wild = _random_kills(root, kills=8 if fast else 100)
        finally:
            seen = reader.end()
    held = (every, posters, wild)
    books = (*held, honoured)
    for book in books:
        for ending in book.odd_endings:
            print(f"odd ending: {ending}", file=sys.stderr)
    for torn, times in sorted(seen["half"].items()):
        print(f"half a bundle: {times}× {torn}", file=sys.stderr)
    names = len(every.moments | posters.moments)
    unlisted, beyond = (sum(getattr(b, n) for b in held) for n in ("unlisted", "too_often_resent"))
    duplicates = sum(b.paid_twice for b in books)
    most_of_one = max(every.most_uncertain, posters.most_uncertain)
    return {
        "kills_at_moments": at_least(every.kills + posters.kills, "kills", 20 if fast else 150),
        "kills_kinds_of_moments": at_least(names, "kinds of moments", 20),
        "kills_at_moments_with_honoured_keys": at_least(
            honoured.kills, "kills", 5 if fast else 40
        ),
        "kills_at_random": at_least(wild.kills, "kills", 8 if fast else 100),
        "kills_stored_calls_paid_again": at_most(duplicates + beyond, "calls", 0),
        "kills_manifests_that_differ": at_most(sum(b.differing for b in books), "manifests", 0),
        "kills_half_bundles_seen": at_most(sum(seen["half"].values()), "looks", 0),
        "kills_looks_of_the_reader": at_least(seen["whole"], "whole bundles read", 100),
        "kills_duplicates_under_hold": at_most(sum(b.paid_twice for b in held), "calls", 0),
        "kills_duplicates_with_honoured_keys": at_most(honoured.paid_twice, "calls", 0),
        "kills_most_uncertain_of_one_in_flight": at_most(most_of_one, "calls", 1),
        "kills_most_uncertain_of_four_in_flight": at_most(wild.most_uncertain, "calls", _AT_ONCE),
        "kills_uncertain_calls_not_listed": at_most(unlisted, "calls", 0),
        "kills_calls_resent_beyond_the_uncertain": at_most(beyond, "calls", 0),
        "kills_runs_that_ended_oddly": at_most(sum(len(b.odd_endings) for b in books), "runs", 0),
    }


def _every_moment(root: Path, *, step: int, posters: int = 0, keys: bool = False) -> Book:
    """Kill at each `step`-th moment, on two lanes at once; with posters after the copy alone."""
    book = Book()

    def lane(number: int) -> None:
        name = f"lane{number}-{posters}-{int(keys)}"
        with _a_lane(root, name, posters=posters, keys=keys) as (runs, server, place, kept):
            whole = _undisturbed(runs, server, place, kept, book)
            moments = place.moments()
            # The last call that is claimed is the poster's: what comes before it is copy.
            first = len(moments) - moments[::-1].index("ledger.claimed") if posters else 1
            for moment in range(first + number * step, len(moments) + 1, _LANES * step):
                _kill_at(moment, (runs, server, place), kept, whole, book)

    _side_by_side(lane)
    return book


@contextmanager
def _a_lane(
    root: Path, name: str, *, posters: int, keys: bool
) -> Iterator[tuple[Runs, VendorServer, Place, Path]]:
    """A vendor, a campaign that has an older bundle of two other rows, and its kept state."""
    place = Place(root / name)
    kept = root / f".kept-{name}"
    runs = Runs()
    try:
        with serving(VendorServer(write=plain_text, honours_keys=keys)) as server:
            write_campaign(place.campaign, server.base_url, keys=keys)
            write_sheet(place.campaign, 2, first=91)
            older = runs.run(place)
            assert older.code == 0, older.words
            write_sheet(place.campaign, _ROWS, posters=posters)
            place.folder.rename(kept)
            yield runs, server, place, kept
    finally:
        runs.close()
        place.remove()


def _undisturbed(runs: Runs, server: VendorServer, place: Place, kept: Path, book: Book) -> bytes:
    _begin_anew(server, place, kept)
    ended = runs.run(place, HANDBILL_TEST_FAILPOINT=_NEVER)
    assert ended.code == 0, ended.words
    assert len(server.charged) == len(set(server.charged)) >= _ROWS
    with book.lock:
        book.moments = Counter(place.moments())
    return place.manifest()


def _begin_anew(server: VendorServer, place: Place, kept: Path) -> None:
    """The kept state, and a vendor that stumbles over the second question."""
    place.restore(kept)
    server.forget()
    server.faults[:] = ["", "503"]


def _kill_at(
    moment: int, work: tuple[Runs, VendorServer, Place], kept: Path, whole: bytes, book: Book
) -> None:
    runs, server, place = work
    _begin_anew(server, place, kept)
    killed = runs.run(place, HANDBILL_TEST_FAILPOINT=f"*:{moment}")
    with book.lock:
        book.ends(killed, KILLED)
        book.kills += killed.code == KILLED
    in_flight = {call.key for call in place.calls("sent")}
    _resume(lambda **policy: runs.run(place, **policy), server, place, in_flight, whole, book)


def _resume(
    run: Callable[..., Ended],
    server: VendorServer,
    place: Place,
    in_flight: set[str],
    whole: bytes,
    book: Book,
) -> None:
    """Start again under `hold`; what that leaves uncertain is then sent on the user's word."""
    ended = run()
    twice = _charged_twice(server)
    held = {call.key for call in place.calls("uncertain")}
    unlisted = _unlisted(held, ended, place)
    extra = 0
    last = ended
    if held:
        last = run(HANDBILL_ON_UNCERTAIN="resend")
        extra = _charged_twice(server) - twice
    with book.lock:
        book.ends(ended, 3 if held else 0)
        book.ends(last, 0)
        book.paid_twice += twice
        book.most_uncertain = max(book.most_uncertain, len(held))
        book.unlisted += unlisted + (not held <= in_flight)
        book.resent += extra
        book.too_often_resent += max(0, extra - len(held))
        book.differing += place.manifest() != whole


def _unlisted(held: set[str], ended: Ended, place: Place) -> int:
    """How many uncertain calls are missing on the screen, in ``run.json`` or in the report."""
    if not place.manifest():
        return len(held)
    told = (place.out / "run.json").read_text()
    orders = (place.out / "outcomes.csv").read_text()
    page = (place.out / "report.html").read_text()
    missing = sum(key[:12] not in ended.words or key not in told for key in held)
    return missing + (
        bool(held) and ("uncertain" not in orders or "may have been paid" not in page)
    )


def _random_kills(root: Path, kills: int) -> Book:
    book = Book()

    def lane(number: int) -> None:
        rng = random.Random(number)  # noqa: S311 - when to kill, not a secret
        while book.kills < kills:
            with _a_wild_job(root, number) as (server, place, whole, took_s):
                _kill_until_made(server, place, (whole, took_s, kills), rng, book)

    _side_by_side(lane)
    return book


@contextmanager
def _a_wild_job(root: Path, number: int) -> Iterator[tuple[VendorServer, Place, bytes, float]]:
    """A job of many rows, with the manifest and the time of a run that nobody disturbed."""
    place = Place(root / f"wild{number}")
    with serving(VendorServer(write=plain_text, latency=lambda n: 0.03 + n % 5 * 0.03)) as server:
        write_campaign(place.campaign, server.base_url, at_once=_AT_ONCE)
        write_sheet(place.campaign, _MANY_ROWS)
        ended = run_fresh(place)
        assert ended.code == 0, ended.words
        whole = place.manifest()
        yield server, place, whole, ended.took_s
    place.remove()


def _kill_until_made(
    server: VendorServer,
    place: Place,
    goal: tuple[bytes, float, int],
    rng: random.Random,
    book: Book,
) -> None:
    """One job from an empty home, killed again and again until it comes through."""
    whole, took_s, kills = goal
    sheet, toml = ((place.campaign / n).read_bytes() for n in ("briefs.csv", "campaign.toml"))
    for _ in range(3):
        place.remove()
        place.campaign.mkdir(parents=True)
        (place.campaign / "briefs.csv").write_bytes(sheet)
        (place.campaign / "campaign.toml").write_bytes(toml)
        server.forget()
        known: set[str] = set()
        while book.kills < kills:
            ended = kill_fresh(place, rng.uniform(0.25, 1.0) * took_s)
            lost = {call.key for call in place.calls("sent")} - known
            known |= lost
            with book.lock:
                book.ends(ended, KILLED, 0, 3)
                book.kills += ended.code == KILLED
                book.most_uncertain = max(book.most_uncertain, len(lost))
            if ended.code != KILLED:
                break
        wild = Book()
        _resume(lambda **policy: run_fresh(place, **policy), server, place, known, whole, wild)
        with book.lock:
            _add_up(book, wild)


def _add_up(book: Book, one: Book) -> None:
    """What a job left uncertain came from all of its kills: the most of one is counted apart."""
    book.paid_twice += one.paid_twice
    book.differing += one.differing
    book.unlisted += one.unlisted
    book.resent += one.resent
    book.too_often_resent += one.too_often_resent
    book.odd_endings += one.odd_endings


def _side_by_side(lane: Callable[[int], None]) -> None:
    with ThreadPoolExecutor(_LANES) as lanes:
        for done in [lanes.submit(lane, number) for number in range(_LANES)]:
            done.result()


def _charged_twice(server: VendorServer) -> int:
    return sum(count - 1 for count in Counter(server.charged).values())


if __name__ == "__main__":
    for name, figure in figures(fast="--fast" in sys.argv).items():
        print(name, figure)
