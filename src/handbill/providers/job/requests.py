"""The body of a request: a profile's template, filled for one wish."""

from __future__ import annotations

import base64
import copy
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from handbill.errors import CapabilityMissing
from handbill.providers.job.documents import place
from handbill.providers.job.profile import Submit
from handbill.providers.job.settings import JobSettings
from handbill.providers.ports import ImageRequest, MusicRequest, VideoRequest

Values = Mapping[str, str | int]

_SLOT = re.compile(r"\{([a-z0-9_]+)\}")


def values_of(request: VideoRequest | ImageRequest, settings: JobSettings) -> dict[str, Any]:
    """Placeholder → value for one request."""
    submit = settings.profile.submit
    values: dict[str, str | int] = {
        "prompt": request.prompt,
        "model": settings.model,
        "width_px": request.width_px,
        "height_px": request.height_px,
        "shape": _shape(request.width_px / request.height_px, submit.shapes),
    }
    if isinstance(request, VideoRequest):
        values["duration_s"] = seconds_for(request.duration_s, submit.durations_s)
        values["seed"] = request.seed
    return values


def music_values(request: MusicRequest, settings: JobSettings) -> dict[str, Any]:
    """Placeholder → value for a piece of music."""
    offered = settings.profile.submit.durations_s
    return {
        "model": settings.model,
        "mood": request.mood,
        "bpm": request.bpm,
        "duration_s": seconds_for(request.duration_ms / 1000, offered),
        "seed": request.seed,
    }


def body_of(
    values: Values, reference_png: bytes, settings: JobSettings
) -> tuple[str, dict[str, Any]]:
    """Path and body of the request that hands the job in.

    Raises:
        CapabilityMissing: a picture for a service that takes none.
    """
    submit = settings.profile.submit
    filled = _filled(copy.deepcopy(submit.body), values)
    body = {name: each for name, each in filled.items() if each != ""}
    if reference_png:
        _place_picture(body, reference_png, submit, settings.model)
    for name, value in settings.extra.items():
        place(body, f"{submit.extra}.{name}" if submit.extra else name, value)
    path = submit.path_with_image if reference_png and submit.path_with_image else submit.path
    return str(_filled(path, values)), body


def seconds_for(wanted_s: float, offered_s: Sequence[int]) -> int:
    """The shortest length on offer that is long enough, else the longest; whole seconds, ≥ 1."""
    wanted = max(1, math.ceil(wanted_s))
    if not offered_s:
        return wanted
    return min((each for each in offered_s if each >= wanted), default=max(offered_s))


def _place_picture(body: dict[str, Any], png: bytes, submit: Submit, model: str) -> None:
    if not submit.with_image:
        raise CapabilityMissing(
            "this service's profile takes no picture", provider="job", model=model
        )
    encoded = base64.b64encode(png).decode()
    values = {"image_base64": encoded, "image": f"data:image/png;base64,{encoded}"}
    for path, part in submit.with_image.items():
        place(body, path, _filled(copy.deepcopy(part), values))


def _shape(ratio: float, shapes: Mapping[str, str]) -> str:
    """The service's word for the ratio that comes closest, else the ratio's own."""
    if not shapes:
        return f"{ratio:.4f}"

    def distance(name: str) -> float:
        wide, _, high = name.partition(":")
        return abs(math.log(int(wide) / int(high) / ratio))

    return shapes[min(shapes, key=distance)]


def _filled(part: Any, values: Values) -> Any:
    """`part` with its placeholders filled, once: what comes in is never looked at again."""
    if isinstance(part, dict):
        return {name: _filled(each, values) for name, each in part.items()}
    if isinstance(part, list):
        return [_filled(each, values) for each in part]
    if not isinstance(part, str):
        return part
    alone = _SLOT.fullmatch(part)
    if alone and alone[1] in values:
        return values[alone[1]]
    return _SLOT.sub(lambda slot: str(values.get(slot[1], slot[0])), part)
