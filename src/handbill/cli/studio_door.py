"""The one look upwards: `run` finds the studio by `prefect.yaml` and calls its flow by name."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from handbill.errors import UserError
from handbill.foreign.prefect_server import PrefectServer, start_prefect_server
from handbill.press.outcome import RunResult
from handbill.press.progress import Listener
from handbill.press.request import RunRequest
from handbill.settings import (
    loopback_unproxied,
    names_prefect_server,
    prefect_environment,
    read_settings,
    set_environment,
)

_FLOW = "flows.make_campaign"
_REVIEW = "flows.review_campaign"
# Servers that this process has started, at most one: it serves every later run of it too.
_STARTED: list[PrefectServer] = []


def run_flow(request: RunRequest, out: Path | None, listener: Listener) -> RunResult:
    """Make a campaign through the Prefect flow of the studio around us.

    Raises:
        UserError: there is no studio, or Prefect is not installed.
    """
    flow = _flow_module(_FLOW, (Path.cwd(), Path(request.target).absolute()))
    result: RunResult = flow.run_here(request, out, listener)
    return result


def end_flow() -> None:
    """Tell a server of the user's own that the run of this process was interrupted."""
    flow = sys.modules.get(_FLOW)
    # A server that this process has started ends with it, and nobody looks at it afterwards.
    if flow is not None and not _STARTED:
        flow.end_interrupted()


def resume_reviewed() -> int:
    """Let runs go on that wait in Prefect and have their answer now; how many there were.

    Without `PREFECT_API_URL` nobody knows where to look, and it is none.
    """
    if not names_prefect_server():
        return 0
    resumed: int = _flow_module(_REVIEW, (Path.cwd(),)).resume_decided()
    return resumed


def _flow_module(name: str, places: Sequence[Path]) -> Any:
    """A module of the studio around us, with Prefect set up for it.

    Raises:
        UserError: there is no studio, or Prefect is not installed.
    """
    root = find_studio((*places, Path(__file__).resolve()))
    if root is None:
        raise UserError(
            "there is no prefect.yaml with flows here or above, so there is no flow to run",
            where=str(Path.cwd()),
            remedy="run it from a checkout of Handbill, or use --direct, which needs no Prefect",
        )
    environment = prefect_environment(read_settings())
    if home := environment.get("PREFECT_HOME"):
        # Prefect does not make the folders above its own.
        Path(home).mkdir(parents=True, exist_ok=True)
    set_environment(environment | loopback_unproxied())
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    try:
        return _loaded(name, root)
    except ModuleNotFoundError as fault:
        if fault.name is None or fault.name.split(".")[0] != "prefect":
            raise
        raise UserError(
            "Prefect is not installed",
            where=str(root / "flows"),
            remedy="install handbill[studio], or use --direct, which needs no Prefect",
        ) from fault


def _loaded(name: str, root: Path) -> Any:
    """A module of the studio, loaded while the server starts that it needs.

    Raises:
        UserError: the server does not start.
        ModuleNotFoundError: Prefect is not installed.
    """
    if names_prefect_server():
        return importlib.import_module(name)
    if importlib.util.find_spec("prefect") is None:
        raise ModuleNotFoundError(name="prefect")
    log = read_settings().home / "prefect" / "temporary-server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    server = start_prefect_server(root, log)
    _STARTED.append(server)
    set_environment({"PREFECT_API_URL": server.url})
    module = importlib.import_module(name)
    server.await_ready()
    return module


def find_studio(places: Iterable[Path]) -> Path | None:
    """The nearest folder at or above one of `places` that holds `prefect.yaml` and our flow."""
    for place in places:
        for folder in (place, *place.parents):
            flow = folder / "flows" / "make_campaign.py"
            if (folder / "prefect.yaml").is_file() and flow.is_file():
                return folder
    return None
