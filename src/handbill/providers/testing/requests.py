"""Small requests of every kind, made from values alone."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Brief, SourceRow
from handbill.domain.campaign import Campaign
from handbill.domain.placement import Placement, TextField
from handbill.domain.plan import plan_orders
from handbill.domain.prompt import Prompt
from handbill.providers.ports import (
    CopyRequest,
    ImageRequest,
    MusicRequest,
    SpeechRequest,
    VideoRequest,
)

_PLACEMENTS = {
    "x.post": {"text": TextField(name="text", limit=280, unit="x_weighted")},
    "sms.text": {"text": TextField(name="text", limit=160, unit="gsm7_septets")},
}


def a_copy_request(locales: Sequence[str] = ()) -> CopyRequest:
    """Two placements of one brief, in the first of `locales`, else in English."""
    locale = locales[0] if locales else "en"
    kit = BrandKit(
        name="Harbour",
        palette=Palette(primary="#123456", secondary="#654321", ink="#000000", paper="#ffffff"),
        heading=Typeface(family="Poppins"),
        body=Typeface(family="Poppins"),
    )
    brief = Brief(
        id="lamp",
        slug="lamp",
        source=SourceRow(file="briefs.csv", row=2),
        language=locale,
        product="Tide Lamp",
        description="A small lamp for boats.",
        benefits=("Floats", "Charges in the sun"),
    )
    placements = {
        name: Placement(id=name, platform=name, kind="organic", makes=("copy",), texts=texts)
        for name, texts in _PLACEMENTS.items()
    }
    campaign = Campaign(
        name="Kit",
        folder="/",
        sheet="/briefs.csv",
        placements=tuple(placements),
        locales=(locale,),
    )
    return CopyRequest(
        brief=brief,
        kit=kit,
        locale=locale,
        account="",
        audience="",
        variant=1,
        seed=7,
        orders=plan_orders(campaign, kit, [brief], placements).orders,
        facts=MappingProxyType({"product": "Tide Lamp", "brand": "Harbour"}),
        prompt=Prompt(rules="Write marketing copy.", brand="Brand: Harbour", ask="Tide Lamp"),
    )


def a_speech_request() -> SpeechRequest:
    """One short line."""
    return SpeechRequest(text="A small lamp for boats.", locale="en")


def a_music_request() -> MusicRequest:
    """Three seconds."""
    return MusicRequest(mood="warm", duration_ms=3000, bpm=96, seed=7)


def a_picture_request() -> ImageRequest:
    """One small square."""
    return ImageRequest(prompt="a lamp on a table", width_px=256, height_px=256)


def a_clip_request() -> VideoRequest:
    """A few seconds, small and wide."""
    return VideoRequest(
        prompt="waves at a quay", width_px=640, height_px=360, duration_s=4.0, seed=7
    )
