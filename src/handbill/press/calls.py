"""The one door to providers: every text, voice, picture and piece of music comes through here.

A provider that works offline is asked directly. One that costs money is asked through the till,
which owns rates, retries, budgets and the ledger. Nothing here raises for a fault of a single
order: how it ended is a `Status` with a message.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Generic, Never, Protocol, TypeVar

from handbill.domain.copy import Draft
from handbill.domain.order import Status
from handbill.errors import (
    BudgetExceeded,
    CapabilityMissing,
    ContentRefused,
    HandbillError,
    ProviderError,
    UncertainCall,
)
from handbill.providers.ports import (
    CopyAnswer,
    CopyRequest,
    ImageAnswer,
    ImageRequest,
    MusicAnswer,
    MusicRequest,
    PreparesCopy,
    PreparesImage,
    PreparesMusic,
    PreparesSpeech,
    ProviderHandle,
    SpeechAnswer,
    SpeechRequest,
    VendorCall,
)

AnswerT = TypeVar("AnswerT")
AskT = TypeVar("AskT", bound=Callable[..., object])

# A draft with faults is sent back with the exact findings this often, then the order is blocked.
MOST_REASKS = 2

Check = Callable[[Draft], tuple[str, ...]]
Texts = Mapping[str, str]
NO_TEXTS: Texts = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Generic[AnswerT]):
    """An answer and what it cost now: 0 micro-dollars when it was stored already."""

    answer: AnswerT
    cost_usd_micros: int = 0
    reused: bool = False


class Till(Protocol):
    """Pays for one call, or finds its stored answer."""

    async def pay(self, call: VendorCall[AnswerT], *, row: str) -> Receipt[AnswerT]:
        """The answer to `call`, never paid for twice.

        Raises:
            ProviderError: the vendor did not give it.
            BudgetExceeded: it would pass a cap; nothing was sent.
            UncertainCall: it may have been paid before, and the policy is not to send it again.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyResult:
    """How the copy of one brief's orders ended; every mapping is by order key.

    Attributes:
        drafts: the drafts; that of a blocked order is kept too.
        findings: what still stands against a draft after the last try.
        statuses: one for every order of the request: ``MADE``, ``BLOCKED``, ``REFUSED``,
            ``FAILED``, ``UNCERTAIN`` or ``OVER_BUDGET``.
        messages: why an order was not made, for people.
        cost_usd_micros: what this request cost now, all tries together; at least 0.
        reused: every answer was in the store already.
    """

    drafts: Mapping[str, Draft]
    findings: Mapping[str, tuple[str, ...]]
    statuses: Mapping[str, Status]
    messages: Texts = field(default_factory=lambda: NO_TEXTS)
    cost_usd_micros: int = 0
    reused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResult(Generic[AnswerT]):
    """How one call for a voice, picture or piece of music ended; `answer` is None unless made."""

    answer: AnswerT | None
    status: Status
    message: str = ""
    cost_usd_micros: int = 0
    reused: bool = False


class Calls:
    """Asks providers, offline ones directly and the others through the till.

    Args:
        till: None where every provider is offline.
        prompts: writes a copy request's prompt; only asked for providers that are not offline.
    """

    def __init__(
        self,
        till: Till | None = None,
        prompts: Callable[[CopyRequest], CopyRequest] | None = None,
    ) -> None:
        self._till = till
        self._prompts = prompts

    async def pay(self, call: VendorCall[AnswerT], *, row: str) -> Receipt[AnswerT]:
        """Send `call` through the till; see `Till.pay`."""
        if self._till is None:
            raise ProviderError(
                f"{call.provider!r} costs money and this run was opened without a till",
                provider=call.provider,
                model=call.model,
            )
        return await self._till.pay(call, row=row)

    def with_prompt(self, request: CopyRequest) -> CopyRequest:
        """`request` with its prompt written, where prompts are wanted."""
        return self._prompts(request) if self._prompts else request


async def write_copy(
    calls: Calls, handle: ProviderHandle, request: CopyRequest, check: Check
) -> CopyResult:
    """Drafts for all orders of one request; faulty ones are asked for again with their findings.

    Args:
        calls: the door.
        handle: a provider with the copy capability.
        request: orders of one brief, locale, account, audience and variant.
        check: what is wrong with a draft, in sentences that a writer can act on; empty when it
            may go out.
    """
    desk = _CopyDesk(request)
    for _ in range(1 + MOST_REASKS):
        try:
            receipt = await _ask_copy(calls, handle, desk.next_request())
        except (ProviderError, BudgetExceeded) as fault:
            desk.stop(fault)
            break
        desk.take(receipt, check)
        if not desk.open:
            break
    return desk.result()


async def speak(
    calls: Calls, handle: ProviderHandle, request: SpeechRequest, *, row: str = ""
) -> CallResult[SpeechAnswer]:
    """One line of speech. `row` is the brief's id, for budgets by row."""

    async def ask() -> Receipt[SpeechAnswer]:
        voice = handle.voice or _lacks(handle, "voice")
        if isinstance(voice, PreparesSpeech):
            return await calls.pay(voice.prepare_speech(request), row=row)
        return Receipt(answer=await _free(handle, "prepare_speech", voice.speak)(request))

    return await _settled(ask)


