"""Captions over a film: words lit one by one, plain blocks, or none, as the campaign wishes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.copy import DisplayText
from handbill.domain.placement import VideoSpec
from handbill.domain.sound import Samples, SpokenLine, wav_bytes
from handbill.rendering.films.captions import plan_cues
from handbill.rendering.films.overlays import film_canvas, overlay_actors
from handbill.rendering.films.planning import plan_film
from handbill.rendering.spec import FilmSpec

_PALETTE = Palette(primary="#0b6e4f", secondary="#f6ae2d", ink="#14213d", paper="#faf6ee")
_SPEC = FilmSpec(
    canvas=VideoSpec(width_px=360, height_px=640, max_s=60),
    display=DisplayText(headline="Pressed this morning", hook="Old juice?", cta="Order now"),
    speech=("Still buying old juice?", "Ours is pressed today.", "Order now."),
    kit=BrandKit(
        name="Harbour",
        palette=_PALETTE,
        heading=Typeface(family="Poppins"),
        body=Typeface(family="Lato"),
    ),
    palette=_PALETTE,
    pictures=(),
    locale="en",
    seed=3,
)


def _spoken() -> list[SpokenLine]:
    silence = wav_bytes(Samples(pcm=bytes(2 * 22_050 * 3 // 2), rate_hz=22_050, channels=1))
    return [SpokenLine(text=text, wav=silence) for text in _SPEC.speech]


@pytest.mark.parametrize(("style", "most"), [("", 30), ("karaoke", 30), ("block", 2), ("none", 0)])
def test_captions_are_shown_as_the_campaign_wishes(style: str, most: int) -> None:
    spec, spoken = replace(_SPEC, captions=style), _spoken()
    board = plan_film(spec, spoken)
    canvas = film_canvas(spec, board)
    actors = overlay_actors(spec, board, canvas, plan_cues(spoken, board.speech_at_ms))
    assert len(actors) <= most
    assert (len(actors) > 2) == (most > 2)
    assert (canvas.captions.height > 0) == bool(most)
    for actor in actors:
        high = actor.at[1] + actor.sprite.size_px[1]
        assert canvas.captions.top - 20 <= actor.at[1]
        assert high <= canvas.captions.bottom + 20
