"""E-mail: a designed newsletter as HTML for every mail program, and the same as plain text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.copy import Copy
from handbill.errors import TemplateError
from handbill.facts import is_rtl, script_of_locale
from handbill.rendering.documents.colours import dark_shades, light_shades

if TYPE_CHECKING:
    from jinja2 import Environment

_WIDTH_PX = 600
_FALLBACKS: Mapping[str, str] = {
    "Latn": "'Helvetica Neue', Helvetica, Arial, sans-serif",
    "Hani": "'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
    "Jpan": "'Hiragino Sans', 'Yu Gothic', Meiryo, 'Noto Sans CJK JP', sans-serif",
    "Hang": "'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans CJK KR', sans-serif",
    "Arab": "'Geeza Pro', 'Segoe UI', Tahoma, 'Noto Sans Arabic', Arial, sans-serif",
}
# A brand that speaks in serifs keeps them where its own font is missing.
_SERIF_FALLBACKS: Mapping[str, str] = {
    "Latn": "Georgia, 'Times New Roman', serif",
    "Hani": "'Songti SC', 'Noto Serif CJK SC', SimSun, serif",
    "Jpan": "'Hiragino Mincho ProN', 'Yu Mincho', 'Noto Serif CJK JP', serif",
}
_SERIF = re.compile(
    r"serif|slab|garamond|playfair|merriweather|lora|bodoni|times|georgia|baskerville|caslon|didot|"
    r"cormorant|spectral|crimson|mincho|song|tiempos|canela|fraunces|newsreader",
    re.IGNORECASE,
)
_NOT_SERIF = re.compile(r"sans", re.IGNORECASE)
# Letters that stand apart look well in Latin and broken in joined or full-width scripts.
_TRACKED = {"Latn"}
_HEADLINE_STEPS_PX = ((24, 42), (44, 36), (70, 32))
_SMALLEST_HEADLINE_PX = 28
_WIDE_SCRIPTS = {"Hani", "Jpan", "Hang"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hero:
    """The picture of a mail: its name beside the HTML, its size, and its words."""

    name: str
    width_px: int
    height_px: int
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSpec:
    """One e-mail to draw.

    Attributes:
        copy: its texts ``subject``, ``preheader``, ``headline``, ``intro``, ``benefits``,
            ``offer``, ``cta``, ``closing`` where they are there, else its display.
        link: where the button leads, or empty for none.
        hero: the picture, or None.
        variant: 1-based; odd ones show the picture first, even ones the words.
        ai_label: words of the visible AI label, or empty.
        unsubscribe: what the sender's program replaces by the link: ``*|UNSUB|*`` for Mailchimp,
            ``{% unsubscribe_link %}`` for Klaviyo, ``{{ UnsubscribeURL }}`` for listmonk.
    """

    copy: Copy
    kit: BrandKit
    palette: Palette
    locale: str
    link: str = ""
    hero: Hero | None = None
    account: str = ""
    variant: int = 1
    ai_label: str = ""
    unsubscribe: str = "{{unsubscribe_url}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailDocument:
    """A finished e-mail.

    Attributes:
        html: one document with inline styles; the picture lies beside it.
        text: the alternative for programs and people that take no HTML.
        headers: header lines that bulk senders need, with the sender's own link to fill in.
    """

    html: str
    text: str
    headers: Mapping[str, str]


def draw_email(spec: EmailSpec, templates: Path) -> EmailDocument:
    """Draw one e-mail from the templates in ``email/``.

    Args:
        spec: words, brand and picture.
        templates: the folder of all templates; ``email/`` in it holds this one's.

    Raises:
        TemplateError: a template is missing, or asks for something that is not there.
    """
    import css_inline  # noqa: PLC0415 - loaded when a mail is drawn
    from jinja2 import TemplateError as JinjaError  # noqa: PLC0415 - loaded when a mail is drawn

    folder = templates / "email"
    content = _content(spec, _words(folder, spec.locale))
    try:
        html = _environment(folder, escape=True).get_template("newsletter.html.j2").render(content)
        text = _environment(folder, escape=False).get_template("newsletter.txt.j2").render(content)
    except (JinjaError, OSError) as fault:
        raise TemplateError(
            f"the e-mail cannot be drawn: {fault!r}",
            where=str(folder),
            remedy="correct the template, or unset HANDBILL_TEMPLATES",
        ) from fault
    inliner = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)
    return EmailDocument(
        html=_without_blank_lines(inliner.inline(html)),
        text=_tidy_text(text),
        headers={
            "List-Unsubscribe": f"<{spec.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _content(spec: EmailSpec, words: Mapping[str, str]) -> dict[str, Any]:
    """Everything that the templates may use."""
    display, voice = spec.copy.display, spec.kit.account(spec.account)
    right_to_left = is_rtl(spec.locale)
    headline = _text(spec.copy, "headline") or display.headline
    return {
        "locale": spec.locale,
        "direction": "rtl" if right_to_left else "ltr",
        "start": "right" if right_to_left else "left",
        "end": "left" if right_to_left else "right",
        "subject": _text(spec.copy, "subject") or headline,
        "preheader": _text(spec.copy, "preheader") or display.subhead,
        "brand": voice.display_name or spec.kit.name,
        "tagline": spec.kit.tagline_in(spec.locale),
        "kicker": display.kicker,
        "headline": headline,
        "intro": _lines(_text(spec.copy, "intro") or display.subhead),
        "benefits": spec.copy.texts.get("benefits") or display.benefits,
        "badge": display.badge,
        "price": display.price,
        "compare_at": display.compare_at,
        "offer": _lines(_text(spec.copy, "offer") or display.deadline),
        "cta": _text(spec.copy, "cta") or display.cta,
        "closing": _lines(_text(spec.copy, "closing")),
        "address": display.address,
        "legal": display.legal,
        "link": spec.link,
        "hero": _hero(spec.hero),
        "picture_first": spec.variant % 2 == 1,
        "ai_label": spec.ai_label,
        "unsubscribe": spec.unsubscribe,
        "words": words,
        "look": _look(spec, headline),
        "dark": dark_shades(spec.palette),
    }


def _look(spec: EmailSpec, headline: str) -> dict[str, Any]:
    """Colours, fonts and sizes for the style sheet."""
    shades, script = light_shades(spec.palette), script_of_locale(spec.locale)
    size = _headline_px(headline, script)
    small = max(_SMALLEST_HEADLINE_PX - 2, round(size * 0.8))
    roundness = spec.kit.corner_radius
    return {name: getattr(shades, name) for name in type(shades).__slots__} | {
        "heading_font": _stack(spec.kit.heading, script),
        "body_font": _stack(spec.kit.body, script),
        "heading_weight": max(600, spec.kit.heading.weight),
        "headline_px": size,
        "headline_line_px": round(size * 1.2),
        "headline_small_px": small,
        "headline_small_line_px": round(small * 1.22),
        "leading": "1.75" if script != "Latn" else "1.6",
        "tracking": "0.04em" if script in _TRACKED else "normal",
        "radius_px": round(4 + 16 * roundness),
        "pill_px": round(4 + 24 * roundness),
        "arc_percent": round(8 + 42 * roundness),
    }


def _headline_px(headline: str, script: str) -> int:
    weight = 2 if script in _WIDE_SCRIPTS else 1
    length = len(headline) * weight
    return next((size for most, size in _HEADLINE_STEPS_PX if length <= most), 28)


def _stack(face: Typeface, script: str) -> str:
    family = re.sub(r"[^\w -]", "", face.family)  # it stands in a style sheet, unescaped
    serif = _SERIF.search(family) and not _NOT_SERIF.search(family)
    spare = _SERIF_FALLBACKS.get(script) if serif else None
    return f"'{family}', {spare or _FALLBACKS.get(script, _FALLBACKS['Latn'])}"


def _hero(hero: Hero | None) -> dict[str, Any]:
    if hero is None:
        return {"name": "", "height_px": 0, "alt": ""}
    height = round(_WIDTH_PX * hero.height_px / hero.width_px)
    return {"name": hero.name, "height_px": height, "alt": hero.alt}


def _text(copy: Copy, name: str) -> str:
    return next(iter(copy.texts.get(name, ())), "")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


@cache
def _environment(folder: Path, *, escape: bool) -> Environment:
    from jinja2 import FileSystemLoader, StrictUndefined  # noqa: PLC0415 - loaded with a mail
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - loaded with a mail

    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _words(folder: Path, locale: str) -> Mapping[str, str]:
    path = folder / "words.toml"
    try:
        tables: dict[str, Mapping[str, str]] = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise TemplateError(
            f"the words of the e-mail layout cannot be read: {fault}",
            where=str(path),
            remedy="restore the file",
        ) from fault
    return tables.get(locale.split("-", maxsplit=1)[0].lower(), tables["en"])


def _without_blank_lines(html: str) -> str:
    return "\n".join(line for line in html.split("\n") if line.strip()) + "\n"


def _tidy_text(text: str) -> str:
    lines = [line.rstrip() for line in text.split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip() + "\n"
