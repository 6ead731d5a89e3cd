"""Approvals in a file: a table with a key and a decision a row, as people fill it in.

The run writes ``approvals.csv`` into the bundle of proofs, with a row for each proof and an empty
column ``decision``. It is read there, or in the campaign's folder, as CSV or XLSX.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from handbill.bundling.cells import csv_bytes, unguarded
from handbill.domain.finding import Problem
from handbill.domain.review import LEAST_CHARS, Proof, Verdict
from handbill.errors import SheetError
from handbill.sheets import read_table
from handbill.sheets.tables import TableRow

FILE_NAMES = ("approvals.csv", "approvals.xlsx")
COLUMNS = (
    *("key", "decision", "note", "product", "placement", "locale", "account", "audience"),
    *("variant", "text"),
)
_WORDS = {
    Verdict.APPROVED: "approve approved ok yes y x ✓ ✔ ja oui si sí 通过 同意 批准 是",
    Verdict.REJECTED: "reject rejected no n nein non ✗ ✘ 拒绝 不通过 否",
    Verdict.REMAKE: "remake redo again anew 重做 重新制作",
}
_VERDICTS = {word: verdict for verdict, words in _WORDS.items() for word in words.split()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One row of an approvals file: what a person said of the proof whose key begins so."""

    key: str
    verdict: Verdict
    note: str
    file: str
    row: int


def approval_files(*folders: Path) -> tuple[Path, ...]:
    """The approvals files in `folders`."""
    places = (folder / name for folder in dict.fromkeys(folders) for name in FILE_NAMES)
    return tuple(place for place in places if place.is_file())


def read_approvals(path: Path) -> tuple[tuple[Approval, ...], tuple[Problem, ...]]:
    """The rows of an approvals file that say something, and what is wrong with the others."""
    try:
        table = read_table(path)
    except SheetError as fault:
        return (), (_problem(path, 0, "unreadable", fault.what, fault.remedy),)
    columns = {name.strip().lower(): place for place, name in enumerate(table.header)}
    if not {"key", "decision"} <= columns.keys():
        found = ", ".join(map(repr, table.header)) or "none"
        remedy = "start from the approvals.csv beside the proofs: it has every column"
        words = f"the columns 'key' and 'decision' are needed; found: {found}"
        return (), (_problem(path, 1, "columns", words, remedy),)
    read = [_row(path, columns, row) for row in table.rows if isinstance(row, TableRow)]
    approvals = tuple(one for one in read if isinstance(one, Approval))
    return approvals, tuple(one for one in read if isinstance(one, Problem))


def matched(
    approvals: Sequence[Approval], known: Mapping[str, Proof]
) -> Iterator[tuple[Proof, Approval]]:
    """Each approval beside the proof that it means; those of proofs that are gone mean none."""
    begins: dict[str, list[Proof]] = {}
    for key, proof in known.items():
        begins.setdefault(key[:LEAST_CHARS], []).append(proof)
    for approval in approvals:
        for proof in begins.get(approval.key[:LEAST_CHARS], ()):
            if proof.key.startswith(approval.key):
                yield proof, approval


def approvals_csv(waiting: Sequence[Proof]) -> bytes:
    """A file to be filled in: a row for each proof, decision and note empty."""
    rows = [
        (
            *(proof.short_key, "", "", proof.product, proof.placement, proof.locale),
            *(proof.account, proof.audience, proof.variant, proof.text),
        )
        for proof in waiting
    ]
    return csv_bytes(COLUMNS, rows)


def _row(path: Path, columns: Mapping[str, int], row: TableRow) -> Approval | Problem | None:
    def cell(name: str) -> str:
        place = columns.get(name, len(row.cells))
        return unguarded(row.cells[place]).strip() if place < len(row.cells) else ""

    key, word = cell("key").lower(), cell("decision").lower()
    if not word:
        return None
    if len(key) < LEAST_CHARS:
        remedy = "copy the key from the approvals.csv beside the proofs"
        return _problem(path, row.number, "key", f"{key!r} is no key of a proof", remedy, "key")
    if word not in _VERDICTS:
        remedy = "write approve, reject or remake"
        words = f"{word!r} is no decision"
        return _problem(path, row.number, "decision", words, remedy, "decision")
    return Approval(
        key=key, verdict=_VERDICTS[word], note=cell("note"), file=path.name, row=row.number
    )


def _problem(
    path: Path, row: int, code: str, message: str, remedy: str, column: str = ""
) -> Problem:
    return Problem(
        code=f"approvals.{code}",
        message=message,
        remedy=remedy,
        file=path.name,
        row=row,
        column=column,
        rejects=False,
    )
