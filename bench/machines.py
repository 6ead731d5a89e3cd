"""Several machines work on one campaign: a ledger in PostgreSQL, a store in S3, two workers.

Each machine has a checkout, a home and a worker of its own, with one drawing process. Measured is
how much sooner two of them make the same posters than one. Both times begin when the first order
is begun and end with the last one: what a flow run needs to start does not grow with a campaign,
and `orchestration` states it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.run import at_least
from tests.doubles.several_machines import Network, lacking, network

_ROWS = 400
_FAST_ROWS = 150
# Posters alone: a film is encoded on all cores of the one machine, whoever cuts it.
_PLACEMENTS = ("instagram.feed_image", "instagram.story", "pinterest.pin")


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """How much sooner two machines are through than one; nothing where a server is lacking."""
    if why := lacking():
        print(f"machines: not measured, there is no {why}", file=sys.stderr)
        return {}
    with tempfile.TemporaryDirectory() as folder, network(Path(folder)) as net:
        rows = _FAST_ROWS if fast else _ROWS
        alone, together = (
            _making_s(net, name, _campaign(Path(folder) / name, rows), machines=machines)
            for name, machines in (("alone", 1), ("together", 2))
        )
    return {
        "machines.two_against_one": at_least(
            round(alone / together, 2), "x sooner than one machine", 1.7
        )
    }


def _making_s(net: Network, name: str, campaign: Path, *, machines: int) -> float:
    """Seconds that `machines` machines take to make the campaign's orders."""
    shared = net.share(name) if machines > 1 else {}
    first = net.machine(f"machine-{name}-1", **shared)
    first.deploy()
    first.begin_campaign(campaign, machines)
    first.work(limit=2)
    net.wait_for("RUNNING")  # on the first machine: it alone has a worker
    for number in range(2, machines + 1):
        net.machine(f"machine-{name}-{number}", **shared).work(limit=1)
    net.wait_for("COMPLETED")
    taken = net.took_s("slices") if machines > 1 else net.took_s("slice ")
    net.switch_off()
    return taken


def _campaign(folder: Path, rows: int) -> Path:
    folder.mkdir()
    lines = [f"Harbour lamp {row},{row + 9}.90 EUR,A lamp for boat {row}." for row in range(rows)]
    sheet = "\n".join(["product,price,description", *lines])
    (folder / "briefs.csv").write_text(sheet + "\n", "utf-8")
    (folder / "campaign.toml").write_text(
        f'campaign = "Machines"\nsheet = "briefs.csv"\nplacements = {list(_PLACEMENTS)}\n', "utf-8"
    )
    return folder
