from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from handbill.errors import ToolMissing
from handbill.foreign.picture_decoder import PictureDecoder
from handbill.sheets import read_sheet
from handbill.sheets.picture_proof import PictureFault, opened_decoder, proved_picture

# Answers like the decoder, but on files by these names it does what a broken decoder does.
WICKED = """
import json, os, sys, time
for line in sys.stdin:
    name = json.loads(line)["path"]
    if "crash" in name: os.kill(os.getpid(), 11)
    if "sleep" in name: time.sleep(60)
    if "spin" in name: os.kill(os.getpid(), 24)
    if "half" in name: sys.stdout.write('{"found'); sys.stdout.flush(); os._exit(0)
    print(json.dumps({"found": "whole", "fault": str(os.getpid())}), flush=True)
"""


def png(width: int, height: int, rows: bytes) -> bytes:
    """A PNG of black and white with any size in its head and any rows packed in it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    packed = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + head + packed + chunk(b"IEND", b"")


def isolated(code: str, *words: str) -> str:
    """What a Python of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def wicked(limit_s: int = 10) -> PictureDecoder:
    command = (sys.executable, "-c", WICKED)
    return PictureDecoder(most_pixels=1, least_px=1, formats=(), limit_s=limit_s, command=command)


@pytest.mark.parametrize(
    ("name", "found", "fault"),
    [("crash", "crashed", "signal 11"), ("sleep", "too_costly", "time"),
     ("spin", "too_costly", "time"), ("half", "crashed", "signal 0")],
)  # fmt: skip
def test_a_decoder_that_breaks_down_costs_one_picture(name: str, found: str, fault: str) -> None:
    with wicked(limit_s=1) as decoder:
        before = decoder.decode(Path("good"))
        broken = decoder.decode(Path(name))
        after = decoder.decode(Path("good"))
    assert (broken.found, broken.fault) == (found, fault)
    assert (before.found, after.found) == ("whole", "whole")
    assert before.fault != after.fault, "a new process answers"


def test_one_process_serves_many_pictures_and_ends_with_its_owner() -> None:
    with wicked() as decoder:
        pids = {decoder.decode(Path(str(number))).fault for number in range(20)}
    assert len(pids) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(int(pids.pop()), signal.SIG_DFL)


def test_a_decoder_that_does_not_start_says_so() -> None:
    command = (sys.executable, "-c", "raise SystemExit('no Pillow')")
    with (
        PictureDecoder(1, 1, (), command=command) as decoder,
        pytest.raises(ToolMissing, match="pillow"),
    ):
        decoder.decode(Path("a.png"))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (png(60_000, 60_000, b"\0"), "picture.too_large"),
        (png(2**31 - 1, 2**31 - 1, b"\0"), "picture.too_large"),
        (png(7000, 7000, b"\0" * 100), "picture.damaged"),
        (png(64, 64, b"\0" * 300_000_000), ""),
        (b"GIF89a" + b"\xff" * 40, "picture.not_a_picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "picture.not_a_picture"),
        (b"II*\0\x08\0\0\0" + b"\xff" * 64, "picture.not_a_picture"),
        (b"MZ this is a program", "picture.not_a_picture"),
    ],
)  # fmt: skip
def test_bombs_and_rubbish_are_faults_of_the_picture(
    tmp_path: Path, body: bytes, code: str
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(body)
    begin_s = time.monotonic()
    with opened_decoder() as decoder:
        found = proved_picture(path, decoder)
    assert (found.code if isinstance(found, PictureFault) else "") == code
    assert time.monotonic() - begin_s < 10


def test_limits_of_memory_hold_in_the_process(tmp_path: Path) -> None:
    """A picture within the limit of pixels, but of more memory than the process may have."""
    path = tmp_path / "a.png"
    path.write_bytes(png(40_000, 40_000, b"\0"))
    with PictureDecoder(10**10, 1, ("PNG",)) as decoder:
        decoded = decoder.decode(path)
    assert (decoded.found, decoded.fault) == ("too_costly", "memory")


def test_the_process_sees_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    path = tmp_path / "a.png"
    Image.new("RGB", (20, 20)).save(path)
    with opened_decoder() as decoder:
        assert decoder.decode(path).found == "whole"
        child = decoder._child
        assert child is not None
        environment = Path(f"/proc/{child.pid}/environ")
        if environment.exists():
            assert b"canary" not in environment.read_bytes()


def test_hundreds_of_pictures_are_quick(tmp_path: Path) -> None:
    rows = ["product,image"]
    for number in range(300):
        Image.new("RGB", (40, 40), (number % 256, 0, 0)).save(tmp_path / f"{number}.png")
        rows.append(f"Mug {number},{number}.png")
    (tmp_path / "many.csv").write_text("\n".join(rows))
    begin_s = time.monotonic()
    contents = read_sheet(tmp_path / "many.csv")
    assert time.monotonic() - begin_s < 10
    assert len(contents.briefs) == 300
    assert contents.problems == ()
    assert all(len(brief.pictures[0].sha256) == 64 for brief in contents.briefs)


def test_a_sheet_without_pictures_loads_no_decoder(tmp_path: Path) -> None:
    (tmp_path / "plain.csv").write_text("product,image\nMug,\n")
    code = (
        "import sys, pathlib; from handbill.sheets import read_sheet;"
        "read_sheet(pathlib.Path(sys.argv[1]));"
        "print(sorted({'PIL', 'subprocess', 'handbill.foreign'} & set(sys.modules)))"
    )
    assert isolated(code, str(tmp_path / "plain.csv")) == "[]"
