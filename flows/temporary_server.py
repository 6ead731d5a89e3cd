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

# What is loaded stays: looking for what may go, again and again, takes a fifth of the start.
gc.disable()

import uvicorn  # noqa: E402 - see above
from prefect.server.api.server import create_app  # noqa: E402 - see above
from typing_extensions import override  # noqa: E402 - see above


class Server(uvicorn.Server):
    """A server that lets memory go from the moment on that it serves."""

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.freeze()
        gc.enable()


def serve(door: socket.socket) -> None:
    """Serve Prefect's API, without pages, until a signal, or until standard input is closed."""
    app = create_app(ephemeral=True, final=True)
    threading.Thread(target=_end_with_parent, name="handbill-parent", daemon=True).start()
    Server(uvicorn.Config(app, log_level="error", lifespan="on")).run(sockets=[door])


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
