"""The process in which film plug-ins run: loads them, paints their clip, and ends.

Standard input holds one JSON object: ``target``, ``clip``, ``effects``, ``source``, ``ask``,
``longest_s`` and ``stall_s``, as in `film_plugins.run_film_plugins`. What is wrong is the last
line of standard error.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from handbill.errors import HandbillError, RenderError
from handbill.foreign.ffmpeg import open_encoder
from handbill.foreign.film_plugins import GROUPS

_RATE_HZ = 48_000
_BLOCK_S = 1.0
_STOOD_STILL = 3
_CHANNELS = 3


@contextmanager
def _watched(stall_s: float) -> Iterator[Callable[[], None]]:
    """Gives a callable to be called after every step; ends the process when that stays out."""
    stepped, over = threading.Event(), threading.Event()

    def watch() -> None:
        while not over.is_set():
            stepped.clear()
            if not stepped.wait(stall_s) and not over.is_set():
                told = f"it gave nothing for {stall_s:.0f} s and was stopped\n"
                os.write(sys.stderr.fileno(), told.encode())
                os._exit(_STOOD_STILL)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield stepped.set
    finally:
        over.set()
        stepped.set()


def _plugin(kind: str, name: str) -> Any:
    found = next((one for one in entry_points(group=GROUPS[kind]) if one.name == name), None)
    if found is None:
        message = f"no installed package offers {name!r} under {GROUPS[kind]}"
        raise RenderError(message)
    return found.load()


def _clip(request: dict[str, Any]) -> Any:
    """The clip that the request describes, effects and all."""
    if request["clip"]:
        clip = _plugin("clip", request["clip"])(request["ask"])
    else:
        from moviepy import VideoFileClip  # noqa: PLC0415 - only where a clip is read

        clip = VideoFileClip(request["source"])
    for name in request["effects"]:
        clip = _changed(clip, _plugin("effect", name))
    if not callable(getattr(clip, "get_frame", None)):
        raise RenderError(f"it returned {type(clip).__name__} instead of a clip of moviepy")
    return clip


def _changed(clip: Any, effect: Any) -> Any:
    """`clip` with an effect of moviepy, or whatever a function makes of it."""
    effect = effect() if isinstance(effect, type) else effect
    return clip.with_effects([effect]) if hasattr(effect, "apply") else effect(clip)


def _write(clip: Any, request: dict[str, Any], step: Callable[[], None]) -> None:
    fps = int(request["ask"]["fps"])
    wished_s = getattr(clip, "duration", None) or request["ask"]["length_s"]
    length_s = min(float(wished_s), float(request["longest_s"]))
    first = _frame(clip, 0.0)
    high, wide = first.shape[:2]
    with tempfile.TemporaryDirectory(prefix="handbill-plugin-") as folder:
        sound = _sound(clip, length_s, Path(folder) / "sound.wav", step)
        even = "crop=trunc(iw/2)*2:trunc(ih/2)*2,scale=out_range=tv:out_color_matrix=bt709"
        tags = ("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709")
        arguments = [
            *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{wide}x{high}", "-r", str(fps)),
            *("-i", "pipe:0", *(["-i", f"file:{sound}", "-map", "1:a"] if sound else [])),
            *("-map", "0:v", "-vf", even, "-pix_fmt", "yuv420p", *tags),
            *("-c:v", "libx264", "-preset", "veryfast", "-crf", "12"),
            *("-c:a", "aac", "-b:a", "256k", "-fflags", "+bitexact", "-flags", "+bitexact"),
            f"file:{request['target']}",
        ]
        with open_encoder(arguments, Path(folder) / "log.txt") as sink:
            for number in range(max(1, round(length_s * fps))):
                frame = _frame(clip, number / fps)
                if frame.shape != first.shape:
                    raise RenderError(f"its pictures change size, at {number / fps:.2f} s")
                sink.write(memoryview(frame).cast("B"))
                step()


def _frame(clip: Any, time_s: float) -> Any:
    """The picture of a moment, shaped (height, width, 3), 8-bit RGB."""
    import numpy as np  # noqa: PLC0415 - comes with moviepy

    frame = np.asarray(clip.get_frame(time_s))
    if frame.ndim != _CHANNELS or frame.shape[-1] < _CHANNELS:
        raise RenderError(f"its picture has the shape {frame.shape}, not (height, width, 3)")
    return np.ascontiguousarray(np.clip(frame[:, :, :3], 0, 255).astype(np.uint8))


def _sound(clip: Any, length_s: float, target: Path, step: Callable[[], None]) -> Path | None:
    """The clip's sound as a WAV file, or None where it has none."""
    import numpy as np  # noqa: PLC0415 - comes with moviepy

    audio = getattr(clip, "audio", None)
    if audio is None:
        return None
    ends_s = min(length_s, float(audio.duration or length_s))
    with wave.open(str(target), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(_RATE_HZ)
        for begin in range(0, round(ends_s * _RATE_HZ), round(_BLOCK_S * _RATE_HZ)):
            end = min(round(ends_s * _RATE_HZ), begin + round(_BLOCK_S * _RATE_HZ))
            block = np.asarray(audio.get_frame(np.arange(begin, end) / _RATE_HZ))
            stereo = np.repeat(block.reshape(len(block), -1), 2, axis=1)[:, [0, -1]]
            out.writeframes(np.round(np.clip(stereo, -1, 1) * 32767).astype("<i2").tobytes())
            step()
    return target


def main() -> int:
    """Answer the one request on standard input; returns the exit code."""
    request = json.load(sys.stdin)
    try:
        with _watched(float(request["stall_s"])) as step:
            clip = _clip(request)
            step()
            _write(clip, request, step)
    except HandbillError as fault:
        print(fault, file=sys.stderr)  # noqa: T201 - a process of its own
        return 1
    except Exception as fault:  # noqa: BLE001 - whatever a plug-in does
        words = " ".join(str(fault).split())
        print(f"{type(fault).__name__}: {words}", file=sys.stderr)  # noqa: T201 - the same
        return 1
    return 0


if __name__ == "__main__":
    sys.stdout = sys.stderr  # what plug-ins print is no answer of ours
    raise SystemExit(main())
