"""A program that reads every bundle below a folder again and again, as a shop's importer would.

It knows one rule: a folder that can be seen and is not empty has a manifest, and every file of the
manifest is there with the bytes that it names. It opens the folder once and reads through that
handle; a bundle that was replaced while it was being read is read again. Folders whose names begin
with a dot are not looked at. It ends at the first line of its standard input and prints what it
saw.
"""

from __future__ import annotations

import hashlib
import json
import os
import select
import sys
from pathlib import Path

_PAUSE_S = 0.004


class Torn(Exception):
    """A bundle that is not whole."""


def read_at(folder: int, path: str) -> bytes:
    file = os.open(path, os.O_RDONLY, dir_fd=folder)
    with os.fdopen(file, "rb") as reader:
        return reader.read()


def check_bundle(folder: int) -> bool:
    """Whether there is a bundle in the open folder; an empty folder holds none."""
    if not os.listdir(folder):
        return False
    try:
        assets = json.loads(read_at(folder, "manifest.json"))["assets"]
    except (OSError, ValueError, KeyError) as fault:
        raise Torn(f"no manifest: {fault!r}") from None
    for entry in assets:
        try:
            data = read_at(folder, entry["path"])
        except OSError as fault:
            raise Torn(f"{entry['path']}: {fault!r}") from None
        if hashlib.sha256(data).hexdigest() != entry["sha256"]:
            raise Torn(f"{entry['path']}: other bytes than the manifest says")
    return True


def look(out: Path) -> bool | None:
    """Whether `out` is a whole bundle; None when it is not there or was replaced meanwhile.

    Raises:
        Torn: half of one can be seen.
    """
    try:
        folder = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        return check_bundle(folder)
    except Torn:
        try:
            if out.stat().st_ino != os.fstat(folder).st_ino:
                return None
        except OSError:
            return None
        raise
    finally:
        os.close(folder)


def main() -> None:
    root = Path(sys.argv[1])
    looks = whole = 0
    half: dict[str, int] = {}
    while not select.select([sys.stdin], [], [], _PAUSE_S)[0]:
        for out in root.glob("[!.]*/campaign/[!.]*/"):
            looks += 1
            try:
                whole += look(out) is True
            except Torn as fault:
                half[str(fault)] = half.get(str(fault), 0) + 1
    sys.stdout.write(json.dumps({"looks": looks, "whole": whole, "half": half}))


if __name__ == "__main__":
    main()
