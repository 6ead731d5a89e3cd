"""A sheet on standard input, put into a file: encodings are proved before rows are read."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handbill.errors import SheetError
from handbill.sheets.options import MAX_STDIN_BYTES

INPUT_NAME = "(standard input)"
_CHUNK_BYTES = 1 << 20


@contextmanager
def standard_input() -> Iterator[Path]:
    """A file with all of standard input, removed at the end; pictures lie in the working folder.

    Raises:
        SheetError: there is more than 2 GB of it.
    """
    with tempfile.TemporaryDirectory(prefix="handbill-") as folder:
        path = Path(folder) / INPUT_NAME
        size_bytes = 0
        with path.open("wb") as file:
            while chunk := sys.stdin.buffer.read(_CHUNK_BYTES):
                size_bytes += len(chunk)
                if size_bytes > MAX_STDIN_BYTES:
                    raise SheetError(
                        f"more than {MAX_STDIN_BYTES} bytes come from standard input",
                        remedy="save the sheet as a file and name it",
                    )
                file.write(chunk)
        yield path
