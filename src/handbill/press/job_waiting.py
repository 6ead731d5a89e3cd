"""Waiting for jobs at a vendor, and how a call ends that no repeat can help.

A job that was taken costs money whether anybody asks after it or not. So nothing but the vendor's
own word that it ended unpaid frees its reservation: whatever else goes wrong while it is asked
after, its id stays in the ledger and the next run asks again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from handbill.errors import ContentRefused, JobFailed, JobLost, ProviderError, Unavailable
from handbill.store.ledger import CallCard, Ledger
from handbill.store.ledger_tables import CallState


async def wait_for_job(
    ledger: Ledger,
    card: CallCard,
    wait_s: float,
    left_s: float,
    sleep: Callable[[float], Awaitable[None]],
) -> None:
    """Wait until the job may be asked after.

    Args:
        ledger: keeps the job for the next run when this one cannot wait any longer.
        card: the call.
        wait_s: the wait that its adapter wants, at least 0.
        left_s: what is left of the call's deadline.
        sleep: waits that many seconds.

    Raises:
        Unavailable: the wait would pass the deadline.
    """
    if wait_s and wait_s >= left_s:
        fault = Unavailable(
            f"{card.provider!r} is still at work on its job after {card.deadline_s:g} s. It is "
            "not handed in again: the next run asks after it. To wait longer, raise deadline_s of "
            "this provider",
            provider=card.provider,
            model=card.model,
        )
        ledger.mark_uncertain(card.key, str(fault))
        raise fault
    if wait_s:
        await sleep(wait_s)


def end_call(ledger: Ledger, key: str, fault: ProviderError, *, collecting: bool) -> None:
    """Book a call that ended with `fault`, which no repeat can help.

    Args:
        ledger: where it stands.
        key: of the call.
        fault: how it ended.
        collecting: the vendor had taken it, and was asked for its outcome.
    """
    if isinstance(fault, ContentRefused):
        ledger.give_up(key, CallState.REFUSED, str(fault))
    elif isinstance(fault, JobFailed) or not collecting:
        ledger.give_up(key, CallState.FAILED, str(fault))
    else:
        ledger.mark_uncertain(key, str(fault))


def lost(card: CallCard, fault: JobLost) -> JobLost:
    """The fault of a job that is held back, with what to do about it."""
    return JobLost(
        f"{fault}. It may have been paid for {card.brief!r} and is held back; the next run asks "
        "after it once more. To hand it in anew, set HANDBILL_ON_UNCERTAIN=resend",
        provider=card.provider,
        model=card.model,
    )
