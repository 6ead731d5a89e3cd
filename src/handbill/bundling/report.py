"""``report.html``: the contact sheet that a client is shown.

One page that works from the file system: styles, script, words and small pictures are inside,
large pictures and films are read from the bundle beside it. It asks nothing of any network, and
its content security policy forbids that it could. It is made from the bundle alone, so it can be
made again at any time (`build_report`).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from handbill.bundling.colours import hex_or_fallback, readable_on, text_on
from handbill.bundling.report_entries import (
    Entry,
    entries_of,
    platform_names,
    read_json,
    read_table,
)
from handbill.bundling.staging import MANIFEST, is_bundle
from handbill.bundling.thumbnails import Thumbnails, logo_url
from handbill.domain.brandkit import BrandKit
from handbill.errors import BundleError, TemplateError
from handbill.settings import builtin_templates

_PAGE = "report.html"
# The grounds on which the accent must be read; the same values stand in report.css.
_LIGHT_GROUNDS = ("#ffffff", "#eceae4")
_DARK_GROUNDS = ("#15161a", "#24262d")
_MICROS = 1_000_000
# In this order on the page.
_STATUSES = (
    *("made", "reused", "waiting_for_review", "blocked", "refused", "over_budget"),
    *("uncertain", "failed", "rejected"),
)


def build_report(bundle: Path, templates: Path | None = None) -> Path:
    """Make the contact sheet of a bundle again, from the bundle alone.

    Args:
        bundle: its folder.
        templates: folder of templates; the built-in ones by default.

    Returns:
        The path of the page.

    Raises:
        BundleError: `bundle` is no bundle, or a file of it cannot be read.
        TemplateError: a file of the report's template is missing.
    """
    if not is_bundle(bundle):
        raise BundleError(
            f"{str(bundle)!r} is not a bundle: it has no manifest.json of Handbill's\n"
            "  → name the folder that a run has written (its --out)"
        )
    page = bundle / _PAGE
    fresh = bundle / f".{_PAGE}.new"
    fresh.write_bytes(report_page(bundle, read_json(bundle / MANIFEST), templates))
    return fresh.replace(page)


def write_report(bundle: Path, manifest: bytes) -> None:
    """Write the page into a bundle that is being packed: its manifest comes last."""
    (bundle / _PAGE).write_bytes(report_page(bundle, json.loads(manifest)))


def brand_of(kit: BrandKit | None, campaign: str) -> dict[str, object]:
    """What the page needs of a brand kit, for ``run.json``."""
    if kit is None:
        return {"name": campaign, "logo": "", "colours": []}
    palette = kit.palette
    colours = (palette.primary, palette.secondary, *palette.accents, palette.ink, palette.paper)
    return {
        "name": kit.name,
        "logo": logo_url(kit.logo),
        "logo_on_dark": logo_url(kit.logo_on_dark),
        "colours": list(dict.fromkeys(colours)),
    }


def report_page(bundle: Path, manifest: dict[str, Any], templates: Path | None = None) -> bytes:
    """The whole page.

    Raises:
        BundleError: a file of the bundle cannot be read.
        TemplateError: a file of the report's template is missing.
    """
    import jinja2  # noqa: PLC0415 - slow to import, and only the report needs it here

    folder = (templates or builtin_templates()) / "report"
    style, script, frame = (_part(folder / name) for name in ("report.css", "report.js", _PAGE))
    run = read_json(bundle / "run.json")
    entries = list(entries_of(bundle, manifest, Thumbnails(bundle)))
    brand = run.get("brand", {})
    theme = _theme(brand.get("colours", []))
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.from_string(frame).render(
        brand=brand,
        campaign=manifest["campaign"],
        swatches=[hex_or_fallback(colour) for colour in brand.get("colours", [])],
        summary=_summary(entries, run),
        problems=read_table(bundle / "problems.csv"),
        run=run,
        policy=_policy(style, theme, script),
        style=style,
        theme=theme,
        script=script,
        data=_inline_json(_data(entries, manifest)),
    )
    return page.encode()


def _part(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise TemplateError(
            f"{path.name!r} of the report's template cannot be read",
            where=str(path.parent),
            remedy="restore it from Handbill's own templates/report",
        ) from error


def _data(entries: Sequence[Entry], manifest: dict[str, Any]) -> dict[str, Any]:
    placements = sorted({entry["placement"] for entry in entries})
    imports = [a["path"] for a in manifest["assets"] if a["path"].startswith("imports/")]
    return {"orders": entries, "names": platform_names(placements), "imports": imports}


def _summary(entries: Sequence[Entry], run: dict[str, Any]) -> dict[str, Any]:
    statuses = Counter(entry["status"] for entry in entries)
    media = Counter(medium["kind"] for entry in entries for medium in entry["media"])
    severities = [{finding[0] for finding in entry["findings"]} for entry in entries]
    return {
        "orders": len(entries),
        "images": media["image"] + media["print"],
        "films": media["film"],
        "briefs": len({entry["brief"] for entry in entries}),
        "locales": sorted({entry["locale"] for entry in entries}),
        "accounts": sorted({entry["account"] for entry in entries if entry["account"]}),
        "channels": len({entry["placement"].split(".")[0] for entry in entries}),
        "placements": len({entry["placement"] for entry in entries}),
        "statuses": [(name, statuses[name]) for name in _STATUSES if statuses[name]],
        "blocked": sum("block" in found for found in severities),
        "remarked": sum(found == {"warn"} for found in severities),
        "cost_usd": f"{run.get('cost_usd_micros', 0) / _MICROS:,.2f}",
    }


def _theme(colours: Sequence[object]) -> str:
    """Custom properties for both schemes, every one safe to stand in a style sheet."""
    brand = hex_or_fallback(colours[0] if colours else "")
    light, dark = readable_on(brand, *_LIGHT_GROUNDS), readable_on(brand, *_DARK_GROUNDS)
    return (
        f":root{{--brand:{brand};--on-brand:{text_on(brand)};"
        f"--accent-light:{light};--on-accent-light:{text_on(light)};"
        f"--accent-dark:{dark};--on-accent-dark:{text_on(dark)}}}"
    )


def _inline_json(value: object) -> str:
    """JSON that cannot end the element it stands in, whatever the texts are."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for letter in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _policy(*inline: str) -> str:
    """A content security policy that allows these styles and this script alone."""
    style, theme, script = (_hash(text) for text in inline)
    return (
        "default-src 'none'; "
        f"script-src {script}; style-src {style} {theme}; "
        "img-src 'self' file: data:; media-src 'self' file: data: blob:; "
        "frame-src 'self' file:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
