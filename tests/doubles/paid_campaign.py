"""A small campaign whose copy and pictures are paid for at a vendor on the loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.doubles.vendor_server import VendorServer

KEY_VARIABLE = "VENDOR_KEY"
_WORDS = ("Calm", "Small", "Warm", "Quiet", "Bright")


def plain_text(body: dict[str, Any]) -> str:
    """Copy that passes the checks: as long as it must be, and without a fact."""
    answer = json.loads(VendorServer().text_for(body))
    for part in answer["placements"].values():
        if "hashtags" in part:
            part["hashtags"] = ["#light"]
        for field, text in part["texts"].items():
            lines = [f"{_WORDS[n]} light" for n in range(4 if field == "descriptions" else 5)]
            part["texts"][field] = lines if isinstance(text, list) else lines[0]
    return json.dumps(answer)


def write_sheet(folder: Path, rows: int, *, posters: int = 0, first: int = 1) -> None:
    """A sheet of `rows` briefs, the last `posters` of them with a poster too."""
    lines = ["id,product,description,placements"]
    for row in range(rows):
        name = f"lamp{first + row}"
        drawn = row >= rows - posters
        where = '"sms.text,facebook.post"' if drawn else "sms.text"
        lines.append(f"{name},Tide {name},A small lamp for boats.,{where}")
    (folder / "briefs.csv").write_text("\n".join(lines) + "\n")


def write_campaign(
    folder: Path, base_url: str, *, at_once: int = 1, keys: bool = False, more: str = ""
) -> Path:
    """The campaign's file; its sheet is written apart.

    Args:
        folder: of the campaign, made when missing.
        base_url: of the vendor.
        at_once: calls in flight, at most.
        keys: whether the vendor honours idempotency keys.
        more: further parameters of the provider, as TOML.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parameters = f"most_in_flight = {at_once}, honours_idempotency_key = {str(keys).lower()}{more}"
    vendor = (
        f'{{ name = "openai", base_url = "{base_url}", key = "env:{KEY_VARIABLE}", '
        f"parameters = {{ {parameters} }} }}"
    )
    (folder / "campaign.toml").write_text(
        f'campaign = "Paid"\nsheet = "briefs.csv"\nplacements = ["sms.text"]\nlocales = ["en"]\n'
        f"[providers]\ncopy = {vendor}\nimage = {vendor}\n"
    )
    return folder
