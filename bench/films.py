"""Films: from storyboard to MP4, against encoding the same finished frames, and against moviepy.

Everything is measured side by side in one run, in both orders, each in a process of its own. The
limit is what ffmpeg needs to encode the very frames of the film, ready on disk, with the same
arguments; that they are the same is proven by equal bytes. The moviepy version of the same
storyboard stands in `films_moviepy`.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.films_costs import Cost, Run, apart, cpu_s, ratio, side_by_side
from bench.films_moviepy import cut_by_moviepy
from bench.films_work import FPS, SIZES_PX, Work, film_work
from handbill.foreign.ffmpeg import file_input, run_ffmpeg
from handbill.press.films import FilmAsk, cut_film_files
from handbill.press.pixels import Pixels
from handbill.rendering.films import cut_film
from handbill.rendering.films.encoding import film_arguments
from handbill.rendering.films.sampling import sample_film


@dataclass(frozen=True)
class Figure:
    """One line of ``bench/results.json``."""

    value: float
    unit: str
    target: float
    holds: bool
    better: str


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The film figures in the shape of ``bench/results.json``.

    Args:
        fast: silent films of six seconds, and one round instead of five.
    """
    with tempfile.TemporaryDirectory(prefix="bench-films-") as name:
        made = _moving(Path(name), fast=fast)
        made |= _still(Path(name), fast=fast)
        made |= _batch(Path(name), fast=fast)
        made |= _aspects(Path(name), fast=fast)
    return {name: asdict(figure) for name, figure in made.items()}


def _moving(folder: Path, *, fast: bool) -> dict[str, Figure]:
    work = film_work(folder, speaks=not fast)
    _lay_out(work, folder)
    rounds = 1 if fast else 5
    costs = side_by_side((cut_ours, encode_only), (work, folder), rounds=rounds)
    # Two seconds stand for the whole in the fast run; both are taken by the second.
    span_s = (2.5, 4.5) if fast else (0.0, work.board.duration_ms / 1000)
    theirs = apart(cut_by_moviepy, work, folder, span_s)
    (folder / "frames.yuv").unlink()
    ours_s = statistics.median(cost.wall_s for cost in costs[0])
    speed = work.frames / FPS / ours_s
    faster = theirs.wall_s / (span_s[1] - span_s[0]) * speed
    memory = max(cost.memory_mb for cost in costs[0])
    return {
        "film_wall": _figure(ratio(costs, "wall_s"), "x of encode only", 1.4),
        "film_cpu": _figure(ratio(costs, "cpu_s"), "x of encode only", 1.4),
        "film_against_moviepy": _figure(faster, "x faster than idiomatic moviepy", 8, "higher"),
        "film_real_time": _figure(speed, "x real time at 1080 × 1920, 30 fps", 1, "higher"),
        "film_frames": _figure(work.frames / ours_s, "frames/s at 1080 × 1920", FPS, "higher"),
        "film_memory": _figure(memory, "MB with its ffmpeg", 600),
    }


def _still(folder: Path, *, fast: bool) -> dict[str, Figure]:
    """A film in which nothing moves, against encoding its frames."""
    templates = _without_motion(folder / "still-templates")
    os.environ["HANDBILL_TEMPLATES"] = str(templates)
    try:
        work = film_work(folder, speaks=False)
        _lay_out(work, folder)
        costs = side_by_side((cut_ours, encode_only), (work, folder), rounds=1 if fast else 3)
    finally:
        del os.environ["HANDBILL_TEMPLATES"]
    (folder / "frames.yuv").unlink()
    return {"film_still_cpu": _figure(ratio(costs, "cpu_s"), "x of encode only", 1.4)}


def _batch(folder: Path, *, fast: bool) -> dict[str, Figure]:
    """Different films one after another in a warm process, each against encoding its frames."""
    told = folder / "warm.txt"
    apart(_cut_warm, folder, told, not fast, 2 if fast else 4)
    return {"film_batch_cpu": _figure(float(told.read_text()), "x of encode only", 1.3)}


def _cut_warm(folder: Path, told: Path, speaks: bool, films: int) -> None:  # noqa: FBT001 - as below
    """Cut a first film, then others; tell what these cost against encoding their frames."""
    cut_ours(film_work(folder, speaks=speaks), folder)
    ours_s = limit_s = 0.0
    for number in range(1, films + 1):
        work = film_work(folder, speaks=speaks, number=number)
        ours_s += _cpu_of(cut_ours, work, folder)
        _lay_out(work, folder)
        limit_s += _cpu_of(encode_only, work, folder)
        (folder / "frames.yuv").unlink()
    told.write_text(str(ours_s / limit_s))


