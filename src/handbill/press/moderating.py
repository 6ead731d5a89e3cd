"""Asking a vendor whether what was made may be shown, where the campaign wants that."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from handbill.domain.asset import StoredFile
from handbill.domain.copy import Copy
from handbill.domain.finding import Finding, Severity
from handbill.domain.order import Medium, Order
from handbill.press.calls import moderate
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.pieces import Piece
from handbill.press.recipes import HOUSE, maker_of
from handbill.providers.listening import ModerationAnswer, ModerationRequest

Made = tuple[Order, Copy, Sequence[StoredFile]]
# What the vendor lets through but scores so high is shown to a person.
_LOOK_AT = 0.4
_PICTURES = ("image/png", "image/jpeg", "image/webp")


def moderate_all(
    equipment: Equipment, docket: Docket, made: Sequence[Made]
) -> dict[str, tuple[Finding, ...] | Piece]:
    """What a vendor finds in the words and posters of orders, by order key.

    Empty unless the campaign names a provider for moderation. An order that could not be looked
    at gets the piece that says so: it does not go out unseen, and the next run asks again.
    """
    if maker_of(docket.campaign.provider("moderation")) == HOUSE or not made:
        return {}

    async def ask_all() -> list[tuple[Finding, ...] | Piece]:
        return list(await asyncio.gather(*(_verdict(equipment, *each) for each in made)))

    answers = equipment.loop.run(ask_all())
    return {order.key: one for (order, _, _), one in zip(made, answers, strict=True)}


async def _verdict(
    equipment: Equipment, order: Order, copy: Copy, files: Sequence[StoredFile]
) -> tuple[Finding, ...] | Piece:
    handle = equipment.handle("moderation")
    picture = next((each for each in files if _is_poster(each)), None)
    request = ModerationRequest(
        text=_words(copy),
        picture=equipment.store.read(picture.sha256) if picture else b"",
        picture_mime=picture.mime if picture else "",
    )
    result = await moderate(equipment.calls, handle, request, row=order.brief.id)
    if result.answer is None:
        message = f"it could not be moderated: {result.message}"
        return Piece(status=result.status, message=message, cause=result.cause)
    return _findings(result.answer)


def _findings(answer: ModerationAnswer) -> tuple[Finding, ...]:
    flagged = [
        _finding(name, answer.scores, Severity.BLOCK, "the provider of moderation flags it as")
        for name in answer.flagged
    ]
    close = [
        _finding(name, answer.scores, Severity.WARN, "the provider of moderation comes close to")
        for name, score in answer.scores.items()
        if score >= _LOOK_AT and name not in answer.flagged
    ]
    return (*flagged, *close)


def _finding(name: str, scores: Mapping[str, float], severity: Severity, words: str) -> Finding:
    score = f" ({scores[name]:.2f})" if name in scores else ""
    return Finding(
        code="moderation.flagged" if severity is Severity.BLOCK else "moderation.close",
        severity=severity,
        message=f"{words} {name!r}{score}; look at words and picture, and change the row",
    )


def _words(copy: Copy) -> str:
    """Everything that people will read or hear, a line each."""
    display = copy.display
    lines = [line for texts in copy.texts.values() for line in texts]
    lines += [display.kicker, display.headline, display.hook, display.subhead, *display.benefits]
    lines += [*copy.speech, *copy.hashtags, copy.alt_text]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _is_poster(file: StoredFile) -> bool:
    return file.medium is Medium.IMAGE and file.mime in _PICTURES
