"""The composition root: settings, store, catalogue, providers and processes, put together."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from handbill.channels import Catalogue, load_catalogue
from handbill.domain.digest import digest
from handbill.errors import CampaignError
from handbill.press.calls import Calls
from handbill.press.docket import Docket, open_docket
from handbill.press.dying import die_at
from handbill.press.equipment import Equipment, handles_of
from handbill.press.event_loop import EventLoop
from handbill.press.inbox import Inbox, watching
from handbill.press.lease import hold_campaign
from handbill.press.outcome import BatchFacts, Reading, RunFacts, RunResult
from handbill.press.pixels import Pixels
from handbill.press.places import bundle_folder, keep_pasted
from handbill.press.progress import Progress
from handbill.press.request import RunRequest
from handbill.press.scratch import Scratch
from handbill.press.spending import Accounts, costs_money
from handbill.providers.ports import ProviderHandle
from handbill.settings import Settings, read_settings
from handbill.store import AssetStore, open_store

if TYPE_CHECKING:
    from handbill.press.parcels import Parcel
    from handbill.press.review_desk import ReviewDesk
    from handbill.press.shared_work import SharedWork
    from handbill.store.ledger import Ledger
    from handbill.store.ledger_reviews import Reviews


class Studio:
    """Everything that a run needs, opened when it is first asked for.

    Args:
        settings: of this machine.
        clock: seconds since 1970, for the ledger.

    Attributes:
        progress: how far the current run is.
        resend: keys of uncertain calls that may be sent again under the policy ``ask``.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self._clock = clock
        self._ledger: Ledger | None = None
        self.progress = Progress()
        self.resend: frozenset[str] = frozenset()
        self._store: AssetStore | None = None
        self._loop = EventLoop()
        self._opened: list[ProviderHandle] = []
        self._pixels = Pixels(settings.workers, settings.home / "pixels.log")
        self._scratch: Scratch | None = None
        self._docket: tuple[RunRequest, Docket] | None = None
        self._equipment: tuple[Docket, Equipment] | None = None

    @property
    def catalogue(self) -> Catalogue:
        """Every placement that Handbill knows."""
        return load_catalogue()

    @property
    def store(self) -> AssetStore:
        """The store of finished work."""
        if self._store is None:
            self._store = open_store(self.settings.home / "store", self.settings.store_url)
        return self._store

    def read(self, request: RunRequest, *, fresh: bool = True) -> Docket:
        """Read and plan what `request` asks for, always from the files.

        Args:
            request: what to make.
            fresh: fetch a sheet on the web anew; False takes the bytes that the run began with.

        Raises:
            UserError: the campaign, its sheet, its brand or a placement cannot be used.
        """
        docket = open_docket(request, self.catalogue, fresh=fresh)
        if docket.is_reviewed:
            from handbill.press.review import with_remakes  # noqa: PLC0415 - few are reviewed

            docket = with_remakes(docket, self.reviews().remakes(docket.campaign.name))
        self._docket = (request, docket)
        return docket

    def begin(self, request: RunRequest, out: Path | None) -> Reading:
        """Read and plan a run, and tell the progress what to expect.

        Args:
            request: what to make.
            out: folder of the bundle, or None for the campaign's own.

        Raises:
            UserError: as `read`.
        """
        from handbill.press.run import expect_work  # noqa: PLC0415 - plans make nothing
        from handbill.press.writing_back import refuse_unfit  # noqa: PLC0415 - as above

        docket = self.read(request)
        place = (out or bundle_folder(self.settings.home, docket.campaign)).absolute()
        if docket.is_reviewed:
            docket = self._with_approvals(request, docket, place)
        refuse_unfit(docket)
        expect_work(self.progress, docket)
        return Reading(
            campaign=docket.campaign.name,
            plan_digest=docket.plan.digest,
            out=str(place),
            sheet=docket.campaign.sheet,
            slices=len(docket.slices),
            orders=len(docket.plan.orders),
            briefs=len(docket.briefs),
            problems=len(docket.problems),
        )

    def _with_approvals(self, request: RunRequest, docket: Docket, out: Path) -> Docket:
        """The docket after the verdicts in approvals files; faults of theirs are its problems."""
        taken, faults = self.desk(request).take_files(docket, out)
        if taken:
            docket = self.read(request)
        if faults:
            docket = replace(docket, problems=docket.problems + faults)
            self._docket = (request, docket)
        return docket

    def reviews(self) -> Reviews:
        """Everything that waits for a person, and what people said."""
        from handbill.store.ledger_reviews import Reviews  # noqa: PLC0415 - loads SQLAlchemy

        self._ledger = self._ledger or self.open_ledger()
        return Reviews(self._ledger)

    def desk(self, request: RunRequest, run: str = "") -> ReviewDesk:
        """Where a person is asked about the orders of a run.

        Args:
            request: what was asked for.
            run: the Prefect run that can wait for the answer and its round, or empty.
        """
        from handbill.press.review_desk import ReviewDesk  # noqa: PLC0415 - few are reviewed

        return ReviewDesk(self.reviews(), request.target, run)

    def pack(
        self,
        request: RunRequest,
        reading: Reading,
        slips: Sequence[str],
        facts: RunFacts,
        run: str = "",
    ) -> RunResult:
        """Pack the bundle of a run from its finished slips.

        Args:
            request: what was asked for.
            reading: from `begin`.
            slips: digests of the finished slips, in the order of the slices.
            facts: for ``run.json``.
            run: as in `desk`.

        Raises:
            BundleError: the bundle cannot be written.
        """
        from handbill.press.packing import pack  # noqa: PLC0415 - plans need no bundle

        docket = self.docket(request, reading.plan_digest)
        desk = self.desk(request, run) if docket.is_reviewed else None
        equipment = self.equip(docket)
        if docket.batch and equipment.batches:
            self._loop.run(equipment.batches.hand_in())
        return pack(equipment, docket, slips, Path(reading.out), facts, desk)

    def advance_batches(self, request: RunRequest, reading: Reading) -> tuple[BatchFacts, ...]:
        """Collect what batches have brought, hand in what is lacking; the batches that wait.

        Args:
            request: what to make.
            reading: from `begin`.

        Raises:
            UserError: no provider of the campaign takes batches.
        """
        from handbill.press.batch_asking import advance_batches  # noqa: PLC0415 - few ask so

        docket = self.docket(request, reading.plan_digest)
        return advance_batches(self.equip(docket), docket)

    def keep_sheet(self, text: str) -> Path:
        """Keep a pasted sheet; the same text has the same path."""
        return keep_pasted(self.settings.home, text)

    def docket(self, request: RunRequest, plan_digest: str) -> Docket:
        """The docket of a run that is under way, from memory where this process has read it.

        Raises:
            CampaignError: the campaign was changed since the run began.
        """
        if self._docket and self._docket[0] == request:
            docket = self._docket[1]
            if docket.plan.digest == plan_digest:
                return docket
        docket = self.read(request, fresh=False)
        if docket.plan.digest != plan_digest:
            raise CampaignError(
                "the campaign was changed while its run was under way",
                where=request.target,
                remedy="run it again; what is finished is kept",
            )
        return docket

    def equip(self, docket: Docket) -> Equipment:
        """The press, set up for the providers of a docket's campaign."""
        if self._equipment is None or self._equipment[0] is not docket:
            self._equipment = (docket, self._equipped(docket))
        return self._equipment[1]

    @contextmanager
    def holding(self, reading: Reading) -> Iterator[None]:
        """Hold a campaign, so that no second run works on it.

        Raises:
            CampaignBusy: another run holds it.
        """
        with hold_campaign(self.settings.home, reading.sheet, reading.out):
            if not self.settings.ledger_url.startswith("postgres"):
                yield
                return
            from handbill.press.shared_work import hold_everywhere  # noqa: PLC0415 - as in `ship`

            self._ledger = self._ledger or self.open_ledger()
            with hold_everywhere(self._ledger.engine, reading.campaign):
                yield

    def ship(self, request: RunRequest, reading: Reading) -> str:
        """Put a run's campaign into the store for other machines; the digest of its parcel.

        Raises:
            SettingsError: the store is not shared.
        """
        from handbill.press.parcels import pack_parcel  # noqa: PLC0415 - for several machines

        return pack_parcel(self.store, self.docket(request, reading.plan_digest), request)

    def unpack(self, parcel: str) -> Parcel:
        """What another machine has begun, its campaign laid out and read here.

        Raises:
            StoreError: the parcel is not in the store.
            CampaignError: this machine reads it otherwise than the one that sent it.
        """
        from handbill.press.parcels import open_parcel  # noqa: PLC0415 - for several machines

        sent = open_parcel(self.store, parcel, self.settings.home / "parcels")
        self.docket(sent.request, sent.plan_digest)
        return sent

    def shared_work(
        self, run: str, docket: Docket, machine: str
    ) -> AbstractContextManager[SharedWork]:
        """The slices of a run that several machines work on.

        Args:
            run: the run that waits for them.
            docket: of the run; its plan may become another one within the run, by a review.
            machine: tells this machine's part from others'.

        Raises:
            SettingsError: ledger or store are not shared.
        """
        from handbill.press.shared_work import open_work  # noqa: PLC0415 - as in `ship`

        self._ledger = self._ledger or self.open_ledger()
        work = digest([run, docket.plan.digest])
        return open_work(self.store, self._ledger.engine, work, len(docket.slices), machine)

    def watching(self, folder: str) -> AbstractContextManager[Inbox]:
        """Watch a folder for sheets, so that no second run does; empty means Handbill's own.

        Raises:
            CampaignBusy: another run watches it.
            CampaignError: it cannot be watched.
        """
        if "://" in folder:
            from handbill.press.remote_inbox import watching_storage  # noqa: PLC0415 - an extra

            return watching_storage(self.settings.home, folder)
        place = Path(folder).expanduser() if folder else self.settings.home / "inbox"
        return watching(self.settings.home, place)

    def make(
        self, request: RunRequest, reading: Reading, *, started: str, moment: Callable[[], str]
    ) -> RunResult:
        """Make every order of a run and pack its bundle, without Prefect.

        Args:
            request: what to make.
            reading: from `begin`.
            started: when the run began, ISO 8601.
            moment: tells when it has ended.

        Raises:
            BundleError: the bundle cannot be written.
        """
        from handbill.press.run import make_slices  # noqa: PLC0415 - plans make nothing

        docket = self.docket(request, reading.plan_digest)
        equipment = self.equip(docket)
        slips = make_slices(equipment, docket)
        facts = RunFacts(started=started, ended=moment(), orchestrated=False)
        return self.pack(request, reading, slips, facts)

    def accounts(self) -> Accounts | None:
        """The accounts of the campaign that was read last; None where nothing costs money."""
        if self._docket is None or not costs_money(self._docket[1].campaign):
            return None
        self._ledger = self._ledger or self.open_ledger()
        return Accounts(self._ledger, self._docket[1].campaign)

    def stop(self, *, finishing: bool = False) -> None:
        """Begin no more drawings and pay for nothing more; what is under way is finished.

        Args:
            finishing: what was drawn already may still be checked and marked.
        """
        self._pixels.stop(finishing=finishing)
        if self._equipment is not None:
            self._equipment[1].calls.stop()

    def close(self) -> None:
        """End processes, connections and the event loop."""
        self._pixels.close()
        if self._scratch is not None:
            self._scratch.close()
            self._scratch = None
        for handle in self._opened:
            if handle.close is not None:
                self._loop.run(_closing(handle.close))
        self._opened.clear()
        self._equipment = None
        self._loop.close()
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    def _equipped(self, docket: Docket) -> Equipment:
        self._scratch = self._scratch or Scratch(self.settings.home)
        handle = handles_of(docket.campaign, self._opened)
        calls, batches = Calls(), None
        if costs_money(docket.campaign):
            from handbill.press.purchasing import open_calls  # noqa: PLC0415 - paid work alone

            self._ledger = self._ledger or self.open_ledger()
            calls, batches = open_calls(
                docket,
                handle,
                ledger=self._ledger,
                store=self.store,
                settings=self.settings,
                may_resend=lambda card, _: card.key in self.resend,
            )
        return Equipment(
            store=self.store,
            catalogue=self.catalogue,
            scratch=self._scratch.folder,
            templates=self.settings.templates,
            handle=handle,
            calls=calls,
            loop=self._loop,
            pixels=self._pixels,
            progress=self.progress,
            batches=batches,
        )

    def open_ledger(self) -> Ledger:
        """The ledger of calls and money; opened anew for each caller, who closes it.

        Raises:
            StoreError: it cannot be opened.
        """
        from handbill.store.ledger import Ledger  # noqa: PLC0415 - loads SQLAlchemy

        address = self.settings.ledger_url or self.settings.home / "ledger.sqlite"
        return Ledger(address, self._clock)


async def _closing(close: Callable[[], Awaitable[None]]) -> None:
    await close()


def open_studio(settings: Settings | None = None) -> Studio:
    """The studio of this process; the same settings give the same studio.

    Args:
        settings: of this machine; read from the environment when None.

    Raises:
        SettingsError: an environment variable cannot be used.
    """
    return _studio_for(settings or read_settings())


@cache
def _studio_for(settings: Settings) -> Studio:
    if settings.test_failpoint:
        die_at(settings.test_failpoint, settings.home / "failpoints.log")
    return Studio(settings)
