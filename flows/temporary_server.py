"""Prefect's server for one run: ``python -m flows.temporary_server SOCKET``.

Started by `handbill run` where no server is named, while the run's own process still loads
Prefect. Prefect's own way to a temporary server loads all of the server into the run's process
first, and only then starts it.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading

# Nothing that is loaded is ever let go: looking for it again and again takes a fifth of the start.
gc.disable()

import uvicorn  # noqa: E402 - see above
from prefect.server.api.server import create_app  # noqa: E402 - see above


def serve(door: socket.socket) -> None:
    """Serve Prefect's API, without pages, until a signal, or until standard input is closed."""
    app = create_app(ephemeral=True, final=True)
    gc.freeze()
    gc.enable()
    threading.Thread(target=_end_with_parent, name="handbill-parent", daemon=True).start()
    uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on")).run(sockets=[door])


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
