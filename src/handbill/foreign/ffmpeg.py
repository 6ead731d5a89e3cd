"""ffmpeg as a process: the one that comes with imageio-ffmpeg, else the machine's own.

Every call has ``-nostdin`` semantics (frames are the only standard input), an argument list, a
protocol whitelist that keeps ffmpeg off the network, and a watch that kills it when nothing moves.
Captions and words reach ffmpeg as pixels alone, never as filter text.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO

from handbill.errors import RenderError, ToolMissing, ToolStalled
from handbill.foreign.libc import lend_to_pipe
from handbill.foreign.tool import Tool

STALL_S = 30.0
# The watch looks so often in that time; after so many looks in a row at the same frame it ends
# the process, which is after two thirds of the time at the earliest and after all of it at last.
_LOOKS, _STRIKES = 6, 4
_TAIL_CHARS = 2_000
_PIPE_BYTES = 1 << 20
# What runs at the moment, for `end_running`.
_running: set[subprocess.Popen[bytes]] = set()
_door = threading.Lock()
_ended = threading.Event()
_QUIET = ("-hide_banner", "-nostats", "-loglevel", "error")


@lru_cache(maxsize=1)
def probe_ffmpeg() -> Tool:
    """Which ffmpeg serves on this machine; not available when there is none."""
    path = _bundled() or shutil.which("ffmpeg") or ""
    return Tool(
        name="ffmpeg",
        path=path,
        version=_version(path) if path else "",
        licence="GPL-3.0-or-later",
        remedy="install the package imageio-ffmpeg, or ffmpeg by the machine's package manager",
    )


def run_ffmpeg(
    arguments: Sequence[str],
    *,
    sound_in: bytes = b"",
    limit_s: float = 120.0,
    talk: str = "error",
    stall_s: float = STALL_S,
) -> tuple[bytes, str]:
    """Run ffmpeg to its end; returns its standard output and what it said on standard error.

    Args:
        arguments: everything after the general options.
        sound_in: bytes for ``pipe:0``.
        limit_s: it is killed after that many seconds.
        talk: its log level; ``info`` for filters that report measurements.
        stall_s: it is killed when it computes nothing for that many seconds; where the system
            does not tell of that, `limit_s` alone holds.

    Raises:
        ToolMissing: there is no ffmpeg.
        ToolStalled: it stood still.
        RenderError: it ended with a fault or took too long.
    """
    command = [_program(), "-hide_banner", "-nostats", "-loglevel", talk, "-y", *arguments]
    source = subprocess.PIPE if sound_in else subprocess.DEVNULL
    with _started(command, source, subprocess.PIPE, subprocess.PIPE) as process:
        answer, told = _heard_out(process, sound_in, limit_s, stall_s)
    said = told.decode(errors="replace")
    if process.returncode != 0:
        raise RenderError(f"ffmpeg ended with {process.returncode}: {said[-_TAIL_CHARS:].strip()}")
    return answer, said


def _heard_out(
    process: subprocess.Popen[bytes], sound_in: bytes, limit_s: float, stall_s: float
) -> tuple[bytes, bytes]:
    """What a process says until it ends, and what it says on standard error.

    Raises:
        ToolStalled: it stands still.
        RenderError: it takes too long.
    """
    given: bytes | None = sound_in or None
    before: str | None = None
    idle, left_s = 0, limit_s
    while left_s > 0:
        look_s = min(left_s, stall_s / _LOOKS)
        try:
            return process.communicate(given, timeout=look_s)
        except subprocess.TimeoutExpired:
            given, left_s = None, left_s - look_s  # what it was given goes on being written
        now = _computed(process.pid)
        idle = idle + 1 if now is not None and now == before else 0
        before = now
        if idle >= _STRIKES:
            raise ToolStalled(f"ffmpeg did nothing for {stall_s:.0f} s and was stopped")
    raise RenderError(f"ffmpeg did not end within {limit_s:.0f} s and was stopped")


def _computed(pid: int) -> str | None:
    """How long a process has computed, in ticks; None where the system has no ``/proc``."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    after_name = told.rpartition(")")[2].split()
    return " ".join(after_name[11:13])  # utime and stime of proc(5)


def end_running() -> None:
    """End every ffmpeg that this process has started, and start none any more."""
    with _door:
        _ended.set()
        for process in _running:
            process.kill()


