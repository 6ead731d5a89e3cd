"""What a vendor on the loopback answers: OpenAI's shapes, filled for any request."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image


def schema_of(body: dict[str, Any]) -> dict[str, Any]:
    found = body.get("text", {}).get("format") or body["response_format"]["json_schema"]
    schema = found["schema"]
    assert isinstance(schema, dict)
    return schema


def ask_of(body: dict[str, Any]) -> str:
    return str(body.get("input") or body["messages"][-1]["content"])


def keys_in(ask: str) -> dict[str, str]:
    """Placement id → order key, as the prompt lists them."""
    _, _, rest = ask.partition("order keys:\n")
    lines = rest.partition("\n\n")[0].splitlines()
    return dict(line.split(" ", 1) for line in lines)


def fill_schema(body: dict[str, Any], ask: str, *, obeys: bool = False) -> dict[str, Any]:
    known = schema_of(body)["properties"]
    if "languages" not in known:
        return fill_language(known, ask, obeys=obeys)
    parts = {
        part.partition("\n")[0].replace("-", "_"): part for part in f"\n{ask}".split("\n## ")[1:]
    }
    return {
        "languages": {
            name: fill_language(one["properties"], parts[name], obeys=obeys)
            for name, one in known["languages"]["properties"].items()
        }
    }


def fill_language(known: dict[str, Any], ask: str, *, obeys: bool = False) -> dict[str, Any]:
    placements = {}
    for name, part in known["placements"]["properties"].items():
        texts = {
            field: [f"{field} one", f"{field} two", f"{field} three"]
            if rule["type"] == "array"
            else f"A good {field} at ⟦price⟧"
            for field, rule in part["properties"]["texts"]["properties"].items()
        }
        if obeys:
            stolen = ask.partition("=====\n")[2]
            texts = {field: stolen if isinstance(text, str) else [stolen] for field, text in
                     texts.items()}  # fmt: skip
        item: dict[str, Any] = {
            "order": keys_in(ask)[name.replace("__", ".")],
            "framework": "plain",
            "texts": texts,
        }
        extras = {"hashtags": ["#one", "two"], "alt_text": "a thing", "speech": ["Say it."]}
        item |= {extra: extras[extra] for extra in extras if extra in part["properties"]}
        placements[name] = item
    display: dict[str, Any] = dict.fromkeys(
        ("headline", "hook", "kicker", "subhead", "deadline", "cta"), "Words"
    )
    return {"display": display | {"benefits": ["Light"]}, "placements": placements}


def responses_answer(text: str, **changes: Any) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    message = {"type": "message", "id": "m", "role": "assistant", "status": "completed"}
    usage = {
        "input_tokens": 1600,
        "input_tokens_details": {"cached_tokens": 1100, "cache_write_tokens": 0},
        "output_tokens": 900,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 2500,
    }
    answer = {
        "id": "resp_1",
        "object": "response",
        "status": "completed",
        "model": "gpt-6-luna",
        "output": [{**message, "content": content}],
        "usage": usage,
    }
    return answer | changes


def moderation(scores: dict[str, float]) -> dict[str, Any]:
    """openai 3.52, types/moderation.py."""
    known = {"violence": 0.01, "sexual": 0.001, **scores}
    flags = {name: score >= 0.5 for name, score in known.items()}
    result = {
        "flagged": any(flags.values()),
        "categories": flags,
        "category_scores": known,
        "category_applied_input_types": {name: ["text", "image"] for name in known},
    }
    return {"id": "modr-1", "model": "omni-moderation-latest", "results": [result]}


def chat_answer(text: str, **changes: Any) -> dict[str, Any]:
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": text},
    }
    usage = {
        "prompt_tokens": 1600,
        "completion_tokens": 900,
        "total_tokens": 2500,
        "prompt_tokens_details": {"cached_tokens": 1100},
    }
    return {"id": "c", "object": "chat.completion", "choices": [choice | changes],
              "usage": usage, "created": 1, "model": "gpt-6-luna"}  # fmt: skip


def a_png(width: int = 1088, height: int = 1360) -> bytes:
    """A picture that serves as a ground: calm, of one hue, light above and dark below."""
    data = io.BytesIO()
    light = (
        Image.linear_gradient("L").resize((width, height)).transpose(Image.Transpose.ROTATE_180)
    )
    Image.merge("RGB", (light, light, Image.new("L", light.size, 90))).save(data, "PNG")
    return data.getvalue()


def a_wav(rate_hz: int = 24_000, *, streamed: bool = True) -> bytes:
    """A tenth of a second of WAV, its lengths unknown as a streaming server writes them."""
    samples = struct.pack("<h", 900) * (rate_hz // 10)
    length = 0xFFFFFFFF if streamed else len(samples)
    form = struct.pack("<HHIIHH", 1, 1, rate_hz, rate_hz * 2, 2, 16)
    head = b"RIFF" + struct.pack("<I", length) + b"WAVEfmt " + struct.pack("<I", 16) + form
    return head + b"data" + struct.pack("<I", length) + samples


def picture_bomb() -> bytes:
    """A small PNG that claims 30 000 × 30 000 pixels."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)

    packed = zlib.compress(b"\0" * 1_000_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )
