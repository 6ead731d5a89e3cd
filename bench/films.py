"""Films: from storyboard to MP4, against encoding the same finished frames, and against moviepy.

Everything is measured side by side in one run, in both orders, each in a process of its own. The
limit is what ffmpeg needs to encode the very frames of the film, ready on disk, with the same
arguments. The moviepy version of the same storyboard stands in `films_moviepy`.
"""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np

from bench.films_moviepy import cut_by_moviepy
from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.placement import SafeZone, VideoSpec
from handbill.domain.sound import SpokenLine
from handbill.domain.storyboard import Storyboard
from handbill.foreign.ffmpeg import file_input, run_ffmpeg
from handbill.providers.house.music import compose_bed
from handbill.providers.house.voice import speak_line
from handbill.providers.ports import MusicRequest, SpeechRequest
from handbill.rendering.films import cut_film, plan_film
from handbill.rendering.films.encoding import film_arguments
from handbill.rendering.spec import FilmSpec

FPS = 30
_SPEECH = ("Still buying juice that is a week old?", "Ours is pressed today.", "Order your box.")


@dataclass(frozen=True)
class Figure:
    """One line of ``bench/results.json``."""

    value: float
    unit: str
    target: float
    holds: bool
    better: str


@dataclass(frozen=True)
class Cost:
    """What one piece of work took: seconds of wall and processor, and most memory held."""

    wall_s: float
    cpu_s: float
    memory_mb: float


