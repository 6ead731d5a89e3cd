"""Where pasted sheets and bundles lie unless the user says otherwise."""

from __future__ import annotations

from pathlib import Path

from handbill.domain.campaign import Campaign
from handbill.domain.digest import digest

_PASTED = "pasted"


def keep_pasted(home: Path, text: str) -> Path:
    """Keep a pasted sheet in Handbill's home; the same text has the same path."""
    path = home / _PASTED / f"pasted-sheet-{digest(text)[:8]}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="")
    return path


def bundle_folder(home: Path, campaign: Campaign) -> Path:
    """Where a campaign's bundle goes.

    ``out`` in a campaign's folder; for a bare sheet, a folder named after it where the user is,
    and in Handbill's home for a pasted one, which has no place of its own.
    """
    sheet = Path(campaign.sheet)
    if (Path(campaign.folder) / "campaign.toml").is_file():
        return Path(campaign.folder) / "out"
    if sheet.parent == home / _PASTED:
        return home / "bundles" / sheet.stem
    return Path.cwd() / f"{sheet.stem}-bundle"
