"""Contact sheets of every storyboard: four aspects, two scripts, eight frames a film.

Run as ``python -m bench.films_gallery [FOLDER] [STORYBOARD…]``; writes one JPEG a storyboard and
an index page. Frames are painted as the film has them, at half size, and nothing is encoded.
"""

from __future__ import annotations

import dataclasses
import sys
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from bench.posters_samples import KITS, WORDS, pictures
from handbill.domain.brief import Picture
from handbill.domain.placement import SafeZone, VideoSpec
from handbill.domain.sound import SpokenLine
from handbill.foreign.ffmpeg import file_input, run_ffmpeg
from handbill.providers.house.voice import speak_line
from handbill.providers.ports import SpeechRequest
from handbill.rendering.films.planes import Plane, as_plane, frame_to_bgr
from handbill.rendering.films.planning import plan_film
from handbill.rendering.films.sampling import sample_film
from handbill.rendering.films.storyboard_files import (
    StoryboardFile,
    read_storyboards,
    storyboard_folder,
)
from handbill.rendering.spec import FilmSpec

CANVASES = {
    "9:16": VideoSpec(
        width_px=540,
        height_px=960,
        max_s=59,
        safe_zone=SafeZone(top_px=135, bottom_px=336, left_px=40, right_px=70),
    ),
    "4:5": VideoSpec(width_px=540, height_px=676, max_s=59),
    "1:1": VideoSpec(width_px=540, height_px=540, max_s=59),
    "16:9": VideoSpec(width_px=960, height_px=540, max_s=59),
}
SPEECH = {
    "en": (
        "Still drinking last week's juice?",
        "Green apples, and nothing else.",
        "Pressed within six hours, no added sugar.",
        "Two for one until the end of May.",
        "Order now.",
    ),
    "zh-CN": (
        "还在喝上周的果汁吗？",
        "清晨现榨，只有苹果。",
        "六小时内压榨，零添加糖。",
        "五月底前买一送一。",
        "立即下单。",
    ),
}
_HOOKS = {"en": "Still drinking last week's juice?", "zh-CN": "还在喝上周的果汁吗？"}
_PHOTOS = ("local_shop", "picture_story")  # storyboards shown with a photo
_FRAMES = 8
_TILE_PX = 124
_GAP_PX = 6
_QUALITY = 70


def draw_gallery(folder: Path, only: tuple[str, ...] = ()) -> list[Path]:
    """One contact sheet a storyboard in `folder`; returns the files."""
    cv2.setNumThreads(1)
    folder.mkdir(parents=True, exist_ok=True)
    boards = read_storyboards(storyboard_folder())
    wanted = [pair for pair in enumerate(boards) if not only or pair[1].name in only]
    with tempfile.TemporaryDirectory() as name:
        props = _props(Path(name))
        made = [_sheet(board, number, props, folder) for number, board in wanted]
    if not only:
        _index(boards, folder)
    return made


@dataclasses.dataclass(frozen=True, slots=True)
class _Props:
    """What the films are made of."""

    cutouts: tuple[Picture, ...]
    photos: tuple[Picture, ...]
    clips: tuple[str, ...]


def _props(folder: Path) -> _Props:
    drawn = pictures(folder)
    still = Path(drawn["photo"][0].path)
    ways = ("x=560*t/4:y=60", "x=560-560*t/4:y=0", "x=280:y=120-30*t")
    clips = [folder / f"clip-{number}.mp4" for number in range(len(ways))]
    for clip, way in zip(clips, ways, strict=True):
        pan = f"scale=1700:1200,crop=1080:1080:{way},format=yuv420p"
        loop = ["-loop", "1", "-t", "4", "-r", "30", *file_input(still)]
        run_ffmpeg([*loop, "-vf", pan, f"file:{clip}"])
    return _Props(tuple(drawn["cutout"]), tuple(drawn["photo"]), tuple(map(str, clips)))


def film_of(
    board: StoryboardFile, number: int, locale: str, canvas: VideoSpec, props: _Props
) -> FilmSpec:
    """A brief that the storyboard would be chosen for."""
    kits = list(KITS.values())
    needs = {name for need in board.needs for name in need.split("|")}
    playing = needs & {"video", "videos"}
    first = number % len(props.cutouts)
    shown = (*props.cutouts[first:], *props.cutouts[:first])
    if board.name in _PHOTOS:
        shown = props.photos + shown
    elif "pictures" not in needs:
        shown = shown[:1]
    return FilmSpec(
        canvas=canvas,
        display=dataclasses.replace(WORDS[locale], hook=_HOOKS[locale]),
        speech=SPEECH[locale],
        kit=kits[number % len(kits)],
        palette=kits[number % len(kits)].palette,
        pictures=() if "no_picture" in needs else shown,
        locale=locale,
        seed=1000 + number,
        url="https://example.com/apples",
        video="\n".join(props.clips[: 3 if "videos" in needs else 1] if playing else ()),
    )


@lru_cache(maxsize=4)
def spoken_lines(locale: str) -> tuple[SpokenLine, ...]:
    """The voice-over of the samples in `locale`."""
    answers = [
        (text, speak_line(SpeechRequest(text=text, locale=locale))) for text in SPEECH[locale]
    ]
    return tuple(SpokenLine(text=text, wav=said.wav, words=said.words) for text, said in answers)


def film_frames(spec: FilmSpec, board: StoryboardFile, count: int = _FRAMES) -> Iterator[Plane]:
    """`count` frames of the film at equal distances, as BGR pixels."""
    spoken = spoken_lines(spec.locale)
    plan = plan_film(spec, spoken, board)
    times_ms = [plan.duration_ms * (place + 0.5) / count for place in range(count)]
    for frame in sample_film(spec, plan, spoken, times_ms):
        yield frame_to_bgr(frame)


def _sheet(board: StoryboardFile, number: int, props: _Props, folder: Path) -> Path:
    rows = [
        np.hstack([_tile(frame) for frame in film_frames(spec, board)])
        for locale in SPEECH
        for spec in (film_of(board, number, locale, size, props) for size in CANVASES.values())
    ]
    path = folder / f"{board.name}.jpg"
    sheet = cv2.copyMakeBorder(
        np.vstack(rows), _GAP_PX, 0, _GAP_PX, 0, cv2.BORDER_CONSTANT, value=(232, 232, 232)
    )
    if not cv2.imwrite(str(path), sheet, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]):
        raise OSError(f"{path} could not be written")
    return path


def _tile(frame: Plane) -> Plane:
    height = round(frame.shape[0] * _TILE_PX / frame.shape[1])
    small = cv2.resize(frame, (_TILE_PX, height), interpolation=cv2.INTER_AREA)
    grey = (232, 232, 232)
    return as_plane(
        cv2.copyMakeBorder(small, 0, _GAP_PX, 0, _GAP_PX, cv2.BORDER_CONSTANT, value=grey)
    )


def _index(boards: tuple[StoryboardFile, ...], folder: Path) -> None:
    lines = [
        "# The storyboards",
        "",
        "Drawn by `make gallery` from `templates/storyboards/`: eight frames a film, at equal",
        "distances, in 9:16, 4:5, 1:1 and 16:9, in English and in Chinese.",
        "",
    ]
    for board in boards:
        lines += [f"## {board.name}", "", board.about, ""]
        lines += [f"![{board.name} in every aspect and script]({board.name}.jpg)", ""]
    (folder / "README.md").write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/gallery/films")
    for file in draw_gallery(target, tuple(sys.argv[2:])):
        print(file)
