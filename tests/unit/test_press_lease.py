from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from handbill.errors import CampaignBusy
from handbill.press.lease import hold_campaign
from tests.doubles import drawing_jobs


def test_a_second_run_is_told_who_holds_the_campaign(tmp_path: Path) -> None:
    with hold_campaign(tmp_path, "/shop/briefs.csv", "/out"):
        with (
            pytest.raises(CampaignBusy, match=f"process {os.getpid()} on ") as fault,
            hold_campaign(tmp_path, "/shop/briefs.csv", "/elsewhere"),
        ):
            pass
        assert fault.value.exit_code == 4
        with hold_campaign(tmp_path, "/another/briefs.csv", "/out"):
            pass
    with hold_campaign(tmp_path, "/shop/briefs.csv", "/out"):
        pass


def test_a_lease_ends_with_its_process_however_it_ends(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    held, let_go = spawn.Event(), spawn.Event()
    holder = spawn.Process(target=drawing_jobs.hold_a_campaign, args=(tmp_path, held, let_go))
    holder.start()
    assert held.wait(30)
    with (
        pytest.raises(CampaignBusy, match=f"process {holder.pid}"),
        hold_campaign(tmp_path, "/shop/briefs.csv", "/out"),
    ):
        pass
    holder.kill()
    holder.join()
    with hold_campaign(tmp_path, "/shop/briefs.csv", "/out"):
        pass
