from __future__ import annotations

import re
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from handbill.domain.placement import ImageSpec
from handbill.rendering.posters import draw_poster
from handbill.rendering.posters.prepress import ready_for_print
from tests.doubles.poster_samples import bottle, spec_of

# A6 at 150 dpi with 3 mm of bleed.
A6 = ImageSpec(width_px=656, height_px=910, dpi=150, bleed_px=18, formats=("pdf",))


def drawn(folder: Path, name: str = "a6") -> Path:
    return Path(draw_poster(spec_of(A6, pictures=(bottle(folder),)), folder / name).path)


def test_a_print_tells_where_it_is_cut(tmp_path: Path) -> None:
    page = pypdfium2.PdfDocument(drawn(tmp_path))[0]
    width, height = page.get_size()
    assert (width, height) == pytest.approx((656 * 0.48, 910 * 0.48), abs=0.01)
    bleed = 18 * 0.48
    assert page.get_trimbox() == pytest.approx(
        (bleed, bleed, width - bleed, height - bleed), abs=0.01
    )
    assert page.get_bleedbox() == pytest.approx((0, 0, width, height), abs=0.01)


def test_a_print_carries_srgb_as_output_intent_and_promises_no_more(tmp_path: Path) -> None:
    data = drawn(tmp_path).read_bytes()
    assert b"/OutputIntents [<</Type /OutputIntent" in data
    assert b"(sRGB IEC61966-2.1)" in data
    assert b"PDF/X" not in data


def test_words_of_a_print_are_text_in_subsets_of_fonts(tmp_path: Path) -> None:
    path = drawn(tmp_path)
    text = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
    assert "Green apples" in " ".join(text.split())
    names = re.findall(rb"/BaseFont /([\w+-]+)", path.read_bytes())
    assert names
    assert all(re.match(rb"[A-Z]{6}\+", name) for name in names)


def test_every_object_lies_where_the_table_says(tmp_path: Path) -> None:
    data = drawn(tmp_path).read_bytes()
    table = data[int(data.rsplit(b"startxref\n")[-1].split()[0]) :]
    offsets = [int(at) for at in re.findall(rb"(\d{10}) 00000 n", table)]
    assert all(data.startswith(b"%d 0 obj" % (n + 1), at) for n, at in enumerate(offsets))


def test_the_same_print_has_the_same_bytes(tmp_path: Path) -> None:
    assert drawn(tmp_path, "one").read_bytes() == drawn(tmp_path, "two").read_bytes()


def test_what_is_built_otherwise_is_refused() -> None:
    with pytest.raises(ValueError, match="table of objects"):
        ready_for_print(b"%PDF-1.7\nno table\n%%EOF\n", 8.0)
