"""Proofs and what people said of them, in the ledger's database: all machines see one list."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from handbill.domain.review import Proof, Verdict
from handbill.store.ledger import Ledger
from handbill.store.ledger_tables import PROOFS

# Facts of the order, which are only shown and never asked for.
_SHOWN = ("brief", "product", "placement", "locale", "account", "audience", "variant", "text")


class Reviews:
    """The proofs in one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def show(self, campaign: str, proofs: Sequence[Proof], gone: Collection[str] | None) -> None:
        """Note what a run shows; proofs that wait and are not shown any more are forgotten.

        Args:
            campaign: its name.
            proofs: of the campaign, all that wait now.
            gone: labels whose other proofs cannot be had any more; None means all labels.
        """
        with self._ledger.begin() as connection:
            own = PROOFS.c.campaign == campaign
            known = connection.execute(
                select(PROOFS.c.key, PROOFS.c.label, PROOFS.c.verdict).where(own)
            ).all()
            settled = {row.key for row in known if row.verdict != Verdict.WAITING}
            for row in known:
                if row.key not in settled and (gone is None or row.label in gone):
                    connection.execute(delete(PROOFS).where(own, PROOFS.c.key == row.key))
            fresh = [self._columns(proof) for proof in proofs if proof.key not in settled]
            if fresh:
                connection.execute(insert(PROOFS), fresh)

    def of_campaign(self, campaign: str) -> dict[str, Proof]:
        """Every proof of a campaign that waits or has a verdict, by key."""
        return {proof.key: proof for proof in self._found(PROOFS.c.campaign == campaign)}

    def waiting(self, campaign: str = "") -> tuple[Proof, ...]:
        """What waits for a person, in the order of labels; of one campaign if named."""
        conditions = [PROOFS.c.verdict == Verdict.WAITING]
        if campaign:
            conditions.append(PROOFS.c.campaign == campaign)
        return self._found(*conditions)

    def remakes(self, campaign: str) -> Counter[str]:
        """Label → how often a person wanted that order made anew."""
        wanted = self._found(PROOFS.c.campaign == campaign, PROOFS.c.verdict == Verdict.REMAKE)
        return Counter(proof.label for proof in wanted)

    def decide(
        self, proofs: Sequence[Proof], verdict: Verdict, note: str = "", *, anew: bool = False
    ) -> int:
        """Give proofs a verdict; how many it was that had none.

        Args:
            proofs: what was looked at.
            verdict: what the person said.
            note: why, for colleagues.
            anew: also where there is a verdict already.
        """
        columns = {"verdict": verdict, "note": note, "changed_s": self._ledger.now_s()}
        changed = 0
        with self._ledger.begin() as connection:
            for proof in proofs:
                where = [PROOFS.c.campaign == proof.campaign, PROOFS.c.key == proof.key]
                if not anew:
                    where.append(PROOFS.c.verdict == Verdict.WAITING)
                changed += connection.execute(
                    update(PROOFS).where(*where).values(columns)
                ).rowcount
        return changed

    def _found(self, *conditions: Any) -> tuple[Proof, ...]:
        query = select(PROOFS).where(*conditions)
        with self._ledger.engine.connect() as connection:
            rows = connection.execute(
                query.order_by(PROOFS.c.campaign, PROOFS.c.label, PROOFS.c.key)
            ).all()
        return tuple(_proof(row) for row in rows)

    def _columns(self, proof: Proof) -> dict[str, object]:
        shown = {name: getattr(proof, name) for name in _SHOWN}
        return {
            "campaign": proof.campaign,
            "key": proof.key,
            "label": proof.label,
            "shown": json.dumps(shown, ensure_ascii=False, sort_keys=True),
            "verdict": proof.verdict,
            "note": proof.note,
            "run": proof.run,
            "target": proof.target,
            "folder": proof.folder,
            "changed_s": self._ledger.now_s(),
        }


def _proof(row: Row[Any]) -> Proof:
    return Proof(
        key=row.key,
        campaign=row.campaign,
        label=row.label,
        verdict=Verdict(row.verdict),
        note=row.note,
        run=row.run,
        target=row.target,
        folder=row.folder,
        **json.loads(row.shown),
    )
