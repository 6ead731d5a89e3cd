"""Reading a language model's answer: pure, so that kept bytes can be read again at any time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from handbill.domain.copy import DisplayText, Draft
from handbill.domain.order import Order
from handbill.errors import BadAnswer, ContentRefused
from handbill.providers.openai.schema import language_name, property_name, written
from handbill.providers.ports import CopyAnswer, CopyRequest, Usage

# No honest draft of one placement is longer; a longer one counts as none.
_MOST_DRAFT_CHARS = 64_000
ORDER_CHARS = 12  # as many letters of an order's key as stand in the prompt
_PROMPT_UNITS = ("input_tokens", "prompt_tokens")
_OUTPUT_UNITS = ("output_tokens", "completion_tokens")


def read_text(body: bytes, model: str) -> str:
    """The model's text in a body of Responses or Chat Completions.

    Raises:
        ContentRefused: the model or the vendor's filter declined.
        BadAnswer: there is no text, or it was cut at the token limit.
    """
    answer = read_json(body, model)
    text, refusal = _chat(answer) if "choices" in answer else _responses(answer)
    if refusal:
        raise ContentRefused(
            f"the model declined: {refusal[:300]}", provider="openai", model=model
        )
    ended = _ended_early(answer)
    if ended == "content_filter":
        message = "the vendor's content filter stopped the answer"
        raise ContentRefused(message, provider="openai", model=model)
    if ended:
        raise _bad(f"the answer ended early: {ended}; raise max_output_tokens", model)
    if not text.strip():
        raise _bad("the answer holds no text", model)
    return text


def read_json(body: bytes, model: str) -> Mapping[str, Any]:
    """The object in `body`.

    Raises:
        BadAnswer: it is not JSON.
    """
    try:
        return _mapping(json.loads(body))
    except ValueError:
        raise _bad(f"the answer is not JSON: {body[:60]!r}", model) from None


def read_usage(body: bytes) -> Usage:
    """What an answer used, in units of the price list; empty when it does not say."""
    try:
        answer = _mapping(json.loads(body))
    except ValueError:
        answer = {}
    used = _mapping(answer.get("usage"))
    units: dict[str, int] = {}
    _count(units, "input_tokens", used, _PROMPT_UNITS)
    _count(units, "output_tokens", used, _OUTPUT_UNITS)
    put_in = _mapping(used.get("input_tokens_details") or used.get("prompt_tokens_details"))
    _count(units, "cache_read_tokens", put_in, ("cached_tokens",))
    _count(units, "cache_write_tokens", put_in, ("cache_write_tokens",))
    for kind in ("text", "image"):
        _count(units, f"input_{kind}_tokens", put_in, (f"{kind}_tokens",))
    came_out = _mapping(used.get("output_tokens_details"))
    for kind in ("text", "image"):
        _count(units, f"output_{kind}_tokens", came_out, (f"{kind}_tokens",))
    _split_cached(units, _mapping(put_in.get("cached_tokens_details")))
    tier = answer.get("service_tier")
    return Usage(
        units=MappingProxyType(units),
        cost_usd_micros=None,
        service_tier=tier if isinstance(tier, str) else "",
    )


def _split_cached(units: dict[str, int], details: Mapping[str, Any]) -> None:
    """Cached tokens of pictures have a price of their own.

    Where the vendor does not say which of the cached ones were pictures, all count in full: too
    much rather than too little.
    """
    if "input_image_tokens" not in units or "cache_read_tokens" not in units:
        return
    if "image_tokens" in details:
        _count(units, "cache_image_read_tokens", details, ("image_tokens",))
        units.setdefault("cache_image_read_tokens", 0)
    else:
        del units["cache_read_tokens"]


def read_drafts(body: bytes, request: CopyRequest, model: str) -> CopyAnswer:
    """The drafts in an answer, matched by order key.

    A draft that carries another order's key is left out, and so is one for a placement that
    nobody asked for: both show up as an order without a draft.

    Raises:
        ContentRefused, BadAnswer: as in `read_text`; also for JSON of another shape.
    """
    return _drafts(_answer_in(body, model), request, read_usage(body))


def read_languages(
    body: bytes, requests: Sequence[CopyRequest], model: str
) -> tuple[CopyAnswer, ...]:
    """The drafts of several languages, in the order of `requests`; see `read_drafts`.

    Raises:
        ContentRefused, BadAnswer: as in `read_drafts`.
    """
    languages = _mapping(_answer_in(body, model).get("languages"))
    return tuple(
        _drafts(_mapping(languages.get(language_name(one.locale))), one, Usage())
        for one in requests
    )


def _answer_in(body: bytes, model: str) -> Mapping[str, Any]:
    """The JSON that a model wrote.

    Raises:
        ContentRefused, BadAnswer: as in `read_text`.
    """
    text = read_text(body, model)
    try:
        return _mapping(json.loads(_unfenced(text)))
    except ValueError:
        message = f"the answer is not the JSON that was asked for: {text[:80]!r}"
        raise _bad(message, model) from None


def _drafts(answer: Mapping[str, Any], request: CopyRequest, usage: Usage) -> CopyAnswer:
    """The drafts in one language's part of an answer."""
    found = _mapping(answer.get("placements"))
    display = _display(_mapping(answer.get("display")), request)
    drafts = {}
    for order in request.orders:
        part = _mapping(found.get(property_name(order.placement.id)))
        own = part.get("order") == order.key[:ORDER_CHARS]
        if part and own and len(json.dumps(part)) <= _MOST_DRAFT_CHARS:
            drafts[order.key] = _draft(order, part, display)
    return CopyAnswer(drafts=MappingProxyType(drafts), usage=usage)


