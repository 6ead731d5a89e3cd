"""`handbill channels`: the catalogue, or one placement whole with its sources."""

from __future__ import annotations

import click

from handbill.channels import Catalogue, load_catalogue
from handbill.cli.speech import show, show_json, table
from handbill.domain.digest import plain
from handbill.domain.placement import ImageSpec, Placement, VideoSpec


@click.command("channels")
@click.argument("placement_id", metavar="[ID]", required=False)
@click.option("--all", "everything", is_flag=True, help="Also those that are only described.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(placement_id: str | None, *, everything: bool, as_json: bool) -> None:
    """List the placements, or show one whole with its limits and their sources."""
    catalogue = load_catalogue()
    if placement_id:
        _show_one(catalogue, placement_id, as_json=as_json)
        return
    placements = [catalogue.described(name) for name in catalogue.ids]
    shown = [one for one in placements if everything or one.makes]
    if as_json:
        show_json([_summary(one) for one in shown])
        return
    for line in table([("placement", "platform", "makes", "canvas"), *map(_row, shown)]):
        show(line)


def _summary(placement: Placement) -> dict[str, object]:
    return {
        "id": placement.id,
        "platform": placement.platform,
        "kind": placement.kind,
        "makes": placement.makes,
        "checked_on": placement.checked_on,
        "confidence": placement.confidence,
    }


def _row(placement: Placement) -> tuple[str, str, str, str]:
    canvas = placement.image or placement.video
    size = f"{canvas.width_px} × {canvas.height_px}" if canvas else ""
    return placement.id, placement.platform, ", ".join(placement.makes) or "described", size


def _show_one(catalogue: Catalogue, placement_id: str, *, as_json: bool) -> None:
    placement = catalogue.described(placement_id)
    sources = catalogue.sources(placement_id)
    if as_json:
        content = plain(placement)
        assert isinstance(content, dict)  # noqa: S101 - a dataclass is always a mapping here
        show_json(content | {"sources": sources})
        return
    show(f"{placement.id}: {placement.platform}, {placement.kind}", style="strong")
    show(f"makes {', '.join(placement.makes) or 'nothing yet: it is described only'}")
    show(f"figures read on {placement.checked_on}, confidence {placement.confidence}")
    for line in (*_text_lines(placement), *_media_lines(placement), *_rule_lines(placement)):
        show(line)
    show("\nSources", style="strong")
    for line in table((s.key, s.tier, s.where) for s in sources):
        show(f"  {line}")


def _text_lines(placement: Placement) -> list[str]:
    rows = [
        (
            f"  {name}",
            f"{rule.limit:,} {rule.unit}" + (" (cut on screen)" if rule.soft else ""),
            f"{rule.min_items} to {rule.max_items}",
            rule.provenance.confidence,
        )
        for name, rule in placement.texts.items()
    ]
    hashtags = placement.hashtags_max
    tags = [] if hashtags is None else [f"  hashtags: at most {hashtags}"]
    return ["\nTexts (limit, how many, confidence)", *table(rows), *tags] if rows else tags


def _media_lines(placement: Placement) -> list[str]:
    media = (("picture", placement.image), ("film", placement.video))
    lines = [_canvas_line(name, spec) for name, spec in media if spec]
    return ["\nMedia", *lines] if lines else []


def _canvas_line(name: str, spec: ImageSpec | VideoSpec) -> str:
    zone = spec.safe_zone
    parts = [f"  {name}: {spec.width_px} × {spec.height_px} px"]
    if spec.max_bytes:
        parts.append(f"at most {spec.max_bytes / 1e6:g} MB")
    if isinstance(spec, VideoSpec) and spec.max_s:
        parts.append(f"{spec.min_s:g} to {spec.max_s:g} s")
    edges = (zone.top_px, zone.right_px, zone.bottom_px, zone.left_px)
    if any(edges):
        parts.append("keep clear: top {} right {} bottom {} left {} px".format(*edges))
    return ", ".join(parts)


def _rule_lines(placement: Placement) -> list[str]:
    lines = [f"  {rule}" for rule in placement.rules]
    if placement.disclosure.how:
        lines.append(f"  AI content: {placement.disclosure.how}")
    return ["\nRules", *lines] if lines else []
