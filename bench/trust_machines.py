"""Trust on several machines: one is switched off in the middle of a campaign that two make.

Copy is paid for at a vendor on the loopback that keeps its own book of what it charged and honours
idempotency keys. The bundle must become that of one process alone on one machine, byte for byte,
and no call may be paid twice.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.run import at_most
from tests.doubles.killing import serving
from tests.doubles.paid_campaign import KEY_VARIABLE, plain_text, write_campaign, write_sheet
from tests.doubles.several_machines import Machine, Network, lacking, network
from tests.doubles.vendor_server import VendorServer

_ROWS = 90
_FAST_ROWS = 60
_UP_S = 600.0


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """What a lost machine costs; nothing where a server is lacking."""
    if why := lacking():
        print(f"trust_machines: not measured, there is no {why}", file=sys.stderr)
        return {}
    vendor = VendorServer(write=plain_text, honours_keys=True, latency=lambda _: 0.3)
    with (
        tempfile.TemporaryDirectory() as folder,
        network(Path(folder)) as net,
        serving(vendor) as server,
    ):
        campaign = write_campaign(Path(folder) / "campaign", server.base_url, keys=True)
        rows = _FAST_ROWS if fast else _ROWS
        write_sheet(campaign, rows, posters=rows)
        alone = _alone(net, campaign)
        paid_alone = len(vendor.charged)
        vendor.forget()
        manifest, calls_lost = _with_a_loss(net, campaign, vendor)
    twice = sum(times - 1 for times in Counter(vendor.charged).values())
    return {
        "machines.manifests_that_differ": at_most(int(manifest != alone), "of 1", 0),
        "machines.calls_paid_twice": at_most(twice, f"of {len(vendor.charged)}", 0),
        "machines.calls_paid_more_than_alone": at_most(
            len(vendor.charged) - paid_alone, "calls", 0
        ),
        "machines.not_switched_off_in_time": at_most(int(not calls_lost), "of 1", 0),
    }


def _alone(net: Network, campaign: Path) -> bytes:
    """The manifest that one process makes on one machine."""
    machine = net.machine("alone", {KEY_VARIABLE: "sk-of-the-test", "HANDBILL_LEDGER_URL": ""})
    machine.run("handbill", "run", "--direct", str(campaign), "--out", str(machine.folder / "out"))
    return (machine.folder / "out" / "manifest.json").read_bytes()


def _with_a_loss(net: Network, campaign: Path, vendor: VendorServer) -> tuple[bytes, bool]:
    """The manifest after the second machine was lost, and whether it had work in hand then."""
    more = {KEY_VARIABLE: "sk-of-the-test", **net.share("lost")}
    first, second = (net.machine(name, more) for name in ("first", "second"))
    first.deploy()
    net.begin_campaign(campaign, machines=2)
    first.work()
    net.wait_for("RUNNING")  # on the first machine: it alone has a worker
    second.work()
    busy = _switch_off_when_busy(second, vendor)
    net.wait_for("COMPLETED")
    return (campaign / "out" / "manifest.json").read_bytes(), busy


def _switch_off_when_busy(machine: Machine, vendor: VendorServer) -> bool:
    """Wait until the machine keeps its first finished work, then switch it off."""
    kept = machine.home / "store" / "records"
    ends = time.monotonic() + _UP_S
    while time.monotonic() < ends:
        if kept.is_dir() and any(kept.rglob("*.json")) and vendor.charged:
            machine.switch_off()
            return True
        time.sleep(0.2)
    return False
