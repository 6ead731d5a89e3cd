"""Prefect artifacts, one a key and run: what a later pass of the same run says takes its place."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_table_artifact,
)
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactUpdate
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    ArtifactFilterKey,
)
from prefect.runtime import flow_run


def show_markdown(key: str, markdown: str, description: str) -> None:
    """Show a text."""
    if not _updated(key, markdown, description):
        create_markdown_artifact(key=key, markdown=markdown, description=description)


def show_table(key: str, table: list[dict[str, Any]], description: str) -> None:
    """Show a table, a mapping a row."""
    if not _updated(key, json.dumps(table), description):
        create_table_artifact(key=key, table=table, description=description)


def show_link(key: str, link: str, text: str, description: str) -> None:
    """Show a link."""
    if not _updated(key, f"[{text}]({link})", description):
        create_link_artifact(key=key, link=link, link_text=text, description=description)


def clear_table(key: str, description: str) -> None:
    """Empty the table that an earlier pass has shown, if it has."""
    _updated(key, "[]", description)


def existing(key: str) -> UUID | None:
    """The artifact of the run around us that has this key, if any."""
    own = ArtifactFilter(
        key=ArtifactFilterKey(any_=[key]),
        flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run.id]),
    )
    with get_client(sync_client=True) as client:
        found = client.read_artifacts(artifact_filter=own, limit=1) if flow_run.id else []
        return found[0].id if found else None


def _updated(key: str, data: str, description: str) -> bool:
    """Whether this run has such an artifact, which now says this."""
    known = existing(key)
    if known is not None:
        with get_client(sync_client=True) as client:
            client.update_artifact(known, ArtifactUpdate(data=data, description=description))
    return known is not None
