"""The one door to providers: every text, voice, picture and piece of music comes through here.

A provider that works offline is asked directly. One that costs money is asked through the till,
which owns rates, retries, budgets and the ledger. Nothing here raises for a fault of a single
order: how it ended is a `Status` with a message.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Never, Protocol, TypeVar

from handbill.domain.order import Status
from handbill.domain.prompt import Prompt
from handbill.errors import BudgetExceeded, CapabilityMissing, HandbillError, ProviderError
from handbill.press.copy_desk import Check, CopyDesk
from handbill.press.receipts import (
    CallResult,
    CopyResult,
    Misread,
    Receipt,
    cause_of,
    paid_micros,
    status_of,
)
from handbill.providers.listening import (
    ModerationAnswer,
    ModerationRequest,
    TranscriptionAnswer,
    TranscriptionRequest,
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
    VideoAnswer,
    VideoRequest,
)

if TYPE_CHECKING:
    from handbill.store.ledger_facts import LedgerCall

AnswerT = TypeVar("AnswerT")
AskT = TypeVar("AskT", bound=Callable[..., object])

# A draft with faults is sent back with the exact findings this often, then the order is blocked.
MOST_REASKS = 2

__all__ = [
    "CallResult",
    "Calls",
    "CopyResult",
    "compose",
    "make_image",
    "make_video",
    "speak",
    "write_copy",
]


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

    def uncertain(self) -> tuple[LedgerCall, ...]:
        """The campaign's calls that may have been paid and have no answer."""
        ...

    def lacking_micros(self) -> int:
        """The most that the calls cost which a budget has kept back."""
        ...


class Calls:
    """Asks providers, offline ones directly and the others through the till.

    Args:
        till: None where every provider is offline.
        prompts: writes a copy request's prompt; only asked for providers that are not offline.
        join: makes one prompt of those of several languages; None asks for each by itself.
    """

    def __init__(
        self,
        till: Till | None = None,
        prompts: Callable[[CopyRequest], CopyRequest] | None = None,
        join: Callable[[Mapping[str, Prompt]], Prompt] | None = None,
    ) -> None:
        self._till = till
        self._prompts = prompts
        self._join = join
        self._stopped = False

    def stop(self) -> None:
        """Pay for nothing more; calls that were sent are waited for."""
        self._stopped = True

    async def pay(self, call: VendorCall[AnswerT], *, row: str) -> Receipt[AnswerT]:
        """Send `call` through the till; see `Till.pay`."""
        if self._stopped:
            raise ProviderError(
                "the run was stopped before this was asked for; nothing was sent",
                provider=call.provider,
                model=call.model,
            )
        if self._till is None:
            raise ProviderError(
                f"{call.provider!r} costs money and this run was opened without a till",
                provider=call.provider,
                model=call.model,
            )
        return await self._till.pay(call, row=row)

    def uncertain(self) -> tuple[LedgerCall, ...]:
        """The campaign's calls that may have been paid; none without a till."""
        return self._till.uncertain() if self._till else ()

    def lacking_micros(self) -> int:
        """The most that the calls cost which a budget has kept back, in micro-dollars."""
        return self._till.lacking_micros() if self._till else 0

    def with_prompt(self, request: CopyRequest) -> CopyRequest:
        """`request` with its prompt written, where prompts are wanted."""
        return self._prompts(request) if self._prompts else request

    def joint_prompt(self, requests: Sequence[CopyRequest]) -> Prompt | None:
        """One prompt for requests of several languages; None where they are not joined."""
        prompts = {one.locale: self.with_prompt(one).prompt for one in requests}
        known = {locale: prompt for locale, prompt in prompts.items() if prompt}
        return self._join(known) if self._join and len(known) == len(requests) else None


async def write_copy(
    calls: Calls,
    handle: ProviderHandle,
    request: CopyRequest,
    check: Check,
    first: Receipt[CopyAnswer] | HandbillError | None = None,
) -> CopyResult:
    """Drafts for all orders of one request; faulty ones are asked for again with their findings.

    Args:
        calls: the door.
        handle: a provider with the copy capability.
        request: orders of one brief, locale, account, audience and variant.
        check: what is wrong with a draft, in sentences that a writer can act on; empty when it
            may go out.
        first: what the first try has brought already, when it was asked together with others.
    """
    desk = CopyDesk(request)
    for _ in range(1 + MOST_REASKS):
        try:
            asked = desk.next_request()
            if isinstance(first, HandbillError):
                raise first
            desk.take(first or await _ask_copy(calls, handle, asked), check)
        except Misread as fault:
            desk.misread(fault)
        except (ProviderError, BudgetExceeded) as fault:
            desk.stop(fault)
            break
        finally:
            first = None
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


async def make_video(
    calls: Calls, handle: ProviderHandle, request: VideoRequest, *, row: str = ""
) -> CallResult[VideoAnswer]:
    """One clip. `row` is the brief's id, for budgets by row."""

    async def ask() -> Receipt[VideoAnswer]:
        video = handle.video or _lacks(handle, "video")
        return await calls.pay(video.prepare_video(request), row=row)

    return await _settled(ask)


async def moderate(
    calls: Calls, handle: ProviderHandle, request: ModerationRequest, *, row: str = ""
) -> CallResult[ModerationAnswer]:
    """Whether words and a picture may be shown. `row` is the brief's id, for budgets by row."""

    async def ask() -> Receipt[ModerationAnswer]:
        looks = handle.moderation or _lacks(handle, "moderation")
        return await calls.pay(looks.prepare_moderation(request), row=row)

    return await _settled(ask)


async def transcribe(
    calls: Calls, handle: ProviderHandle, request: TranscriptionRequest, *, row: str = ""
) -> CallResult[TranscriptionAnswer]:
    """What is said in a sound. `row` is the brief's id, for budgets by row."""

    async def ask() -> Receipt[TranscriptionAnswer]:
        listens = handle.transcription or _lacks(handle, "transcription")
        return await calls.pay(listens.prepare_transcription(request), row=row)

    return await _settled(ask)


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
        return CallResult(
            answer=None,
            status=status_of(fault),
            message=str(fault),
            cost_usd_micros=paid_micros(fault),
            cause=cause_of(fault),
        )
    return CallResult(
        answer=receipt.answer,
        status=Status.MADE,
        cost_usd_micros=receipt.cost_usd_micros,
        reused=receipt.reused,
        mode=receipt.mode,
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
