"""A campaign whose films open with a vendor's clip, and running it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from handbill.foreign.ffmpeg import run_ffmpeg
from tests.doubles.job_vendor import JobVendor

SHEET = "id,product,description\nlamp,Tide Lamp,A small lamp for boats.\n"


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
