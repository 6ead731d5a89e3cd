"""Cutting a film: storyboard, sounds and specs in, an MP4 with captions and cover out."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from handbill.domain.finding import Finding, Severity
from handbill.domain.sound import SpokenLine
from handbill.domain.storyboard import Shot, Storyboard
from handbill.errors import RenderError
from handbill.foreign.tool import appearing
from handbill.rendering.colour_scheme import scheme_of
from handbill.rendering.films.areas import Canvas, canvas_of
from handbill.rendering.films.caption_actors import caption_actors, label_actor, lit_colour
from handbill.rendering.films.captions import Cue, plan_cues, srt_text, vtt_text
from handbill.rendering.films.elements import Actor, Set, build_layer
from handbill.rendering.films.encoding import film_arguments, open_film
from handbill.rendering.films.planes import Frame, frame_to_bgr, new_frame, paint, sprite_of
from handbill.rendering.films.scenes import Scene
from handbill.rendering.films.storyboard_files import (
    StoryboardFile,
    read_layouts,
    read_storyboards,
    storyboard_folder,
)
from handbill.rendering.films.transitions import LENGTHS_S, join_frames
from handbill.rendering.sound import mixing
from handbill.rendering.sound.effects import LEADS_S, RATE_HZ
from handbill.rendering.sound.mastering import Loudness, encode_master, encode_sound
from handbill.rendering.spec import FilmResult, FilmSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class _Take:
    """A shot ready to be painted."""

    shot: Shot
    scene: Scene
    band_yuv: tuple[int, int, int]

    def paint(self, frame: Frame, time_ms: float) -> None:
        self.scene.paint(frame, (time_ms - self.shot.start_ms) / 1000)


def cut_film(
    spec: FilmSpec,
    board: Storyboard,
    spoken: Sequence[SpokenLine],
    music_wav: bytes,
    folder: Path,
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

    Raises:
        RenderError: ffmpeg failed.
        ToolMissing: there is no ffmpeg.
        TemplateError: the storyboard's files are wrong.
    """
    cv2.setNumThreads(1)
    folder.mkdir(parents=True, exist_ok=True)
    heard = [at_ms for at_ms in board.speech_at_ms if at_ms >= 0]
    cues = plan_cues(spoken, board.speech_at_ms)
    canvas = canvas_of(spec.canvas, captions=bool(heard))
    takes, findings = build_takes(spec, board, canvas)
    overlay = _overlay(spec, board, canvas, cues)
    with tempfile.TemporaryDirectory(prefix=".cutting-", dir=folder) as work:
        sound = Path(work) / "sound.m4a"
        loudness = _write_sound(spec, board, spoken, music_wav, sound)
        _write_film(spec, board, takes, overlay, (sound, folder))
    _write_beside(folder, cues, spoken, board)
    findings += _loudness_findings(loudness, spec, silent=not spoken and not music_wav)
    findings += _speech_findings(board, spoken)
    return _result(spec, board, folder, (canvas, loudness, tuple(sorted(set(findings)))))


def build_takes(
    spec: FilmSpec, board: Storyboard, canvas: Canvas
) -> tuple[list[_Take], list[Finding]]:
    """Every shot of `board` with its actors, and what was found while building them."""
    folder = storyboard_folder()
    layouts = read_layouts(folder)
    plans = _file_of(board, read_storyboards(folder))
    findings: list[Finding] = []
    takes = []
    for shot in board.shots:
        plan = plans.shot(shot.role)
        scheme = scheme_of(spec.palette, plan.scheme)
        tail_s = LENGTHS_S[_next_transition(board, shot)]
        stage = Set(
            spec=spec,
            canvas=canvas,
            scheme=scheme,
            shot_s=(shot.end_ms - shot.start_ms) / 1000 + tail_s,
            motion=shot.motion,
        )
        actors = [actor for layer in layouts[shot.layout] for actor in build_layer(layer, stage)]
        findings += stage.findings
        scene = Scene(actors, canvas.width_px, canvas.height_px)
        takes.append(_Take(shot=shot, scene=scene, band_yuv=_yuv(scheme.accent.bgr)))
    return takes, findings


def frame_count(board: Storyboard, fps: int) -> int:
    """How many frames the film has."""
    return round(board.duration_ms * fps / 1000)


def _file_of(board: Storyboard, files: Sequence[StoryboardFile]) -> StoryboardFile:
    found = next((file for file in files if file.name == board.name), None)
    if found is None:
        raise RenderError(f"there is no storyboard {board.name!r} any more; plan the film again")
    return found


def _next_transition(board: Storyboard, shot: Shot) -> str:
    after = [other for other in board.shots if other.start_ms == shot.end_ms]
    return after[0].transition if after else "cut"


def _yuv(bgr: tuple[int, int, int]) -> tuple[int, int, int]:
    patch = np.full((2, 2, 4), 255, np.uint8)
    patch[:, :, :3] = bgr
    sprite = sprite_of(patch)
    return int(sprite.y[0, 0]), int(sprite.u[0, 0]), int(sprite.v[0, 0])


def _overlay(
    spec: FilmSpec, board: Storyboard, canvas: Canvas, cues: Sequence[Cue]
) -> list[Actor]:
    """What lies over all shots: captions and the AI label."""
    scheme = scheme_of(spec.palette, "ink")
    lit = lit_colour((scheme.accent, scheme.panel))
    shown = [cue for cue in cues if _captioned(spec, board, cue)]
    actors = caption_actors(spec, canvas, shown, lit)
    return [*actors, *label_actor(spec, canvas)]


def _captioned(spec: FilmSpec, board: Storyboard, cue: Cue) -> bool:
    """Whether a cue is shown: not where the storyboard wants none."""
    plans = _file_of(board, read_storyboards(storyboard_folder()))
    shot = next((shot for shot in board.shots if cue.line in shot.speech), board.shots[0])
    del spec
    return plans.shot(shot.role).captions != "none"


