"""Copy through the one door: re-asks with findings, then blocked with the draft kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar

from handbill.domain.copy import DisplayText, Draft
from handbill.domain.order import Status
from handbill.errors import BudgetExceeded, ContentRefused, HandbillError, UncertainCall
from handbill.press.calls import Calls, CopyResult, compose, make_image, speak, write_copy
from handbill.press.receipts import Misread, Receipt
from handbill.providers.ports import (
    CopyAnswer,
    CopyRequest,
    ImageRequest,
    MusicRequest,
    ProviderHandle,
    RawAnswer,
    SpeechAnswer,
    SpeechRequest,
    Usage,
    VendorCall,
)
from handbill.store.ledger_facts import LedgerCall
from tests.doubles.asks import a_copy_request, with_prompt

T = TypeVar("T")


def a_draft(key: str, headline: str = "One idea", caption: str = "fine") -> Draft:
    return Draft(
        order_key=key,
        framework="plain",
        texts={"caption": (caption,)},
        display=DisplayText(headline=headline),
    )


@dataclass
class Writer:
    """Answers with what it is given, one answer a request."""

    answers: list[Callable[[CopyRequest], CopyAnswer] | HandbillError]
    asked: list[CopyRequest] = field(default_factory=list)

    def writes(self, locale: str) -> bool:
        return locale == "en"

    async def write_copy(self, request: CopyRequest) -> CopyAnswer:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, HandbillError):
            raise answer
        return answer(request)


def all_of(request: CopyRequest) -> CopyAnswer:
    return CopyAnswer(drafts={order.key: a_draft(order.key) for order in request.orders})


def only(count: int) -> Callable[[CopyRequest], CopyAnswer]:
    def answer(request: CopyRequest) -> CopyAnswer:
        whole = all_of(request).drafts
        return CopyAnswer(drafts=dict(list(whole.items())[:count]))

    return answer


def never_faulty(_: Draft) -> tuple[str, ...]:
    return ()


def written(
    writer: Writer,
    request: CopyRequest | None = None,
    check: Callable[[Draft], tuple[str, ...]] = never_faulty,
) -> CopyResult:
    handle = ProviderHandle(name="w", mode="offline", copy=writer, locales=("en",))
    request = request or a_copy_request(prompted=False)
    return asyncio.run(write_copy(Calls(), handle, request, check))


def test_all_drafts_at_the_first_try() -> None:
    result = written(Writer([all_of]))
    assert set(result.statuses.values()) == {Status.MADE}
    assert len(result.drafts) == 2
    assert not result.findings


def test_only_faulty_orders_are_asked_again_with_their_findings() -> None:
    writer = Writer([all_of, all_of])
    request = a_copy_request(prompted=False)
    first, second = (order.key for order in request.orders)
    seen: list[str] = []

    def once_faulty(draft: Draft) -> tuple[str, ...]:
        seen.append(draft.order_key)
        return ("caption: 9 too many",) if seen.count(second) == 1 and seen[-1] == second else ()

    result = written(writer, request, once_faulty)
    assert set(result.statuses.values()) == {Status.MADE}
    assert [order.key for order in writer.asked[1].orders] == [second]
    assert dict(writer.asked[1].findings) == {second: ("caption: 9 too many",)}
    assert seen == [first, second, second]


def test_after_two_re_asks_the_order_is_blocked_and_keeps_its_draft() -> None:
    writer = Writer([all_of] * 9)
    result = written(writer, check=lambda _: ("still wrong",))
    assert len(writer.asked) == 3
    assert set(result.statuses.values()) == {Status.BLOCKED}
    assert len(result.drafts) == 2
    assert set(result.findings.values()) == {("still wrong",)}
    assert set(result.messages.values()) == {"still wrong"}


def test_an_order_that_is_missing_from_the_answer_is_asked_for_again() -> None:
    writer = Writer([only(1), all_of])
    assert set(written(writer).statuses.values()) == {Status.MADE}
    assert len(writer.asked[1].orders) == 1


def test_an_order_that_never_comes_has_failed_and_the_others_are_made() -> None:
    result = written(Writer([only(1), only(0), only(0)]))
    assert list(result.statuses.values()) == [Status.MADE, Status.FAILED]


def test_an_order_that_nobody_asked_for_is_ignored() -> None:
    stray = CopyAnswer(drafts={"f" * 64: a_draft("f" * 64)})
    result = written(Writer([lambda r: CopyAnswer(drafts={**all_of(r).drafts, **stray.drafts})]))
    assert "f" * 64 not in result.drafts
    assert "f" * 64 not in result.statuses


def test_one_idea_is_shown_on_every_placement_also_after_a_re_ask() -> None:
    def other(request: CopyRequest) -> CopyAnswer:
        drafts = {order.key: a_draft(order.key, "Another idea") for order in request.orders}
        return CopyAnswer(drafts=drafts)

    result = written(Writer([only(1), other]))
    assert {draft.display.headline for draft in result.drafts.values()} == {"One idea"}


def test_an_answer_of_another_shape_is_asked_again_and_counted() -> None:
    spoilt = Misread("not JSON")
    spoilt.paid_usd_micros = 70
    writer = Writer([spoilt, all_of])
    result = written(writer)
    assert set(result.statuses.values()) == {Status.MADE}
    assert result.cost_usd_micros == 70
    (found,) = set(writer.asked[1].findings.values())
    assert "not JSON" in found[0]


def test_faults_end_as_statuses() -> None:
    for fault, status in (
        (ContentRefused("no"), Status.REFUSED),
        (BudgetExceeded("full"), Status.OVER_BUDGET),
        (UncertainCall("maybe"), Status.UNCERTAIN),
    ):
        result = written(Writer([fault]))
        assert set(result.statuses.values()) == {status}
        assert set(result.messages.values()) == {str(fault)}


def test_a_locale_that_is_not_written_blocks_and_says_which_are() -> None:
    request = replace(a_copy_request(prompted=False), locale="fi")
    result = written(Writer([]), request)
    assert set(result.statuses.values()) == {Status.BLOCKED}
    assert set(result.messages.values()) == {"'w' does not write 'fi'; it writes en"}


def test_a_live_provider_that_cannot_be_counted_is_not_asked() -> None:
    writer = Writer([all_of])
    handle = ProviderHandle(name="w", mode="live", copy=writer)
    request = a_copy_request(prompted=False)
    result = asyncio.run(write_copy(Calls(), handle, request, never_faulty))
    assert writer.asked == []
    assert "prepare_copy" in next(iter(result.messages.values()))


@dataclass
class PaidWriter(Writer):
    """The same, for money."""

    def prepare_copy(self, request: CopyRequest) -> VendorCall[CopyAnswer]:
        async def send(_: str) -> RawAnswer:
            return RawAnswer(body=b"x")

        return VendorCall(
            provider="w",
            model="m",
            endpoint="copy",
            content={"prompted": request.prompt is not None},
            at_most=Usage(),
            send=send,
            measure=lambda _: Usage(),
            parse=lambda _: all_of(request),
        )


@dataclass
class CountingTill:
    """Pays without a ledger."""

    rows: list[str] = field(default_factory=list)
    content: list[object] = field(default_factory=list)

    async def pay(self, call: VendorCall[T], *, row: str) -> Receipt[T]:
        self.rows.append(row)
        self.content.append(dict(call.content))
        return Receipt(answer=call.parse(b"x"), cost_usd_micros=30)

    def uncertain(self) -> tuple[LedgerCall, ...]:
        return ()

    def lacking_micros(self) -> int:
        return 0


def test_paid_copy_goes_through_the_till_with_its_prompt_and_row() -> None:
    till = CountingTill()
    handle = ProviderHandle(name="w", mode="live", copy=PaidWriter([]))
    request = a_copy_request(prompted=False)
    work = write_copy(Calls(till, with_prompt), handle, request, never_faulty)
    result = asyncio.run(work)
    assert till.rows == ["b1"]
    assert till.content == [{"prompted": True}]
    assert result.cost_usd_micros == 30


def test_paid_work_without_a_till_is_a_fault_of_its_orders_alone() -> None:
    handle = ProviderHandle(name="w", mode="live", copy=PaidWriter([]))
    request = a_copy_request(prompted=False)
    result = asyncio.run(write_copy(Calls(), handle, request, never_faulty))
    assert set(result.statuses.values()) == {Status.FAILED}


@dataclass
class Voice:
    async def speak(self, request: SpeechRequest) -> SpeechAnswer:
        return SpeechAnswer(wav=request.text.encode())


def test_media_come_through_the_same_door() -> None:
    handle = ProviderHandle(name="w", mode="offline", voice=Voice())
    line = SpeechRequest(text="Hello.", locale="en")
    spoken = asyncio.run(speak(Calls(), handle, line))
    assert (spoken.status, spoken.answer) == (Status.MADE, SpeechAnswer(wav=b"Hello."))


def test_a_missing_capability_is_a_blocked_order() -> None:
    handle = ProviderHandle(name="w", mode="offline")
    music = MusicRequest(mood="warm", duration_ms=1000, bpm=90, seed=1)
    picture = ImageRequest(prompt="a", width_px=64, height_px=64)
    ended: Sequence[tuple[Status, str]] = [
        (one.status, one.message)
        for one in (
            asyncio.run(compose(Calls(), handle, music)),
            asyncio.run(make_image(Calls(), handle, picture)),
        )
    ]
    assert [status for status, _ in ended] == [Status.BLOCKED] * 2
    assert "'music'" in ended[0][1]
    assert "'image'" in ended[1][1]


def test_results_are_read_only() -> None:
    result = written(Writer([all_of]))
    assert isinstance(result.drafts, MappingProxyType)
