"""The desk at which a run and a person meet: what waits, what was said, and where to look."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from handbill.bundling.staging import replace_file
from handbill.domain.copy import Copy
from handbill.domain.finding import Problem
from handbill.domain.review import Proof, Verdict
from handbill.press.approvals import (
    FILE_NAMES,
    approval_files,
    approvals_csv,
    matched,
    read_approvals,
)
from handbill.press.docket import Docket
from handbill.press.finishing import Finished
from handbill.press.review import Reviewed, labels_of, proof_folder, reviewed

if TYPE_CHECKING:
    from handbill.store.ledger_reviews import Reviews


class ReviewDesk:
    """Verdicts of one campaign.

    Args:
        reviews: where proofs and verdicts are kept.
        target: what a later run is to be given.
        run: the Prefect run that can wait for verdicts and its round, or empty.
    """

    def __init__(self, reviews: Reviews, target: str, run: str = "") -> None:
        self._reviews = reviews
        self._target = target
        self._run = run

    def take_files(self, docket: Docket, out: Path) -> tuple[int, tuple[Problem, ...]]:
        """Take the verdicts in approvals files; how many were new, and faults of the files."""
        campaign = docket.campaign
        return take_files(self._reviews, campaign.name, Path(campaign.folder), proof_folder(out))

    def sort(
        self, docket: Docket, finished: Mapping[str, Finished], copies: Mapping[str, Copy]
    ) -> Reviewed:
        """A run's finished orders by what was said of them."""
        return reviewed(docket, finished, copies, self._reviews.of_campaign(docket.campaign.name))

    def ask(self, docket: Docket, waiting: Sequence[Proof], folder: Path) -> None:
        """Put proofs on the list of what waits, and a file to be filled in beside them.

        Args:
            docket: what was made.
            waiting: proofs without a verdict.
            folder: the bundle of proofs.
        """
        told = [
            dataclasses.replace(proof, run=self._run, target=self._target, folder=str(folder))
            for proof in waiting
        ]
        self._reviews.show(docket.campaign.name, told, labels_of(docket))
        form = folder / FILE_NAMES[0]
        if waiting:
            replace_file(form, approvals_csv(waiting))
        elif folder.is_dir():
            form.unlink(missing_ok=True)


def take_files(reviews: Reviews, campaign: str, *folders: Path) -> tuple[int, tuple[Problem, ...]]:
    """Take the verdicts in the approvals files of `folders`; a proof that has one keeps it."""
    taken = 0
    problems: list[Problem] = []
    for path in approval_files(*folders):
        approvals, faults = read_approvals(path)
        problems += faults
        known = {proof.key: proof for proof in reviews.waiting(campaign)}
        said: dict[tuple[Verdict, str], list[Proof]] = {}
        for proof, approval in matched(approvals, known):
            said.setdefault((approval.verdict, approval.note), []).append(proof)
        for (verdict, note), proofs in said.items():
            taken += reviews.decide(proofs, verdict, note)
    return taken, tuple(problems)
