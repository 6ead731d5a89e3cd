"""Posters: drawing against encoding alone, a new picture in four sizes, caps, two processes.

Each pair is measured alternately in one run on one thread, by the processor's time, and medians
are compared, so that a busy machine does not blur the ratio.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
from PIL import Image

from bench.posters_chromium import Browser, find_chromium, open_browser, write_page
from bench.run import at_least, at_most
from handbill.domain.brief import Picture
from handbill.domain.placement import ImageSpec, SafeZone
from handbill.press.pixels import Pixels as DrawingProcesses
from handbill.press.posters import PosterAsk, draw_poster_file
from handbill.rendering.canvases import Pixels, as_pixels
from handbill.rendering.pictures import clear_picture_caches
from handbill.rendering.posters import draw_poster
from handbill.rendering.posters.capping import under_cap
from handbill.rendering.posters.encoding import QUALITY, jpeg
from handbill.rendering.spec import PosterSpec
from tests.doubles.poster_samples import KIT, WORDS

_SIZES = ((1080, 1350), (1080, 1080), (1600, 900), (1000, 1500))
_WORDS = replace(WORDS["en"], benefits=(), address="")


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The poster figures in the shape of ``bench/results.json``."""
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        encodes, behind = _cap(home)
        speed_up, work = _speed_up(home, 40 if fast else 250, 2 if fast else 4)
        memory_mb, growth_mb = _memory(home, 120 if fast else 5000)
        return _against_chromium(home, 6 if fast else 20) | {
            "posters.warm": at_most(
                _warm(home, 12 if fast else 60), "x of JPEG encode alone", 3.5
            ),
            "posters.new_picture_four_sizes": at_most(
                _new_picture(home, 3 if fast else 12), "x of decode, resize, encode", 1.5
            ),
            "posters.cap_encodes": at_most(encodes, "encodes to meet a cap, most", 3),
            "posters.cap_quality_behind_bisection": at_most(behind, "steps of quality, most", 0),
            "posters.speed_up_two_processes": at_least(speed_up, "x of one process", 1.8),
            "posters.work_of_two_processes": at_most(work, "x the processor's time of one", 1.1),
            "posters.memory": at_most(memory_mb, "MB, largest process at its peak", 400),
            "posters.memory_growth": at_most(
                growth_mb, "MB, most of the last fifth above most of the first two", 16
            ),
        }


def _spec(picture: Picture, size: tuple[int, int], number: int = 0) -> PosterSpec:
    zone = SafeZone()
    return PosterSpec(
        canvas=ImageSpec(width_px=size[0], height_px=size[1], safe_zone=zone),
        display=replace(_WORDS, headline=f"Green apples, day {number}. Nothing else."),
        kit=KIT,
        palette=KIT.palette,
        pictures=(picture,),
        locale="en",
        seed=3,
    )


def _warm(folder: Path, rounds: int) -> float:
    """Same picture, new copy: from the copy to a file, against encoding the same pixels."""
    picture, target = _bottle(folder), folder / "warm"
    first = Path(draw_poster(_spec(picture, _SIZES[0]), target).path)
    pixels = _pixels(first)
    ours, alone = [], []
    for number in range(rounds):
        spec = _spec(picture, _SIZES[0], number)
        ours.append(_cpu_seconds(partial(draw_poster, spec, target)))
        alone.append(_cpu_seconds(lambda: jpeg(pixels, QUALITY)))
    return statistics.median(ours[1:]) / statistics.median(alone[1:])


def _new_picture(folder: Path, rounds: int) -> float:
    """A photo never seen before in four sizes, against decoding it once, resizing, encoding."""
    photo = _photo(folder)
    for size in _SIZES:
        draw_poster(_spec(photo, size), folder / "new")
    ours, limit = [], []
    for _ in range(rounds):
        ours.append(_cpu_seconds(lambda: _four_posters(photo, folder)))
        limit.append(_cpu_seconds(lambda: _four_resized(Path(photo.path))))
    return statistics.median(ours) / statistics.median(limit)


def _four_posters(photo: Picture, folder: Path) -> None:
    clear_picture_caches()
    for size in _SIZES:
        draw_poster(_spec(photo, size), folder / "new")


