from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typing_extensions import override

from handbill.channels import load_catalogue
from handbill.checking import check_document
from handbill.domain.brandkit import Palette
from handbill.domain.copy import Copy, DisplayText
from handbill.errors import TemplateError
from handbill.rendering.documents import EmailDocument, EmailSpec, Hero, draw_email
from handbill.rendering.documents.colours import contrast, dark_shades, light_shades
from handbill.settings import builtin_templates
from tests.doubles.checked import KIT

TEXTS = {
    "subject": ("Spring is here",),
    "preheader": ("First flush, until May 31",),
    "headline": ("The first green of the year",),
    "intro": ("Picked in April.\nDried the same night.",),
    "benefits": ("From one garden", "No dust"),
    "offer": ("20% off your first order",),
    "cta": ("Taste it",),
    "closing": ("See you at the harbour.",),
}
SPEC = EmailSpec(
    copy=Copy(
        order_key="k",
        locale="en",
        framework="plain",
        texts=TEXTS,
        display=DisplayText(
            headline="x",
            kicker="New",
            badge="20% off",
            price="€19.90",
            compare_at="€24.90",
            address="Kai 3, Hamburg",
            legal="Prices include VAT.",
        ),
    ),
    kit=dataclasses.replace(KIT, tagline={"*": "Brewed by the water"}),
    palette=KIT.palette,
    locale="en",
    link="https://harbour-tea.example/spring?a=1&b=2",
    hero=Hero(name="image.jpg", width_px=1200, height_px=750, alt="A cup of tea"),
)


def _draw(**changes: object) -> EmailDocument:
    return draw_email(dataclasses.replace(SPEC, **changes), builtin_templates())  # type: ignore[arg-type]


class _Outline(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    @override
    def handle_data(self, data: str) -> None:
        self.words += data


def test_an_email_says_everything_twice() -> None:
    document = _draw()
    words = _Outline(document.html).words
    for said in (
        *(line for lines in TEXTS.values() for text in lines for line in text.split("\n")),
        *("€19.90", "€24.90", "20% off", "Kai 3, Hamburg", "Prices include VAT."),
        *("Harbour Tea", "Brewed by the water", "Unsubscribe"),
    ):
        assert said in words
        if said not in {"Spring is here", "First flush, until May 31"}:
            assert said in document.text
    assert "Taste it: https://harbour-tea.example/spring?a=1&b=2" in document.text


def test_an_email_passes_its_own_checks_and_is_light() -> None:
    document = _draw()
    assert check_document(document.html, load_catalogue().placement("email.html")) == ()
    assert len(document.html.encode()) < 20_000
    assert document.headers == {
        "List-Unsubscribe": "<{{unsubscribe_url}}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_styles_are_inline_and_only_queries_stay_in_the_head() -> None:
    html = _draw().html
    (style,) = re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)
    assert "prefers-color-scheme: dark" in style
    outline = _Outline(html)
    headline = next(attrs for tag, attrs in outline.tags if tag == "h1")
    assert "font-size: 36px" in str(headline["style"])
    assert "'Poppins'" in str(headline["style"])
    button = next(a for tag, a in outline.tags if tag == "a" and a.get("class") == "button")
    assert "border-radius" in str(button["style"])
    assert button["href"] == SPEC.link


def test_arabic_runs_from_right_to_left() -> None:
    document = _draw(locale="ar", variant=2)
    html = next(attrs for tag, attrs in _Outline(document.html).tags if tag == "html")
    assert (html["dir"], html["lang"]) == ("rtl", "ar")
    assert "text-align: right" in document.html
    assert "text-align: left" not in document.html
    assert "إلغاء الاشتراك" in document.text


def test_variants_differ_in_their_order() -> None:
    first, second = _draw(variant=1).html, _draw(variant=2).html
    assert first.index("image.jpg") < first.index("<h1")
    assert second.index("<h1") < second.index("image.jpg")


def test_words_cannot_become_markup_or_style() -> None:
    evil = dict(TEXTS, headline=('<script>x</script>"><img src=x onerror=y>',))
    document = _draw(copy=dataclasses.replace(SPEC.copy, texts=evil))
    tags = [tag for tag, _ in _Outline(document.html).tags]
    assert "script" not in tags
    assert tags.count("img") == 1
    face = dataclasses.replace(KIT.heading, family="Arial'; } body { display: none")
    document = _draw(kit=dataclasses.replace(KIT, heading=face))
    assert "body { display" not in document.html
    assert re.search(r"'Arial +body +display none *'", document.html)


@pytest.mark.parametrize(
    ("family", "fallback"),
    [
        ("EB Garamond", "Georgia"),
        ("Noto Serif", "Georgia"),
        ("Noto Sans", "Arial"),
        ("Poppins", "Arial"),
    ],
)
def test_a_missing_font_leaves_the_brands_kind_of_letter(family: str, fallback: str) -> None:
    face = dataclasses.replace(KIT.heading, family=family)
    html = _draw(kit=dataclasses.replace(KIT, heading=face)).html
    stack = next(found for found in re.findall(r"font-family: ([^;]*);", html) if family in found)
    assert fallback in stack


def test_what_is_not_there_leaves_no_gap() -> None:
    bare = Copy(
        order_key="k",
        locale="en",
        framework="plain",
        texts={},
        display=DisplayText(headline="Tea", cta="Look"),
    )
    document = _draw(copy=bare, hero=None, link="")
    outline = _Outline(document.html)
    assert "img" not in [tag for tag, _ in outline.tags]
    assert 'class="button"' not in document.html
    assert document.text.startswith("Harbour Tea\n\nTea\n===\n")
    assert "\n\n\n" not in document.text


def test_equal_specs_give_equal_bytes() -> None:
    assert _draw() == _draw()


def test_a_broken_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="words"):
        draw_email(SPEC, tmp_path)
    folder = tmp_path / "email"
    folder.mkdir()
    for path in (builtin_templates() / "email").iterdir():
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (folder / "newsletter.html.j2").write_text("{{ no_such_word }}", "utf-8")
    with pytest.raises(TemplateError, match="no_such_word"):
        draw_email(SPEC, tmp_path)


@pytest.mark.parametrize(
    "palette",
    [
        KIT.palette,
        Palette(primary="#ff4d8d", secondary="#ffd400", ink="#ffffff", paper="#101014"),
        Palette(primary="#ffffff", secondary="#fafafa", ink="#eeeeee", paper="#ffffff"),
        Palette(primary="#808080", secondary="#7f7f7f", ink="#777777", paper="#888888"),
        Palette(
            primary="#000000",
            secondary="#000000",
            ink="#000000",
            paper="#000000",
            accents=("#111111",),
        ),
    ],
)
def test_every_ink_can_be_read_on_its_ground(palette: Palette) -> None:
    for shades in (light_shades(palette), dark_shades(palette)):
        for ink, ground in (
            (shades.ink, shades.paper),
            (shades.soft_ink, shades.paper),
            (shades.accent_ink, shades.tint),
            (shades.on_primary, shades.primary),
            (shades.on_accent, shades.accent),
            (shades.on_button, shades.button),
        ):
            assert contrast(ink, ground) >= 3.9, (ink, ground)
