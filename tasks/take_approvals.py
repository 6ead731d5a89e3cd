"""Take verdicts from approvals files and from a form."""

from __future__ import annotations

from pathlib import Path

from prefect import task
from prefect.logging import get_run_logger

from handbill.campaign_folder import read_campaign
from handbill.domain.review import LEAST_CHARS, Proof, Verdict
from handbill.errors import UserError
from handbill.press.review_desk import take_files
from handbill.store.ledger_reviews import Reviews
from handbill.studio import open_studio
from tasks._policy import policy


@task(**policy("take_approvals"), task_run_name="take approvals")
def take_approvals(
    *,
    campaign: str,
    approve_all: bool,
    approve: list[str],
    reject: list[str],
    remake: list[str],
    note: str,
) -> int:
    """Book what people decided; how many proofs that were."""
    reviews = open_studio().reviews()
    taken = 0
    for verdict, keys in (
        (Verdict.REJECTED, reject),
        (Verdict.REMAKE, remake),
        (Verdict.APPROVED, approve),
    ):
        named = tuple(key.strip().lower() for key in keys if len(key.strip()) >= LEAST_CHARS)
        waiting = reviews.waiting(campaign)
        chosen = [one for one in waiting if named and one.key.startswith(named)]
        taken += reviews.decide(chosen, verdict, note)
    if approve_all:
        taken += reviews.decide(reviews.waiting(campaign), Verdict.APPROVED, note)
    return taken + sum(_from_files(reviews, place) for place in _places(reviews, campaign))


def _places(reviews: Reviews, campaign: str) -> list[Proof]:
    """One proof of each campaign and bundle of proofs that waits."""
    places = {(one.campaign, one.folder): one for one in reviews.waiting(campaign)}
    return list(places.values())


def _from_files(reviews: Reviews, proof: Proof) -> int:
    folders = [Path(proof.folder)]
    try:
        folders.insert(0, Path(read_campaign(proof.target).folder))
    except UserError as fault:
        get_run_logger().warning("%s: %s", proof.campaign, fault)
    taken, faults = take_files(reviews, proof.campaign, *folders)
    for problem in faults:
        where = f"{problem.file}, row {problem.row}"
        get_run_logger().warning("%s: %s; %s", where, problem.message, problem.remedy)
    return taken
