"""`handbill fonts`: which fonts serve which scripts, and families for a brand."""

from __future__ import annotations

from pathlib import Path

import click

from handbill.campaign_folder import read_campaign
from handbill.cli.options import json_option
from handbill.cli.speech import say, show, show_json, table
from handbill.domain.brandkit import BrandKit
from handbill.errors import EXIT_MADE, EXIT_WITH_FAULTS, CampaignError
from handbill.press.docket import read_kit
from handbill.press.font_shelf import add_family, coverage_of

_campaign_option = click.option(
    "--campaign",
    type=click.Path(exists=True, path_type=Path),
    default=Path(),
    help="The campaign whose brand counts; the folder here by default.",
)


@click.group("fonts", invoke_without_command=True)
@_campaign_option
@click.option("--locale", default="en", help="Whose order of fonts counts, such as ja.")
@json_option
@click.pass_context
def command(ctx: click.Context, *, campaign: Path, locale: str, as_json: bool) -> int:
    """Show which fonts show which scripts in posters and films of a brand.

    A script that none shows is set nowhere: the posters concerned are blocked, and say so.
    """
    if ctx.invoked_subcommand:
        return EXIT_MADE
    rows = tuple(coverage_of(_kit(campaign), locale))
    if as_json:
        show_json(rows)
    else:
        found = ((one.script, one.heading or "none", one.body or "none") for one in rows)
        for line in table([("script", "headings", "body"), *found]):
            show(line)
    return EXIT_MADE if all(one.heading and one.body for one in rows) else EXIT_WITH_FAULTS


@command.command("add")
@click.argument("family", metavar="NAME")
@_campaign_option
@click.option(
    "--weight",
    "weights",
    multiple=True,
    type=click.IntRange(100, 900),
    help="A weight to fetch; may be given several times. 400 and 700 by default.",
)
@json_option
def add(family: str, *, campaign: Path, weights: tuple[int, ...], as_json: bool) -> int:
    """Fetch a family of Google Fonts into the brand's fonts folder, its licence beside it.

    NAME is the family's, such as "Playfair Display" or "Noto Sans Thai". It comes through this
    machine's npm; nothing of the package is run.
    """
    where = _brand_folder(campaign)
    added = add_family(family, where, tuple(sorted(set(weights))) or (400, 700))
    if as_json:
        show_json(added)
        return EXIT_MADE
    for file in added.files:
        show(file)
    say(f'to set headings in it, write in brand.toml: [fonts] heading = "{family}"', style="quiet")
    say("for letters that the brand's fonts lack it serves from now on", style="quiet")
    return EXIT_MADE


def _kit(campaign: Path) -> BrandKit:
    return read_kit(read_campaign(str(campaign)))


def _brand_folder(campaign: Path) -> Path:
    brand = read_campaign(str(campaign)).brand
    if not brand:
        raise CampaignError(
            "this campaign has no brand of its own to add fonts to",
            where=str(campaign),
            remedy='write a brand.toml and name it in campaign.toml: brand = "brand/brand.toml"',
        )
    return Path(brand).parent
