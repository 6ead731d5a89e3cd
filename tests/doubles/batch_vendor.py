"""OpenAI's files and batches on the loopback, as documented, with every way of going wrong."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any

from typing_extensions import override

from tests.doubles.loopback import Seen, send, send_json
from tests.doubles.vendor_server import VendorServer

_ANSWERS = {
    "/v1/responses": "/responses",
    "/v1/chat/completions": "/chat/completions",
    "/v1/images/generations": "/images/generations",
}


@dataclass
class BatchVendor(VendorServer):
    """Takes batches; they end when they are looked at for the `looks`-th time.

    Attributes:
        ends: how the next batches end, one each; the last one stays.
        lose: what becomes of the next creations: ``before`` hangs up without making the batch,
            ``after`` makes it and hangs up, empty answers.
        spoil: line number (from 0 in the file) → ``missing``, ``expired``, ``500``, ``policy``
            or ``400``, for the next batch alone.
        as_text: ``response.body`` comes as a text of JSON.
        lists: whether batches can be listed.
        hides: tickets are left out of the list.
    """

    looks: int = 1
    ends: list[str] = field(default_factory=lambda: ["completed"])
    lose: list[str] = field(default_factory=list)
    spoil: dict[int, str] = field(default_factory=dict)
    as_text: bool = False
    hides: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    looked: dict[str, int] = field(default_factory=dict)
    lines_bought: list[str] = field(default_factory=list)

    @override
    async def _answer(self, writer: asyncio.StreamWriter, request: Seen) -> bool:
        path = request.path.partition("?")[0].removeprefix("/v1")
        if not path.startswith(("/files", "/batches")):
            return await super()._answer(writer, request)
        if fault := self._next_fault():
            self.faults = []
            return await send_json(writer, int(fault), {"error": {"message": "no", "code": "x"}})
        if request.method == "POST":
            return await self._take(writer, path, request)
        if match := re.fullmatch(r"/files/(.+)/content", path):
            return await send(writer, 200, self.files[match[1]], "application/octet-stream")
        if path == "/batches":
            return await send_json(writer, 200, self._page(request.path))
        return await send_json(writer, 200, self._looked_at(path.rpartition("/")[2]))

    async def _take(self, writer: asyncio.StreamWriter, path: str, request: Seen) -> bool:
        if path == "/files":
            name = f"file-in{len(self.files)}"
            self.files[name] = _file_in(base64.b64decode(request.body["multipart"]))
            answer = {"id": name, "object": "file", "purpose": "batch", "bytes": 1}
            return await send_json(writer, 200, answer | {"created_at": 1, "filename": "x"})
        lost = self.lose.pop(0) if self.lose else ""
        if lost == "before":
            return False
        batch = self._created(request.body)
        return False if lost == "after" else await send_json(writer, 200, batch)

    def _created(self, body: dict[str, Any]) -> dict[str, Any]:
        name = f"batch_{len(self.batches)}"
        self.batches[name] = {
            "id": name,
            "object": "batch",
            "endpoint": body["endpoint"],
            "errors": None,
            "input_file_id": body["input_file_id"],
            "completion_window": body["completion_window"],
            "status": "validating",
            "output_file_id": None,
            "error_file_id": None,
            "created_at": 1711471533,
            "request_counts": {"total": 0, "completed": 0, "failed": 0},
            "metadata": body.get("metadata"),
        }
        return self.batches[name]

    def _page(self, path: str) -> dict[str, Any]:
        """Two batches a page, the newest first."""
        after = re.search(r"after=([\w-]+)", path)
        names = list(reversed(self.batches))
        start = names.index(after[1]) + 1 if after else 0
        shown = [self.batches[name] for name in names[start : start + 2]]
        listed = [] if self.hides else shown
        return {"object": "list", "data": listed, "has_more": start + 2 < len(names)}

    def _looked_at(self, name: str) -> dict[str, Any]:
        batch = self.batches[name]
        self.looked[name] = self.looked.get(name, 0) + 1
        if batch["status"] in ("validating", "in_progress"):
            if self.looked[name] < self.looks:
                batch["status"] = "in_progress"
            else:
                self._end(batch, self.ends.pop(0) if len(self.ends) > 1 else self.ends[0])
        return batch

    def _end(self, batch: dict[str, Any], word: str) -> None:
        batch["status"] = word
        if word == "failed":
            told = {"code": "invalid_json_line", "line": 1, "message": "line 1 is no JSON"}
            batch["errors"] = {"object": "list", "data": [told]}
            return
        good, bad = [], []
        for number, text in enumerate(self.files[batch["input_file_id"]].splitlines()):
            line = json.loads(text)
            spoilt = self.spoil.pop(number, "")
            if not spoilt:
                good.append(self._good_line(line))
            elif spoilt != "missing":
                bad.append(_bad_line(line, spoilt))
        # Results come in any order.
        for key, lines in (("output_file_id", good[::-1]), ("error_file_id", bad)):
            if lines:
                batch[key] = f"file-{key[:3]}-{batch['id']}"
                self.files[batch[key]] = "".join(json.dumps(one) + "\n" for one in lines).encode()

    def _good_line(self, line: dict[str, Any]) -> dict[str, Any]:
        self.lines_bought.append(line["custom_id"])
        body: Any = self.answer_to(_ANSWERS[line["url"]], line["body"])
        if self.as_text:
            body = json.dumps(body)
        response = {"status_code": 200, "request_id": "r", "body": body}
        return {"id": "b", "custom_id": line["custom_id"], "response": response, "error": None}


def _bad_line(line: dict[str, Any], kind: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"id": "b", "custom_id": line["custom_id"]}
    if kind == "expired":
        error = {"code": "batch_expired", "message": "did not run in time"}
        return answer | {"response": None, "error": error}
    number, code = {
        "500": (500, "server_error"),
        "policy": (400, "content_policy_violation"),
        "400": (400, "invalid_value"),
    }[kind]
    told = {"error": {"code": code, "message": "no", "type": "x"}}
    return answer | {"response": {"status_code": number, "body": told}, "error": None}


def _file_in(form: bytes) -> bytes:
    """The file's bytes in a multipart form."""
    boundary = form.partition(b"\r\n")[0]
    part = next(part for part in form.split(boundary) if b'name="file"' in part)
    return part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
