"""The films that are measured: one product, spoken, with music, in any shape."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.placement import SafeZone, VideoSpec
from handbill.domain.sound import SpokenLine
from handbill.domain.storyboard import Storyboard
from handbill.providers.house.music import compose_bed
from handbill.providers.house.voice import speak_line
from handbill.providers.ports import MusicRequest, SpeechRequest
from handbill.rendering.films import plan_film
from handbill.rendering.spec import FilmSpec

FPS = 30
SIZES_PX = ((1080, 1920), (1080, 1350), (1080, 1080), (1920, 1080))
_SPEECH = ("Still buying juice that is a week old?", "Ours is pressed today.", "Order your box.")
_HEADLINES = (
    "Pressed this morning, at your door by nine",
    "Oranges, and nothing else",
    "Your breakfast is on its way",
)


@dataclass(frozen=True)
class Work:
    """One film with everything that it is cut from."""

    spec: FilmSpec
    board: Storyboard
    spoken: tuple[SpokenLine, ...]
    music_wav: bytes

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return round(self.board.duration_ms * FPS / 1000)


def film_work(
    folder: Path, *, speaks: bool, size_px: tuple[int, int] = SIZES_PX[0], number: int = 0
) -> Work:
    """A film of about 13 s, or of 6 s where nobody speaks; `number` changes words and looks."""
    spec = _spec(folder, size_px, number)
    spec = replace(spec, speech=_SPEECH if speaks else ())
    spoken = []
    for text in spec.speech:
        answer = speak_line(SpeechRequest(text=text, locale="en"))
        spoken.append(SpokenLine(text=text, wav=answer.wav, words=answer.words))
    board = plan_film(spec, spoken)
    request = MusicRequest(
        mood=board.music.mood,
        duration_ms=board.duration_ms,
        bpm=board.music.bpm,
        seed=spec.seed,
        accents_ms=board.music.accents_ms,
    )
    music_wav = compose_bed(request).wav
    return Work(spec=spec, board=board, spoken=tuple(spoken), music_wav=music_wav)


def _spec(folder: Path, size_px: tuple[int, int], number: int) -> FilmSpec:
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
            width_px=size_px[0],
            height_px=size_px[1],
            max_s=60,
            safe_zone=zone if size_px == SIZES_PX[0] else SafeZone(),
        ),
        display=DisplayText(
            headline=_HEADLINES[number % len(_HEADLINES)],
            hook="Still buying juice that is a week old?",
            benefits=("No added sugar", "Glass bottles, picked up again"),
            price="€14.90",
            cta="Order your box",
        ),
        speech=(),
        kit=kit,
        palette=palette,
        pictures=(_bottle(folder),),
        locale="en",
        seed=4 + number,
        url="https://harbour.example",
    )


def _bottle(folder: Path) -> Picture:
    """A drawn bottle with some grain, on a transparent ground."""
    path = folder / "bottle.png"
    if path.is_file():
        return Picture(source="bottle.png", path=str(path))
    dice = np.random.default_rng(7)
    pixels = np.zeros((1400, 700, 4), np.uint8)
    cv2.rectangle(pixels, (130, 380), (570, 1360), (60, 140, 230, 255), -1)
    cv2.rectangle(pixels, (260, 40), (440, 400), (50, 90, 40, 255), -1)
    cv2.putText(pixels, "JUICE", (170, 900), cv2.FONT_HERSHEY_DUPLEX, 3.6, (255,) * 4, 10)
    grain = dice.integers(-9, 10, pixels.shape[:2])
    body = pixels[:, :, :3].astype(int) + grain[:, :, None]
    pixels[:, :, :3] = np.clip(body, 0, 255) * (pixels[:, :, 3:] > 0)
    cv2.imwrite(str(path), pixels)
    return Picture(source="bottle.png", path=str(path))
