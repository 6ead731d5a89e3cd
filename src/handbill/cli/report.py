"""`handbill report`: opens or rebuilds a bundle's contact sheet."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from handbill.cli.options import json_option
from handbill.cli.speech import show, show_json


@click.command("report")
@click.argument("bundle", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--open/--no-open", "open_it", default=None, help="Open it in a browser, or do not.")
@json_option
def command(bundle: Path, *, open_it: bool | None, as_json: bool) -> None:
    """Rebuild the contact sheet of BUNDLE, and open it when there is a screen to show it on."""
    from handbill.bundling import build_report  # noqa: PLC0415 - --help stays fast

    page = build_report(bundle).absolute()
    if as_json:
        show_json({"report": str(page)})
    else:
        show(str(page))
    if open_it or (open_it is None and sys.stdout.isatty()):
        click.launch(page.as_uri())
