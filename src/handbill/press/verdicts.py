"""How posters keep to their brand: judged from the drawn file, in the process that drew it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from handbill.rendering.spec import PosterResult, PosterSpec


def judged(spec: PosterSpec, result: PosterResult) -> PosterResult:
    """`result` with its verdict, and a finding for every rule that it does not keep."""
    if not result.path:
        return result
    from handbill.checking.brand import (  # noqa: PLC0415 - loads OpenCV
        brand_findings,
        judge_poster,
        read_bgr,
    )
    from handbill.checking.brand_words import DrawnPoster  # noqa: PLC0415 - loads OpenCV

    path = Path(result.path)
    poster = DrawnPoster(
        canvas=spec.canvas,
        kit=spec.kit,
        palette=spec.palette,
        boxes=result.boxes,
        strange_fonts=result.strange_fonts,
    )
    verdict = judge_poster(read_bgr(path, spec.canvas.width_px), poster)
    findings = brand_findings(verdict, f"image{path.suffix}")
    return dataclasses.replace(result, verdict=verdict, findings=result.findings + findings)
