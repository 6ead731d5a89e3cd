"""npm as a process: fetches a package as one file and runs nothing of what is in it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from handbill.errors import RenderError, ToolMissing
from handbill.foreign.tool import Tool

_TAIL_CHARS = 600


def probe_npm() -> Tool:
    """Which npm serves on this machine; not available when there is none."""
    return Tool(
        name="npm",
        path=shutil.which("npm") or "",
        version="",
        licence="Artistic-2.0",
        remedy="install Node.js with npm by the machine's package manager",
    )


def fetch_package(name: str, folder: Path, *, limit_s: float = 120.0) -> Path:
    """Fetch the newest version of a package as a ``.tgz`` into `folder`; returns the file.

    The registry is the one that the machine's npm is set up for. Scripts of the package are not
    run, and nothing is unpacked.

    Raises:
        ToolMissing: there is no npm.
        RenderError: there is no such package, or it could not be fetched.
    """
    tool = probe_npm()
    if not tool.available:
        raise ToolMissing(f"there is no npm on this machine; {tool.remedy}")
    command = [tool.path, "pack", name, "--silent", "--ignore-scripts"]
    try:
        done = subprocess.run(
            [*command, "--pack-destination", str(folder)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise RenderError(f"npm did not end within {limit_s:.0f} s and was stopped") from fault
    found = sorted(folder.glob("*.tgz"))
    if done.returncode != 0 or not found:
        said = done.stderr.decode(errors="replace")[-_TAIL_CHARS:].strip()
        raise RenderError(f"npm has no package {name!r} for us: {said or 'it gave no reason'}")
    return found[-1]
