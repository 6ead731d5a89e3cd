"""Slices of one run, taken by several machines: each once, and a dead machine's by others."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from handbill.errors import SettingsError
from handbill.press.shared_work import SharedWork
from handbill.store import open_store
from handbill.store.ledger_claims import Claims
from handbill.store.ledger_opening import open_engine
from handbill.store.ledger_slices import MadeSlice, MadeSlices
from handbill.store.shared_store import as_shared


class OneServer:
    """The locks of a database server, for machines of this process."""

    def __init__(self) -> None:
        self.held: dict[str, object] = {}
        self.lock = threading.Lock()


class Locks:
    """One machine's claims on a `OneServer`."""

    def __init__(self, server: OneServer) -> None:
        self._server = server

    def take(self, name: str) -> bool:
        with self._server.lock:
            return self._server.held.setdefault(name, self) is self

    def free(self, name: str) -> None:
        with self._server.lock:
            self._server.held.pop(name, None)

    def is_taken(self, name: str) -> bool:
        return name in self._server.held

    def close(self) -> None:
        with self._server.lock:
            mine = [name for name, holder in self._server.held.items() if holder is self]
            for name in mine:
                del self._server.held[name]


class Machine:
    """A store of its own before a shared one, and claims of its own."""

    def __init__(self, folder: Path, name: str, server: OneServer, slices: int) -> None:
        locks: Any = Locks(server)
        store = as_shared(open_store(folder / name, f"file://{folder}/shared"))
        engine = open_engine(folder / "ledger.sqlite")
        made = MadeSlices(engine, "run-1")
        self.work = SharedWork(store=store, claims=locks, made=made, slices=slices, machine=name)
        self.made: list[int] = []

    def make(self, number: int) -> str:
        self.made.append(number)
        return self.work.store.put_bytes(b"slip %d" % number)


def test_two_machines_make_every_slice_once_and_see_all_slips(tmp_path: Path) -> None:
    server = OneServer()
    one, two = (Machine(tmp_path, name, server, 24) for name in ("one", "two"))
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(one.work.make, one.make)
        second = threads.submit(two.work.make, two.make)
        assert first.result() + second.result() == 24
    assert Counter(one.made + two.made) == Counter(range(24))
    assert one.work.missing() == two.work.missing() == ()
    assert one.work.made_elsewhere().keys() == set(two.made)
    slips = one.work.slips()
    for number in range(24):
        assert one.work.store.read(slips[number]) == b"slip %d" % number


def test_a_slice_whose_machine_died_is_made_by_another(tmp_path: Path) -> None:
    server = OneServer()
    dead, other = (Machine(tmp_path, name, server, 3) for name in ("dead", "other"))

    def die(number: int) -> str:
        dead.make(number)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dead.work.make(die)
    assert other.work.make(other.make) == 3
    assert sorted(other.made) == [0, 1, 2]


def test_what_somebody_holds_is_left_to_them(tmp_path: Path) -> None:
    server = OneServer()
    busy, other = (Machine(tmp_path, name, server, 2) for name in ("busy", "other"))

    def meanwhile(number: int) -> str:
        if number == 0:
            assert other.work.make(other.make) == 1
        return busy.make(number)

    assert busy.work.make(meanwhile) == 1
    assert (busy.made, other.made) == ([0], [1])


def test_a_slice_is_idle_only_while_nobody_holds_it(tmp_path: Path) -> None:
    server = OneServer()
    lost, other = (Machine(tmp_path, name, server, 1) for name in ("lost", "other"))
    lost.work.show_life()
    assert other.work.is_idle()
    lost.work.claims.take(f"slice {lost.work.made.run} 0")
    assert other.work.lives("lost")
    assert not other.work.is_idle()
    lost.work.claims.close()  # as the server does for a machine that is switched off
    assert other.work.is_idle()
    assert not other.work.lives("lost")
    assert other.work.make(other.make) == 1
    assert not other.work.is_idle()


def test_what_two_machines_made_of_one_slice_is_noted_once(tmp_path: Path) -> None:
    made = MadeSlices(open_engine(tmp_path / "ledger.sqlite"), "run-1")
    first = MadeSlice(slip="a" * 64, machine="one")
    made.note(3, first)
    made.note(3, MadeSlice(slip="a" * 64, machine="two"))
    assert made.noted() == {3: first}
    assert MadeSlices(open_engine(tmp_path / "ledger.sqlite"), "run-2").noted() == {}


def test_a_ledger_in_a_file_cannot_be_shared(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="HANDBILL_LEDGER_URL"):
        Claims(open_engine(tmp_path / "ledger.sqlite"))
