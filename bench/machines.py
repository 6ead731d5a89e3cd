"""Several machines work on one campaign: a ledger in PostgreSQL, a store in S3, two workers.

Each machine has a checkout, a home, a worker and a core of its own, and one drawing process: on a
computer with two cores, two machines with one core each. Database, storage and Prefect's server
run on what is free of both cores; the one machine leaves them a whole core, the two do not. Made
are posters of A4 at 300 dpi, which take about half a second of a core each.

`machines.two_against_one` compares the time until the bundle is packed, from when the machines
began their first order, on average over them; `machines.two_against_one_whole` the time of the
whole runs, with reading, planning and the start of the second machine's run.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from threading import Thread

from bench.run import at_least
from tests.doubles.several_machines import Machine, Network, lacking, network

_ROWS = 300
_FAST_ROWS = 40


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """How much sooner two machines are through than one; nothing where a server is lacking."""
    if why := lacking():
        print(f"machines: not measured, there is no {why}", file=sys.stderr)
        return {}
    rows = _FAST_ROWS if fast else _ROWS
    with tempfile.TemporaryDirectory() as folder, network(Path(folder)) as net:
        alone, whole_alone = _took_s(net, "alone", _campaign(Path(folder) / "alone", rows), 1)
        both, whole_both = _took_s(net, "together", _campaign(Path(folder) / "both", rows), 2)
    sooner, whole = round(alone / both, 2), round(whole_alone / whole_both, 2)
    return {
        "machines.two_against_one": at_least(sooner, "x sooner than one machine", 1.7),
        "machines.two_against_one_whole": at_least(
            whole, "x sooner with the start of its runs", 1
        ),
    }


def _took_s(net: Network, name: str, campaign: Path, machines: int) -> tuple[float, float]:
    """Seconds that `machines` machines take for the campaign; see `Network.took_s`."""
    shared = net.share(name) if machines > 1 else {}
    cores = sorted(os.sched_getaffinity(0))[:machines]
    ours = [net.machine(f"{name}-{core}", shared, core) for core in cores]
    if machines == 1:
        _deploy_meanwhile(ours[0])
    else:
        for machine in ours:
            machine.work()
    net.begin_campaign(campaign, machines)
    net.wait_for("COMPLETED")
    taken = net.took_s()
    net.switch_off()
    return taken


def _deploy_meanwhile(machine: Machine) -> None:
    """Start the worker while the deployments are made."""
    deploying = Thread(target=machine.deploy)
    deploying.start()
    machine.work()
    deploying.join()


def _campaign(folder: Path, rows: int) -> Path:
    folder.mkdir()
    lines = [f"Harbour lamp {row},{row + 9}.90 EUR,A lamp for boat {row}." for row in range(rows)]
    sheet = "\n".join(["product,price,description", *lines])
    (folder / "briefs.csv").write_text(sheet + "\n", "utf-8")
    (folder / "campaign.toml").write_text(
        'campaign = "Machines"\nsheet = "briefs.csv"\nplacements = ["print.poster_a4"]\n', "utf-8"
    )
    return folder
