"""What a film sounds like: mixed, levelled and encoded beside the drawing of its shots.

Films of one storyboard in several shapes have the same sound. A process that cuts them one after
another makes it once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from handbill.domain.digest import digest
from handbill.domain.sound import SpokenLine
from handbill.domain.storyboard import Storyboard
from handbill.foreign.tool import appearing
from handbill.rendering.films.storyboard_files import find_board
from handbill.rendering.pixel_cache import PixelCache
from handbill.rendering.sound import mixing
from handbill.rendering.sound.effects import LEADS_S, RATE_HZ
from handbill.rendering.sound.mastering import Loudness, encode_master, encode_sound
from handbill.rendering.spec import FilmSpec

_KEPT_BYTES = 16 << 20
_VOICE_KBPS = 96
_EFFECT_LATE_MS = 60
_UNMEASURED = Loudness(lufs=-70.0, peak_db=-70.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Everything that decides a film's sound.

    Attributes:
        spoken: the lines that are heard, at their moments.
        music_wav: a bed, or empty bytes.
        effects: at the cuts.
        beds: sounds of the user's clips.
        length: in samples at 48 000 Hz.
        lufs: wanted loudness.
        music_gain_db: how much louder than usual music is.
    """

    spoken: tuple[mixing.Spoken, ...]
    music_wav: bytes
    effects: tuple[mixing.Cue, ...]
    length: int
    seed: int
    lufs: float
    beds: tuple[mixing.Bed, ...] = ()
    music_gain_db: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundtrack:
    """An encoded sound: the whole film's as ``.m4a`` with its loudness, or the voice as MP3."""

    data: bytes
    loudness: Loudness = _UNMEASURED


class SoundDesk:
    """Makes master and voice of one film on a thread of its own; a context manager.

    Nearly all of that happens in ffmpeg and NumPy, so it costs the drawing thread nothing.
    """

    def __init__(self, score: Score) -> None:
        self._score = score
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="handbill-sound")
        self._master: Future[Soundtrack] = self._thread.submit(_recalled, "master", score)
        self._voice: Future[Soundtrack] | None = None
        if score.spoken:
            self._voice = self._thread.submit(_recalled, "voice", score)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def write_master(self, target: Path) -> Loudness:
        """Write the film's sound as ``.m4a`` and tell its loudness; waits until it is made.

        Raises:
            RenderError: ffmpeg failed.
        """
        track = self._master.result()
        target.write_bytes(track.data)
        return track.loudness

    def write_voice(self, target: Path) -> None:
        """Write the voice-over alone as ``.mp3``, where anybody speaks.

        Raises:
            RenderError: ffmpeg failed.
        """
        if self._voice is not None:
            with appearing(target) as part:
                part.write_bytes(self._voice.result().data)


def score_of(
    board: Storyboard,
    spoken: Sequence[SpokenLine],
    music_wav: bytes,
    spec: FilmSpec,
) -> Score:
    """The score of `board` without the sounds of clips; arguments as for `cutting.cut_film`."""
    pairs = zip(spoken, board.speech_at_ms, strict=True)
    return Score(
        spoken=tuple(
            mixing.Spoken(wav=line.wav, at_ms=at_ms) for line, at_ms in pairs if at_ms >= 0
        ),
        music_wav=music_wav,
        effects=_effects(board) if spoken or music_wav else (),
        length=round(board.duration_ms * RATE_HZ / 1000),
        seed=spec.seed,
        lufs=spec.canvas.loudness_lufs,
        music_gain_db=spec.music_gain_db,
    )


def _effects(board: Storyboard) -> tuple[mixing.Cue, ...]:
    plans = find_board(board.name)
    before = ("", *(shot.role for shot in board.shots))
    wanted = [
        # The second half of a long shot comes with air alone.
        ("whoosh" if role == shot.role else plans.shot(shot.role).sound, shot.start_ms)
        for role, shot in zip(before, board.shots, strict=False)
    ]
    return tuple(
        mixing.Cue(name=name, at_ms=at_ms + _EFFECT_LATE_MS)
        for name, at_ms in wanted
        if name in LEADS_S
    )


_tracks: PixelCache[Soundtrack] = PixelCache(_KEPT_BYTES, lambda track: len(track.data))


def _recalled(part: str, score: Score) -> Soundtrack:
    make = {"master": _make_master, "voice": _make_voice}[part]

    def made() -> Soundtrack:
        with TemporaryDirectory(prefix="handbill-sound-") as folder:
            return make(score, Path(folder))

    return _tracks.recall((part, _key(score)), made)


def _make_master(score: Score, folder: Path) -> Soundtrack:
    target = folder / "sound.m4a"
    music = mixing.music_track(score.music_wav, score.length, score.music_gain_db)
    mixed = mixing.mix_sound(music, score.spoken, score.effects, score.seed)
    mixed = mixing.with_beds(mixed, score.beds, score.spoken)
    loudness = encode_master(mixed, target, score.lufs)
    return Soundtrack(data=target.read_bytes(), loudness=loudness)


def _make_voice(score: Score, folder: Path) -> Soundtrack:
    target = folder / "voice.mp3"
    voice = mixing.voice_track(score.spoken, score.length)
    encode_sound(voice[None, :], target, codec="libmp3lame", kbps=_VOICE_KBPS)
    return Soundtrack(data=target.read_bytes())


def _key(score: Score) -> str:
    return digest(
        [
            [[_sha(line.wav), line.at_ms] for line in score.spoken],
            _sha(score.music_wav),
            [[cue.name, cue.at_ms] for cue in score.effects],
            [[_sha(bed.sound.tobytes()), bed.at_ms] for bed in score.beds],
            [score.length, score.seed, score.lufs, score.music_gain_db],
        ]
    )


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
