"""Trust in the wire: the contract suite with the real SDK against somebody else's server.

`@copilotkit/aimock` (MIT) speaks OpenAI's interfaces and shares no code with us. It is installed
by npm into a folder that is thrown away; without npm or its registry the figures are absent, and
standard error says so. Between the SDK and the server a relay keeps every request body as it went
over the wire; each is validated against the SDK's own request types, unknown fields refused.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openai.types import image_edit_params, image_generate_params, moderation_create_params
from openai.types.audio import speech_create_params, transcription_create_params
from openai.types.chat import completion_create_params
from openai.types.responses import response_create_params
from pydantic import ConfigDict, TypeAdapter, ValidationError

from bench.run import at_least, at_most
from handbill.domain.campaign import ProviderChoice
from handbill.errors import (
    AuthRejected,
    ContentRefused,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    Unavailable,
)
from handbill.providers.ports import ImageRequest, ProviderHandle
from handbill.providers.registry import open_provider
from handbill.providers.testing import ContractBroken, check_provider
from handbill.providers.testing.requests import a_copy_request
from tests.doubles.recording_relay import Passed, relay
from tests.doubles.vendor_answers import a_png, a_wav

_PACKAGE = "@copilotkit/aimock@1.43.0"
_TYPES: dict[str, Any] = {
    "/responses": response_create_params.ResponseCreateParamsNonStreaming,
    "/chat/completions": completion_create_params.CompletionCreateParamsNonStreaming,
    "/images/generations": image_generate_params.ImageGenerateParamsNonStreaming,
    "/audio/speech": speech_create_params.SpeechCreateParams,
    "/moderations": moderation_create_params.ModerationCreateParams,
}
# The fields of requests that are sent as forms.
_FORMS: dict[str, Any] = {
    "/images/edits": image_edit_params.ImageEditParamsBase,
    "/audio/transcriptions": transcription_create_params.TranscriptionCreateParamsBase,
}
# What the server says to a picture of that name → what we call it.
_FAULTS: dict[str, tuple[int, str, type[ProviderError]]] = {
    "fault-busy": (429, "rate_limit_exceeded", RateLimited),
    "fault-broke": (429, "insufficient_quota", QuotaExhausted),
    "fault-key": (401, "invalid_api_key", AuthRejected),
    "fault-policy": (400, "content_policy_violation", ContentRefused),
    "fault-down": (503, "overloaded", Unavailable),
}


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The figures in the shape of ``bench/trust.json``; `fast` is the same work."""
    del fast
    with tempfile.TemporaryDirectory() as folder:
        if not _installed(Path(folder)):
            return {}
        with _serving(Path(folder)) as origin, relay(origin) as (relayed, passed):
            kept, broken = asyncio.run(_check_all(f"{relayed}/v1"))
            mistyped = asyncio.run(_check_faults(f"{relayed}/v1"))
    faults = [fault for one in passed for fault in _faults_of(one)]
    for word in broken + mistyped + faults:
        print(f"aimock: {word}", file=sys.stderr)
    return {
        "aimock_promises_kept": at_least(kept, "promises", 10),
        "aimock_promises_broken": at_most(len(broken), "promises", 0),
        "aimock_faults_of_another_type": at_most(len(mistyped), "faults", 0),
        "aimock_requests_validated": at_least(len(passed), "request bodies", 12),
        "aimock_kinds_of_requests": at_least(len({one.path for one in passed}), "interfaces", 7),
        "aimock_requests_beside_the_sdks_types": at_most(len(faults), "faults", 0),
    }


