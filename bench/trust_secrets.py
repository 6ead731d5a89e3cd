"""Trust with keys: a canary stands in every key, and nothing that a run leaves behind holds it.

The runs are whole ones, directly and through Prefect on a temporary server: one that goes well,
one whose vendor refuses the key and repeats it in its answer, one whose vendor talks garbage, and
one that ends in tracebacks in the middle of a paid call. Looked through are the screen, the
campaign and its bundle, Handbill's home (store, ledger, Prefect's own database, logs, crash
reports) and what the runs left in the folder for temporary files; packed members too.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.run import at_least, at_most
from tests.doubles.killing import ROOT, serving
from tests.doubles.loopback import send_json
from tests.doubles.paid_campaign import KEY_VARIABLE, plain_text, write_campaign, write_sheet
from tests.doubles.vendor_server import FAULTS, VendorServer
from tests.doubles.whole_runs import Place

_CANARY = "sk-canary-4d1f7a9c02be"
# A bug of ours, right where an answer with its request is at hand.
_CRASH = """
from handbill.domain import failpoint


def crash(moment):
    if moment == "till.answered":
        raise RuntimeError("a bug")


failpoint.arm(crash)
"""


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The figures in the shape of ``bench/trust.json``; without Prefect when `fast`."""
    FAULTS["echo"] = _echo
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        ways = [["--direct"]] if fast else [["--direct"], []]
        told: list[str] = []
        calls = 0
        for number, way in enumerate(ways):
            for fault in ("", "echo", "garbage", "crash"):
                place = Place(root / f"{number}-{fault or 'good'}")
                said, seen = _run(place, way, fault)
                told.append(said)
                calls += seen
        files = [path for path in sorted(root.rglob("*")) if path.is_file()]
        found = [str(path.relative_to(root)) for path in files if _holds(path.read_bytes())]
        found += [f"screen {number}" for number, said in enumerate(told) if _CANARY in said]
        reports = sum("faults" in path.parts for path in files)
        databases = sum(_is_database(path) for path in files)
    for where in found:
        print(f"the key is in {where}", file=sys.stderr)
    return {
        "secrets_runs": at_least(len(told), "runs", 4 * len(ways)),
        "secrets_requests_that_carried_the_key": at_least(calls, "requests", 4 * len(ways)),
        "secrets_files_looked_through": at_least(len(files), "files", 60),
        "secrets_databases_looked_through": at_least(databases, "databases", 4 * len(ways)),
        "secrets_crash_reports_looked_through": at_least(reports, "files", len(ways)),
        "secrets_places_that_hold_the_key": at_most(len(found), "places", 0),
    }


async def _echo(_: VendorServer, writer: Any, body: dict[str, Any]) -> bool:
    """A vendor that repeats the key that it was sent, as some do in their errors."""
    message = f"Incorrect API key provided: {_CANARY}. Request: {json.dumps(body)[:200]}"
    error = {"code": "invalid_api_key", "type": "x", "message": message, "param": None}
    return await send_json(writer, 401, {"error": error}, {"x-request-key": _CANARY})


def _run(place: Place, way: list[str], fault: str) -> tuple[str, int]:
    """One whole run; what it said, and how many requests carried the key."""
    faults = ["", fault] if fault in FAULTS else []
    server = VendorServer(write=plain_text, faults=faults, faults_stay=True)
    if fault == "crash":
        place.folder.mkdir()
        (place.folder / "sitecustomize.py").write_text(_CRASH)
    temporary = place.folder / "tmp"
    temporary.mkdir(parents=True)
    with serving(server):
        write_campaign(place.campaign, server.base_url)
        write_sheet(place.campaign, 3, posters=1)
        ran = subprocess.run(
            [sys.executable, "-m", "handbill", "--debug", "run", *way, str(place.campaign)],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "src", ROOT, place.folder))),
                **place.environment(),
                KEY_VARIABLE: _CANARY,
                "TMPDIR": str(temporary),
                "PREFECT_LOGGING_LEVEL": "DEBUG",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    assert ran.returncode == (3 if fault else 0), ran.stderr[-2000:]
    carried = sum(seen.headers.get("authorization") == f"Bearer {_CANARY}" for seen in server.seen)
    return ran.stdout + ran.stderr, carried


def _holds(data: bytes) -> bool:
    """Whether bytes hold the key, as it is, in base64, backwards, or packed."""
    plain = _CANARY.encode()
    # Base64 of a text inside another text depends on where it begins: three forms.
    packed = [base64.b64encode(b" " * shift + plain)[4:-4] for shift in range(3)]
    shapes = [plain, plain[::-1], plain.hex().encode(), *packed]
    return any(shape in text for text in _unpacked(data) for shape in shapes)


def _unpacked(data: bytes) -> Iterator[bytes]:
    yield data
    if data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as members:
            yield from (members.read(name) for name in members.namelist())
    if data[:1] == b"\x78":
        try:
            yield zlib.decompress(data)
        except zlib.error:
            return


def _is_database(path: Path) -> bool:
    with path.open("rb") as reader:
        return reader.read(15) == b"SQLite format 3"


if __name__ == "__main__":
    for name, figure in figures(fast="--fast" in sys.argv).items():
        print(name, figure)
