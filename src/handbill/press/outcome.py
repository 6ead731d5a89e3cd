"""How a run ended, in counts; imports nothing heavy, so that doors can speak of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handbill.domain.order import Status
from handbill.errors import (
    EXIT_MADE,
    EXIT_WAITING,
    EXIT_WITH_FAULTS,
    BudgetExceeded,
    ProviderError,
)

FINE = (Status.MADE, Status.REUSED)
_UNMADE = (Status.FAILED, Status.OVER_BUDGET, Status.UNCERTAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a run has to know of its docket, in values that travel.

    Attributes:
        out: absolute path of the bundle's folder.
        sheet: absolute path of the sheet, by which the campaign is held.
        slices: how many slices the orders come in.
    """

    campaign: str
    plan_digest: str
    out: str
    sheet: str
    slices: int
    orders: int
    briefs: int
    problems: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What `run.json` says of a run beside its counts; times are taken by the caller.

    Attributes:
        started, ended: ISO 8601 with the time zone.
        orchestrated: whether Prefect ordered the work.
    """

    started: str
    ended: str
    orchestrated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFacts:
    """One batch that is not over.

    Attributes:
        batch: the vendor's id, or the beginning of our ticket where there is none yet.
        state: the vendor's own word, else how far the batch is here.
        message: what holds it up, or empty.
    """

    batch: str
    provider: str
    model: str
    calls: int
    state: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCall:
    """A call that may have been paid and whose answer is lost.

    Attributes:
        call: its key in the ledger.
        set_aside_usd_micros: what it may have cost, at least 0.
        message: what is known of its end.
    """

    call: str
    brief: str
    provider: str
    model: str
    endpoint: str
    set_aside_usd_micros: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """How a run ended.

    Attributes:
        bundle: absolute path of the bundle's folder.
        statuses: status → number of orders; only those that occur.
        problems: rows that were rejected or remarked on.
        rejected: problems that reject their row.
        by_placement: placement id → status → number of orders.
        messages: why orders were not made, the commonest first, each with its count.
        edited: files of the bundle that a person had changed and that stayed.
        put_aside: where such files lie now that have no place any more, below the bundle.
        status_file: where the status was written back to, or empty.
        uncertain: calls of this campaign that may have been paid, of this run or earlier ones.
        proofs: absolute path of the bundle of what waits for review, or empty.
        in_batches: orders whose calls lie in batches; they count as ``uncertain`` until then.
        batches: the batches that are not over, by ticket.
        lacking_usd_micros: the most that the calls cost which a budget has kept back, each once.
        provider_stopped: nothing was made, and providers that did not answer are the cause.
    """

    bundle: str
    manifest_sha256: str
    orders: int
    statuses: Mapping[str, int]
    problems: int
    rejected: int
    cost_usd_micros: int
    by_placement: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    messages: Sequence[tuple[str, int]] = ()
    edited: Sequence[str] = ()
    put_aside: Sequence[str] = ()
    status_file: str = ""
    uncertain: Sequence[HeldCall] = ()
    proofs: str = ""
    in_batches: int = 0
    lacking_usd_micros: int = 0
    batches: Sequence[BatchFacts] = ()
    provider_stopped: bool = False

    @property
    def unmade(self) -> int:
        """Orders that another run may still make: failed, over budget or uncertain."""
        return sum(self.statuses.get(status, 0) for status in _UNMADE)

    @property
    def waiting(self) -> int:
        """Orders that wait for a person."""
        return self.statuses.get(Status.WAITING_FOR_REVIEW, 0)

    @property
    def ready(self) -> int:
        """Orders that may go out."""
        return sum(self.statuses.get(status, 0) for status in FINE)

    @property
    def exit_code(self) -> int:
        """What the command line ends with."""
        if self.statuses.get(Status.OVER_BUDGET):
            return BudgetExceeded.exit_code
        if self.provider_stopped:
            return ProviderError.exit_code
        if self.in_batches:
            return EXIT_WAITING
        return EXIT_MADE if self.ready == self.orders and not self.rejected else EXIT_WITH_FAULTS