async def compose(
    calls: Calls, handle: ProviderHandle, request: MusicRequest, *, row: str = ""
) -> CallResult[MusicAnswer]:
    """A bed of music. `row` is the brief's id, for budgets by row."""

    async def ask() -> Receipt[MusicAnswer]:
        music = handle.music or _lacks(handle, "music")
        if isinstance(music, PreparesMusic):
            return await calls.pay(music.prepare_music(request), row=row)
        return Receipt(answer=await _free(handle, "prepare_music", music.compose)(request))

    return await _settled(ask)


async def make_image(
    calls: Calls, handle: ProviderHandle, request: ImageRequest, *, row: str = ""
) -> CallResult[ImageAnswer]:
    """One picture. `row` is the brief's id, for budgets by row."""

    async def ask() -> Receipt[ImageAnswer]:
        image = handle.image or _lacks(handle, "image")
        if isinstance(image, PreparesImage):
            return await calls.pay(image.prepare_image(request), row=row)
        return Receipt(answer=await _free(handle, "prepare_image", image.make_image)(request))

    return await _settled(ask)


def status_of(fault: HandbillError) -> Status:
    """The status of an order whose call ended with `fault`."""
    if isinstance(fault, BudgetExceeded):
        return Status.OVER_BUDGET
    if isinstance(fault, UncertainCall):
        return Status.UNCERTAIN
    if isinstance(fault, ContentRefused):
        return Status.REFUSED
    return Status.BLOCKED if isinstance(fault, CapabilityMissing) else Status.FAILED


class _CopyDesk:
    """The state of one request: which orders are done, and what the others still lack."""

    def __init__(self, request: CopyRequest) -> None:
        self._request = request
        self._drafts: dict[str, Draft] = {}
        self._accepted: dict[str, Draft] = {}
        self._messages: dict[str, str] = {}
        self._fault: HandbillError | None = None
        self._cost = 0
        self._reused = True
        self.open: dict[str, tuple[str, ...]] = {order.key: () for order in request.orders}

    def next_request(self) -> CopyRequest:
        """A request for the orders that are still open, with the findings against each."""
        orders = tuple(order for order in self._request.orders if order.key in self.open)
        findings = {key: found for key, found in self.open.items() if found}
        return replace(self._request, orders=orders, findings=MappingProxyType(findings))

    def take(self, receipt: Receipt[CopyAnswer], check: Check) -> None:
        """Book an answer: accepted drafts leave the desk, the others stay with their findings."""
        self._cost += receipt.cost_usd_micros
        self._reused = self._reused and receipt.reused
        for key in tuple(self.open):
            draft = receipt.answer.drafts.get(key)
            if draft is None:
                self.open[key] = ("the answer holds no draft for this order",)
                continue
            shared = self._sharing(draft)
            self._drafts[key] = shared
            found = check(shared)
            if found:
                self.open[key] = found
            else:
                del self.open[key]
                self._accepted[key] = shared

    def stop(self, fault: HandbillError) -> None:
        """End the tries: every order that is still open ends with `fault`."""
        self._fault = fault

    def result(self) -> CopyResult:
        """How every order of the request ended."""
        statuses = {order.key: Status.MADE for order in self._request.orders}
        for key, found in self.open.items():
            fault = self._fault
            statuses[key] = status_of(fault) if fault else Status.BLOCKED
            self._messages[key] = str(fault) if fault else "; ".join(found)
        return CopyResult(
            drafts=MappingProxyType(self._drafts),
            findings=MappingProxyType({key: found for key, found in self.open.items() if found}),
            statuses=MappingProxyType(statuses),
            messages=MappingProxyType(self._messages),
            cost_usd_micros=self._cost,
            reused=self._reused and bool(self._drafts),
        )

    def _sharing(self, draft: Draft) -> Draft:
        """`draft` with the display text of an accepted sister: one idea on every placement."""
        sister = next(iter(self._accepted.values()), None)
        return replace(draft, display=sister.display) if sister else draft


async def _ask_copy(
    calls: Calls, handle: ProviderHandle, request: CopyRequest
) -> Receipt[CopyAnswer]:
    writer = handle.copy or _lacks(handle, "copy")
    if not writer.writes(request.locale):
        raise CapabilityMissing(
            f"{handle.name!r} does not write {request.locale!r}"
            + (f"; it writes {', '.join(handle.locales)}" if handle.locales else ""),
            provider=handle.name,
        )
    if isinstance(writer, PreparesCopy):
        call = writer.prepare_copy(calls.with_prompt(request))
        return await calls.pay(call, row=request.brief.id)
    return Receipt(answer=await _free(handle, "prepare_copy", writer.write_copy)(request))


async def _settled(ask: Callable[[], Awaitable[Receipt[AnswerT]]]) -> CallResult[AnswerT]:
    try:
        receipt = await ask()
    except (ProviderError, BudgetExceeded) as fault:
        return CallResult(answer=None, status=status_of(fault), message=str(fault))
    return CallResult(
        answer=receipt.answer,
        status=Status.MADE,
        cost_usd_micros=receipt.cost_usd_micros,
        reused=receipt.reused,
    )


def _free(handle: ProviderHandle, prepare: str, ask: AskT) -> AskT:
    """`ask`, when asking it cannot cost money that nobody counts."""
    if handle.mode == "live":
        raise CapabilityMissing(
            f"{handle.name!r} is a live provider without {prepare!r}, so its calls could be paid "
            "twice; implement it as the page on providers shows",
            provider=handle.name,
        )
    return ask


def _lacks(handle: ProviderHandle, capability: str) -> Never:
    raise CapabilityMissing(
        f"{handle.name!r} has no {capability!r}; name another provider for it in [providers]",
        provider=handle.name,
    )
