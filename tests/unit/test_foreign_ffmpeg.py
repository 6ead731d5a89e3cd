"""ffmpeg as a process: found, refused the network, stopped when it stalls."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from handbill.errors import RenderError, ToolStalled
from handbill.foreign import ffmpeg
from handbill.foreign.tool import appearing


def test_probe_names_program_and_version() -> None:
    tool = ffmpeg.probe_ffmpeg()
    assert tool.available
    assert tool.version
    assert tool.licence == "GPL-3.0-or-later"


def test_fault_is_told_in_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="ffmpeg ended with"):
        ffmpeg.run_ffmpeg([*ffmpeg.file_input(tmp_path / "absent.mp4"), "-f", "null", "-"])


def test_playlist_cannot_reach_the_network(tmp_path: Path) -> None:
    playlist = tmp_path / "film.m3u8"
    playlist.write_text(
        "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1.0,\nhttp://127.0.0.1:9/secret.ts\n"
        "#EXT-X-ENDLIST\n"
    )
    with pytest.raises(RenderError):
        ffmpeg.run_ffmpeg([*ffmpeg.file_input(playlist), "-f", "null", "-"])


def test_file_names_are_not_options_or_protocols(tmp_path: Path) -> None:
    arguments = ffmpeg.file_input(tmp_path / "-y;rm -rf.mp4")
    assert arguments[-1].startswith("file:/")
    assert arguments[:2] == ["-protocol_whitelist", "file,pipe"]


def test_encoder_takes_frames_and_writes_a_film(tmp_path: Path) -> None:
    target = tmp_path / "grey.mp4"
    arguments = [
        *("-f", "rawvideo", "-pixel_format", "gray", "-video_size", "64x64", "-framerate", "10"),
        *("-i", "pipe:0", "-c:v", "libx264", "-pix_fmt", "yuv420p", str(target)),
    ]
    with ffmpeg.open_encoder(arguments, tmp_path / "log") as sink:
        for level in range(5):
            sink.write(bytes([level]) * 64 * 64)
        assert sink.frames == 5
    assert target.stat().st_size > 500


def test_lent_frames_arrive_as_they_were(tmp_path: Path) -> None:
    """Two buffers take turns, as they do when films are cut; a frame is larger than the pipe."""
    wide, high = 1280, 960
    arguments = [
        *("-f", "rawvideo", "-pixel_format", "gray", "-video_size", f"{wide}x{high}"),
        *("-i", "pipe:0", "-f", "rawvideo", str(tmp_path / "read.raw")),
    ]
    buffers = [bytearray(wide * high) for _ in range(2)]
    sent = hashlib.sha256()
    with ffmpeg.open_encoder(arguments, tmp_path / "log") as sink:
        for level in range(40):
            frame = buffers[level % 2]
            frame[:] = bytes([level, 255 - level]) * (wide * high // 2)
            sent.update(frame)
            sink.lend(memoryview(frame))
    assert hashlib.sha256((tmp_path / "read.raw").read_bytes()).digest() == sent.digest()


def test_lending_to_an_encoder_that_has_ended_says_why(tmp_path: Path) -> None:
    arguments = [*_GREY, "-c:v", "no-such-codec", str(tmp_path / "a.mp4")]
    with pytest.raises(RenderError, match=r"no-such-codec|Unknown encoder"):
        _lend_frames(arguments, tmp_path, 40)


def _lend_frames(arguments: list[str], folder: Path, count: int) -> None:
    frame = memoryview(bytearray(2_000_000))
    with ffmpeg.open_encoder(arguments, folder / "log") as sink:
        for _ in range(count):
            sink.lend(frame)


def test_encoder_that_fails_says_why(tmp_path: Path) -> None:
    arguments = [*_GREY, "-c:v", "no-such-codec", str(tmp_path / "a.mp4")]
    with pytest.raises(RenderError, match=r"no-such-codec|Unknown encoder"):
        _write_frames(arguments, tmp_path, 4000)


def _write_frames(arguments: list[str], folder: Path, count: int) -> None:
    with ffmpeg.open_encoder(arguments, folder / "log") as sink:
        for _ in range(count):
            sink.write(bytes(64 * 64))


_GREY = (
    *("-f", "rawvideo", "-pixel_format", "gray", "-video_size", "64x64"),
    *("-framerate", "10", "-i", "pipe:0"),
)


def test_encoder_that_stalls_is_killed(tmp_path: Path) -> None:
    """A process that reads nothing fills the pipe; the watch ends it within the time allowed."""
    process = subprocess.Popen(
        [sys.executable, "-c", "import threading; threading.Event().wait()"],
        stdin=subprocess.PIPE,
    )
    with (tmp_path / "log").open("w+b") as log:
        sink = ffmpeg.FrameSink(process, log, stall_s=0.6)
        began = time.monotonic()
        with pytest.raises(RenderError, match="took no frame"):
            sink.write(bytes(4_000_000))
        sink.stop()
    assert time.monotonic() - began < 3
    assert process.returncode is not None


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not tell")
def test_a_decoder_that_stands_still_is_killed_and_one_that_works_is_not() -> None:
    endless = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30", "-f", "null", "-"]
    seen: list[int] = []

    def halt() -> None:
        while not ffmpeg._running:
            threading.Event().wait(0.02)
        (process,) = ffmpeg._running
        os.kill(process.pid, signal.SIGSTOP)
        seen.append(process.pid)

    halting = threading.Thread(target=halt)
    halting.start()
    began = time.monotonic()
    with pytest.raises(ToolStalled, match="did nothing for 1 s"):
        ffmpeg.run_ffmpeg(endless, stall_s=1.2)
    halting.join()
    assert time.monotonic() - began < 10
    assert not Path(f"/proc/{seen[0]}").exists()
    with pytest.raises(RenderError, match="did not end within 3 s"):
        ffmpeg.run_ffmpeg(endless, limit_s=3, stall_s=3)


def test_leaving_the_encoder_early_leaves_no_process(tmp_path: Path) -> None:
    opened = ffmpeg.open_encoder([*_GREY, str(tmp_path / "a.mp4")], tmp_path / "log")
    sink = opened.__enter__()
    sink.write(bytes(64 * 64))
    fault = KeyboardInterrupt()
    assert not opened.__exit__(KeyboardInterrupt, fault, None)
    assert sink._process.poll() is not None


def _write_half(target: Path) -> None:
    with appearing(target) as part:
        part.write_text("half")
        raise OSError("disk is full")


def test_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "made" / "note.txt"
    with pytest.raises(OSError, match="disk is full"):
        _write_half(target)
    assert list(target.parent.iterdir()) == []
    with appearing(target) as part:
        assert part.suffix == ".txt"
        part.write_text("whole")
    assert target.read_text() == "whole"
    assert len(list(target.parent.iterdir())) == 1
