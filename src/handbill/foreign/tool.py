"""What a probe of a foreign program tells, and files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A foreign program on this machine.

    Attributes:
        name: as people call it.
        path: of its executable or library, or empty when it was not found.
        version: as it says itself, or empty.
        licence: under which it is distributed.
        remedy: what to do when it is missing.
    """

    name: str
    path: str
    version: str
    licence: str
    remedy: str

    @property
    def available(self) -> bool:
        """Whether it can be started."""
        return bool(self.path)


@contextlib.contextmanager
def appearing(target: Path) -> Iterator[Path]:
    """A temporary path beside `target` that is renamed to it when the block ends well.

    The suffix is kept, because programs read the container's format from it. When the block
    raises, nothing is left behind.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".part-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
