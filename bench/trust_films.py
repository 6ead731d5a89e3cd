"""Films in one process, hundreds of them; an encoder that stalls; films and runs that are stopped.

Tiny films (64 × 114 px, one second) go through everything that large ones do: sound, encoder,
checks, temporary files.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.films_work import Work, film_work
from bench.run import at_most
from handbill.checking import check_playing
from handbill.errors import RenderError
from handbill.foreign.ffmpeg import STALL_S, open_encoder
from handbill.rendering.films import cut_film

_WARM = 20
_DEMO = Path(__file__).resolve().parents[1] / "campaigns" / "demo"


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The figures in the shape of ``bench/trust.json``.

    Args:
        fast: 40 films instead of 500, and an encoder that stalls for a tenth of the time.
    """
    with tempfile.TemporaryDirectory(prefix="trust-films-") as name:
        folder = Path(name)
        work = _tiny(folder)
        made = _many(work, folder, 40 if fast else 500)
        made["film_stop"] = at_most(_stopped_s(folder), "s from stop to nothing left", 2)
        made |= _cancelled(folder)
        stall_s = STALL_S / 10 if fast else STALL_S
        share = _stall_found_s(folder, stall_s) / stall_s
        unit = f"of the {STALL_S:.0f} s allowed until a stalled encoder is ended"
        made["film_stall_found"] = at_most(share, unit, 1)
    return made


def _tiny(folder: Path) -> Work:
    """A film of one second in its smallest form."""
    work = film_work(folder, speaks=False, size_px=(64, 114))
    shots = work.board.shots
    cut = (
        replace(shots[0], start_ms=0, end_ms=600),
        replace(shots[-1], start_ms=600, end_ms=1000, transition="wipe"),
    )
    return replace(work, board=replace(work.board, duration_ms=1000, shots=cut))


def _many(work: Work, folder: Path, count: int) -> dict[str, dict[str, object]]:
    """Cut many, each a little different; what the process holds more after than when warm."""
    faults = 0
    memory_mb, handles = 0.0, 0
    for number in range(count):
        one = replace(work, spec=replace(work.spec, seed=work.spec.seed + number))
        faults += not _cut_well(one, folder / "one")
        if number == _WARM:
            memory_mb, handles = _memory_mb(), _handles()
    left = [path.name for path in (folder / "one").iterdir() if path.name.startswith(".")]
    return {
        "film_many_failed": at_most(faults, f"of {count} films", 0),
        "film_many_memory": at_most(_memory_mb() - memory_mb, f"MB more after {count} films", 40),
        "film_many_handles": at_most(_handles() - handles, f"handles more after {count} films", 0),
        "film_many_left": at_most(len(left), f"temporary files left by {count} films", 0),
    }


def _cut_well(work: Work, folder: Path) -> bool:
    result = cut_film(work.spec, work.board, work.spoken, work.music_wav, folder)
    canvas = work.spec.canvas
    found = check_playing(Path(result.film), canvas, length_s=result.duration_s)
    return not [finding for finding in found if finding.severity == "block"]


def _stopped_s(folder: Path) -> float:
    """Seconds from wanting a large film no more to its encoder and its files being gone."""
    large = film_work(folder, speaks=False)
    target = folder / "stopped"
    begun: list[float] = []

    def tell(painted: int) -> None:
        del painted
        begun.append(time.perf_counter())
        if len(begun) == 3:
            raise RenderError("stopped")

    assert _raises(
        lambda: cut_film(large.spec, large.board, (), large.music_wav, target, tell=tell)
    )
    ended_s = time.perf_counter() - begun[2]
    assert not [path for path in target.iterdir() if path.suffix == ".mp4"]
    return ended_s


def _cancelled(folder: Path) -> dict[str, dict[str, object]]:
    """Ctrl-C while a whole run cuts its films: until none of them is encoded, and what is left."""
    home, out = folder / "home", folder / "out"
    command = [sys.executable, "-m", "handbill", "run", str(_DEMO), "--direct", "--rows", "1"]
    command += ["--only", "instagram.reel", "--out", str(out)]
    with subprocess.Popen(
        command,
        env=os.environ | {"HANDBILL_HOME": str(home)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as run:
        # Sounds are encoded as well, but soon over: it is to hit a film that is half encoded.
        while not any(b"rawvideo" in path.read_bytes() for path in _encoders(run.pid)):
            assert run.poll() is None
            threading.Event().wait(0.05)
        threading.Event().wait(0.5)
        assert _encoders(run.pid)
        began = time.perf_counter()
        run.send_signal(signal.SIGINT)
        while _encoders(run.pid):
            threading.Event().wait(0.01)
        ended_s = time.perf_counter() - began
    half = [path for path in home.rglob("*.mp4") if "objects" not in path.parts]
    left = [*half, *home.glob("scratch*"), *out.rglob("*.mp4")]
    return {
        "film_cancel": at_most(ended_s, "s from Ctrl-C to a run until no film is encoded", 2),
        "film_cancel_left": at_most(len(left), "temporary folders and half films left by it", 0),
    }


def _encoders(session: int) -> list[Path]:
    """The commands of all programs called ffmpeg in a session."""
    found = []
    for told in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = told.read_text("utf-8", "replace").rpartition(")")
        except OSError:
            continue  # it has just ended
        if "(ffmpeg" in name and int(rest.split()[3]) == session:
            found.append(told.with_name("cmdline"))
    return found


def _stall_found_s(folder: Path, stall_s: float) -> float:
    """Seconds until an encoder that reads nothing is ended: one that sleeps stands in for it."""
    sleeper = folder / "sleeper"
    sleeper.write_text(f"#!{sys.executable}\nimport threading\nthreading.Event().wait(600)\n")
    sleeper.chmod(0o755)
    began = time.perf_counter()
    assert _raises(lambda: _feed(sleeper, folder, stall_s))
    return time.perf_counter() - began


def _feed(program: Path, folder: Path, stall_s: float) -> None:
    with open_encoder([], folder / "log", stall_s=stall_s, program=str(program)) as sink:
        for _ in range(4):
            sink.write(bytes(4_000_000))


def _raises(work: Callable[[], object]) -> bool:
    try:
        work()
    except RenderError:
        return True
    return False


def _memory_mb() -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found.group(1)) / 1024 if found else 0.0


def _handles() -> int:
    """Open files and threads of this process."""
    return len(list(Path("/proc/self/fd").iterdir())) + threading.active_count()
