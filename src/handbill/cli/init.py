"""`handbill init`: a new campaign folder from the starter."""

from __future__ import annotations

from pathlib import Path

import click

from handbill.cli.speech import say, show
from handbill.domain.outline import SheetOutline
from handbill.settings import read_settings


@click.command("init")
@click.argument("name")
@click.option(
    "--from",
    "sheet",
    metavar="SHEET",
    default="",
    help="Build it around this sheet, which stays where it is: a file, or an https address on an"
    " allowed host.",
)
def command(name: str, sheet: str) -> None:
    """Make the campaign folder NAME, which runs as it is.

    NAME may be a path; the folder must not exist or be empty. A bare name goes below campaigns/
    where there is such a folder.
    """
    from handbill.campaign_folder import create_campaign  # noqa: PLC0415 - --help stays fast

    place = Path(name)
    if len(place.parts) == 1 and Path("campaigns").is_dir():
        place = Path("campaigns") / name
    source, address = _source(sheet)
    outline = _outline(source) if source else None
    folder = create_campaign(
        place.parent, place.name, None if address else source, outline, address=address
    )
    show(str(folder))
    say(f"next: handbill check {folder}, then handbill run {folder}")


def _source(sheet: str) -> tuple[Path | None, str]:
    """The sheet as a file, and its address when it is one on the web.

    Raises:
        click.UsageError: there is no such file.
        UserError: it cannot be fetched.
    """
    from handbill.campaign_folder import is_web_address  # noqa: PLC0415 - --help stays fast
    from handbill.sheets import fetch_sheet  # noqa: PLC0415 - --help stays fast

    if not sheet:
        return None, ""
    if is_web_address(sheet):
        settings = read_settings()
        folder = settings.home / "sheets"
        return fetch_sheet(sheet, hosts=settings.allowed_hosts, folder=folder), sheet
    path = Path(sheet).absolute()
    if not path.is_file():
        raise click.UsageError(f"--from {sheet!r} is no file and no https address")
    return path, ""


def _outline(source: Path) -> SheetOutline:
    from handbill.sheets import outline_sheet  # noqa: PLC0415 - --help stays fast

    return outline_sheet(source)
