"""The same poster as a page in a headless Chromium that is kept open, over its DevTools pipe."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handbill.domain.copy import DisplayText
from handbill.rendering.typography.font_files import bundled_families

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--remote-debugging-pipe", "--allow-file-access-from-files",
)  # fmt: skip

_UNTIL_COMPLETE = """new Promise(done => {
  const look = () => document.images.length && document.readyState === 'complete'
    ? done() : setTimeout(look, 20);
  look() })"""
_PAGE = """<!doctype html><meta charset="utf-8"><style>
{faces}
* {{ box-sizing: border-box; margin: 0 }}
body {{ width: 100vw; height: 100vh; overflow: hidden; font: 3.3vmin "Open Sans"; color: #10231f;
  background: radial-gradient(120% 90% at 30% 10%, #faf6ee, #e9dfc9); position: relative }}
.words {{ position: absolute; left: 6vmin; top: 7vmin; width: 58%; display: grid; gap: 2.4vmin }}
.kicker {{ font: 700 2.4vmin "Open Sans"; letter-spacing: .12em; text-transform: uppercase;
  color: #0f6b5c }}
h1 {{ font: 700 9vmin/1.04 Poppins; letter-spacing: -.015em }}
.price {{ font: 700 8vmin Poppins }} .price s {{ font: 3.4vmin "Open Sans"; opacity: .7 }}
.cta {{ justify-self: start; background: #0f6b5c; color: #fff; font: 700 3.2vmin "Open Sans";
  padding: 2vmin 4vmin; border-radius: 9vmin }}
.badge {{ position: absolute; right: 6vmin; top: 8vmin; width: 22vmin; height: 22vmin;
  border-radius: 50%; background: #e4572e; color: #fff; font: 700 5vmin/1.1 Poppins;
  display: grid; place-items: center; text-align: center; transform: rotate(-8deg) }}
img {{ position: absolute; right: 8vmin; bottom: 8vmin; max-width: 46%; max-height: 62%;
  filter: drop-shadow(0 2vmin 2vmin rgba(16, 35, 31, .4)) }}
.legal {{ position: absolute; left: 6vmin; bottom: 3vmin; font-size: 1.9vmin; opacity: .8 }}
</style>
<div class="words"><p class="kicker">{kicker}</p><h1>{headline}</h1><p>{subhead}</p>
<p>{deadline}</p><p class="price">{price} <s>{compare_at}</s></p><p class="cta">{cta}</p></div>
<div class="badge">{badge}</div><img src="{picture}"><p class="legal">{legal}</p>"""


def find_chromium() -> str:
    """The path of a Chromium on this machine whose work can be measured, or empty."""
    if not Path("/proc/self/stat").is_file():
        return ""
    return next((path for name in _NAMES if (path := shutil.which(name))), "")


class Browser:
    """A Chromium that has one page open."""

    def __init__(self, outgoing: int, incoming: int, group: int) -> None:
        self._group = group
        self._out = os.fdopen(outgoing, "wb", buffering=0)
        self._in = os.fdopen(incoming, "rb")
        self._number = 0
        self._rest = b""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]

    _session = ""

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._out.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = json.loads(self._next())
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return dict(answer["result"])

    def show(self, page: Path, size: tuple[int, int]) -> None:
        """Open a page at a size and wait until its fonts and pictures are there."""
        self.resize(size)
        self.ask("Page.enable")
        self.ask("Page.navigate", url=page.as_uri())
        self.run(_UNTIL_COMPLETE)
        self.run("document.fonts.ready.then(() => document.images[0].decode())")

    def resize(self, size: tuple[int, int]) -> None:
        """Give the page another size."""
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=size[0], height=size[1], deviceScaleFactor=1, mobile=False,
        )  # fmt: skip

    def run(self, script: str) -> None:
        """Run a script in the page and wait for what it promises."""
        self.ask("Runtime.evaluate", expression=script, awaitPromise=True)

    def jpeg(self, quality: int) -> bytes:
        """The page as a JPEG."""
        shot = self.ask("Page.captureScreenshot", format="jpeg", quality=quality)
        return base64.b64decode(shot["data"])

    def work_s(self) -> float:
        """Seconds of processor time that all processes of the browser have taken so far."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text("utf-8").rpartition(")")[2].split()
                # Of man 5 proc: the process group, then user and system time in ticks.
                if int(fields[2]) == self._group:
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _next(self) -> bytes:
        while b"\0" not in self._rest:
            more = os.read(self._in.fileno(), 1 << 20)
            if not more:
                raise RuntimeError("Chromium ended")
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        return message


@contextlib.contextmanager
def open_browser(path: str) -> Iterator[Browser]:
    """A Chromium started for a while."""
    ends = [*os.pipe(), *os.pipe()]
    # Out of the way of the numbers that Chromium wants.
    to_it, ours_out, ours_in, from_it = (
        fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends
    )
    for end in ends:
        os.close(end)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:

        def hand_over() -> None:
            # Chromium reads commands from descriptor 3 and answers on 4.
            os.dup2(to_it, 3)
            os.dup2(from_it, 4)

        process = subprocess.Popen(
            [path, *_FLAGS, f"--user-data-dir={profile}"],
            preexec_fn=hand_over,  # noqa: PLW1509 - this process has no other threads yet
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_it)
        os.close(from_it)
        try:
            yield Browser(ours_out, ours_in, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=20)


def write_page(folder: Path, words: DisplayText, picture: Path) -> Path:
    """The poster as a page that holds its words and its picture."""
    faces = "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {face.weight}; '
        f'src: url("{Path(face.path).as_uri()}") }}'
        for family in ("Poppins", "Open Sans")
        for face in bundled_families()[family]
        if not face.italic and face.weight in {400, 700}
    )
    names = ("kicker", "headline", "subhead", "deadline", "price", "compare_at", "cta", "badge")
    texts = {name: getattr(words, name) for name in (*names, "legal")}
    page = folder / "poster.html"
    page.write_text(_PAGE.format(faces=faces, picture=picture.as_uri(), **texts), "utf-8")
    return page
