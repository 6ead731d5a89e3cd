"""What of an older bundle is taken over into the new one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from handbill.bundling.staging import MANIFEST

# Files of Handbill's own that no manifest lists.
LISTS = frozenset({MANIFEST, "report.html", "outcomes.csv", "problems.csv", "run.json"})
# Where edited files go that have no place in the bundle any more.
ASIDE = "kept"
# What file managers leave in every folder that is looked at.
DROPPINGS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".directory"})


def digest_of(path: Path) -> str:
    """Digest of a plain file; empty for anything else: what a link points to is not ours."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return ""
        with path.open("rb") as reader:
            return hashlib.file_digest(reader, "sha256").hexdigest()
    except OSError:
        return ""


def carry_over(previous: Path | None, staging: Path, ours: set[str]) -> tuple[str, ...]:
    """Keep files of an older bundle that Handbill did not make; answers their paths, sorted.

    What the older manifest lists and the new bundle does not is dropped: its order is gone.
    """
    if previous is None or not (previous / MANIFEST).is_file():
        return ()
    known = ours | LISTS | _listed(previous)
    kept: list[str] = []
    for path in _files_below(previous):
        name = path.relative_to(previous).as_posix()
        target = staging / name
        if name in known or path.name in DROPPINGS or os.path.lexists(target):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        link_or_copy(path, target)
        if not name.startswith(f"{ASIDE}/"):
            kept.append(name)
    return tuple(kept)


def _listed(bundle: Path) -> set[str]:
    manifest = json.loads((bundle / MANIFEST).read_bytes())
    return {str(entry["path"]) for entry in manifest["assets"]}


def _files_below(folder: Path) -> Iterator[Path]:
    for base, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(base) / name for name in sorted(names))


def link_or_copy(source: Path, target: Path) -> None:
    """Put a file at `target` too; its disk blocks are shared where that is possible."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target, follow_symlinks=False)
