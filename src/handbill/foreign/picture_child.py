"""The decoding process: opens pictures from strangers, one a request, under limits of its own.

Decoders are the code that hostile pictures aim at. Here they have no settings and no keys in their
environment, may write no file, and end when a picture takes too much memory or time. The file is
run by its path in isolated mode, not imported; it uses the standard library and Pillow alone.

Standard input holds one JSON object a line: ``path``, ``formats``, ``most_pixels``, ``least_px``,
``limit_s``. Standard output answers each with one line: ``found`` (``whole``, ``unknown``,
``too_large``, ``too_small``, ``too_costly`` or ``damaged``), ``fault``, and where they are known
``width_px`` and ``height_px``.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from typing import Any

from PIL import Image, UnidentifiedImageError

# 50 megapixels of four bytes, the coefficients of a progressive JPEG beside them, and Python.
_MOST_MEMORY_BYTES = 1_500_000_000


def _confine() -> None:
    for limit, value in (
        (resource.RLIMIT_AS, _MOST_MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)  # noqa: PLW2901 - what may be had
        resource.setrlimit(limit, (value, value))


def _grant(limit_s: int) -> None:
    """So many more seconds of processor time; the system ends a process that needs more."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(usage.ru_utime + usage.ru_stime) + limit_s
    soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _proved(request: dict[str, Any]) -> dict[str, Any]:
    with Image.open(request["path"], formats=request["formats"]) as picture:
        width_px, height_px = picture.size
        answer = {"width_px": width_px, "height_px": height_px, "fault": ""}
        if width_px * height_px > request["most_pixels"]:
            return answer | {"found": "too_large"}
        if min(width_px, height_px) < request["least_px"]:
            return answer | {"found": "too_small"}
        picture.draft("RGB", (64, 64))
        picture.load()
    return answer | {"found": "whole"}


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    _grant(int(request["limit_s"]))
    try:
        return _proved(request)
    except UnidentifiedImageError:
        return {"found": "unknown", "fault": ""}
    except MemoryError:
        return {"found": "too_costly", "fault": "memory"}
    except Exception as fault:  # noqa: BLE001 - decoders raise whatever their format makes them
        return {"found": "damaged", "fault": str(fault)[:200]}


def main() -> int:
    """Answer every request until standard input ends; returns the exit code."""
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # the request says how many are too many
    Image.init()
    _confine()
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)  # noqa: T201 - a process
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