def _cpu_of(run: Run, work: Work, folder: Path) -> float:
    before = cpu_s()
    run(work, folder)
    return cpu_s() - before


def _aspects(folder: Path, *, fast: bool) -> dict[str, Figure]:
    """What a run does for one row in four shapes, against what it does for the tall one alone."""
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for _ in range(1 if fast else 3):
        costs[0].append(apart(_make_shapes, SIZES_PX, folder / "shapes", not fast))
        costs[1].append(apart(_make_shapes, SIZES_PX[:1], folder / "shapes", not fast))
    unit = "x of the tall one alone, from copy to checked films"
    return {
        "film_four_aspects": _figure(ratio(costs, "wall_s"), unit, 3.2),
        "film_four_aspects_cpu": _figure(ratio(costs, "cpu_s"), unit, 3.2),
    }


def _make_shapes(sizes_px: Sequence[tuple[int, int]], folder: Path, speaks: bool) -> None:  # noqa: FBT001 - travels by position
    """Voice, music, plan and film of each shape, one after another in one drawing process.

    A run has as many such processes as the machine has cores, and is through earlier. Here it has
    one, because two at once are slower each, which would be counted as work.
    """
    folder.mkdir(exist_ok=True)
    pixels = Pixels(1, folder / "pixels.log")
    begun = []
    for size_px in sizes_px:
        work = film_work(folder, speaks=speaks, size_px=size_px)
        ask = FilmAsk(
            spec=work.spec,
            board=work.board,
            spoken=work.spoken,
            music_wav=work.music_wav,
            folder=folder / f"{size_px[0]}x{size_px[1]}",
        )
        begun.append(pixels.start(cut_film_files, ask))
    for drawing in begun:
        pixels.finish(drawing)
    pixels.close()


def cut_ours(work: Work, folder: Path) -> None:
    """Storyboard to MP4, sound, captions and cover included."""
    cut_film(work.spec, work.board, work.spoken, work.music_wav, folder / "ours")


def encode_only(work: Work, folder: Path) -> None:
    """The same frames, ready on disk, and the same sound, into the same master."""
    canvas = work.spec.canvas
    size_px = (canvas.width_px, canvas.height_px)
    arguments = film_arguments(size_px, FPS, folder / "sound.m4a", folder / "limit.mp4")
    place = arguments.index("pipe:0")
    arguments[place] = f"file:{folder / 'frames.yuv'}"
    run_ffmpeg(arguments, limit_s=600)


def _lay_out(work: Work, folder: Path) -> None:
    """Lay the film's frames and its sound ready, and prove that they encode to the same film."""
    cut_ours(work, folder)
    film = folder / "ours" / "film.mp4"
    run_ffmpeg([*file_input(film), "-vn", "-c:a", "copy", f"file:{folder / 'sound.m4a'}"])
    times_ms = [number * 1000 / FPS for number in range(work.frames)]
    with (folder / "frames.yuv").open("wb") as raw:
        for frame in sample_film(work.spec, work.board, work.spoken, times_ms):
            raw.write(frame.pixels.data)
    encode_only(work, folder)
    assert _pictures(film) == _pictures(folder / "limit.mp4")


def _pictures(film: Path) -> bytes:
    """A checksum over the encoded pictures."""
    return run_ffmpeg([*file_input(film), "-map", "0:v", "-c", "copy", "-f", "md5", "pipe:1"])[0]


def _without_motion(target: Path) -> Path:
    """The project's templates, in which all is there at once, and nothing moves or follows on."""
    shutil.copytree(Path(__file__).resolve().parents[1] / "templates", target)
    moves = ("motion", "transition", "drift", "enter", "at_s")
    for path in (target / "storyboards").glob("*.toml"):
        lines = path.read_text("utf-8").splitlines()
        kept = [line for line in lines if not line.startswith(moves)]
        text = "\n".join(kept).replace('kind = "particles"', 'kind = "footage"')
        path.write_text(re.sub(r"(?m)^kind = .*$", r'\g<0>\nenter = "present"', text), "utf-8")
    return target


def _figure(value: float, unit: str, target: float, better: str = "lower") -> Figure:
    holds = value <= target if better == "lower" else value >= target
    return Figure(value=round(value, 2), unit=unit, target=target, holds=holds, better=better)
