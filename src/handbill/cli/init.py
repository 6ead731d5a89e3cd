"""`handbill init`: a new campaign folder from the starter."""

from __future__ import annotations

from pathlib import Path

import click

from handbill.cli.speech import say, show


@click.command("init")
@click.argument("name")
@click.option(
    "--from",
    "sheet",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Build it around this sheet, which stays where it is.",
)
def command(name: str, sheet: Path | None) -> None:
    """Make the campaign folder NAME, which runs as it is.

    NAME may be a path; the folder must not exist or be empty. A bare name goes below campaigns/
    where there is such a folder.
    """
    from handbill.campaign_folder import create_campaign  # noqa: PLC0415 - --help stays fast
    from handbill.sheets import outline_sheet  # noqa: PLC0415 - --help stays fast

    place = Path(name)
    if len(place.parts) == 1 and Path("campaigns").is_dir():
        place = Path("campaigns") / name
    outline = outline_sheet(sheet) if sheet else None
    source = sheet.absolute() if sheet else None
    folder = create_campaign(place.parent, place.name, source, outline)
    show(str(folder))
    say(f"next: handbill check {folder}, then handbill run {folder}")
