"""A full disk ends a run at once; any other fault is one order's alone."""

from __future__ import annotations

import errno
import os
import pickle
from pathlib import Path

import pytest

from handbill.cli.endings import ending_of
from handbill.domain.order import Status
from handbill.errors import StoreError
from handbill.press.making import ended_piece

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/shop/home/scratch/1.png")


@pytest.mark.parametrize("fault", [FULL, StoreError("the disk is full", disk_full=True)])
def test_a_full_disk_ends_the_run(fault: Exception, tmp_path: Path) -> None:
    travelled = pickle.loads(pickle.dumps(fault))  # noqa: S301 - our own, as from a process
    with pytest.raises(StoreError, match="disk is full") as ended:
        ended_piece(travelled, tmp_path / "scratch")
    assert ended.value.disk_full
    assert ended.value.exit_code == 30


def test_a_damaged_object_is_one_orders_fault(tmp_path: Path) -> None:
    piece = ended_piece(StoreError("it was changed"), tmp_path / "scratch")
    assert (piece.status, piece.message) == (Status.FAILED, "it was changed")


def test_a_disk_that_is_full_anywhere_else_is_no_bug_of_ours(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ending_of(FULL, debug=False) == 30
    told = capsys.readouterr().err
    assert "'/shop/home/scratch/1.png' could not be written: the disk is full" in told
    assert "make room and run again" in told