def _four_resized(path: Path) -> None:
    """The least that four sizes take, with the fastest decoder at hand."""
    bgra = simplejpeg.decode_jpeg(path.read_bytes(), "BGRA")
    for number, size in enumerate(_SIZES):
        part = cv2.resize(bgra, size, interpolation=cv2.INTER_LINEAR)
        data = simplejpeg.encode_jpeg(part, QUALITY, "BGRA", "444")
        path.with_name(f"limit-{number}.jpg").write_bytes(data)


def _against_chromium(folder: Path, rounds: int) -> dict[str, dict[str, object]]:
    """How much less work ours are than the same design as HTML in a Chromium that is kept open.

    By the processor's time of all processes, in turns. Empty without a Chromium.
    """
    path = find_chromium()
    if not path:
        print(
            "posters: there is no Chromium here, so nothing is compared with it", file=sys.stderr
        )
        return {}
    with open_browser(path) as browser:
        compared = {
            "posters.against_chromium_warm": (_against_warm(browser, folder, rounds), 12),
            "posters.against_chromium_words_alone": (_against_words(browser, folder, rounds), 1),
            "posters.against_chromium_four_sizes": (_against_fresh(browser, folder, rounds), 8),
        }
    unit = "x less work than HTML in an open Chromium"
    return {name: at_least(value, unit, target) for name, (value, target) in compared.items()}


def _against_warm(browser: Browser, folder: Path, rounds: int) -> float:
    """Same picture, new words: a page for each poster, as templates give them."""
    picture = _bottle(folder)

    def theirs(number: int) -> None:
        words = _spec(picture, _SIZES[0], number).display
        browser.show(write_page(folder, words, Path(picture.path)), _SIZES[0])
        browser.jpeg(QUALITY)

    return _less_work(browser, theirs, partial(_draw_number, picture, folder), rounds)


def _against_words(browser: Browser, folder: Path, rounds: int) -> float:
    """Same picture, new words, at Chromium's best: one page, of which a headline alone changes."""
    picture = _bottle(folder)
    browser.show(write_page(folder, _WORDS, Path(picture.path)), _SIZES[0])

    def theirs(number: int) -> None:
        words = json.dumps(_spec(picture, _SIZES[0], number).display.headline)
        browser.run(f"document.querySelector('h1').textContent = {words}")
        browser.jpeg(QUALITY)

    return _less_work(browser, theirs, partial(_draw_number, picture, folder), rounds)


def _draw_number(picture: Picture, folder: Path, number: int) -> None:
    draw_poster(_spec(picture, _SIZES[0], number), folder / "mine")


