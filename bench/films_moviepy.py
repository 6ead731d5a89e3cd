"""The same storyboard as one writes it with moviepy: clips, positions, resize, cross-fades.

It uses the same pictures, fonts, sound, encoder settings and number of threads. It shows a little
less than the film it is compared with: captions have no lit word, and shots cross-fade instead of
wiping.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from moviepy import AudioFileClip, CompositeVideoClip, ImageClip, TextClip, vfx

from handbill.rendering.colour_scheme import Scheme, scheme_of
from handbill.rendering.films.captions import plan_cues
from handbill.rendering.films.storyboard_files import find_board
from handbill.rendering.posters.grounds import draw_ground
from handbill.rendering.typography.font_files import bundled_families

if TYPE_CHECKING:
    from bench.films_work import Work

_FADE_S = 0.4


def cut_by_moviepy(work: Work, folder: Path, span_s: tuple[float, float]) -> None:
    """Write ``moviepy.mp4``: the seconds `span_s`, with the sound that lies in `folder`."""
    canvas = work.spec.canvas
    size = (canvas.width_px, canvas.height_px)
    plans = find_board(work.board.name)
    scenes = []
    for index, shot in enumerate(work.board.shots):
        scheme = scheme_of(work.spec.palette, plans.shot(shot.role).scheme)
        length_s = (shot.end_ms - shot.start_ms) / 1000 + _FADE_S
        scene = CompositeVideoClip(_layers(work, index, scheme, length_s), size=size)
        scene = scene.with_duration(length_s).with_start(shot.start_ms / 1000)
        scenes.append(scene.with_effects([vfx.CrossFadeIn(_FADE_S)]) if index else scene)
    film = CompositeVideoClip([*scenes, *_captions(work)], size=size)
    sound = AudioFileClip(str(folder / "sound.m4a"))
    film = film.with_duration(work.board.duration_ms / 1000).with_audio(sound)
    # The sound may end some milliseconds before the last frame.
    film = film.subclipped(span_s[0], min(span_s[1], sound.duration))
    film.write_videofile(
        str(folder / "moviepy.mp4"),
        fps=canvas.fps,
        codec="libx264",
        preset="veryfast",
        threads=2,
        audio_codec="aac",
        ffmpeg_params=["-crf", "20", "-pix_fmt", "yuv420p", "-g", str(2 * canvas.fps)],
        logger=None,
    )


def _layers(work: Work, index: int, scheme: Scheme, length_s: float) -> list[Any]:
    spec = work.spec
    width, height = spec.canvas.width_px, spec.canvas.height_px
    ground = draw_ground("sweep", scheme, width, height, spec.seed)[:, :, 2::-1]
    layers: list[Any] = [ImageClip(ground).with_duration(length_s)]
    if index:
        product = ImageClip(spec.pictures[0].path).with_duration(length_s)
        product = product.resized(height=height * 0.5)
        grown = product.with_effects([vfx.Resize(lambda t: 1 + 0.03 * t)])
        layers.append(grown.with_position(("center", 0.38), relative=True))
    top = 0.13
    for number, text in enumerate(work.board.shots[index].texts[:4]):
        clip = _text(text, round(width * (0.075 if number == 0 else 0.045)), scheme.ink.hex, width)
        clip = clip.with_start(0.25 * number).with_duration(length_s - 0.25 * number)
        clip = clip.with_effects([vfx.CrossFadeIn(0.3)])
        layers.append(clip.with_position(("center", top), relative=True))
        top += clip.h / height + 0.01
    return layers


def _captions(work: Work) -> list[Any]:
    width = work.spec.canvas.width_px
    clips = []
    for cue in plan_cues(work.spoken, work.board.speech_at_ms):
        clip = _text(cue.text, round(width * 0.047), "#ffffff", width, "#0e1014")
        clip = clip.with_start(cue.start_ms / 1000).with_end(cue.end_ms / 1000)
        clips.append(clip.with_position(("center", 0.74), relative=True))
    return clips


def _text(text: str, size_px: int, colour: str, width: int, ground: str | None = None) -> Any:
    faces = bundled_families()["Poppins"]
    bold = next(face for face in faces if face.weight == 700 and not face.italic)
    return TextClip(
        font=bold.path,
        text=text,
        font_size=size_px,
        color=colour,
        bg_color=ground,
        method="caption",
        size=(round(width * 0.86), None),
        text_align="center",
        margin=(8, 8),
    )
