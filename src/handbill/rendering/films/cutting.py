"""Cutting a film: storyboard, sounds and specs in, an MP4 with captions and cover out."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import cv2

from handbill.domain.finding import Finding, Severity
from handbill.domain.sound import SpokenLine
from handbill.domain.storyboard import Storyboard
from handbill.foreign.tool import appearing
from handbill.rendering.films.areas import Canvas
from handbill.rendering.films.caption_actors import label_actor
from handbill.rendering.films.captions import Cue, plan_cues, srt_text, vtt_text
from handbill.rendering.films.covers import CoverChoice
from handbill.rendering.films.encoding import FramePump, film_arguments, open_film
from handbill.rendering.films.overlays import film_canvas, overlay_actors
from handbill.rendering.films.soundtrack import SoundDesk, score_of
from handbill.rendering.films.takes import Painter, Take, build_takes
from handbill.rendering.sound import mixing
from handbill.rendering.sound.mastering import Loudness
from handbill.rendering.spec import FilmResult, FilmSpec

_TELL_EVERY = 10


def _keep_quiet(painted: int) -> None:
    """What hears of painted frames where nobody wants to."""


def cut_film(
    spec: FilmSpec,
    board: Storyboard,
    spoken: Sequence[SpokenLine],
    music_wav: bytes,
    folder: Path,
    *,
    tell: Callable[[int], None] = _keep_quiet,
) -> FilmResult:
    """Write ``film.mp4``, ``cover.jpg``, ``captions.srt`` and ``.vtt`` and ``voice.mp3``.

    The same arguments give the same bytes. Safe to run in several processes at once, each with a
    folder of its own.

    Args:
        spec: what the film shows.
        board: from `plan_film` with the same spec and lines.
        spoken: the voice-over, one sound a sentence; empty for a silent film.
        music_wav: a bed at least as long as the film, or empty bytes for none.
        folder: is made when it does not exist.
        tell: hears a few times a second how many more frames are painted; what it raises ends
            the cutting, and nothing is left behind.

    Raises:
        RenderError: ffmpeg failed.
        ToolMissing: there is no ffmpeg.
        TemplateError: the storyboard's files are wrong.
    """
    cv2.setNumThreads(1)
    folder.mkdir(parents=True, exist_ok=True)
    canvas = film_canvas(spec, board)
    cues = plan_cues(spoken, board.speech_at_ms)
    with contextlib.ExitStack() as opened:
        score = score_of(board, spoken, music_wav, spec)
        # The sound is made while shots are drawn, unless clips in them are part of it.
        desk = None if spec.video else opened.enter_context(SoundDesk(score))
        takes, findings = build_takes(spec, board, canvas, spoken)
        beds = _clip_sounds(takes, opened)
        overlay = overlay_actors(spec, board, canvas, cues)
        desk = desk or opened.enter_context(SoundDesk(replace(score, beds=beds)))
        sound = Path(opened.enter_context(_work_folder(folder))) / "sound.m4a"
        loudness = desk.write_master(sound)
        painter = Painter(takes, overlay, _even(canvas))
        cover = CoverChoice(spec, painter, label_actor(spec, canvas))
        _write_film(spec, board, painter, cover, (sound, folder / "film.mp4"), tell)
        cover.write(folder / "cover.jpg")
        _write_captions(folder, cues)
        desk.write_voice(folder / "voice.mp3")
    findings += _speech_findings(board, spoken)
    return _result(spec, board, folder, (canvas, loudness, cover.at_s, findings))


def _work_folder(folder: Path) -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix=".cutting-", dir=folder)


def _clip_sounds(takes: list[Take], opened: contextlib.ExitStack) -> tuple[mixing.Bed, ...]:
    """What is heard of the user's clips; they are closed with `opened`."""
    clips = [(take.shot.start_ms, clip) for take in takes for clip in take.clips]
    for _, clip in clips:
        opened.callback(clip.close)
    return tuple(mixing.Bed(sound=clip.sound(), at_ms=at_ms) for at_ms, clip in clips)


def frame_count(board: Storyboard, fps: int) -> int:
    """How many frames the film has."""
    return round(board.duration_ms * fps / 1000)


def _write_film(
    spec: FilmSpec,
    board: Storyboard,
    painter: Painter,
    cover: CoverChoice,
    paths: tuple[Path, Path],
    tell: Callable[[int], None],
) -> None:
    sound, film = paths
    fps = spec.canvas.fps
    with appearing(film) as part:
        arguments = film_arguments(painter.size_px, fps, sound, part, spec.canvas.min_kbps)
        with open_film(arguments, sound.with_name("ffmpeg.log"), painter.size_px) as pump:
            for number in range(frame_count(board, fps)):
                _give_frame(pump, painter, cover, number * 1000 / fps)
                if number % _TELL_EVERY == _TELL_EVERY - 1:
                    tell(_TELL_EVERY)


def _give_frame(pump: FramePump, painter: Painter, cover: CoverChoice, time_ms: float) -> None:
    """Paint the moment `time_ms` and hand it to the encoder; what stands still is not painted."""
    still = painter.stands_still(time_ms)
    wanted = cover.wants(time_ms, still=still)
    if still and not wanted:
        pump.repeat()
        return
    frame = pump.take()
    painter.paint_shots(frame, time_ms)
    if wanted:
        cover.look(frame, time_ms)
    painter.paint_overlay(frame, time_ms)
    pump.give(frame)


def _even(canvas: Canvas) -> tuple[int, int]:
    return canvas.width_px // 2 * 2, canvas.height_px // 2 * 2


def _write_captions(folder: Path, cues: Sequence[Cue]) -> None:
    if not cues:
        return
    for name, text in (("captions.srt", srt_text(cues)), ("captions.vtt", vtt_text(cues))):
        with appearing(folder / name) as part:
            part.write_text(text, encoding="utf-8", newline="\n")


def _speech_findings(board: Storyboard, spoken: Sequence[SpokenLine]) -> list[Finding]:
    lost = [line.text for line, at_ms in zip(spoken, board.speech_at_ms, strict=True) if at_ms < 0]
    return [
        Finding(
            code="film.speech_left_out",
            severity=Severity.WARN,
            message=f"{text!r} is not spoken: the film would become too long for its placement",
            field="film.mp4",
        )
        for text in lost
    ]


def _result(
    spec: FilmSpec,
    board: Storyboard,
    folder: Path,
    made: tuple[Canvas, Loudness, float, list[Finding]],
) -> FilmResult:
    canvas, loudness, cover_at_s, findings = made

    def path_of(name: str) -> str:
        path = folder / name
        return str(path) if path.is_file() else ""

    return FilmResult(
        film=path_of("film.mp4"),
        cover=path_of("cover.jpg"),
        srt=path_of("captions.srt"),
        vtt=path_of("captions.vtt"),
        voice=path_of("voice.mp3"),
        width_px=canvas.width_px,
        height_px=canvas.height_px,
        duration_s=round(frame_count(board, spec.canvas.fps) / spec.canvas.fps, 3),
        loudness_lufs=loudness.lufs,
        cover_at_s=cover_at_s,
        storyboard=board.name,
        findings=tuple(sorted(set(findings))),
    )
