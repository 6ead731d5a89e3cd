"""Options that several verbs share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import click
from typing_extensions import override

from handbill.press.request import RunRequest, parse_provider
from handbill.settings import read_settings

CommandT = TypeVar("CommandT", bound=Callable[..., Any])
_PLACEMENT_ID = re.compile(r"[\w-]+\.[\w-]+")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
refresh_option = click.option(
    "--refresh",
    multiple=True,
    type=click.Choice(["copy", "image", "voice", "music", "video"]),
    help="Make anew what another provider or model made of this; may be given several times.",
)


def request_options(command: CommandT) -> CommandT:
    """TARGET and the options that choose what of it is made."""
    options = (
        click.argument("target", metavar="TARGET"),
        click.option(
            "--only",
            multiple=True,
            metavar="PLACEMENT…",
            help="Make these placements alone; several, separated by spaces or commas.",
        ),
        click.option(
            "--rows",
            default="",
            metavar="N|A-B",
            help="The first N briefs, or briefs A to B, counted from 1 in the sheet's order.",
        ),
        click.option("--budget", default="", metavar="USD", help="The most to spend in this run."),
        click.option(
            "--provider",
            "providers",
            multiple=True,
            metavar="CAP=NAME",
            help="Provider for copy, image, voice, music or video; may be given several times.",
        ),
        click.option(
            "--seed", type=click.IntRange(min=0), help="Another seed than the campaign's."
        ),
        click.option(
            "--encoding",
            default="",
            metavar="NAME",
            help="Encoding of a sheet that is neither UTF-8 nor UTF-16, such as gb18030.",
        ),
        click.option(
            "--worksheet",
            default="",
            metavar="NAME",
            help="The worksheet to read, instead of the first one that holds products.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


class OrderingCommand(click.Command):
    """A command whose ``--only`` takes every placement that follows it."""

    @override
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Join the words after ``--only`` before click reads them."""
        return super().parse_args(ctx, join_only(args))


def join_only(words: Sequence[str]) -> list[str]:
    """``--only a.b c.d TARGET`` as ``--only a.b,c.d TARGET``.

    A word belongs to ``--only`` when it is written like a placement's id and no such file exists.
    """
    joined: list[str] = []
    placements: list[str] = []
    taking = False
    for word in [*words, ""]:
        if taking and _PLACEMENT_ID.fullmatch(word) and not Path(word).exists():
            placements.append(word)
            continue
        if placements:
            joined.append(",".join(placements))
            placements = []
        taking = word == "--only"
        joined.append(word)
    return joined[:-1]


def with_input(target: str) -> str:
    """`target`, or the file that standard input (``-``) is kept in, for verbs that read it twice.

    Raises:
        SheetError: nothing comes from there, or too much.
    """
    if target != "-":
        return target
    from handbill.sheets import keep_input  # noqa: PLC0415 - --help stays fast

    return str(keep_input(read_settings().home / "pasted"))


def request_from(  # noqa: PLR0913 - one argument an option
    target: str,
    *,
    only: Sequence[str],
    rows: str,
    budget: str,
    providers: Sequence[str],
    seed: int | None,
    encoding: str,
    worksheet: str,
) -> RunRequest:
    """The options of `request_options` as a request.

    Raises:
        click.UsageError: the budget is no amount.
        UserError: a provider is not named as CAP=NAME.
    """
    return RunRequest(
        target=target,
        only=tuple(name for words in only for name in re.split(r"[,\s]+", words) if name),
        rows=rows,
        budget_usd=_amount(budget),
        providers=dict(parse_provider(text) for text in providers),
        seed=seed,
        encoding=encoding.strip(),
        worksheet=worksheet,
    )


def _amount(budget: str) -> Decimal | None:
    if not budget:
        return None
    try:
        amount = Decimal(budget.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise click.UsageError(
            f"--budget {budget!r} is not an amount in US dollars; write a number such as 2.50"
        )
    return amount
