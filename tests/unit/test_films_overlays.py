"""Captions over a film: words lit one by one, plain blocks, or none, as the campaign wishes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
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


@pytest.mark.parametrize("size_px", [(1080, 1920), (1080, 1080), (1280, 720)])
@pytest.mark.parametrize("words", ["AI-generated", "内容由AI生成"])
def test_ai_label_is_large_for_three_seconds_and_stays_in_its_strip(
    words: str, size_px: tuple[int, int]
) -> None:
    canvas_spec = VideoSpec(width_px=size_px[0], height_px=size_px[1], max_s=60)
    spec = replace(_SPEC, ai_label=words, captions="none", canvas=canvas_spec)
    board = plan_film(spec, [])
    canvas = film_canvas(spec, board)
    large, small = overlay_actors(spec, board, canvas, [])
    for time_s, shown, hidden in ((0.0, large, small), (2.9, large, small), (3.0, small, large)):
        assert shown.motion.pose(time_s).opacity == 1
        assert hidden.motion.pose(time_s).opacity == 0
    plain = large.sprite.y.astype(int)
    rows = np.flatnonzero((plain > 150).any(axis=1))
    assert rows[-1] - rows[0] + 1 >= 0.05 * canvas.side_px
    assert large.at[1] + large.sprite.size_px[1] <= canvas.stage.top


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
