"""`handbill brand check`: pictures that people bring, held against the brand."""

from __future__ import annotations

from pathlib import Path

import click

from handbill.channels import load_catalogue
from handbill.cli.options import json_option
from handbill.cli.speech import show, show_json, table
from handbill.domain.verdict import BrandVerdict
from handbill.errors import EXIT_MADE, EXIT_WITH_FAULTS
from handbill.press.brand_checks import JudgedPicture, judge_pictures

_FOLDER = click.Path(exists=True, path_type=Path)


@click.group("brand")
def command() -> None:
    """Hold pictures against a brand."""


@command.command("check")
@click.argument(
    "pictures", nargs=-1, required=True, metavar="PICTURE…", type=click.Path(path_type=Path)
)
@click.option(
    "--campaign",
    type=_FOLDER,
    default=Path(),
    help="The campaign whose brand and placements count; the folder here by default.",
)
@json_option
def check(pictures: tuple[Path, ...], *, campaign: Path, as_json: bool) -> int:
    """Measure PICTUREs: colours, size, sharpness, clutter, what lies under a platform's controls.

    What pixels alone cannot tell (fonts, contrast, logo) is named as not measured.
    """
    judged = tuple(judge_pictures(pictures, campaign, load_catalogue()))
    if as_json:
        show_json([_facts(one) for one in judged])
    else:
        for one in judged:
            _print(one)
    kept = all(one.verdict is not None and _keeps(one.verdict) for one in judged)
    return EXIT_MADE if kept else EXIT_WITH_FAULTS


def _keeps(verdict: BrandVerdict) -> bool:
    return all(rule.score in (None, 1) for rule in verdict.rules)


def _facts(one: JudgedPicture) -> dict[str, object]:
    score = one.verdict.score if one.verdict else None
    rules = one.verdict.rules if one.verdict else ()
    return {"picture": one.path, "fault": one.fault, "score": score, "rules": rules}


def _print(one: JudgedPicture) -> None:
    if one.verdict is None:
        show(f"{one.path}: cannot be read as a picture ({one.fault})", style="bad")
        return
    show(f"{one.path}: {one.verdict.score} of 100", style="strong")
    rows = [
        ("  –" if rule.score is None else f"  {100 * rule.score:.0f}", rule.rule, rule.measured)
        for rule in one.verdict.rules
    ]
    for line in table(rows):
        show(line)
    for rule in one.verdict.rules:
        if rule.score is not None and rule.score < 1:
            show(f"  → {rule.rule}: wanted is {rule.wanted}", style="warn")
