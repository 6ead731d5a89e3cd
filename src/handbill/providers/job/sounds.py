"""Music as services send it, made to fit: stereo 48 kHz WAV of the exact length."""

from __future__ import annotations

import io
import tempfile
import wave
from pathlib import Path

from handbill.errors import BadAnswer, RenderError
from handbill.foreign.ffmpeg import file_input, run_ffmpeg

_RATE_HZ = 48_000
_CHANNELS = 2
_SAMPLE_BYTES = 2
_LEAST_BYTES = 128
_FADE_S = 0.8
# What a file begins with → its kind, and the demuxer that may read it.
_HEADS = (
    (b"RIFF", "audio/wav", "wav"),
    (b"ID3", "audio/mpeg", "mp3"),
    (b"\xff\xfb", "audio/mpeg", "mp3"),
    (b"\xff\xf3", "audio/mpeg", "mp3"),
    (b"fLaC", "audio/flac", "flac"),
    (b"OggS", "audio/ogg", "ogg"),
)


def sound_mime(data: bytes) -> str:
    """``audio/wav``, ``audio/mpeg``, ``audio/flac``, ``audio/ogg``, or empty."""
    if len(data) < _LEAST_BYTES:
        return ""
    return next((mime for head, mime, _ in _HEADS if data.startswith(head)), "")


def fitted_wav(data: bytes, duration_ms: int, model: str) -> bytes:
    """`data` as stereo 16-bit WAV at 48 kHz, exactly `duration_ms` long.

    A piece that is too long is cut and faded out, one that is too short begins again.

    Raises:
        BadAnswer: it is no sound that can be read.
    """
    kind = next((each for head, _, each in _HEADS if data.startswith(head)), "")
    frames = duration_ms * _RATE_HZ // 1000
    samples = _decoded(data, kind, duration_ms) if kind else b""
    size = frames * _CHANNELS * _SAMPLE_BYTES
    if not samples:
        raise BadAnswer("what came is no sound that can be read", provider="job", model=model)
    whole = (samples * (size // len(samples) + 1))[:size]
    sound = io.BytesIO()
    with wave.open(sound, "wb") as writer:
        writer.setnchannels(_CHANNELS)
        writer.setsampwidth(_SAMPLE_BYTES)
        writer.setframerate(_RATE_HZ)
        writer.writeframes(whole)
    return sound.getvalue()


def _decoded(data: bytes, kind: str, duration_ms: int) -> bytes:
    """Samples of at most `duration_ms`, faded at the end; empty where nothing can be read."""
    length_s = duration_ms / 1000
    fade = f"afade=t=out:st={max(0.0, length_s - _FADE_S):.3f}:d={_FADE_S}"
    with tempfile.TemporaryDirectory(prefix="handbill-music-") as folder:
        path = Path(folder) / "music"
        path.write_bytes(data)
        form = ["-vn", "-ar", str(_RATE_HZ), "-ac", str(_CHANNELS), "-f", "s16le", "pipe:1"]
        wanted = ["-t", f"{length_s:.3f}", "-af", fade, *form]
        try:
            samples, _ = run_ffmpeg([*file_input(path, kind), *wanted], limit_s=60.0)
        except RenderError:
            return b""
    return samples[: len(samples) // 4 * 4]
