"""The command line: one module a verb, loaded when that verb is called."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click
from typing_extensions import override

from handbill import __version__
from handbill.cli.endings import ending_of

# Verb → what it does, in the order in which `--help` lists them.
VERBS = {
    "init": "Make a new campaign folder from the starter.",
    "check": "Read everything and print every problem at once. Makes nothing.",
    "plan": "Show what would be made, with its price, against what exists. Makes nothing.",
    "run": "Make it: copy, posters, films, bundle.",
    "review": "List what waits for a person, and say what may go out.",
    "verify": "Re-read a bundle with code that shares nothing with its writer.",
    "report": "Open or rebuild a bundle's contact sheet.",
    "brand": "Hold pictures that people bring against the brand.",
    "fonts": "Show which fonts serve which languages, or add a family to a brand.",
    "channels": "List the placements, or show one whole with its sources.",
    "providers": "Show what is configured, what it can do and whether it answers.",
    "ledger": "Show calls, states and money by campaign, provider or day.",
}


class Verbs(click.Group):
    """Loads the module of a verb when it is called, so that each one starts fast."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, in the order of their work."""
        return list(VERBS)

    @override
    def get_command(
        self,
        ctx: click.Context,
        cmd_name: str,
    ) -> click.Command | None:
        """The verb `cmd_name`, or None."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"handbill.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    @override
    def format_commands(
        self,
        ctx: click.Context,
        formatter: click.HelpFormatter,
    ) -> None:
        """The list of verbs, without loading any."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="handbill")
@click.option("--debug", is_flag=True, help="Show the traceback of a fault.")
@click.pass_context
def handbill(ctx: click.Context, *, debug: bool) -> None:
    """Turn a spreadsheet into the copy, posters and films that every channel needs."""
    ctx.obj = {"debug": debug}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run_verb(sys.argv[1:] if arguments is None else arguments))


def run_verb(arguments: list[str]) -> int:
    """Run one verb; the answer is its exit code, and every fault is told on standard error."""
    debug = "--debug" in arguments
    words: list[Any] = [word for word in arguments if word != "--debug"]
    try:
        ended = handbill.main(words, prog_name="handbill", standalone_mode=False)
    except BaseException as fault:  # noqa: BLE001 - the one place where faults become exit codes
        return ending_of(fault, debug=debug)
    return ended if isinstance(ended, int) else 0
