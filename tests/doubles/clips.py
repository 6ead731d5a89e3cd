"""Clips made of given pictures, for tests of footage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from handbill.foreign.ffmpeg import run_ffmpeg

Picture = npt.NDArray[np.uint8]


def a_clip_of(path: Path, pictures: Sequence[Picture], fps: int = 10) -> Path:
    """The BGR `pictures` as a film that hardly differs from them, tagged as BT.709."""
    high, wide = pictures[0].shape[:2]
    raw = b"".join(np.ascontiguousarray(one).tobytes() for one in pictures)
    coming = ["-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{wide}x{high}", "-r", str(fps)]
    tagged = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    shaped = ["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p"]
    going = ["-preset", "ultrafast", "-crf", "6", str(path)]
    run_ffmpeg([*coming, "-i", "pipe:0", *shaped, *tagged, *going], sound_in=raw)
    return path
