"""Campaign folders: `campaign.toml`, `brand.toml`, and starters for new ones."""

from __future__ import annotations

from handbill.campaign_folder.brands import house_brandkit, read_brandkit
from handbill.campaign_folder.campaigns import DEFAULT_PLACEMENTS, is_web_address, read_campaign
from handbill.campaign_folder.starters import create_campaign

__all__ = [
    "DEFAULT_PLACEMENTS",
    "create_campaign",
    "house_brandkit",
    "is_web_address",
    "read_brandkit",
    "read_campaign",
]