@dataclass(frozen=True)
class Work:
    """One film with everything that it is cut from."""

    spec: FilmSpec
    board: Storyboard
    spoken: tuple[SpokenLine, ...]
    music_wav: bytes
    moviepy_span_s: tuple[float, float]


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The film figures in the shape of ``bench/results.json``.

    Args:
        fast: a silent film of six seconds, and one round instead of five.
    """
    with tempfile.TemporaryDirectory(prefix="bench-films-") as name:
        folder = Path(name)
        work = _work(folder, speech=() if fast else _SPEECH)
        _dry_run(work, folder)
        ours, limits = _side_by_side(work, folder, rounds=1 if fast else 5)
        theirs = _apart(cut_by_moviepy, work, folder)
    frames = round(work.board.duration_ms * FPS / 1000)
    wall = _median([cost.wall_s for cost in ours]) / _median([cost.wall_s for cost in limits])
    cpu = _median([cost.cpu_s for cost in ours]) / _median([cost.cpu_s for cost in limits])
    speed = frames / FPS / _median([cost.wall_s for cost in ours])
    # Two seconds of the film stand for the whole in the fast run; both are taken by the second.
    span_s = work.moviepy_span_s[1] - work.moviepy_span_s[0]
    faster = theirs.wall_s / span_s * speed
    made = {
        "film_wall": _figure(wall, "x of encode only", 1.4),
        "film_cpu": _figure(cpu, "x of encode only", 1.4),
        "film_against_moviepy": _figure(faster, "x faster than idiomatic moviepy", 8.0, "higher"),
        "film_real_time": _figure(speed, "x real time", 1.0, "higher"),
        "film_memory": _figure(max(cost.memory_mb for cost in ours), "MB with its ffmpeg", 600.0),
    }
    return {name: asdict(figure) for name, figure in made.items()}


def _figure(value: float, unit: str, target: float, better: str = "lower") -> Figure:
    holds = value <= target if better == "lower" else value >= target
    return Figure(value=round(value, 2), unit=unit, target=target, holds=holds, better=better)


def _median(values: list[float]) -> float:
    return statistics.median(values)


def _side_by_side(work: Work, folder: Path, rounds: int) -> tuple[list[Cost], list[Cost]]:
    """Both in turn, each first in every other round."""
    ours: list[Cost] = []
    limits: list[Cost] = []
    for number in range(rounds):
        pair: list[tuple[list[Cost], Callable[[Work, Path], None]]] = [
            (ours, cut_ours),
            (limits, encode_only),
        ]
        for results, run in pair if number % 2 else pair[::-1]:
            results.append(_apart(run, work, folder))
    return ours, limits


def _apart(run: Callable[[Work, Path], None], work: Work, folder: Path) -> Cost:
    """Run in a process of its own; its imports are not counted."""
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[Cost] = context.Queue()
    process = context.Process(target=_measured, args=(run, work, folder, results))
    process.start()
    cost = results.get(timeout=900)
    process.join()
    return cost


def _measured(
    run: Callable[[Work, Path], None],
    work: Work,
    folder: Path,
    results: multiprocessing.Queue[Cost],
) -> None:
    began, used = time.perf_counter(), _cpu_s()
    run(work, folder)
    wall_s, cpu_s = time.perf_counter() - began, _cpu_s() - used
    memory = sum(resource.getrusage(who).ru_maxrss for who in _WHO)
    results.put(Cost(wall_s=wall_s, cpu_s=cpu_s, memory_mb=memory / 1024))


_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def _cpu_s() -> float:
    used = [resource.getrusage(who) for who in _WHO]
    return sum(one.ru_utime + one.ru_stime for one in used)


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


def _dry_run(work: Work, folder: Path) -> None:
    """Cut the film once and keep its finished frames and its sound for the limit."""
    cut_ours(work, folder)
    film = file_input(folder / "ours" / "film.mp4")
    raw = ["-an", "-f", "rawvideo", "-pix_fmt", "yuv420p", f"file:{folder / 'frames.yuv'}"]
    run_ffmpeg([*film, *raw], limit_s=600)
    run_ffmpeg([*film, "-vn", "-c:a", "copy", f"file:{folder / 'sound.m4a'}"])


def _work(folder: Path, speech: tuple[str, ...]) -> Work:
    spec = _spec(folder, speech)
    spoken = []
    for text in spec.speech:
        answer = speak_line(SpeechRequest(text=text, locale="en"))
        spoken.append(SpokenLine(text=text, wav=answer.wav, words=answer.words))
    board = plan_film(spec, spoken)
    cue = board.music
    request = MusicRequest(
        mood=cue.mood,
        duration_ms=board.duration_ms,
        bpm=cue.bpm,
        seed=spec.seed,
        accents_ms=cue.accents_ms,
    )
    music_wav = compose_bed(request).wav
    whole_s = board.duration_ms / 1000
    return Work(
        spec=spec,
        board=board,
        spoken=tuple(spoken),
        music_wav=music_wav,
        moviepy_span_s=(0.0, whole_s) if speech else (2.5, 4.5),
    )


def _spec(folder: Path, speech: tuple[str, ...]) -> FilmSpec:
    palette = Palette(
        primary="#0b6e4f",
        secondary="#f6ae2d",
        ink="#14213d",
        paper="#faf6ee",
        accents=("#f26419",),
    )
    kit = BrandKit(
        name="Harbour Press",
        palette=palette,
        heading=Typeface(family="Poppins", weight=700),
        body=Typeface(family="Open Sans"),
        tone=("warm",),
    )
    zone = SafeZone(top_px=220, bottom_px=380, left_px=60, right_px=120)
    return FilmSpec(
        canvas=VideoSpec(
            width_px=1080,
            height_px=1920,
            max_s=60,
            safe_zone=zone,
        ),
        display=DisplayText(
            headline="Pressed this morning, at your door by nine",
            hook="Still buying juice that is a week old?",
            benefits=("No added sugar", "Glass bottles, picked up again"),
            price="€14.90",
            cta="Order your box",
        ),
        speech=speech,
        kit=kit,
        palette=palette,
        pictures=(_bottle(folder),),
        locale="en",
        seed=4,
        url="https://harbour.example",
    )


def _bottle(folder: Path) -> Picture:
    """A drawn bottle with some grain, on a transparent ground."""
    dice = np.random.default_rng(7)
    pixels = np.zeros((1400, 700, 4), np.uint8)
    cv2.rectangle(pixels, (130, 380), (570, 1360), (60, 140, 230, 255), -1)
    cv2.rectangle(pixels, (260, 40), (440, 400), (50, 90, 40, 255), -1)
    cv2.putText(pixels, "JUICE", (170, 900), cv2.FONT_HERSHEY_DUPLEX, 3.6, (255,) * 4, 10)
    grain = dice.integers(-9, 10, pixels.shape[:2])
    body = pixels[:, :, :3].astype(int) + grain[:, :, None]
    pixels[:, :, :3] = np.clip(body, 0, 255) * (pixels[:, :, 3:] > 0)
    path = folder / "bottle.png"
    cv2.imwrite(str(path), pixels)
    return Picture(source="bottle.png", path=str(path))
