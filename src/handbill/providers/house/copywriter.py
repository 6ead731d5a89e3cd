"""The house copywriter: rule-based, seeded, offline. It says what the row says, and invites."""

from __future__ import annotations

from pathlib import Path

from handbill.channels.units import count
from handbill.domain.copy import Draft
from handbill.domain.order import Order
from handbill.domain.placement import TextField
from handbill.errors import CapabilityMissing
from handbill.providers.house.banks import Bank, read_bank, read_kinds
from handbill.providers.house.hashtags import hashtags_for
from handbill.providers.house.ideas import Idea, find_idea
from handbill.providers.house.messages import write_email, write_sms
from handbill.providers.house.pen import Pen
from handbill.providers.house.pictures import (
    alt_text_for,
    display_for,
    film_idea,
    speech_for,
)
from handbill.providers.house.posts import style_for, write_note_title, write_post, write_title
from handbill.providers.house.reading import Reading, learn_cta, read_request
from handbill.providers.house.search_ads import write_descriptions, write_headlines, write_path
from handbill.providers.ports import CopyAnswer, CopyRequest
from handbill.settings import builtin_templates

_KINDS = "kinds"
_TITLES_SHOWN = {"pinterest": 40}
_SHORT_FIELD = 100


class HouseCopy:
    """Writes drafts from phrase banks; the same request gives the same drafts.

    Attributes:
        languages: those that it has a bank for.
    """

    def __init__(self, templates: Path | None = None) -> None:
        """Use the banks in ``prompts/house`` of `templates`, or the built-in ones."""
        own = templates / "prompts" / "house" if templates else None
        builtin = builtin_templates() / "prompts" / "house"
        self._folder = own if own and own.is_dir() else builtin
        banks = sorted(path.stem for path in self._folder.glob("*.toml"))
        self.languages = tuple(name for name in banks if name != _KINDS)

    def writes(self, locale: str) -> bool:
        """Whether this provider writes `locale`."""
        return language_of(locale) in self.languages

    async def write_copy(self, request: CopyRequest) -> CopyAnswer:
        """Drafts for all orders of one request.

        Raises:
            CapabilityMissing: the house does not write the request's locale.
        """
        reading = read_request(request, self._bank(request.locale), read_kinds(self._folder))
        idea = find_idea(reading)
        drafts = {order.key: write_draft(reading, idea, order) for order in request.orders}
        return CopyAnswer(drafts=drafts)

    def _bank(self, locale: str) -> Bank:
        if not self.writes(locale):
            message = (
                f"house does not write {locale!r}; it writes {', '.join(self.languages)} "
                "(zh is simplified Chinese). Leave the locale out, or choose another provider "
                "for copy"
            )
            raise CapabilityMissing(message, provider="house")
        banks = {name: read_bank(self._folder, name) for name in self.languages}
        learn_cta(tuple(banks.values()))
        return banks[language_of(locale)]


def language_of(locale: str) -> str:
    """The bank for a locale: its language, and ``zh-hant`` for traditional Chinese."""
    parts = locale.replace("_", "-").casefold().split("-")
    traditional = parts[0] == "zh" and bool({"hant", "tw", "hk", "mo"} & set(parts[1:]))
    return "zh-hant" if traditional else parts[0]


def write_draft(reading: Reading, idea: Idea, order: Order) -> Draft:
    """The draft of one order; pure."""
    placement = order.placement
    filmed = film_idea(reading, idea)
    hashtags = hashtags_for(reading, placement)
    alt = placement.texts.get("alt_text")
    return Draft(
        order_key=order.key,
        framework=idea.framework,
        texts=_texts(reading, idea, order, hashtags),
        display=display_for(reading, filmed),
        speech=speech_for(reading, filmed) if "film" in placement.makes else (),
        hashtags=hashtags,
        alt_text=alt_text_for(reading, idea, placement.id, alt.limit if alt else 0),
    )


def _texts(
    reading: Reading, idea: Idea, order: Order, hashtags: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    placement = order.placement
    rules = placement.written_texts
    pen = Pen(reading=reading, salt=placement.id, used=[idea.hook])
    if "subject" in rules:
        return write_email(pen, idea, rules)
    texts = {name: _field(pen, idea, order, name, rule, hashtags) for name, rule in rules.items()}
    if "tags_total" in placement.texts:
        texts["tags_total"] = (", ".join(tag.lstrip("#") for tag in hashtags),)
    return {name: each for name, each in texts.items() if any(each)}


def _field(
    pen: Pen, idea: Idea, order: Order, name: str, rule: TextField, hashtags: tuple[str, ...]
) -> tuple[str, ...]:
    channel = order.placement.channel
    if rule.max_items > 1:
        return _several(pen, name, rule)
    if name in ("path1", "path2"):
        return (write_path(pen, rule, int(name[-1])),)
    if rule.unit == "gsm7_septets":
        return (write_sms(pen, rule),)
    if rule.unit == "xhs_half":
        return (write_note_title(pen, idea, rule),)
    if rule.limit <= _SHORT_FIELD:
        return (write_title(pen, idea, rule, _TITLES_SHOWN.get(channel, 0)),)
    # Tags follow the text after a blank line; letters of wide scripts weigh two.
    reserve = sum(count(f" {tag}", "google_width") for tag in hashtags) + 2 * bool(hashtags)
    return (write_post(pen, idea, rule, style_for(channel, rule), reserve),)


def _several(pen: Pen, name: str, rule: TextField) -> tuple[str, ...]:
    if "description" in name:
        return write_descriptions(pen, rule)
    return write_headlines(pen, rule)
