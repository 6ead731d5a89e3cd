"""What the ledger writes down: calls, tallies by scope, breakers, proofs, batches, shared slices.

A call goes ``planned → reserved → sent → stored → done``, and may end as ``failed``, ``refused``
or ``uncertain`` instead:

- ``reserved``: money is set aside, nothing was sent. Safe to take over when its holder died.
- ``sent``: the request may have reached the vendor. When its holder dies it becomes ``uncertain``,
  unless a job's id was noted: then the job is asked after, never started again.
- ``stored``: the vendor's bytes are in the store. From here on the call is never sent again.
- ``done``: the bytes were read and made sense.

A call that was handed in with others is ``sent``, and its `pending` names the batch (`BATCH_TIE`
and its ticket): nobody asks for it alone, the batch is collected as a whole.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, String, Table, Text

SCHEMA_VERSION = 1
BATCH_TIE = "batch:"


class CallState(StrEnum):
    """Where a call stands; see the top of this module."""

    PLANNED = "planned"
    RESERVED = "reserved"
    SENT = "sent"
    STORED = "stored"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


TABLES = MetaData()

META = Table(
    "handbill_meta",
    TABLES,
    Column("name", String(40), primary_key=True),
    Column("number", Integer, nullable=False),
)

CALLS = Table(
    "calls",
    TABLES,
    Column("key", String(64), primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("brief", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("mode", String(10), nullable=False),
    Column("day", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("holder", Text, nullable=False),
    Column("until_s", Float, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reserved_micros", BigInteger, nullable=False),
    Column("spent_micros", BigInteger, nullable=False),
    Column("pricing", String(10), nullable=False),
    Column("units", Text, nullable=False),
    Column("answer_sha256", String(64), nullable=False),
    Column("pending", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("changed_s", Float, nullable=False),
    Index("calls_by_campaign", "campaign", "state"),
    Index("calls_by_state", "state"),
)

# Money spent or set aside, by scope: ``campaign:…``, ``row:…``, ``day:…``, ``provider:…``.
TALLIES = Table(
    "tallies",
    TABLES,
    Column("scope", Text, primary_key=True),
    Column("micros", BigInteger, nullable=False),
)

BREAKERS = Table(
    "breakers",
    TABLES,
    Column("provider", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("trips", Integer, nullable=False),
    Column("opened_s", Float, nullable=False),
    Column("probe_holder", Text, nullable=False),
)

# What a person is shown before it goes out, and what they said; see `domain.review`.
PROOFS = Table(
    "proofs",
    TABLES,
    Column("campaign", Text, primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("label", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("verdict", String(10), nullable=False),
    Column("note", Text, nullable=False),
    Column("run", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("changed_s", Float, nullable=False),
)

# Batches of calls. A ticket of ours goes to the vendor with each, so that one whose answer was
# lost can be found again; see `store.ledger_batches`.
BATCHES = Table(
    "batches",
    TABLES,
    Column("ticket", String(64), primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("terms", Text, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("calls", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("holder", Text, nullable=False),
    Column("file_id", Text, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("word", Text, nullable=False),
    Column("output_sha256", String(64), nullable=False),
    Column("error_sha256", String(64), nullable=False),
    Column("message", Text, nullable=False),
    Column("changed_s", Float, nullable=False),
)

# Slices of a run that several machines share, as they are made; see `store.ledger_slices`.
SLICES = Table(
    "slices",
    TABLES,
    Column("run", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("slip", String(64), nullable=False),
    Column("machine", Text, nullable=False),
)
