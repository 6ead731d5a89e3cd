"""Look into an inbox for sheets that are to be made."""

from __future__ import annotations

from pathlib import Path

from prefect import task
from prefect.logging import get_run_logger

from handbill.press.inbox import Inbox
from tasks._policy import policy


@task(**policy("look_into_inbox"), task_run_name="look into {inbox.folder}")
def look_into_inbox(inbox: Inbox) -> list[Path]:
    """The sheets in it that were written whole and that no run has had."""
    due = list(inbox.look())
    names = ", ".join(sheet.name for sheet in due) or "nothing to make"
    get_run_logger().info("%s: %s", inbox.folder, names)
    return due
