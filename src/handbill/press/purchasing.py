"""Everything that paid work is bought through: purse, till, outbox and batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from handbill.press.batches import Batches, desks_of
from handbill.press.calls import Calls
from handbill.press.docket import Docket
from handbill.press.outbox import Outbox
from handbill.press.purse import open_purse
from handbill.press.till import Till
from handbill.prompting import prompts
from handbill.providers.ports import CopyRequest, ProviderHandle
from handbill.settings import Settings
from handbill.store import AssetStore
from handbill.store.ledger import Ledger
from handbill.store.ledger_values import CallCard


def open_calls(
    docket: Docket,
    handle: Callable[[str], ProviderHandle],
    *,
    ledger: Ledger,
    store: AssetStore,
    settings: Settings,
    may_resend: Callable[[CallCard, str], bool],
) -> tuple[Calls, Batches]:
    """The door to a campaign's providers, and its batches.

    Args:
        docket: the campaign, and whether it asks in batches.
        handle: capability → opened provider.
        ledger: its dead holders' calls are settled first.
        store: keeps what was paid for.
        settings: policy and budget of this machine.
        may_resend: whether an uncertain call may be sent again under the policy ``ask``.
    """
    ledger.settle_dead()
    purse = open_purse(
        docket.campaign,
        docket.briefs,
        on_uncertain=settings.on_uncertain,
        day_usd=settings.day_budget_usd,
        approve=may_resend,
    )
    outbox = Outbox()
    till = Till(
        ledger,
        store,
        purse,
        seed=docket.campaign.seed,
        room_bytes=store.room_bytes,
        outbox=outbox if docket.batch else None,
    )
    desks = partial(desks_of, docket.campaign, handle)

    def with_prompt(request: CopyRequest) -> CopyRequest:
        return replace(request, prompt=prompts.copy_prompt(request, settings.templates))

    join = partial(prompts.join_prompts, templates=settings.templates)
    return Calls(till, with_prompt, join), Batches(ledger, store, purse, outbox, desks)