@contextlib.contextmanager
def _started(
    command: Sequence[str], source: int, target: int, log: int | IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is gone when the block ends.

    Raises:
        RenderError: nothing is started any more.
    """
    with _door:
        if _ended.is_set():
            raise RenderError("the run was stopped; ffmpeg was not started")
        process = subprocess.Popen(command, stdin=source, stdout=target, stderr=log)
        _running.add(process)
    try:
        yield process
    finally:
        with _door:
            _running.discard(process)
        if process.poll() is None:
            process.kill()
            process.communicate()


def file_input(path: Path, kind: str = "") -> list[str]:
    """Arguments that open the local file `path` and nothing that it may point to.

    Args:
        path: a file; playlists in it cannot reach further than local files of its own format.
        kind: the demuxer to force, or empty to let ffmpeg look.
    """
    forced = ["-f", kind] if kind else []
    return ["-protocol_whitelist", "file,pipe", *forced, "-i", f"file:{path}"]


class FrameSink:
    """A running ffmpeg that takes raw frames; made by `open_encoder`.

    Attributes:
        frames: how many frames have been handed over.
    """

    def __init__(self, process: subprocess.Popen[bytes], log: IO[bytes], stall_s: float) -> None:
        self.frames = 0
        self._pipe_bytes = _widen(process.stdin)
        self._process = process
        self._log = log
        self._stall_s = stall_s
        self._closed = threading.Event()
        self._stalled = False
        self._writing = False
        self._watch = threading.Thread(target=self._kill_when_stalled, daemon=True)
        self._watch.start()

    def write(self, frame: memoryview | bytes) -> None:
        """Hand over one frame.

        Raises:
            RenderError: ffmpeg has ended, or took nothing for `STALL_S` seconds.
        """
        self._hand_over(lambda stream: stream.write(frame))

    def lend(self, frame: memoryview) -> None:
        """Hand over one frame without copying it where the system can.

        It must not be changed until another frame has been handed over after it.

        Raises:
            RenderError: as for `write`.
        """
        # By then only a frame that fills the pipe has pushed the one before it out.
        fills = frame.nbytes >= self._pipe_bytes > 0
        self._hand_over(
            lambda stream: (fills and lend_to_pipe(stream.fileno(), frame)) or stream.write(frame)
        )

    def _hand_over(self, put: Callable[[IO[bytes]], object]) -> None:
        stream = self._process.stdin
        if stream is None:
            raise RenderError("ffmpeg takes no frames: its input is closed")
        self._writing = True
        try:
            put(stream)
            stream.flush()
        except (BrokenPipeError, ValueError) as fault:
            raise RenderError(self._why()) from fault
        finally:
            self._writing = False
        self.frames += 1

    def close(self) -> None:
        """Tell ffmpeg that the film is whole, and wait for it.

        Raises:
            RenderError: it ended with a fault or did not end.
        """
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        try:
            code = self._process.wait(timeout=self._stall_s)
        except subprocess.TimeoutExpired as fault:
            raise RenderError("ffmpeg did not finish the film and was stopped") from fault
        if code != 0 or self._stalled:
            raise RenderError(self._why())

    def stop(self) -> None:
        """End the process whatever it is doing, and give its handles back."""
        self._closed.set()
        if self._process.poll() is None:
            self._process.kill()
        with contextlib.suppress(BrokenPipeError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        self._process.wait()
        self._watch.join()

    def _kill_when_stalled(self) -> None:
        """Looks again and again whether a frame is stuck in the pipe."""
        seen, waited = -1, 0
        while not self._closed.wait(self._stall_s / _LOOKS):
            stuck = self._writing and self.frames == seen
            waited = waited + 1 if stuck else 0
            seen = self.frames
            if waited >= _STRIKES and self._process.poll() is None:
                self._stalled = True
                self._process.kill()

    def _why(self) -> str:
        if self._stalled:
            return f"ffmpeg took no frame for {self._stall_s:.0f} s and was stopped"
        self._process.wait()
        self._log.seek(0)
        said = self._log.read().decode(errors="replace")[-_TAIL_CHARS:].strip()
        return f"ffmpeg ended with {self._process.returncode}: {said}"


@contextlib.contextmanager
def open_encoder(
    arguments: Sequence[str], log_path: Path, *, stall_s: float = STALL_S, program: str = ""
) -> Iterator[FrameSink]:
    """Start ffmpeg reading frames from its standard input; closed when the block ends well.

    Args:
        arguments: everything after the general options; ``pipe:0`` is the frames' input.
        log_path: a file for what ffmpeg says (a pipe could fill and block it).
        stall_s: it is killed when it takes no frame for that many seconds.
        program: another encoder than this machine's ffmpeg.

    Raises:
        ToolMissing: there is no ffmpeg.
        RenderError: it ended with a fault or stalled.
    """
    command = [program or _program(), *_QUIET, "-y", *arguments]
    with (
        log_path.open("w+b") as log,
        _started(command, subprocess.PIPE, subprocess.DEVNULL, log) as process,
    ):
        sink = FrameSink(process, log, stall_s)
        try:
            yield sink
            sink.close()
        finally:
            sink.stop()


def _widen(pipe: IO[bytes] | None) -> int:
    """Let a pipe hold a third of a frame instead of a fiftieth; how many bytes it holds at most.

    0 where the system cannot tell.
    """
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        return 0
    widen = getattr(fcntl, "F_SETPIPE_SZ", None)
    if pipe is None or widen is None:
        return 0
    with contextlib.suppress(OSError):
        return int(fcntl.fcntl(pipe.fileno(), widen, _PIPE_BYTES))
    return int(fcntl.fcntl(pipe.fileno(), fcntl.F_GETPIPE_SZ))


def _program() -> str:
    tool = probe_ffmpeg()
    if not tool.available:
        raise ToolMissing(f"there is no ffmpeg on this machine; {tool.remedy}")
    return tool.path


def _bundled() -> str:
    try:
        from imageio_ffmpeg import get_ffmpeg_exe  # noqa: PLC0415 - looks for the binary on import

        return str(get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return ""


def _version(path: str) -> str:
    done = subprocess.run(
        [path, "-hide_banner", "-version"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=STALL_S,
        check=False,
    )
    words = done.stdout.decode(errors="replace").split()
    return words[2] if len(words) > 2 else ""  # noqa: PLR2004 - "ffmpeg version X"