def _draft(order: Order, part: Mapping[str, Any], display: DisplayText) -> Draft:
    given = _mapping(part.get("texts"))
    texts = {field.name: _lines(given.get(field.name)) for field in written(order.placement)}
    return Draft(
        order_key=order.key,
        framework=str(part.get("framework") or "model")[:40],
        texts=MappingProxyType({name: lines for name, lines in texts.items() if lines}),
        display=display,
        speech=_lines(part.get("speech")),
        hashtags=tuple(_hashtag(tag) for tag in _lines(part.get("hashtags"))),
        alt_text=_line(part.get("alt_text")),
    )


def _display(given: Mapping[str, Any], request: CopyRequest) -> DisplayText:
    """The model's words; what is a fact comes from the brief, whatever the model says."""
    facts, brief = request.facts, request.brief
    address = [f"⟦{name}⟧" for name in ("store_name", "store_address") if name in facts]
    return DisplayText(
        headline=_line(given.get("headline")),
        hook=_line(given.get("hook")),
        kicker=_line(given.get("kicker")),
        subhead=_line(given.get("subhead")),
        benefits=_lines(given.get("benefits"))[:4],
        badge="⟦badge⟧" if "badge" in facts else "",
        price="⟦price⟧" if "price" in facts else "",
        compare_at="⟦compare_at_price⟧" if {"price", "compare_at_price"} <= set(facts) else "",
        deadline=_line(given.get("deadline")) if "ends_on" in facts else "",
        cta=brief.text("cta", request.locale) or _line(given.get("cta")),
        address=" · ".join(address),
        legal=request.kit.legal_in(request.locale),
    )


def _responses(answer: Mapping[str, Any]) -> tuple[str, str]:
    """Text and refusal of a Responses body."""
    texts, refusals = [], []
    for item in _items(answer.get("output")):
        for part in _items(item.get("content")):
            texts.append(_line(part.get("text")) if part.get("type") == "output_text" else "")
            refusals.append(_line(part.get("refusal")))
    return "".join(texts), "".join(refusals)


def _chat(answer: Mapping[str, Any]) -> tuple[str, str]:
    """Text and refusal of a Chat Completions body."""
    first = next(iter(_items(answer.get("choices"))), {})
    message = _mapping(first.get("message"))
    return _line(message.get("content")), _line(message.get("refusal"))


def _ended_early(answer: Mapping[str, Any]) -> str:
    """Why the answer is not whole; empty when it is."""
    for choice in _items(answer.get("choices")):
        reason = choice.get("finish_reason")
        return "" if reason in ("stop", None) else str(reason)
    if answer.get("status") in ("completed", None):
        return ""
    details = _mapping(answer.get("incomplete_details")) or _mapping(answer.get("error"))
    return str(details.get("reason") or details.get("code") or answer.get("status"))


def _count(
    units: dict[str, int], unit: str, used: Mapping[str, Any], names: tuple[str, ...]
) -> None:
    for name in names:
        value = used.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            units[unit] = value


def _unfenced(text: str) -> str:
    """`text` without a code fence: servers without strict schemas like to add one."""
    text = text.strip()
    if text.startswith("```"):
        return text.partition("\n")[2].rpartition("```")[0]
    return text


def _hashtag(tag: str) -> str:
    return "#" + "".join(tag.lstrip("#＃").split())


def _lines(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    lines = [_line(each) for each in value] if isinstance(value, list) else []
    return tuple(line for line in lines if line)


def _line(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _items(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _bad(message: str, model: str) -> BadAnswer:
    return BadAnswer(message, provider="openai", model=model)
