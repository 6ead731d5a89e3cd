"""A campaign whose films open with a vendor's clip, and running it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import Thread

from handbill.foreign.ffmpeg import run_ffmpeg
from handbill.press.outcome import RunResult
from handbill.press.request import RunRequest
from handbill.settings import read_settings
from handbill.store.ledger_facts import totals
from handbill.studio import Studio
from tests.doubles.job_vendor import JobVendor

SHEET = "id,product,description\nlamp,Tide Lamp,A small lamp for boats.\n"


@contextmanager
def serving(vendor: JobVendor) -> Iterator[JobVendor]:
    loop = asyncio.new_event_loop()
    loop.run_until_complete(vendor.start())
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield vendor
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(vendor.stop())
        loop.close()


def a_clip(folder: Path) -> bytes:
    """Three seconds of moving picture."""
    file = folder / "clip.mp4"
    source = "testsrc2=size=320x180:rate=24:duration=3"
    run_ffmpeg(["-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", str(file)])
    return file.read_bytes()


def quick_profile(folder: Path) -> Path:
    """That of Seedance, without its waits."""
    given = files("handbill.providers.job") / "profiles" / "seedance.toml"
    file = folder / "quick.toml"
    text = given.read_text(encoding="utf-8").replace("first_s = 15", "first_s = 0")
    file.write_text(text.replace("every_s = 10", "every_s = 0.1"))
    return file


def a_campaign(
    folder: Path, vendor: JobVendor, *, sheet: str = SHEET, more: str = "", film: str = ""
) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "briefs.csv").write_text(sheet)
    (folder / "campaign.toml").write_text(
        f"""campaign = "Clips"
sheet = "briefs.csv"
placements = ["x.post"]
locales = ["en"]
labels = ["eu"]
{film}
[providers.video]
name = "job"
base_url = "{vendor.base_url}"
key = "env:JOB_KEY"
[providers.video.parameters]
profile = "{quick_profile(folder)}"
result_hosts = "localhost"
usd_per_second = 0.1
{more}
"""
    )
    return folder


def run(campaign: Path, home: Path) -> RunResult:
    environment = {"HANDBILL_HOME": str(home), "HANDBILL_WORKERS": "1"}
    studio = Studio(read_settings(environment), clock=lambda: 1_800_000_000.0)
    try:
        request = RunRequest(target=str(campaign))
        reading = studio.begin(request, None)
        return studio.make(request, reading, started="x", moment=lambda: "y")
    finally:
        studio.close()


def spent(home: Path) -> int:
    environment = {"HANDBILL_HOME": str(home), "HANDBILL_WORKERS": "1"}
    ledger = Studio(read_settings(environment), clock=lambda: 0.0).open_ledger()
    try:
        return sum(line.spent_micros for line in totals(ledger.engine, "campaign"))
    finally:
        ledger.close()
