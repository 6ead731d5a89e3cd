"""Pictures: made from words, or an edit of the product's own picture."""

from __future__ import annotations

import base64
import binascii
import io
import json
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from handbill.errors import BadAnswer, CapabilityMissing
from handbill.providers.openai.answers import read_json, read_usage
from handbill.providers.openai.batches import MOST_BYTES, MOST_PICTURES, Batches
from handbill.providers.openai.connection import Connection
from handbill.providers.openai.settings import OpenAISettings
from handbill.providers.ports import (
    BatchOffer,
    ImageAnswer,
    ImageRequest,
    RawAnswer,
    Usage,
    VendorCall,
)

if TYPE_CHECKING:
    from openai import AsyncOpenAI

DEFAULT_MODEL = "gpt-image-2.5-flare"
# openai 3.51 types/image_generate_params: any size divisible by 16, ratio 1:3 to 3:1, at most
# 3840 × 2160 pixels.
_STEP_PX = 16
_MOST_RATIO = 3
_MOST_PX = 3840 * 2160
# A file that claims more is a bomb, not an answer.
_MOST_DECODED_PX = 50_000_000
# The largest token counts that OpenAI's own table states for a high-quality portrait.
_MOST_OUTPUT_TOKENS = 6240
_MOST_INPUT_TOKENS = 3000
# The smallest of the same table, a low-quality square, from a prompt of a few lines.
_LEAST_UNITS = {"input_tokens": 50, "output_tokens": 272, "output_image_tokens": 272}
_FORMATS = ("PNG", "JPEG", "WEBP")


class Illustrator:
    """Makes pictures through ``images.generate`` and ``images.edit``."""

    def __init__(self, settings: OpenAISettings, connection: Connection, batches: Batches) -> None:
        self._settings = settings
        self._connection = connection
        self._batches = batches
        self.model = settings.model or DEFAULT_MODEL

    async def make_image(self, request: ImageRequest) -> ImageAnswer:
        """One picture, by one call.

        Raises:
            ProviderError: of any kind.
        """
        call = self.prepare_image(request)
        raw = await call.send("")
        return call.parse((await self._collect(raw.pending) if raw.pending else raw).body)

    def prepare_image(self, request: ImageRequest) -> VendorCall[ImageAnswer]:
        """The call for `request`; pure.

        Raises:
            CapabilityMissing: a size that no picture model makes.
        """
        body = {
            "model": self.model,
            "prompt": request.prompt,
            "size": _size(request),
            "background": "transparent" if request.transparent else "auto",
            "output_format": "png",
            "n": 1,
            **self._settings.extra,
        }
        reference = sha256(request.reference_png).hexdigest() if request.reference_png else ""
        units = {"input_tokens": _MOST_INPUT_TOKENS, "output_tokens": _MOST_OUTPUT_TOKENS}
        units |= {"output_image_tokens": _MOST_OUTPUT_TOKENS}
        return VendorCall(
            provider="openai",
            model=self.model,
            endpoint="images.edit" if reference else "images.generate",
            content=MappingProxyType(
                {"base_url": self._settings.base_url, "reference_sha256": reference, **body}
            ),
            at_most=Usage(units=MappingProxyType(units), cost_usd_micros=None),
            send=partial(self._send, body, request.reference_png),
            measure=read_usage,
            parse=partial(_parse, model=self.model),
            collect=self._collect,
            resend_is_free=self._settings.honours_idempotency_key,
            prices=self._settings.prices,
            rates=self._settings.rates,
            at_least=Usage(units=MappingProxyType(_LEAST_UNITS), cost_usd_micros=None),
            # An edit sends a file beside its fields, which a line of a batch cannot.
            batch=None if reference else self._offer(body),
        )

    def _offer(self, body: Mapping[str, Any]) -> BatchOffer:
        return BatchOffer(
            desk=self._batches,
            url="/v1/images/generations",
            body=body,
            most_lines=MOST_PICTURES,
            most_bytes=MOST_BYTES,
        )

    async def _send(self, body: Mapping[str, Any], reference: bytes, ticket: str) -> RawAnswer:
        headers = {"Idempotency-Key": ticket} if ticket else {}

        async def ask(client: AsyncOpenAI) -> Any:
            raw: Any = client.images.with_raw_response
            words = self._settings.arguments(body)
            if not reference:
                return await raw.generate(**words, extra_headers=headers)
            picture = ("product.png", reference, "image/png")
            return await raw.edit(image=[picture], **words, extra_headers=headers)

        answer = await self._connection.send(ask, model=self.model)
        address = _address(answer.body, self.model)
        if not address:
            return answer
        left = {"address": address, "usage": json.loads(answer.body).get("usage")}
        return RawAnswer(body=answer.body, headers=answer.headers, pending=json.dumps(left))

    async def _collect(self, pending: str) -> RawAnswer:
        """The picture behind an address, in the shape of an answer that holds it."""
        left = json.loads(pending)
        picture = await self._connection.fetch(left["address"], model=self.model)
        encoded = base64.b64encode(picture.body).decode()
        inline = {"data": [{"b64_json": encoded}], "usage": left["usage"]}
        return RawAnswer(body=json.dumps(inline).encode())


def _size(request: ImageRequest) -> str:
    """The asked size, up to the next step; the ratio is the caller's own."""
    width, height = (
        -(-side // _STEP_PX) * _STEP_PX for side in (request.width_px, request.height_px)
    )
    within = max(width, height) <= _MOST_RATIO * min(width, height) and width * height <= _MOST_PX
    if not within:
        raise CapabilityMissing(
            f"no picture of {request.width_px} × {request.height_px} px can be asked for: at most "
            "3840 × 2160 px in all and a ratio of 3:1",
            provider="openai",
        )
    return f"{width}x{height}"


def _address(body: bytes, model: str) -> str:
    first = _first(body, model)
    url = first.get("url")
    return url if isinstance(url, str) and not first.get("b64_json") else ""


def _first(body: bytes, model: str) -> Mapping[str, Any]:
    data = read_json(body, model).get("data")
    first = data[0] if isinstance(data, list) and data else None
    return first if isinstance(first, dict) else {}


def _parse(body: bytes, *, model: str) -> ImageAnswer:
    text = _first(body, model).get("b64_json")
    try:
        data = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except binascii.Error:
        data = b""
    if not data:
        raise BadAnswer("the answer holds no picture", provider="openai", model=model)
    _check_picture(data, model)
    return ImageAnswer(data=data, usage=read_usage(body))


def _check_picture(data: bytes, model: str) -> None:
    """Decode it once: servers were seen to send text, halves and bombs as pictures."""
    from PIL import Image  # noqa: PLC0415 - only where pictures are made

    pixels = 0
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            pixels = picture.width * picture.height
            if pixels <= _MOST_DECODED_PX:
                picture.load()
                return
    except Exception as fault:  # noqa: BLE001 - Pillow's decoders raise many kinds
        message = f"what came is not a whole PNG, JPEG or WebP ({type(fault).__name__})"
        raise BadAnswer(message, provider="openai", model=model) from None
    message = f"a picture of {pixels} pixels is no honest answer"
    raise BadAnswer(message, provider="openai", model=model)
