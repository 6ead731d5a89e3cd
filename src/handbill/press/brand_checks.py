"""Pictures that people bring, held against a campaign's brand and placements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from handbill.campaign_folder import read_campaign
from handbill.channels import Catalogue
from handbill.domain.brandkit import Palette
from handbill.domain.placement import ImageSpec
from handbill.domain.verdict import BrandVerdict
from handbill.press.docket import read_kit


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPicture:
    """One picture: its verdict, or why it cannot be read."""

    path: str
    verdict: BrandVerdict | None
    fault: str = ""


def judge_pictures(
    paths: Sequence[Path], campaign_folder: Path, catalogue: Catalogue
) -> Iterator[JudgedPicture]:
    """Hold pictures against the brand and the placements of the campaign in a folder.

    Raises:
        UserError: the campaign, its brand or a placement cannot be used.
    """
    campaign = read_campaign(str(campaign_folder))
    kit = read_kit(campaign)
    placements = (catalogue.placement(name) for name in campaign.placements)
    canvases = tuple(placement.image for placement in placements if placement.image)
    for path in paths:
        yield _judged(path, kit.palette, canvases)


def _judged(path: Path, palette: Palette, canvases: Sequence[ImageSpec]) -> JudgedPicture:
    from PIL import Image  # noqa: PLC0415 - --help stays fast

    from handbill.checking.brand import judge_picture  # noqa: PLC0415 - loads OpenCV
    from handbill.rendering.picture_decoding import decode_picture  # noqa: PLC0415 - loads OpenCV

    try:
        decoded = decode_picture(path)
    except (OSError, ValueError, Image.DecompressionBombError) as fault:
        return JudgedPicture(path=str(path), verdict=None, fault=str(fault))
    size = (decoded.width_px, decoded.height_px)
    verdict = judge_picture(decoded.pixels[:, :, :3], palette, canvases, size)
    return JudgedPicture(path=str(path), verdict=verdict)
