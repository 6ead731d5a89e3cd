"""Text for models, from templates that a marketer can read: `templates/prompts/*.j2`.

What the brief says goes in as JSON between two lines that cannot occur in it, so that no cell of a
sheet can pose as an instruction. Values of facts never go in: the model writes slots.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from handbill.domain.brandkit import BrandKit
from handbill.domain.brief import Brief
from handbill.domain.digest import digest
from handbill.domain.order import Order
from handbill.domain.prompt import Prompt
from handbill.errors import TemplateError as BrokenTemplate

# What of a brief a model is shown; prices, offers, dates and contacts stay out: they are slots.
_SHOWN_TEXTS = ("description", "category", "audience", "tone", "cta")
_SHOWN_LINES = ("benefits", "keywords", "must_say", "never_say")
_MOST_CHARS = 6000
# What is sent back of a faulty draft: enough to mend it, never the draft over and over.
_FINDING_CHARS = 500
_MOST_FINDINGS = 20


class CopyAsk(Protocol):
    """What a prompt is made from; `providers.ports.CopyRequest` is one."""

    @property
    def brief(self) -> Brief:
        """What is written about."""
        ...

    @property
    def kit(self) -> BrandKit:
        """Who speaks."""
        ...

    @property
    def locale(self) -> str:
        """The language to write."""
        ...

    @property
    def account(self) -> str:
        """Which account of the brand speaks, or empty."""
        ...

    @property
    def audience(self) -> str:
        """Whom it is for, or empty."""
        ...

    @property
    def variant(self) -> int:
        """Number of the alternative, from 1."""
        ...

    @property
    def orders(self) -> tuple[Order, ...]:
        """The orders, each of another placement."""
        ...

    @property
    def facts(self) -> Mapping[str, str]:
        """Slot name → text that will be filled in."""
        ...

    @property
    def attempt(self) -> int:
        """1 for the first try."""
        ...

    @property
    def findings(self) -> Mapping[str, tuple[str, ...]]:
        """Order key → what was wrong with the last draft."""
        ...


def copy_prompt(request: CopyAsk, templates: Path) -> Prompt:
    """The prompt of a copy request.

    Args:
        request: orders of one brief, locale, account, audience and variant.
        templates: the folder of templates; ``prompts`` below it is used.

    Raises:
        TemplateError: a template is missing or does not render.
    """
    folder = templates / "prompts"
    return Prompt(
        rules=_render(folder, "copy_rules.j2", {}),
        brand=_render(folder, "copy_brand.j2", _brand_context(request)),
        ask=_render(folder, "copy_ask.j2", _ask_context(request)),
    )


def join_prompts(prompts: Mapping[str, Prompt], templates: Path) -> Prompt:
    """The prompts of one brief in several languages as one; `prompts` is by locale.

    Raises:
        TemplateError: a template is missing or does not render.
    """
    note = _render(templates / "prompts", "copy_languages.j2", {"locales": list(prompts)})
    first = next(iter(prompts.values()))
    return Prompt(
        rules=f"{first.rules}\n\n{note}",
        brand="\n\n".join(f"## {locale}\n{one.brand}" for locale, one in prompts.items()),
        ask="\n\n".join(f"## {locale}\n{one.ask}" for locale, one in prompts.items()),
    )


def image_prompt(  # noqa: PLR0913 - what a template may speak of
    brief: Brief,
    kit: BrandKit,
    templates: Path,
    *,
    quiet: str = "lower",
    staged: bool = False,
    reference: bool = False,
    faults: Sequence[str] = (),
) -> str:
    """The prompt of a background for `brief`, or of a scene around its product.

    Args:
        brief: its product and category are named, nothing else.
        kit: its colours and voice.
        templates: the folder of templates.
        quiet: the third that stays calm for words: ``upper``, ``lower``, ``left`` or ``right``.
        staged: whether the product's own photograph is set in later.
        reference: whether the product's own picture goes with the request, for a scene around it.
        faults: why an earlier picture could not be used.
    """
    context = _picture_context(brief, kit) | {
        "quiet": quiet,
        "staged": staged,
        "faults": list(faults),
    }
    name = "image_scene.j2" if reference else "image_background.j2"
    return _render(templates / "prompts", name, context).strip()


def clip_prompt(  # noqa: PLR0913 - what a template may speak of
    brief: Brief,
    kit: BrandKit,
    templates: Path,
    *,
    role: str,
    quiet: str,
    tempo: str,
    seconds: int,
    reference: bool,
) -> str:
    """The prompt of the clip that a film opens with.

    Args:
        brief: its product and category are named, nothing else.
        kit: its colours and voice.
        templates: the folder of templates.
        role: of the storyboard's shot.
        quiet: the third that stays calm for words: ``upper`` or ``lower``.
        tempo: of the film, in words.
        seconds: wished length.
        reference: whether the clip begins with a picture that goes with the request.
    """
    context = _picture_context(brief, kit) | {
        "role": role,
        "quiet": quiet,
        "tempo": tempo,
        "seconds": seconds,
        "reference": reference,
    }
    return _render(templates / "prompts", "clip.j2", context).strip()


def _picture_context(brief: Brief, kit: BrandKit) -> dict[str, object]:
    """What the prompts of pictures and clips are told of a row and its brand."""
    palette = kit.palette
    return {
        "product": _clean(brief.product),
        "category": _clean(brief.category),
        "tone": [_clean(word) for word in kit.tone],
        "colours": [palette.primary, palette.secondary, *palette.accents],
    }


def _brand_context(request: CopyAsk) -> Mapping[str, object]:
    kit, voice = request.kit, request.kit.account(request.account)
    language = request.locale.split("-", maxsplit=1)[0]
    must = kit.must_say.get(request.locale) or kit.must_say.get(language) or kit.must_say.get("*")
    return {
        "locale": request.locale,
        "brand": {
            "name": _clean(kit.name),
            "display_name": _clean(voice.display_name),
            "tone": [_clean(word) for word in (*kit.tone, voice.tone) if word],
            "tagline": _clean(kit.tagline_in(request.locale)),
            "never_say": [_clean(word) for word in kit.never_say],
            "must_say": [_clean(line) for line in must or ()],
            "hashtags": [_clean(tag) for tag in voice.hashtags or kit.hashtags],
        },
    }


def _ask_context(request: CopyAsk) -> Mapping[str, object]:
    brief = json.dumps(
        _shown(request.brief, request.locale), ensure_ascii=False, indent=1, sort_keys=True
    )
    placements = {order.key: order.placement.id for order in request.orders}
    return {
        "variant": request.variant,
        "attempt": request.attempt,
        "audience": _clean(request.audience),
        "slots": [
            {"name": name, "chars": len(text)} for name, text in sorted(request.facts.items())
        ],
        "orders": [
            {"placement": order.placement.id, "key": order.key[:12]} for order in request.orders
        ],
        "brief": brief,
        # Made from the brief's own digest: no cell can hold the digest of what it stands in.
        "fence": f"===== brief {digest(brief)[:16]} =====",
        "findings": [
            {
                "placement": placements[key],
                "lines": [_clean(line)[:_FINDING_CHARS] for line in lines[:_MOST_FINDINGS]],
            }
            for key, lines in request.findings.items()
            if key in placements
        ],
    }


def _shown(brief: Brief, locale: str) -> dict[str, object]:
    """What a model may know of a brief: in its own language, and in `locale` where it has that."""
    shown: dict[str, object] = {"language": brief.language, "product": _clean(brief.product)}
    for name in _SHOWN_TEXTS:
        shown[name] = _clean(getattr(brief, name))
    for name in _SHOWN_LINES:
        shown[name] = [_clean(line) for line in getattr(brief, name)]
    localised = {
        name: _clean(brief.text(name, locale))
        for name in ("product", *_SHOWN_TEXTS, *_SHOWN_LINES)
        if brief.text(name, locale) and name in brief.translations
    }
    shown |= {f"in_{locale}": localised} if localised else {}
    return {name: value for name, value in shown.items() if value}


def _clean(text: str) -> str:
    """`text` without letters that cannot be seen, as hidden instructions are written with them."""
    kept = "".join(
        letter
        for letter in text[:_MOST_CHARS]
        if letter in "\n\t\u200c\u200d" or unicodedata.category(letter) not in ("Cc", "Cf", "Co")
    )
    return kept.strip()


def _render(folder: Path, name: str, context: Mapping[str, object]) -> str:
    try:
        return _environment(folder).get_template(name).render(context)
    except TemplateError as fault:
        raise BrokenTemplate(
            f"the prompt template {name!r} does not render: {type(fault).__name__}: {fault}",
            where=str(folder / name),
            remedy="mend the template, or take the one that comes with Handbill",
        ) from fault


@lru_cache(maxsize=8)
def _environment(folder: Path) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=False,  # text for a model, not HTML; what users typed goes in as JSON
        keep_trailing_newline=False,
    )
