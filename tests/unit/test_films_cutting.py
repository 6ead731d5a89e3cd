"""Whole small films: made, decoded and measured."""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

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
from handbill.rendering.sound.mastering import measure_loudness
from handbill.rendering.spec import FilmResult, FilmSpec

_WORDS = {
    "en": (
        DisplayText(
            headline="Pressed this morning, at your door by nine",
            hook="Still buying old juice?",
            benefits=("No added sugar", "Glass bottles"),
            badge="−20 %",
            price="€14.90",
            compare_at="€18.60",
            cta="Order your box",
            legal="While stocks last.",
        ),
        ("Still buying old juice?", "Ours is pressed this morning.", "Order your box."),
    ),
    "zh-CN": (
        DisplayText(
            headline="今早鲜榨，九点送到", hook="还在喝旧果汁？", cta="立即订购", price="¥99"
        ),
        ("还在喝旧果汁？", "今早鲜榨，九点送到。"),
    ),
    "ar": (
        DisplayText(
            headline="عُصر هذا الصباح", hook="عصير قديم؟", cta="اطلب الآن", badge="خصم 20٪"
        ),
        ("عصير قديم؟", "عصيرنا طازج كل صباح."),
    ),
}


@pytest.fixture(scope="module")
def bottle(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """A drawn bottle on a transparent ground."""
    pixels = np.zeros((600, 300, 4), np.uint8)
    cv2.rectangle(pixels, (60, 160), (240, 580), (60, 140, 230, 255), -1)
    cv2.rectangle(pixels, (115, 20), (185, 170), (50, 90, 40, 255), -1)
    path = tmp_path_factory.mktemp("pictures") / "bottle.png"
    cv2.imwrite(str(path), pixels)
    return Picture(source="bottle.png", path=str(path))


def _spec(locale: str, size_px: tuple[int, int], *pictures: Picture, **changes: Any) -> FilmSpec:
    palette = Palette(
        primary="#0b6e4f",
        secondary="#f6ae2d",
        ink="#14213d",
        paper="#faf6ee",
        accents=("#f26419",),
    )
    kit = BrandKit(
        name="Harbour",
        palette=palette,
        heading=Typeface(family="Poppins", weight=700),
        body=Typeface(family="Open Sans"),
    )
    display, speech = _WORDS[locale]
    spec = FilmSpec(
        canvas=VideoSpec(
            width_px=size_px[0],
            height_px=size_px[1],
            max_s=60,
            safe_zone=SafeZone(top_px=20, bottom_px=40),
        ),
        display=display,
        speech=speech,
        kit=kit,
        palette=palette,
        pictures=pictures,
        locale=locale,
        seed=5,
        url="https://harbour.example",
    )
    return replace(spec, **changes)


def _made(spec: FilmSpec, folder: Path) -> tuple[Storyboard, FilmResult]:
    spoken = []
    for text in spec.speech:
        answer = speak_line(SpeechRequest(text=text, locale=spec.locale))
        spoken.append(SpokenLine(text=text, wav=answer.wav, words=answer.words))
    board = plan_film(spec, spoken)
    music = compose_bed(
        MusicRequest(
            mood=board.music.mood,
            duration_ms=board.duration_ms,
            bpm=board.music.bpm,
            seed=spec.seed,
            accents_ms=board.music.accents_ms,
        )
    ).wav
    return board, cut_film(spec, board, spoken, music, folder)


@pytest.fixture(scope="module")
def film(
    bottle: Picture, tmp_path_factory: pytest.TempPathFactory
) -> tuple[FilmSpec, Storyboard, FilmResult]:
    spec = _spec("en", (270, 480), bottle, ai_label="Made with AI")
    return spec, *_made(spec, tmp_path_factory.mktemp("film"))


def _frames(result: FilmResult, fps: int = 30) -> npt.NDArray[np.uint8]:
    """All luma planes, decoded."""
    raw, _ = run_ffmpeg(
        [*file_input(Path(result.film)), "-r", str(fps), "-pix_fmt", "gray", "-f", "rawvideo", "-"]
    )
    shaped = np.frombuffer(raw, np.uint8).reshape(-1, result.height_px, result.width_px)
    return np.asarray(shaped, dtype=np.uint8)


def test_all_files_are_there_and_nothing_else(
    film: tuple[FilmSpec, Storyboard, FilmResult],
) -> None:
    _, _, result = film
    folder = Path(result.film).parent
    names = {"film.mp4", "cover.jpg", "captions.srt", "captions.vtt", "voice.mp3"}
    assert {path.name for path in folder.iterdir()} == names
    cover = cv2.imread(result.cover)
    assert cover is not None
    assert cover.shape[:2] == (480, 270)


def test_master_is_what_platforms_take(film: tuple[FilmSpec, Storyboard, FilmResult]) -> None:
    _, _, result = film
    data = Path(result.film).read_bytes()
    assert data.find(b"moov") < data.find(b"mdat")
    assert b"elst" not in data
    _, said = run_ffmpeg(
        [*file_input(Path(result.film)), "-c", "copy", "-f", "null", "-"], talk="info"
    )
    assert re.search(r"h264 \(High\).*yuv420p\(tv, bt709, progressive\), 270x480.* 30 fps", said)
    assert re.search(r"aac \(LC\).* 48000 Hz, stereo", said)


def test_duration_frames_and_sound_agree(film: tuple[FilmSpec, Storyboard, FilmResult]) -> None:
    _, board, result = film
    frames = _frames(result)
    assert len(frames) == round(board.duration_ms * 30 / 1000)
    assert result.duration_s == pytest.approx(board.duration_ms / 1000, abs=0.001)
    raw, _ = run_ffmpeg([*file_input(Path(result.film)), "-ac", "1", "-f", "s16le", "-"])
    assert len(raw) / 2 / 48_000 == pytest.approx(result.duration_s, abs=0.06)


def test_a_demanded_bit_rate_is_met_with_the_same_bytes_every_time(
    bottle: Picture, tmp_path: Path
) -> None:
    wanted_kbps = 600
    spec = _spec("en", (180, 320), bottle, speech=())
    spec = replace(spec, canvas=replace(spec.canvas, min_kbps=wanted_kbps))
    made = [_made(spec, tmp_path / name)[1] for name in ("first", "again")]
    first, again = (Path(result.film).read_bytes() for result in made)
    assert hashlib.sha256(first).digest() == hashlib.sha256(again).digest()
    frames = [*file_input(Path(made[0].film)), "-map", "0:v", "-c", "copy", "-f", "h264", "-"]
    kbps = len(run_ffmpeg(frames)[0]) * 8 / made[0].duration_s / 1000
    assert wanted_kbps < kbps < 1.6 * wanted_kbps


def test_loudness_is_kept_and_told(film: tuple[FilmSpec, Storyboard, FilmResult]) -> None:
    _, _, result = film
    measured = measure_loudness(Path(result.film))
    assert measured.lufs == pytest.approx(-14.0, abs=1.0)
    assert measured.peak_db <= -1.0
    assert result.loudness_lufs == pytest.approx(measured.lufs, abs=0.2)


def test_something_moves_in_every_half_second_and_the_hook_at_once(
    film: tuple[FilmSpec, Storyboard, FilmResult],
) -> None:
    frames = _frames(film[2]).astype(np.int16)
    change = np.abs(np.diff(frames, axis=0)).mean(axis=(1, 2))
    halves = [change[at : at + 15].max() for at in range(0, len(change) - 15, 15)]
    assert min(halves) > 0.01
    assert change[:45].mean() > 0.2


_KEY_FRAMES = "select=eq(pict_type\\,I),showinfo"


def test_no_frame_is_black_and_key_frames_close_every_two_seconds(
    film: tuple[FilmSpec, Storyboard, FilmResult],
) -> None:
    assert _frames(film[2]).max(axis=(1, 2)).min() > 60
    _, said = run_ffmpeg(
        [*file_input(Path(film[2].film)), "-vf", _KEY_FRAMES, "-f", "null", "-"],
        talk="info",
    )
    times = [float(found) for found in re.findall(r"pts_time:([\d.]+)", said)]
    assert max(after - before for before, after in itertools.pairwise(times)) <= 2.0


def test_captions_follow_the_voice(film: tuple[FilmSpec, Storyboard, FilmResult]) -> None:
    spec, board, result = film
    text = Path(result.srt).read_text(encoding="utf-8")
    stamps = re.findall(r"(\d\d):(\d\d):(\d\d),(\d{3}) -->", text)
    starts_ms = [int(m) * 60_000 + int(s) * 1000 + int(ms) for _, m, s, ms in stamps]
    for line_ms in board.speech_at_ms:
        assert min(abs(start - line_ms) for start in starts_ms) <= 120
    flat = " ".join(text.split())
    assert all(word in flat for line in spec.speech for word in line.split())
    assert Path(result.vtt).read_text(encoding="utf-8").startswith("WEBVTT")


def test_same_arguments_give_the_same_bytes(
    film: tuple[FilmSpec, Storyboard, FilmResult], tmp_path: Path
) -> None:
    spec, _, first = film
    _, second = _made(spec, tmp_path)
    for one, other in ((first.film, second.film), (first.cover, second.cover)):
        assert _sha(one) == _sha(other)
    assert _sha(first.voice) == _sha(second.voice)


def _sha(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("locale", "size_px"), [("zh-CN", (480, 270)), ("ar", (270, 270)), ("ar", (216, 270))]
)
def test_other_shapes_and_scripts(
    locale: str, size_px: tuple[int, int], bottle: Picture, tmp_path: Path
) -> None:
    _, result = _made(_spec(locale, size_px, bottle), tmp_path)
    assert (result.width_px, result.height_px) == size_px
    assert not [finding for finding in result.findings if finding.code == "font.missing_glyphs"]
    assert _frames(result, fps=2).std(axis=(1, 2)).min() > 4


def test_film_without_picture_voice_music_or_brand_name(tmp_path: Path) -> None:
    spec = _spec("en", (270, 480), display=DisplayText(headline="Soap"), speech=())
    spec = replace(spec, kit=replace(spec.kit, name=""))
    board = plan_film(spec, [])
    result = cut_film(spec, board, [], b"", tmp_path)
    assert Path(result.film).stat().st_size > 5_000
    assert (result.srt, result.vtt, result.voice) == ("", "", "")
    assert result.duration_s >= 6.0


def test_broken_picture_is_a_finding_not_a_failure(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n not a picture")
    spec = _spec("en", (270, 480), Picture(source="broken.png", path=str(broken)), speech=())
    board = plan_film(spec, [])
    result = cut_film(spec, board, [], b"", tmp_path / "out")
    assert "picture.unreadable" in {finding.code for finding in result.findings}
