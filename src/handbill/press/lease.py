"""One run a campaign at a time: a locked file that names its holder."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from handbill.domain.digest import digest
from handbill.errors import CampaignBusy


@contextmanager
def hold_campaign(home: Path, campaign: str, out: str) -> Iterator[None]:
    """Hold a campaign for as long as the block runs.

    The lock belongs to the process and ends with it, however it ends; the file's words only
    serve to name the holder.

    Args:
        home: where leases are kept.
        campaign: absolute path of the campaign's sheet, which tells campaigns apart.
        out: folder of the bundle.

    Raises:
        CampaignBusy: another run holds it.
    """
    folder = home / "leases"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{digest(campaign)[:16]}.json").open("a+", encoding="utf-8") as lease:
        _take(lease, campaign)
        lease.truncate(0)
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "campaign": campaign}
        lease.write(json.dumps(holder | {"out": out}))
        lease.flush()
        yield


def _take(lease: IO[str], campaign: str) -> None:
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lease.seek(0)
        raise CampaignBusy(
            f"another run holds this campaign: {_holder(lease.read())}",
            where=campaign,
            remedy="wait until it has ended, or end it; its finished work is kept",
        ) from None


def _holder(words: str) -> str:
    try:
        named = json.loads(words)
        return f"process {named['pid']} on {named['host']}"
    except (ValueError, KeyError, TypeError):
        return "a process that has just begun"
