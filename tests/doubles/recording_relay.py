"""A relay on the loopback that passes requests on and keeps their bodies as they came."""

from __future__ import annotations

import http.client
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One request: its path, and its body as JSON or as the bytes of a form."""

    path: str
    fields: dict[str, Any] = field(default_factory=dict)
    form: bytes = b""


@contextmanager
def relay(origin: str) -> Iterator[tuple[str, list[Passed]]]:
    """The origin of a relay to `origin`, and what has passed."""
    passed: list[Passed] = []
    target = urlsplit(origin).netloc

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.headers.get_content_type() == "application/json":
                passed.append(Passed(path=self.path, fields=json.loads(body)))
            else:
                passed.append(Passed(path=self.path, form=body))
            upstream = http.client.HTTPConnection(target, timeout=60)
            kept = {n: v for n, v in self.headers.items() if n.lower() != "host"}
            upstream.request("POST", self.path, body, kept)
            answer = upstream.getresponse()
            data = answer.read()
            upstream.close()
            self.send_response(answer.status)
            for name in ("content-type", "retry-after"):
                if value := answer.getheader(name):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", passed
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
