"""What the press works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from handbill.channels import Catalogue
from handbill.domain.campaign import Campaign
from handbill.press.calls import Calls
from handbill.press.event_loop import EventLoop
from handbill.press.pixels import Pixels
from handbill.press.progress import Progress
from handbill.press.recipes import folder_digest
from handbill.providers.ports import ProviderHandle
from handbill.store import AssetStore

if TYPE_CHECKING:
    from handbill.press.batches import Batches


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """Store, catalogue, providers and processes of one run.

    Attributes:
        scratch: folder for files on their way into the store.
        templates: folder of templates; its digests are part of the recipe keys.
        handle: capability → the provider that the campaign chose for it, opened when asked.
        batches: calls that are handed in together; None where nothing is paid.
    """

    store: AssetStore
    catalogue: Catalogue
    scratch: Path
    templates: Path
    handle: Callable[[str], ProviderHandle]
    calls: Calls
    loop: EventLoop
    pixels: Pixels
    progress: Progress
    batches: Batches | None = None

    @cached_property
    def templates_digest(self) -> TemplateDigests:
        """Digests of the templates, read once a run."""
        return read_template_digests(self.templates)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateDigests:
    """Digest of every folder of templates, empty where there is none.

    `phrases` are the house's phrase banks, `prompts` what models are told.
    """

    phrases: str
    prompts: str
    posters: str
    storyboards: str
    email: str


def read_template_digests(templates: Path) -> TemplateDigests:
    """Digests of the folders below `templates`."""
    return TemplateDigests(
        phrases=folder_digest(templates / "prompts" / "house"),
        prompts=folder_digest(templates / "prompts", deep=False),
        posters=folder_digest(templates / "posters"),
        storyboards=folder_digest(templates / "storyboards"),
        email=folder_digest(templates / "email"),
    )


def handles_of(
    campaign: Campaign, opened: list[ProviderHandle] | None = None
) -> Callable[[str], ProviderHandle]:
    """Capability → opened provider, each opened once and only when asked for.

    Args:
        campaign: names the providers.
        opened: gets every handle that was opened, for closing.
    """

    @cache
    def handle(capability: str) -> ProviderHandle:
        from handbill.providers.registry import open_provider  # noqa: PLC0415 - loads adapters

        provider = open_provider(campaign.provider(capability), capability)
        if opened is not None:
            opened.append(provider)
        return provider

    return handle
