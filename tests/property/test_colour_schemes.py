from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from handbill.domain.brandkit import Palette
from handbill.rendering.colour import contrast
from handbill.rendering.colour_scheme import SCHEMES, scheme_of

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
PALETTES = st.builds(
    Palette,
    primary=COLOURS,
    secondary=COLOURS,
    ink=COLOURS,
    paper=COLOURS,
    accents=st.lists(COLOURS, max_size=3).map(tuple),
)


DROWNING = Palette(
    primary="#000000", secondary="#000000", ink="#000000", paper="#000000", accents=("#9b5bcc",)
)


@settings(max_examples=60, deadline=None)
@example(palette=DROWNING, name="tint")
@given(palette=PALETTES, name=st.sampled_from(SCHEMES))
def test_every_palette_gives_text_that_can_be_read(palette: Palette, name: str) -> None:
    scheme = scheme_of(palette, name)
    for ground in (scheme.ground, scheme.ground_2, scheme.ground_3, scheme.field):
        assert contrast(scheme.ink, ground) >= 4.5
    for ground in (scheme.ground, scheme.ground_2, scheme.ground_3):
        assert contrast(scheme.muted, ground) >= 4.5
    assert contrast(scheme.on_accent, scheme.accent) >= 4.5
    assert contrast(scheme.on_panel, scheme.panel) >= 4.5
    assert contrast(scheme.accent, scheme.ground) >= 3.0