def _against_fresh(browser: Browser, folder: Path, rounds: int) -> float:
    """A photo never seen before in four sizes."""
    photo = _photo(folder)

    def theirs(number: int) -> None:
        words = _spec(photo, _SIZES[0], number).display
        for size in _SIZES:
            browser.show(write_page(folder, words, Path(photo.path)), size)
            browser.jpeg(QUALITY)

    return _less_work(browser, theirs, lambda _: _four_posters(photo, folder), max(2, rounds // 3))


def _less_work(
    browser: Browser, theirs: Callable[[int], None], ours: Callable[[int], None], rounds: int
) -> float:
    """The work of a browser over ours, each warmed up once."""
    theirs(0)
    ours(0)
    spent = [0.0, 0.0]
    for number in range(1, rounds + 1):
        before = browser.work_s()
        theirs(number)
        spent[0] += browser.work_s() - before
        spent[1] += _cpu_seconds(partial(ours, number))
    return spent[0] / spent[1]


def _cap(folder: Path) -> tuple[float, float]:
    """Most encodes that a cap took, and how many steps of quality that was behind bisection."""
    encodes, behind = [], []
    for picture in (_bottle(folder), _photo(folder)):
        first = Path(draw_poster(_spec(picture, _SIZES[0]), folder / "cap").path)
        pixels = _pixels(first)
        full = len(jpeg(pixels, QUALITY))
        for share in (1.02, 0.85, 0.7, 0.55, 0.4):
            cap = int(full * share)
            found = under_cap(jpeg, pixels, QUALITY, cap)
            encodes.append(found.encodes)
            behind.append(_bisected(pixels, cap) - found.quality)
    return max(encodes), max(behind)


def _pixels(path: Path) -> Pixels:
    with Image.open(path) as opened:
        rgba = np.asarray(opened.convert("RGBA"))
    return as_pixels(cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA))


def _bisected(pixels: Pixels, cap: int) -> int:
    low, high = 30, QUALITY + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if len(jpeg(pixels, middle)) <= cap else (low, middle)
    return low


def _speed_up(folder: Path, count: int, rounds: int) -> tuple[float, float]:
    """How much sooner two processes are done than one, and how much more work they do.

    The shortest of several alternating rounds each, because neighbours only ever lengthen one.
    """
    picture = _bottle(folder)
    pools = [DrawingProcesses(workers, folder / "words.log") for workers in (1, 2)]
    asks = [
        PosterAsk(spec=_spec(picture, _SIZES[n % 4], n), target=folder / f"poster-{n}")
        for n in range(count)
    ]
    for pool in pools:
        _draw_all(pool, asks[:16])
    walls: list[list[float]] = [[], []]
    works: list[list[float]] = [[], []]
    for _ in range(rounds):
        for pool, wall, work in zip(pools, walls, works, strict=True):
            start = time.perf_counter()
            work.append(_draw_all(pool, asks))
            wall.append(time.perf_counter() - start)
    for pool in pools:
        pool.close()
    return min(walls[0]) / min(walls[1]), min(works[1]) / min(works[0])


def _draw_all(pool: DrawingProcesses, asks: Sequence[PosterAsk]) -> float:
    """Draw posters as a run does; the processes' own seconds for them."""
    drawings = [pool.start(_timed_poster, ask) for ask in asks]
    return sum(pool.finish(drawing) for drawing in drawings)


def _timed_poster(ask: PosterAsk) -> float:
    return _cpu_seconds(lambda: draw_poster_file(ask))


def _memory(folder: Path, count: int) -> tuple[float, float]:
    """The most that one process ever held over so many different posters; its growth over them.

    The first posters fill its caches; after that it has to stay as it is.
    """
    pictures = [_bottle(folder, number) for number in range(24)] + [_photo(folder)]
    pool = DrawingProcesses(1, folder / "words.log")
    held: list[float] = []
    peak = 0.0
    for number in range(count):
        spec = _spec(pictures[number % 25], _SIZES[number % 4], number)
        spec = replace(spec, seed=number % 50, variant=1 + number % 3)
        ask = PosterAsk(spec=spec, target=folder / f"poster-{number % 8}")
        held_mb, peak = pool.finish(pool.start(_held_after, ask))
        held.append(held_mb)
    pool.close()
    fifth = count // 5
    return peak, max(held[-fifth:]) - max(held[: 2 * fifth])


def _held_after(ask: PosterAsk) -> tuple[float, float]:
    """Draw; what this process holds now and what it ever held, in MB."""
    draw_poster_file(ask)
    return _told_mb("VmRSS"), _told_mb("VmHWM")


def _cpu_seconds(work: Callable[[], object]) -> float:
    """Seconds of this process's own work: what a single thread takes, neighbours or not."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _told_mb(name: str) -> float:
    """What Linux tells of this process's memory, in MB."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(kilobytes) * 1024 / 1e6


def _bottle(folder: Path, number: int = 0) -> Picture:
    pixels = np.zeros((1800, 1400, 4), np.uint8)
    cv2.rectangle(pixels, (450, 420), (950, 1700), (90, 140, 40 + 8 * number, 255), -1)
    cv2.rectangle(pixels, (600, 100), (800, 420), (60, 90, 20, 255), -1)
    return _saved(folder / f"bottle-{number}.png", pixels)


def _photo(folder: Path) -> Picture:
    rough = np.random.default_rng(2).uniform(0, 255, (24, 32, 3)).astype(np.float32)
    smooth = cv2.resize(rough, (3600, 2600), interpolation=cv2.INTER_CUBIC)
    noise = np.random.default_rng(3).normal(0, 4, smooth.shape)
    return _saved(folder / "photo.jpg", np.clip(smooth + noise, 0, 255).astype(np.uint8))


def _saved(path: Path, pixels: np.ndarray) -> Picture:
    if not path.exists():
        assert cv2.imwrite(str(path), pixels)
    return Picture(source=path.name, path=str(path))
