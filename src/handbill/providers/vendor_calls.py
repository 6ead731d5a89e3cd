"""The halves of a call that costs money, and what batches of such calls are asked for.

`providers.ports` hands these names on; adapters import them from there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a call used, in the vendor's own units; costs are worked out from it.

    Attributes:
        service_tier: the tier that the vendor says it served, where it says one: it may be
            another than the one that was asked for, and it is the one that is paid.
    """

    units: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    cost_usd_micros: int | None = 0
    service_tier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """What a vendor sent, byte for byte, before anything is read out of it.

    Attributes:
        body: decoded HTTP body; it is in the store before it is parsed.
        headers: lower-case names; the press reads rate limits from them.
        pending: empty for a finished answer; else what `VendorCall.collect` needs to fetch it (a
            job's id, a picture's address). It is in the ledger before it is used.
        wait_s: how long to wait before `collect`; only with `pending`.
    """

    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pending: str = ""
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTerms:
    """How a call's usage becomes money.

    Attributes:
        vendor: whose price list counts, such as ``openai``; empty when only `usd_per` does.
        processing: ``batch``, or empty for the usual price.
        service_tier: ``flex``, ``priority``, …, or empty.
        usd_per: the user's own prices, unit → US dollars for one; they win over any list. The
            unit ``call`` is counted once a call.
        free: the vendor charges nothing for this kind of work.
        batch_share: what a call of a batch costs of the user's own price, 0 to 1; lists know
            their own.
    """

    vendor: str = ""
    processing: str = ""
    service_tier: str = ""
    usd_per: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    free: bool = False
    batch_share: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTerms:
    """What the user knows about a vendor's limits; 0 means: find out.

    Attributes:
        requests_per_minute, tokens_per_minute: the account's own limits.
        most_in_flight: never more requests at once of one process, 1 to 256.
        most_in_flight_everywhere: nor more at once of all processes that share a ledger, jobs that
            a vendor is at work on included; 0 sets no such limit.
        deadline_s: one call, its waits and repeats included, ends within this time of its first
            request.
    """

    requests_per_minute: int = 0
    tokens_per_minute: int = 0
    most_in_flight: int = 64
    most_in_flight_everywhere: int = 0
    deadline_s: float = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchState:
    """Where a batch stands at its vendor.

    Attributes:
        id: the vendor's name for it.
        ended: nothing more will come; `failed`: nothing of it was taken at all.
        word: the vendor's own word for its state.
        output_file, error_file: ids of what came, or empty.
        message: why it failed, or empty.
    """

    id: str
    word: str
    ended: bool = False
    failed: bool = False
    output_file: str = ""
    error_file: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """How one call of a batch ended.

    Attributes:
        key: the call's key, as it was handed in.
        body: the answer's bytes as a single call would have brought them; empty when there is
            none.
        fault: what the vendor said instead, as the exception of a single call; None with a body.
    """

    key: str
    body: bytes = b""
    fault: Exception | None = None


class BatchDesk(Protocol):
    """Where a vendor takes many calls at once, for less money and within a day.

    Every method asks once and raises the `ProviderError` family alone.
    """

    @property
    def address(self) -> str:
        """The server, which tells one vendor's batches from another's."""
        ...

    def lines(self, calls: Iterable[tuple[str, BatchOffer]]) -> bytes:
        """The file to hand in: keys and what is asked; pure, the same for equal calls."""
        ...

    async def upload(self, name: str, lines: bytes) -> str:
        """Upload a file; its id. Costs nothing, so that it may be done again."""
        ...

    async def create(self, file_id: str, url: str, ticket: str) -> BatchState:
        """Hand the file in under our `ticket`. This is what costs money."""
        ...

    async def find(self, ticket: str) -> BatchState | None:
        """The batch that was handed in under `ticket`; None when the vendor lists none."""
        ...

    async def look(self, batch_id: str) -> BatchState:
        """Where a batch stands."""
        ...

    async def fetch(self, file_id: str) -> bytes:
        """A file of answers, whole."""
        ...

    def read(self, data: bytes) -> Iterable[BatchLine]:
        """The lines of a file of answers, in any order; pure, and never raises."""
        ...

    def measure(self, body: bytes) -> Usage:
        """What an answer used; pure, and never raises for an odd body."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOffer:
    """How a call can be handed in with others.

    Attributes:
        desk: where.
        url: the kind of work, as the desk names it, such as ``/v1/responses``.
        body: the request.
        most_lines, most_bytes: of one file of such calls.
    """

    desk: BatchDesk
    url: str
    body: Mapping[str, object]
    most_lines: int
    most_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorCall(Generic[AnswerT]):
    """One request to a vendor in halves, so that a paid answer can be read again and again.

    Attributes:
        provider, model: who is asked; empty `model` means the vendor's own default.
        endpoint: kind of work, such as ``responses`` or ``images.generate``.
        content: everything that decides the answer, in JSON's own types, without any key; its
            digest names the call in the ledger.
        at_most: the most that the call may use; a budget is reserved by it.
        send: sends once and returns the raw answer; given the call's digest, which goes out as
            idempotency key where the vendor honours one. Never sleeps, never retries.
        measure: what a raw answer used; pure, and never raises for an odd body.
        parse: the answer in a raw body; pure. Raises `BadAnswer` or `ContentRefused`.
        collect: fetches what an earlier `send` left pending, or answers pending again; None where
            that cannot happen. `JobFailed` and `ContentRefused` say that nothing was paid,
            `JobLost` that the job or its result is gone; after any other fault it is asked again.
        resend_is_free: whether the vendor recognises a repeated idempotency key, so that a call
            that was cut short may be sent again without being paid twice.
        prices, rates: what the user and the adapter know about money and limits.
        at_least: the least that a good answer may use, for the range in plans; None means: what
            is asked, and no answer.
        batch: how the call can be handed in with others; None where it cannot.
    """

    provider: str
    model: str
    endpoint: str
    content: Mapping[str, object]
    at_most: Usage
    send: Callable[[str], Awaitable[RawAnswer]]
    measure: Callable[[bytes], Usage]
    parse: Callable[[bytes], AnswerT]
    collect: Callable[[str], Awaitable[RawAnswer]] | None = None
    resend_is_free: bool = False
    prices: PriceTerms = PriceTerms()
    rates: RateTerms = RateTerms()
    at_least: Usage | None = None
    batch: BatchOffer | None = None
