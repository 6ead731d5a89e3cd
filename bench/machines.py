"""Several machines work on one campaign: a ledger in PostgreSQL, a store in S3, two workers.

Each machine has a home, one drawing process and one core of a computer with two. One machine makes
the campaign alone, as `handbill run --direct` does, without Prefect, S3 and PostgreSQL, which wait
on the other core meanwhile. Two machines have a checkout and a worker each, and share their cores
with the three servers. Made are films of six seconds, about three seconds of a core each, and
posters of A4 at 300 dpi, a third of a second each.

`machines.two_against_one` compares the time from the first small poster of a machine (on average
over the machines) to the packed bundle. What starts once on each machine, until it can draw, is
left out: `machines.two_against_one_whole` compares the whole runs.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.run import at_least, at_most
from tests.doubles.several_machines import Machine, Network, lacking, network

# Films, and posters.
_WORK = (40, 60)
_FAST_WORK = (6, 12)
_JPEG = b"\xff\xd8"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """What a campaign took: seconds from each machine's first picture, and seconds in all."""

    making_s: float
    whole_s: float
    manifest: bytes


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """How much sooner two machines are through than one; nothing where something is lacking."""
    cores = sorted(os.sched_getaffinity(0))
    if why := lacking() or ("" if len(cores) > 1 else "second core"):
        print(f"machines: not measured, there is no {why}", file=sys.stderr)
        return {}
    work = _FAST_WORK if fast else _WORK
    with tempfile.TemporaryDirectory() as folder, network(Path(folder)) as net:
        alone, together = _measured(net, work, cores)
    sooner = round(alone.making_s / together.making_s, 2)
    whole = round(alone.whole_s / together.whole_s, 2)
    differ = int(alone.manifest != together.manifest)
    return {
        "machines.two_against_one": at_least(sooner, "x sooner than one machine", 1.7),
        "machines.two_against_one_whole": at_least(whole, "x sooner with all that starts", 1),
        "machines.two_make_another_bundle": at_most(differ, "of 1", 0),
    }


def _measured(net: Network, work: tuple[int, int], cores: list[int]) -> tuple[_Taken, _Taken]:
    one = net.machine("alone", {"HANDBILL_LEDGER_URL": ""}, cores[0])
    both = [net.machine(f"both-{core}", net.share("both"), core) for core in cores[:2]]
    with ThreadPoolExecutor(1) as beside:
        begun = beside.submit(_alone, one, _campaign(one.folder / "campaign", *work))
        both[1].deploy()  # on the other core
        alone = begun.result()
    return alone, _together(net, both, _campaign(net.folder / "campaign", *work))


def _alone(machine: Machine, campaign: Path) -> _Taken:
    begun = time.time()
    machine.run("handbill", "run", "--direct", str(campaign))
    return _taken([machine], campaign, time.time() - begun)


def _together(net: Network, machines: list[Machine], campaign: Path) -> _Taken:
    for machine in machines:
        machine.work()
    net.begin_campaign(campaign, len(machines))
    net.wait_for("COMPLETED")
    net.switch_off()
    return _taken(machines, campaign, net.run_s())


def _taken(machines: list[Machine], campaign: Path, whole_s: float) -> _Taken:
    manifest = campaign / "out" / "manifest.json"
    first_s = [machine.first_kept_s(_JPEG) for machine in machines]
    making_s = manifest.stat().st_mtime - sum(first_s) / len(first_s)
    return _Taken(making_s=making_s, whole_s=whole_s, manifest=manifest.read_bytes())


def _campaign(folder: Path, films: int, posters: int) -> Path:
    folder.mkdir()
    placements = ["x.post"] * films + ["print.poster_a4"] * posters
    lines = [
        f"Harbour lamp {row},{row + 9}.90 EUR,A lamp for boat {row}.,{placement}"
        for row, placement in enumerate(placements)
    ]
    sheet = "\n".join(["product,price,description,placements", *lines])
    (folder / "briefs.csv").write_text(sheet + "\n", "utf-8")
    (folder / "campaign.toml").write_text(
        'campaign = "Machines"\nsheet = "briefs.csv"\nplacements = ["x.post"]\n'
        "[film]\nlength_s = 6\n",
        "utf-8",
    )
    return folder
