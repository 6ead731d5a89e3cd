"""A sheet on standard input, put into a file: encodings are proved before rows are read."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handbill.errors import SheetError
from handbill.sheets.options import MAX_STDIN_BYTES

INPUT_NAME = "standard-input"
_CHUNK_BYTES = 1 << 20


@contextmanager
def standard_input() -> Iterator[Path]:
    """A file with all of standard input, removed at the end; pictures lie in the working folder.

    Raises:
        SheetError: there is more than 2 GB of it.
    """
    with tempfile.TemporaryDirectory(prefix="handbill-") as folder:
        path = Path(folder) / INPUT_NAME
        _copy_to(path)
        yield path


def keep_input(folder: Path) -> Path:
    """All of standard input in a file that stays; the same bytes have the same path.

    Args:
        folder: the file lies in a folder of its own below this one.

    Raises:
        SheetError: there is more than 2 GB of it, or nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="input-", dir=folder) as place:
        fresh = Path(place) / INPUT_NAME
        digest = _copy_to(fresh)
        if not fresh.stat().st_size:
            raise SheetError(
                "nothing comes from standard input", remedy="pipe a sheet in, or name a file"
            )
        kept = folder / digest[:16] / INPUT_NAME
        kept.parent.mkdir(exist_ok=True)
        fresh.replace(kept)
    return kept


def _copy_to(path: Path) -> str:
    """Standard input into a file; its sha256."""
    size_bytes = 0
    digest = hashlib.sha256()
    with path.open("wb") as file:
        while chunk := sys.stdin.buffer.read(_CHUNK_BYTES):
            size_bytes += len(chunk)
            if size_bytes > MAX_STDIN_BYTES:
                raise SheetError(
                    f"more than {MAX_STDIN_BYTES} bytes come from standard input",
                    remedy="save the sheet as a file and name it",
                )
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()
