"""The calls that a run would make, prepared as the run prepares them and never sent.

Equal questions are asked once, so they count once here too. Which of them have an answer already
is told by `kept_answers`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from handbill.domain.campaign import Campaign
from handbill.domain.order import Order
from handbill.domain.placement import ImageSpec, VideoSpec
from handbill.errors import CapabilityMissing
from handbill.press.appraisal import Appraisal
from handbill.press.clips import planned_request
from handbill.press.copy_joint import joint_call, language_bundles
from handbill.press.copying import (
    asked_together,
    booked_copies,
    creative_groups,
    joint_requests,
    key_of_copy,
    recall_copy,
    request_for,
)
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.grounds import ground_request
from handbill.press.recipes import HOUSE, maker_of
from handbill.press.refreshing import Refresher
from handbill.press.speaking import speech_request
from handbill.providers.ports import (
    CopyRequest,
    MusicRequest,
    PreparesCopy,
    PreparesImage,
    PreparesMusic,
    PreparesSpeech,
    ProviderHandle,
    VendorCall,
)

# Prepares a call; None where the provider works offline and is not paid.
Ask = Callable[[], VendorCall[Any] | None]

# What a film says before it is written: lines, and characters of one.
_LINES = 5
_LINE_CHARS = (12, 100)
_MUSIC_S = (6.0, 21.0)
_BPM = 110


def wanted_asks(
    equipment: Equipment, docket: Docket, appraisal: Appraisal
) -> dict[str, tuple[Ask, ...]]:
    """Capability → what would be asked of it; the house's own work is left out.

    Raises:
        HandbillError: a provider of copy cannot be opened.
    """
    lacking = {
        name: [one.order for one in appraisal.standings if name in one.lacks]
        for name in ("copy", "image", "film")
    }
    desk = _Asker(equipment, docket)
    asks = {
        "copy": desk.copy_asks({order.key for order in lacking["copy"]}),
        "image": desk.image_asks(lacking["image"]),
        "voice": desk.voice_asks(lacking["film"]),
        "music": desk.music_asks(lacking["film"]),
        "video": desk.video_asks(lacking["film"]),
    }
    return {name: tuple(found) for name, found in asks.items() if _is_paid(docket.campaign, name)}


def _is_paid(campaign: Campaign, capability: str) -> bool:
    return maker_of(campaign.provider(capability)) != HOUSE


class _Asker:
    """Prepares the calls of one docket."""

    def __init__(self, equipment: Equipment, docket: Docket) -> None:
        self._equipment = equipment
        self._docket = docket
        self._copies = Refresher(equipment, docket, "copy")

    def copy_asks(self, lacking: set[str]) -> list[Ask]:
        if not lacking or not _is_paid(self._docket.campaign, "copy"):
            return []
        writer = self._equipment.handle("copy").copy
        groups = (
            group
            for group in creative_groups(self._docket.plan.orders)
            if lacking & {order.key for order in group}
            and (writer is None or writer.writes(group[0].locale))
        )
        return [ask for bundle in language_bundles(groups) for ask in self._bundle_asks(bundle)]

    def _bundle_asks(self, bundle: list[tuple[Order, ...]]) -> list[Ask]:
        """One call for all languages of a bundle where it fits, else one each."""
        requests = joint_requests(self._equipment, self._docket, self._copies, bundle)
        if requests:
            return [partial(self._joint_ask, requests)]
        return [self._copy_ask(group) for group in bundle]

    def _joint_ask(self, requests: list[CopyRequest]) -> VendorCall[Any] | None:
        return joint_call(self._equipment.calls, self._equipment.handle("copy").copy, requests)

    def image_asks(self, orders: Iterable[Order]) -> list[Ask]:
        asks: dict[tuple[str, int, int], Ask] = {}
        for order in orders:
            canvas = order.placement.image
            if canvas is not None:
                key = (order.brief.id, canvas.width_px, canvas.height_px)
                asks.setdefault(key, self._image_ask(order, canvas))
        return list(asks.values())

    def voice_asks(self, orders: Iterable[Order]) -> list[Ask]:
        asks: dict[tuple[object, ...], Ask] = {}
        for order in orders:
            key = self._key_of_copy(order)
            copy = recall_copy(self._equipment.store, key, order.key)
            if copy is not None:
                asks |= {
                    (text, order.locale): self._voice_ask(order, text, text)
                    for text in copy.speech
                }
            else:
                short, long = ("x" * chars for chars in _LINE_CHARS)
                asks |= {
                    (order.creative_key, line): self._voice_ask(order, short, long)
                    for line in range(_LINES)
                }
        return list(asks.values())

    def music_asks(self, orders: Iterable[Order]) -> list[Ask]:
        asks: dict[tuple[object, ...], Ask] = {}
        for order in orders:
            video = order.placement.video
            size = (video.width_px, video.height_px) if video else ()
            asks.setdefault((order.creative_key, size), self._music_ask(order))
        return list(asks.values())

    def video_asks(self, orders: Iterable[Order]) -> list[Ask]:
        asks: dict[tuple[object, ...], Ask] = {}
        for order in orders:
            canvas = order.placement.video
            own = order.brief.video or self._docket.campaign.film.clip
            if canvas is not None and not own:
                key = (order.brief.id, canvas.width_px, canvas.height_px, order.seed)
                asks.setdefault(key, self._video_ask(order, canvas))
        return list(asks.values())

    def _key_of_copy(self, order: Order) -> str:
        return key_of_copy(self._equipment, self._docket, order, self._copies)

    def _copy_ask(self, group: tuple[Order, ...]) -> Ask:
        def ask() -> VendorCall[Any] | None:
            handle = self._equipment.handle("copy")
            writer = handle.copy
            if not isinstance(writer, PreparesCopy):
                _refuse_uncounted(handle)
                return None
            keys = {order.key: self._key_of_copy(order) for order in group}
            booked = booked_copies(self._copies, keys)
            request = request_for(self._docket, asked_together(group, booked))
            return writer.prepare_copy(self._equipment.calls.with_prompt(request))

        return ask

    def _image_ask(self, order: Order, canvas: ImageSpec) -> Ask:
        def ask() -> VendorCall[Any] | None:
            handle = self._equipment.handle("image")
            maker = handle.image
            if not isinstance(maker, PreparesImage):
                _refuse_uncounted(handle)
                return None
            request = ground_request(self._equipment, self._docket, order, canvas)
            return maker.prepare_image(request)

        return ask

    def _voice_ask(self, order: Order, short: str, long: str) -> Ask:
        def ask() -> VendorCall[Any] | None:
            handle = self._equipment.handle("voice")
            speaker = handle.voice
            if not isinstance(speaker, PreparesSpeech):
                _refuse_uncounted(handle)
                return None
            least, most = (
                speaker.prepare_speech(speech_request(self._docket.kit, order.locale, text))
                for text in (short, long)
            )
            return dataclasses.replace(most, at_least=least.at_least)

        return ask

    def _music_ask(self, order: Order) -> Ask:
        def ask() -> VendorCall[Any] | None:
            handle = self._equipment.handle("music")
            composer = handle.music
            if not isinstance(composer, PreparesMusic):
                _refuse_uncounted(handle)
                return None
            least, most = (
                composer.prepare_music(
                    MusicRequest(
                        mood="bright", duration_ms=round(s * 1000), bpm=_BPM, seed=order.seed
                    )
                )
                for s in _MUSIC_S
            )
            return dataclasses.replace(most, at_least=least.at_least or least.at_most)

        return ask

    def _video_ask(self, order: Order, canvas: VideoSpec) -> Ask:
        def ask() -> VendorCall[Any] | None:
            maker = self._equipment.handle("video").video
            request = planned_request(self._equipment, self._docket, order, canvas)
            return maker.prepare_video(request) if maker else None

        return ask


def _refuse_uncounted(handle: ProviderHandle) -> None:
    """Nothing is paid to a provider that works offline; a live one must say what it sends.

    Raises:
        CapabilityMissing: it is live and cannot say what its calls are.
    """
    if handle.mode == "live":
        raise CapabilityMissing(
            f"{handle.name!r} is a live provider that cannot prepare its calls, so they cannot be "
            "priced",
            provider=handle.name,
        )