class _Cutter:
    """Paints the film's frames in order: shots, transitions, overlay."""

    def __init__(self, takes: list[_Take], overlay: list[Actor], size_px: tuple[int, int]) -> None:
        self._takes = takes
        self._overlay = overlay
        self._old, self._new = new_frame(*size_px), new_frame(*size_px)

    def paint_shots(self, frame: Frame, time_ms: float) -> None:
        """The moment `time_ms` without what lies over it."""
        index = next(
            place
            for place, take in reversed(list(enumerate(self._takes)))
            if time_ms >= take.shot.start_ms - 0.5
        )
        take = self._takes[index]
        length_ms = 1000 * LENGTHS_S[take.shot.transition] if index else 0
        gone_ms = time_ms - take.shot.start_ms
        if gone_ms >= length_ms:
            take.paint(frame, time_ms)
            return
        self._takes[index - 1].paint(self._old, time_ms)
        take.paint(self._new, time_ms)
        share = (gone_ms + 1) / length_ms
        join_frames(take.shot.transition, self._old, self._new, frame, share, take.band_yuv)

    def paint_overlay(self, frame: Frame, time_ms: float) -> None:
        """Captions and label over what has been painted."""
        for actor in self._overlay:
            pose = actor.motion.pose(time_ms / 1000)
            if pose.opacity > 0:
                paint(frame, actor.sprite, actor.at, pose)


def _write_film(
    spec: FilmSpec,
    board: Storyboard,
    takes: list[_Take],
    overlay: list[Actor],
    paths: tuple[Path, Path],
) -> None:
    sound, folder = paths
    fps = spec.canvas.fps
    size_px = spec.canvas.width_px // 2 * 2, spec.canvas.height_px // 2 * 2
    cutter = _Cutter(takes, overlay, size_px)
    cover_at = _cover_frame(board, fps)
    with appearing(folder / "film.mp4") as part:
        arguments = film_arguments(size_px, fps, sound, part, spec.canvas.min_kbps)
        with open_film(arguments, sound.with_name("ffmpeg.log"), size_px) as pump:
            for number in range(frame_count(board, fps)):
                frame = pump.take()
                cutter.paint_shots(frame, number * 1000 / fps)
                if number == cover_at:
                    _write_cover(frame, folder / "cover.jpg")
                cutter.paint_overlay(frame, number * 1000 / fps)
                pump.give(frame)


def _cover_frame(board: Storyboard, fps: int) -> int:
    """A frame late in the product's shot, when everything has arrived."""
    roles = {shot.role: shot for shot in reversed(board.shots)}
    shot = roles.get("product") or roles.get("offer") or board.shots[0]
    at_ms = shot.start_ms + 0.72 * (shot.end_ms - shot.start_ms)
    return min(frame_count(board, fps) - 1, round(at_ms * fps / 1000))


def _write_cover(frame: Frame, target: Path) -> None:
    ok, data = cv2.imencode(".jpg", frame_to_bgr(frame), [cv2.IMWRITE_JPEG_QUALITY, 90])
    if not ok:
        raise RenderError(f"the cover {target.name!r} could not be encoded")
    with appearing(target) as part:
        part.write_bytes(data.tobytes())


def _write_sound(
    spec: FilmSpec,
    board: Storyboard,
    spoken: Sequence[SpokenLine],
    music_wav: bytes,
    target: Path,
) -> Loudness:
    length = round(board.duration_ms * RATE_HZ / 1000)
    lines = _placed(spoken, board)
    cues = _effect_cues(board) if spoken or music_wav else []
    mixed = mixing.mix_sound(music_wav, lines, cues, length, spec.seed)
    return encode_master(mixed, target, spec.canvas.loudness_lufs)


def _placed(spoken: Sequence[SpokenLine], board: Storyboard) -> list[mixing.Spoken]:
    pairs = zip(spoken, board.speech_at_ms, strict=True)
    return [mixing.Spoken(wav=line.wav, at_ms=at_ms) for line, at_ms in pairs if at_ms >= 0]


def _effect_cues(board: Storyboard) -> list[mixing.Cue]:
    plans = _file_of(board, read_storyboards(storyboard_folder()))
    wanted = [(plans.shot(shot.role).sound, shot.start_ms) for shot in board.shots]
    return [mixing.Cue(name=name, at_ms=at_ms + 60) for name, at_ms in wanted if name in LEADS_S]


def _write_beside(
    folder: Path, cues: Sequence[Cue], spoken: Sequence[SpokenLine], board: Storyboard
) -> None:
    if not cues:
        return
    for name, text in (("captions.srt", srt_text(cues)), ("captions.vtt", vtt_text(cues))):
        with appearing(folder / name) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
    length = round(board.duration_ms * RATE_HZ / 1000)
    voice = mixing.voice_track(_placed(spoken, board), length)
    with appearing(folder / "voice.mp3") as part:
        encode_sound(voice[None, :], part, codec="libmp3lame", kbps=96)


def _loudness_findings(loudness: Loudness, spec: FilmSpec, *, silent: bool) -> list[Finding]:
    wanted = spec.canvas.loudness_lufs
    if silent or abs(loudness.lufs - wanted) <= 1.0:
        return []
    return [
        Finding(
            code="film.loudness",
            severity=Severity.WARN,
            message=f"the film is at {loudness.lufs:.1f} LUFS, {wanted:.0f} were wanted",
            field="film.mp4",
        )
    ]


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
    made: tuple[Canvas, Loudness, tuple[Finding, ...]],
) -> FilmResult:
    canvas, loudness, findings = made

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
        storyboard=board.name,
        findings=findings,
    )
