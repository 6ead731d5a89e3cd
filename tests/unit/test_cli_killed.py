"""Whole runs that are killed at a moment and started again; `make trust` walks through all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.killing import serving
from tests.doubles.paid_campaign import plain_text, write_campaign, write_sheet
from tests.doubles.vendor_server import VendorServer
from tests.doubles.whole_runs import KILLED, Place, Runs


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    opened = Runs()
    yield opened
    opened.close()


def begin(folder: Path, server: VendorServer) -> Place:
    place = Place(folder)
    write_campaign(place.campaign, server.base_url)
    write_sheet(place.campaign, 2)
    return place


@pytest.mark.parametrize(
    "moment", ["ledger.before_commit", "store.renamed", "press.slip", "bundle.before_manifest"]
)
def test_a_killed_run_ends_as_if_nothing_had_happened(
    moment: str, tmp_path: Path, runs: Runs
) -> None:
    with serving(VendorServer(write=plain_text)) as server:
        place = begin(tmp_path / "one", server)
        killed = runs.run(place, HANDBILL_TEST_FAILPOINT=f"{moment}:1")
        assert killed.code == KILLED, killed.words
        assert place.moments()[-1] == moment
        assert not place.out.exists()
        held = len(place.calls("sent"))
        again = runs.run(place, HANDBILL_ON_UNCERTAIN="resend")
        assert again.code == 0, again.words
        resumed = place.manifest()
        assert len(server.charged) <= 2 + held
        place.remove()
        write_campaign(place.campaign, server.base_url)
        write_sheet(place.campaign, 2)
        assert runs.run(place).code == 0
        assert place.manifest() == resumed


def test_a_call_in_flight_is_listed_everywhere_and_held_back(tmp_path: Path, runs: Runs) -> None:
    with serving(VendorServer(write=plain_text)) as server:
        place = begin(tmp_path / "one", server)
        assert runs.run(place, HANDBILL_TEST_FAILPOINT="till.answered:2").code == KILLED
        ended = runs.run(place)
        (held,) = place.calls("uncertain")
        assert ended.code == 3
        assert "1 call may have been paid" in ended.words
        assert held.key[:12] in ended.words
        assert held.key in (place.out / "run.json").read_text()
        assert "uncertain" in (place.out / "outcomes.csv").read_text()
        assert len(server.charged) == len(set(server.charged)) == 2
