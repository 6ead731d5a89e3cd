"""TOML tables → `Placement` values; every key is known, so that a misspelt one is a fault."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from handbill.domain.placement import (
    Disclosure,
    ImageSpec,
    Placement,
    Provenance,
    SafeZone,
    TextField,
    VideoSpec,
)
from handbill.errors import ChannelError

Table = Mapping[str, Any]

_PROVENANCE = {"confidence", "sources", "note"}
_TEXT = {"limit", "unit", "soft", "items", "written", "min_chars", "rule", *_PROVENANCE}
_EXTENT = {"width_px", "height_px", "size_by", "min_width_px", "min_height_px", "max_width_px"}
_EXTENT |= {"max_height_px", "min_bytes", "max_bytes", "aspects", "aspect_range", "safe_zone"}
_IMAGE = _EXTENT | {"formats", "bleed_px", "dpi", "role", "sizes", "items", *_PROVENANCE}
_VIDEO = _EXTENT | {"min_s", "max_s", "fps", "fps_range", "containers", "video_codecs"}
_VIDEO |= {"audio_codecs", "min_kbps", "min_audio_kbps", "loudness_lufs", "items", *_PROVENANCE}
_ZONE = {"top_px", "bottom_px", "left_px", "right_px"}
_DISCLOSURE = {"field", "how", "type", "rule", "explicit", "implicit", "also", "since", "manual"}
_DISCLOSURE |= _PROVENANCE
_SLOT = {"platform", "kind", "confidence", "makes", "link_in", "bulk_formats", "rules", "note"}
_SLOT |= {"text", "hashtags", "links", "items", "image", "image_slots", "video_limits", "master"}
_SLOT |= {"disclosure", "other", "hashtags_in"}


def placement_from(
    placement_id: str, table: Table, masters: Table, checked_on: str, where: str
) -> Placement:
    """One placement from its table.

    Args:
        placement_id: ``channel.slot``.
        table: the slot's table in the channel's file.
        masters: master films by name.
        checked_on: the file's ISO date.
        where: the file, for messages.

    Raises:
        ChannelError: a key is unknown or missing, or a value has the wrong type.
    """
    try:
        return _placement(placement_id, table, masters, checked_on)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise ChannelError(
            f"the figures of {placement_id!r} cannot be read: {fault}",
            where=where,
            remedy="see docs/channels.md for the keys that a placement has",
        ) from fault


def _placement(placement_id: str, table: Table, masters: Table, checked_on: str) -> Placement:
    _expect(table, _SLOT, placement_id)
    hashtags, master = table.get("hashtags", {}), table.get("master", "")
    limits = _video(table["video_limits"]) if "video_limits" in table else None
    return Placement(
        id=placement_id,
        platform=table["platform"],
        kind=table["kind"],
        makes=tuple(table.get("makes", ())),
        texts=MappingProxyType({n: _text(n, t) for n, t in table.get("text", {}).items()}),
        hashtags_max=hashtags.get("max"),
        link_in=table.get("link_in", ""),
        image=_image(table["image"]) if "image" in table else None,
        video=_video(masters[master], master) if master else limits,
        disclosure=_disclosure(table.get("disclosure", {})),
        bulk_formats=tuple(table.get("bulk_formats", ())),
        checked_on=checked_on,
        video_limits=limits,
        image_slots=MappingProxyType(_image_slots(table.get("image_slots", {}))),
        items=MappingProxyType(_items(table.get("items", {}))),
        confidence=table["confidence"],
        rules=tuple(table.get("rules", ())),
        figures=MappingProxyType(dict(_figures(table))),
        hashtags_provenance=_provenance(hashtags),
        hashtags_in=table.get("hashtags_in", ""),
    )


def _text(name: str, table: Table) -> TextField:
    _expect(table, _TEXT, name)
    least, most = table.get("items", (1, 1))
    return TextField(
        name=name,
        limit=int(table["limit"]),
        unit=table["unit"],
        soft=table.get("soft", False),
        min_items=least,
        max_items=most,
        provenance=_provenance(table),
        written=table.get("written", True),
        min_chars=table.get("min_chars", 0),
        rule=table.get("rule", ""),
    )


def _image(table: Table) -> ImageSpec:
    _expect(table, _IMAGE, "image")
    least, most = table.get("items", (0, 0))
    return ImageSpec(
        **_extent(table),
        formats=tuple(table.get("formats", ("jpeg",))),
        bleed_px=table.get("bleed_px", 0),
        dpi=table.get("dpi", 0),
        role=table.get("role", ""),
        sizes=tuple((width, height) for width, height in table.get("sizes", ())),
        min_items=least,
        max_items=most,
    )


def _video(table: Table, master: str = "") -> VideoSpec:
    _expect(table, _VIDEO, "video")
    return VideoSpec(
        **_extent(table),
        min_s=float(table.get("min_s", 0)),
        max_s=float(table.get("max_s", 0)),
        fps=table.get("fps", 30),
        fps_range=tuple(float(rate) for rate in table.get("fps_range", ())),
        loudness_lufs=float(table.get("loudness_lufs", -14)),
        master=master,
        containers=tuple(table.get("containers", ())),
        video_codecs=tuple(table.get("video_codecs", ())),
        audio_codecs=tuple(table.get("audio_codecs", ())),
        min_kbps=table.get("min_kbps", 0),
        min_audio_kbps=table.get("min_audio_kbps", 0),
    )


def _extent(table: Table) -> dict[str, Any]:
    """What pictures and films share: pixels, bytes, proportions, safe zone, provenance."""
    names = ("min_width_px", "min_height_px", "max_width_px", "max_height_px")
    whole = {name: table.get(name, 0) for name in (*names, "min_bytes", "max_bytes")}
    zone = table.get("safe_zone", {})
    _expect(zone, _ZONE | _PROVENANCE | {"canvas_px"}, "safe_zone")
    return whole | {
        "width_px": table["width_px"],
        "height_px": table["height_px"],
        "aspects": tuple(table.get("aspects", ())),
        "aspect_range": tuple(float(edge) for edge in table.get("aspect_range", ())),
        "safe_zone": SafeZone(**{name: zone[name] for name in _ZONE if name in zone}),
        "provenance": _provenance(table),
    }


def _image_slots(table: Table) -> dict[str, ImageSpec]:
    shared = {key: value for key, value in table.items() if key in _PROVENANCE}
    return {
        name: _image({**shared, **slot}) for name, slot in table.items() if name not in _PROVENANCE
    }


def _items(table: Table) -> dict[str, tuple[int, int]]:
    words = _PROVENANCE | {"rule"}
    return {name: (least, most) for name, (least, most) in _pairs(table, words)}


def _pairs(table: Table, words: set[str]) -> list[tuple[str, tuple[int, int]]]:
    return [(name, pair) for name, pair in table.items() if name not in words]


def _disclosure(table: Table) -> Disclosure:
    _expect(table, _DISCLOSURE, "disclosure")
    how = [table.get(name, "") for name in ("how", "rule", "explicit", "note")]
    return Disclosure(
        field=table.get("field", ""),
        how="; ".join(text for text in how if text),
        provenance=_provenance(table),
        manual=table.get("manual", False),
    )


def _provenance(table: Table) -> Provenance:
    return Provenance(
        confidence=table.get("confidence", "C"),
        sources=tuple(table.get("sources", ())),
        note=table.get("note", ""),
    )


def _figures(table: Table) -> list[tuple[str, str]]:
    """Facts that have no field of their own, flat and as text."""
    further = {"note": table.get("note", ""), "links": table.get("links", {})}
    items = table.get("items", {})
    further["items"] = {name: items[name] for name in ("rule", "note") if name in items}
    disclosure = table.get("disclosure", {})
    kept = ("type", "implicit", "also", "since")
    further["disclosure"] = {name: disclosure[name] for name in kept if name in disclosure}
    zones = {name: table.get(name, {}).get("safe_zone", {}) for name in ("image", "video_limits")}
    further["safe_zone"] = {
        name: {key: zone[key] for key in ("confidence", "sources", "note") if key in zone}
        for name, zone in zones.items()
    }
    return _flat("", {**further, **table.get("other", {})})


def _flat(name: str, value: object) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        dot = f"{name}." if name else ""
        return [pair for key, inner in value.items() for pair in _flat(f"{dot}{key}", inner)]
    if isinstance(value, list):
        value = ", ".join(str(item) for item in value)
    return [(name, str(value))] if value != "" else []


def _expect(table: Table, keys: set[str], where: str) -> None:
    if unknown := sorted(set(table) - keys):
        message = f"unknown key {unknown[0]!r} in {where}"
        raise ValueError(message)