def _installed(folder: Path) -> bool:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        print("trust_mock: skipped, there is no npm; its figures are absent", file=sys.stderr)
        return False
    words = [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", _PACKAGE]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    if ran.returncode:
        why = ran.stderr.strip().splitlines()[-1:]
        print(f"trust_mock: skipped, npm could not install it: {why}", file=sys.stderr)
    return ran.returncode == 0


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """The origin of the server, ready to answer."""
    known, config = folder / "fixtures.json", folder / "aimock.json"
    known.write_text(json.dumps({"fixtures": _fixtures()}))
    config.write_text(
        json.dumps(
            {
                "port": 0,
                "host": "127.0.0.1",
                "strict": True,
                "llm": {"fixtures": str(known)},
                "services": {"moderate": True},
            }
        )
    )
    program = folder / "node_modules" / "@copilotkit" / "aimock" / "dist" / "aimock-cli.js"
    node = shutil.which("node")
    assert node is not None
    server = subprocess.Popen(
        [node, str(program), "--config", str(config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout is not None
    try:
        found = next(
            match[0] for said in server.stdout if (match := re.search(r"http://[\d.:]+", said))
        )
        yield found
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def _fixtures() -> list[dict[str, Any]]:
    """What the server answers: faults by name, then a whole answer of each kind."""
    picture, sound = (base64.b64encode(data).decode() for data in (a_png(256, 256), a_wav()))
    faults = [
        {
            "match": {"endpoint": "image", "userMessage": name},
            "response": {
                "error": {"message": "no", "type": code, "code": code},
                "status": status,
            },
        }
        for name, (status, code, _) in _FAULTS.items()
    ]
    return [
        *faults,
        {"match": {"endpoint": "image"}, "response": {"image": {"b64Json": picture}}},
        {"match": {"endpoint": "speech"}, "response": {"audio": sound, "format": "wav"}},
        {
            "match": {"endpoint": "transcription"},
            "response": {"transcription": {"text": "A small lamp."}},
        },
        {"match": {"userMessage": "Tide Lamp"}, "response": {"content": json.dumps(_drafts())}},
    ]


def _drafts() -> dict[str, Any]:
    placements = {
        order.placement.id.replace(".", "__"): {
            "order": order.key[:12],
            "framework": "plain",
            "texts": {"text": "A lamp."},
            "hashtags": [],
        }
        for order in a_copy_request().orders
    }
    return {"display": {"headline": "A lamp"}, "placements": placements}


def _opened(base_url: str, **parameters: Any) -> ProviderHandle:
    choice = ProviderChoice(name="openai", base_url=base_url, parameters=parameters)
    return open_provider(choice, "copy")


async def _check_all(base_url: str) -> tuple[int, list[str]]:
    """Promises that were kept, and those that were not."""
    kept, broken = 0, []
    for parameters in ({"api": "responses"}, {"api": "chat"}):
        try:
            kept += len(await check_provider(_opened(base_url, **parameters)))
        except (ContractBroken, ProviderError) as fault:
            broken.append(f"{parameters}: {fault}")
    handle = _opened(base_url)
    assert handle.image is not None
    assert handle.close is not None
    request = ImageRequest(prompt="a lamp", width_px=256, height_px=256, reference_png=a_png())
    try:
        answer = await handle.image.make_image(request)
        kept += answer.data.startswith(b"\x89PNG")
    except ProviderError as fault:
        broken.append(f"edit: {fault}")
    await handle.close()
    return kept, broken


async def _check_faults(base_url: str) -> list[str]:
    """Faults that we call something else than what they are."""
    handle = _opened(base_url)
    assert handle.image is not None
    assert handle.close is not None
    odd = []
    for name, (status, code, kind) in _FAULTS.items():
        request = ImageRequest(prompt=name, width_px=256, height_px=256)
        try:
            await handle.image.make_image(request)
            odd.append(f"{status} {code} was taken for an answer")
        except ProviderError as fault:
            if type(fault) is not kind:
                odd.append(f"{status} {code} was taken for {type(fault).__name__}: {fault}")
    await handle.close()
    return odd


def _faults_of(one: Passed) -> list[str]:
    """What in a request's body the SDK's own types do not know."""
    if one.form:
        fields = {
            field
            for path, kind in _FORMS.items()
            if one.path.endswith(path)
            for field in kind.__annotations__
        }
        names = {name.decode() for name in re.findall(rb'name="([a-z_]+)(?:\[\])?"', one.form)}
        return [f"{one.path}: {name}" for name in sorted(names - fields)]
    kind = next((kind for path, kind in _TYPES.items() if one.path.endswith(path)), None)
    if kind is None:
        return [f"{one.path} is not a path that we know"]
    kind.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    try:
        TypeAdapter(kind).validate_python(one.fields)
    except ValidationError as fault:
        return [f"{one.path}: {error['loc']} {error['msg']}" for error in fault.errors()]
    return []


if __name__ == "__main__":
    for name, figure in figures().items():
        print(name, figure)
