"""Film plug-ins of other packages: moviepy clips and effects, run in a process of their own.

A package offers them by entry points. ``handbill.film_clips`` names a callable that takes a
mapping (what is asked for) and returns a moviepy clip; ``handbill.film_effects`` names a moviepy
effect, or a callable that takes a clip and returns one. What they do, and how long, is theirs: so
they run apart, are ended when they stand still, and leave one file behind or none.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from handbill.errors import RenderError
from handbill.foreign.tool import appearing

GROUPS = {"clip": "handbill.film_clips", "effect": "handbill.film_effects"}
LONGEST_S = 60.0
STALL_S = 60.0
_LIMIT_S = 1800.0
_TOLD_CHARS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmPlugin:
    """One plug-in on this machine; `source` says where its code is."""

    name: str
    package: str
    version: str
    source: str

    @property
    def identity(self) -> str:
        """What decides what it makes, as far as anybody can tell from outside."""
        return f"{self.name} ({self.package} {self.version}, {self.source})"


@cache
def film_plugins(kind: str) -> Mapping[str, FilmPlugin]:
    """The plug-ins of a kind (``clip`` or ``effect``) by name; none of them is loaded."""
    return {
        point.name: FilmPlugin(
            name=point.name,
            package=point.dist.name if point.dist else "",
            version=point.dist.version if point.dist else "",
            source=point.value,
        )
        for point in entry_points(group=GROUPS[kind])
    }


def run_film_plugins(
    target: Path,
    *,
    clip: str = "",
    effects: tuple[str, ...] = (),
    source: Path | None = None,
    ask: Mapping[str, Any],
) -> None:
    """Write the MP4 that comes out of the plug-ins to `target`, at most a minute of it.

    Args:
        target: appears whole or not at all.
        clip: name of the plug-in that makes a clip; empty when `source` is what is changed.
        effects: names of the effects, in their order.
        source: a clip, even and upright.
        ask: what the clip is for; has `fps` and `length_s`.

    Raises:
        RenderError: a plug-in failed, stood still, or returned no clip.
    """
    with appearing(target) as part:
        request = {
            "target": str(part),
            "clip": clip,
            "effects": list(effects),
            "source": str(source or ""),
            "ask": dict(ask),
            "longest_s": LONGEST_S,
            "stall_s": STALL_S,
        }
        # -P: a file beside the campaign is never taken for a library.
        command = [sys.executable, "-P", "-m", "handbill.foreign.film_plugin_child"]
        named = ", ".join(filter(None, [clip, *effects]))
        try:
            done = subprocess.run(
                command,
                input=json.dumps(request).encode(),
                capture_output=True,
                timeout=_LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            message = f"the film plug-in {named!r} did not end within {_LIMIT_S:.0f} s"
            raise RenderError(message) from None
        if done.returncode != 0:
            told = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
            raise RenderError(f"the film plug-in {named!r} failed: {told[-1][:_TOLD_CHARS]}")
