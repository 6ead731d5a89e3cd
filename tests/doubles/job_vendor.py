"""A vendor of jobs on the loopback: every service's documented JSON over real HTTP.

One server speaks all shapes, by path. What it charges stands in memory and in a file that survives
the client's death, so that a test can prove that no job was handed in twice.
"""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typing_extensions import override

from tests.doubles.loopback import Loopback, Seen, send, send_json
from tests.doubles.vendor_answers import a_png

KEY = "canary-key-7"
SECRETS = {"x-goog-api-key": KEY, "authorization": KEY}


REFUSALS: dict[str, tuple[int, dict[str, Any]]] = {
    "500": (500, {"error": {"message": "no"}}),
    "402": (402, {"detail": "Insufficient credit"}),
    "refused": (400, {"error": {"code": "SensitiveContentDetected", "message": "no"}}),
}


def an_mp4(extra: int = 64) -> bytes:
    """The least that is a whole MP4 by its boxes."""

    def box(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data) + 8) + name + data

    head = box(b"ftyp", b"isom\0\0\2\0isomiso2")
    return head + box(b"moov", b"\0" * 100) + box(b"mdat", b"\7" * extra)


@dataclass
class JobVendor(Loopback):
    """Answers well unless told otherwise.

    Attributes:
        states: what each question after a job finds, in order; the last one stays. ``running``,
            ``succeeded``, ``failed``, ``refused``, ``expired``, or ``vanished``, ``wrong_id``,
            ``429``, ``503``, ``401``, ``garbage``, ``odd_word``, ``hang``.
        result: ``good``, ``inline``, ``html``, ``cut``, ``huge``, ``gone``, ``elsewhere``,
            ``plain_http``, ``redirect``, ``redirect_private`` or ``missing``.
        film: the result.
        music: the result is told as models that make music do.
        submit: ``good``, ``no_id``, ``html``, ``500``, ``402``, ``refused``, ``odd_id``.
    """

    states: list[str] = field(default_factory=lambda: ["running", "succeeded"])
    result: str = "good"
    submit: str = "good"
    charges_file: Path | None = None
    film: bytes = field(default_factory=an_mp4)
    music: bool = False
    jobs: list[str] = field(default_factory=list)
    keys_leaked: list[str] = field(default_factory=list)
    _asked: int = 0

    @property
    def base_url(self) -> str:
        return f"{self.origin}/api"

    def polls(self) -> list[Seen]:
        return [each for each in self.seen if each.method == "GET" and each.path[:4] == "/api"]

    @override
    async def _answer(self, writer: asyncio.StreamWriter, request: Seen) -> bool:
        path = request.path.removeprefix("/api")
        if request.path.startswith("/files/"):
            return await self._file(writer, request)
        if request.method == "POST":
            return await self._take(writer, path, request)
        if path.startswith("/v1beta/files/") or path.endswith("/content"):
            return await self._file(writer, request)
        return await self._tell(writer, path)

    async def _take(self, writer: asyncio.StreamWriter, path: str, request: Seen) -> bool:
        if self.submit in REFUSALS:
            return await send_json(writer, *REFUSALS[self.submit])
        id_ = f"job-{len(self.jobs) + 1}"
        self.jobs.append(id_)
        if self.charges_file is not None:
            with self.charges_file.open("a") as file:
                file.write(id_ + "\n")
        if self.submit == "html":
            return await send(writer, 200, b"<!doctype html><title>Sign in</title>", "text/html")
        if self.submit == "no_id":
            return await send_json(writer, 200, {"ok": True})
        if self.submit == "odd_id":
            return await send_json(writer, 200, {"id": "../../admin", "name": "../x"})
        return await send_json(writer, 200, taken(path, id_, request.body))

    async def _tell(self, writer: asyncio.StreamWriter, path: str) -> bool:
        if path.startswith("/fal-ai/") and not path.endswith("/status"):
            return await self._fal_result(writer)
        state = self.states[min(self._asked, len(self.states) - 1)]
        self._asked += 1
        if state == "hang":
            await asyncio.sleep(60)
        if state in ("429", "503", "401"):
            headers = {"retry-after": "1"} if state == "429" else {}
            return await send_json(writer, int(state), {"error": {"message": "later"}}, headers)
        if state == "vanished":
            return await send_json(writer, 404, {"error": {"message": "no such job"}})
        if state == "garbage":
            return await send(writer, 200, b"{not json", "application/json")
        id_ = path.removesuffix("/status").rpartition("/")[2]
        shown = "job-999" if state == "wrong_id" else id_
        word = "succeeded" if state == "wrong_id" else state
        return await send_json(writer, 200, told(path, shown, word, self._address(path)))

    async def _fal_result(self, writer: asyncio.StreamWriter) -> bool:
        if self.result == "missing":
            return await send_json(writer, 200, {"seed": 1})
        if self.music:
            sound = {"url": self._address("/fal"), "content_type": "application/octet-stream",
                     "file_name": "tmp.wav", "file_size": len(self.film)}  # fmt: skip
            return await send_json(writer, 200, {"audio_file": sound})
        video = {"url": self._address("/fal"), "content_type": "video/mp4"}
        return await send_json(writer, 200, {"video": video, "seed": 1})

    def _address(self, path: str) -> str:
        if self.result == "elsewhere":
            return "https://169.254.169.254/latest/film.mp4"
        if self.result == "plain_http":
            return "http://fal.media/film.mp4"
        if self.result == "missing":
            return ""
        if path.startswith("/v1beta"):
            return f"{self.base_url}/v1beta/files/f1:download?alt=media"
        return f"{self.origin.replace('127.0.0.1', 'localhost')}/files/film.mp4"

    async def _file(self, writer: asyncio.StreamWriter, request: Seen) -> bool:
        if request.path.startswith("/files/"):
            self.keys_leaked += [name for name, word in SECRETS.items()
                                 if word in request.headers.get(name, "")]  # fmt: skip
        if self.result == "gone":
            return await send(writer, 403, b"<Error>AccessDenied</Error>", "application/xml")
        redirects = {
            "redirect": f"{self.origin.replace('127.0.0.1', 'localhost')}/files/second.mp4",
            "redirect_private": "http://10.0.0.1/film.mp4",
        }
        if self.result in redirects and not request.path.endswith("second.mp4"):
            headers = {"location": redirects[self.result]}
            return await send(writer, 302, b"", "text/plain", headers)
        if self.result == "huge":
            return await self._huge(writer)
        body = {"html": b"<!doctype html>", "cut": an_mp4()[:-9]}.get(self.result, self.film)
        return await send(writer, 200, a_png() if self.result == "png" else body, "video/mp4")

    async def _huge(self, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 200 X\r\ncontent-length: 900000000\r\n\r\n")
        for _ in range(900):
            writer.write(b"\0" * 1_000_000)
            await writer.drain()
        return False


def _error(code: str) -> dict[str, str]:
    return {"code": code, "message": f"{code} was found"}


def taken(path: str, id_: str, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request, in the shape of the service at `path`."""
    if path.endswith(":predictLongRunning"):
        model = path.partition("/models/")[2].partition(":")[0]
        return {"name": f"models/{model}/operations/{id_}"}
    if path.startswith("/fal-ai/"):
        way = f"https://queue.fal.run/fal-ai/x/requests/{id_}"
        return {"request_id": id_, "response_url": way, "status_url": f"{way}/status",
                "cancel_url": f"{way}/cancel", "queue_position": 0}  # fmt: skip
    if path.endswith("/predictions"):
        return prediction(id_, "starting", body.get("input", {}))
    if path == "/videos":
        return video(id_, "queued")
    return {"id": id_}  # Ark and Runway


def told(path: str, id_: str, state: str, address: str) -> dict[str, Any]:
    """A job's state, in the shape of the service at `path`."""
    if "/operations/" in path:
        return operation(path.removeprefix("/v1beta/").rpartition("/")[0] + f"/{id_}", state,
                         address)  # fmt: skip
    if path.startswith("/fal-ai/"):
        return fal_state(id_, state)
    if path.startswith("/predictions/"):
        return prediction(id_, state, {}, address)
    if path.startswith("/tasks/"):
        return runway_task(id_, state, address)
    if path.startswith("/videos/"):
        return video(id_, {"running": "in_progress", "succeeded": "completed"}.get(state, state))
    return ark_task(id_, state, address)


def operation(name: str, state: str, address: str) -> dict[str, Any]:
    """ai.google.dev: the operation, with its wrapper kept."""
    if state == "running":
        return {"name": name}
    if state == "failed":
        return {"name": name, "done": True, "error": {"code": 13, "message": "Internal error",
                                                      "status": "INTERNAL"}}  # fmt: skip
    if state == "refused":
        inner: dict[str, Any] = {
            "raiMediaFilteredCount": 1,
            "raiMediaFilteredReasons": ["It could violate usage guidelines"],
        }
    else:
        inner = {"generatedSamples": [{"video": {"uri": address}}]}
    kind = "type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse"
    return {
        "name": name,
        "done": True,
        "response": {"@type": kind, "generateVideoResponse": inner},
    }


def ark_task(id_: str, state: str, address: str) -> dict[str, Any]:
    """volcengine.com/docs/82379/1521309, its own example."""
    task: dict[str, Any] = {"id": id_, "model": "doubao-seedance-1-0-pro-250528",
                            "created_at": 1743414619, "updated_at": 1743414673}  # fmt: skip
    codes = {"refused": "OutputVideoSensitiveContentDetected", "failed": "InternalServiceError"}
    if state in codes:
        return task | {"status": "failed", "error": _error(codes[state])}
    task["status"] = state
    if state == "succeeded":
        task |= {"content": {"video_url": address}, "seed": 10, "resolution": "720p",
                 "ratio": "16:9", "duration": 5, "framespersecond": 24, "error": None,
                 "usage": {"completion_tokens": 108900, "total_tokens": 108900}}  # fmt: skip
    return task


def fal_state(id_: str, state: str) -> dict[str, Any]:
    """docs.fal.ai: the state alone; the result is a document of its own."""
    if state == "running":
        return {"status": "IN_PROGRESS", "request_id": id_, "logs": []}
    done: dict[str, Any] = {"status": "COMPLETED", "request_id": id_,
                            "metrics": {"inference_time": 41.2}}  # fmt: skip
    if state == "failed":
        done |= {"error": "Request timed out", "error_type": "request_timeout"}
    if state == "refused":
        done |= {"error": "The prompt was flagged", "error_type": "content_policy_violation"}
    return done


def prediction(id_: str, state: str, given: dict[str, Any], address: str = "") -> dict[str, Any]:
    """replicate.com/docs/topics/predictions, its own example."""
    made = state == "succeeded"
    words = {"running": "processing", "refused": "failed"}
    errors = {"failed": "CUDA out of memory", "refused": "NSFW content detected"}
    return {
        "id": id_,
        "model": "owner/film",
        "version": "hidden",
        "input": given,
        "logs": "",
        "output": (address or None) if made else None,
        "error": errors.get(state),
        "status": words.get(state, state),
        "created_at": "2026-09-08T16:19:34.765994Z",
        "data_removed": False,
        "metrics": {"predict_time": 41.2, "total_time": 44.0} if made else {},
        "urls": {"get": f"https://api.replicate.com/v1/predictions/{id_}"},
    }


def runway_task(id_: str, state: str, address: str) -> dict[str, Any]:
    """runwayml/sdk-python, types/task_retrieve_response.py."""
    task: dict[str, Any] = {"id": id_, "createdAt": "2026-06-27T19:49:32.335Z"}
    if state == "running":
        return task | {"status": "RUNNING", "progress": 0.5}
    if state == "succeeded":
        return task | {"status": "SUCCEEDED", "output": [address] if address else []}
    codes = {"refused": "SAFETY.INPUT.TEXT", "failed": "INTERNAL.BAD_OUTPUT.CODE01"}
    if state in codes:
        return task | {"status": "FAILED", "failure": "It failed.", "failureCode": codes[state]}
    return task | {"status": state.upper()}


def video(id_: str, state: str) -> dict[str, Any]:
    """openai 3.52, types/video.py."""
    codes = {"failed": "internal_error", "refused": "moderation_blocked"}
    error = {"error": _error(codes[state])} if state in codes else {}
    return {"id": id_, "object": "video", "created_at": 1, "model": "wan", "progress": 50,
            "seconds": "4", "size": "1280x720",
            "status": "failed" if state in codes else state} | error  # fmt: skip
