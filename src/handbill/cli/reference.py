"""The pages `docs/cli.md` and `docs/errors.md`, written from the program itself.

``python -m handbill.cli.reference docs`` writes them; a test tells when they are out of date.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from handbill import errors
from handbill.cli import VERBS, handbill
from handbill.cli.endings import EXIT_INTERRUPTED
from handbill.errors import EXIT_WAITING, HandbillError

_WIDTH = 88
_FIXED_CODES = (
    (0, "all made"),
    (1, "a fault in Handbill itself; the message names the file with its traceback"),
    (2, "the command was not understood"),
    (3, "finished, and rows were rejected or assets blocked"),
    (EXIT_WAITING, "orders wait for batches and nothing else is missing: run again to collect"),
    (EXIT_INTERRUPTED, "interrupted (Ctrl-C or SIGTERM); finished work is kept"),
)


def cli_page() -> str:
    """`docs/cli.md`: every verb as its ``--help`` tells it."""
    lines = [
        "# Commands",
        "",
        "*Written from the program by `python -m handbill.cli.reference docs`.*",
        "",
        "Results go to standard output, everything else to standard error. `--debug` shows the",
        "traceback of a fault. Exit codes are in [errors.md](errors.md).",
        "",
    ]
    context = click.Context(
        handbill,
        info_name="handbill",
        max_content_width=_WIDTH,
        help_option_names=handbill.context_settings["help_option_names"],
    )
    for verb in VERBS:
        command = handbill.get_command(context, verb)
        assert command is not None  # noqa: S101 - every verb has its module
        inner = click.Context(
            command,
            parent=context,
            info_name=verb,
            max_content_width=_WIDTH,
            terminal_width=_WIDTH,
        )
        lines += [f"## handbill {verb}", "", "```", command.get_help(inner).strip(), "```", ""]
        for name, below in getattr(command, "commands", {}).items():
            deeper = click.Context(below, parent=inner, info_name=name, max_content_width=_WIDTH,
                                   terminal_width=_WIDTH)  # fmt: skip
            lines += [f"### handbill {verb} {name}", "", "```", below.get_help(deeper).strip()]
            lines += ["```", ""]
    return "\n".join(lines)


def errors_page() -> str:
    """`docs/errors.md`: exit codes, and the tree of exceptions."""
    lines = [
        "# Errors",
        "",
        "*Written from the program by `python -m handbill.cli.reference docs`.*",
        "",
        "A fault of one row or one asset never stops a run: it is listed in `problems.csv` or",
        "`outcomes.csv`, with its place and what to do. What does stop a run ends with one of",
        "these exit codes.",
        "",
        "## Exit codes",
        "",
        "| code | means |",
        "|---:|---|",
        *(f"| {code} | {meaning} |" for code, meaning in sorted(_codes().items())),
        "",
        "## The tree",
        "",
        "| exception | exit code | means |",
        "|---|---:|---|",
        *(
            f"| {'&emsp;' * depth}`{kind.__name__}` | {kind.exit_code} | {_first_line(kind)} |"
            for depth, kind in _tree(HandbillError, 0)
        ),
        "",
    ]
    return "\n".join(lines)


def write_pages(folder: Path) -> tuple[Path, ...]:
    """Write both pages into `folder`; the paths that were written."""
    pages = {"cli.md": cli_page(), "errors.md": errors_page()}
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")
    return tuple(folder / name for name in pages)


def _codes() -> dict[int, str]:
    codes = dict(_FIXED_CODES)
    for _, kind in _tree(HandbillError, 0):
        if kind.exit_code not in codes:
            codes[kind.exit_code] = f"{_first_line(kind)} (`{kind.__name__}`)"
    return codes


def _tree(kind: type[HandbillError], depth: int) -> Iterator[tuple[int, type[HandbillError]]]:
    yield depth, kind
    for below in sorted(kind.__subclasses__(), key=lambda one: (one.exit_code, one.__name__)):
        if below.__module__ == errors.__name__:
            yield from _tree(below, depth + 1)


def _first_line(kind: type[HandbillError]) -> str:
    return (inspect.getdoc(kind) or "").split("\n", 1)[0].rstrip(".")


if __name__ == "__main__":
    for written in write_pages(Path(sys.argv[1])):
        click.echo(written)
