"""Publish why a run failed, in words that say what to do."""

from __future__ import annotations

from handbill.errors import HandbillError, UserError
from tasks._artifacts import show_markdown

_AGAIN = "Start the run again: what is finished is kept, and nothing is paid for twice."


def publish_failure(fault: HandbillError) -> None:
    """A summary of what ended the run and what a person can do about it."""
    show_markdown("summary", failure_words(fault), "Why nothing was made")


def failure_words(fault: HandbillError) -> str:
    """Markdown: what is wrong, where, and what to do."""
    if not isinstance(fault, UserError):
        return f"# The run could not be finished\n\n{_quoted(str(fault))}\n\n{_AGAIN}"
    lines = ["# The run could not begin", "", _quoted(fault.what)]
    if fault.where:
        lines += ["", f"Where: `{_inline(fault.where)}`"]
    lines += ["", "## What to do", "", _sentence(fault.remedy or "correct it"), "", _AGAIN]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """Text from files as a block of code, in which no mark-up means anything."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def _inline(text: str) -> str:
    return " ".join(text.replace("`", "'").split())


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
