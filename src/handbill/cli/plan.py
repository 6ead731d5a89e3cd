"""`handbill plan`: what would be made, with its price, against what exists."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from handbill.cli.options import (
    OrderingCommand,
    json_option,
    refresh_option,
    request_from,
    request_options,
    with_input,
)
from handbill.cli.plan_money import estimate_facts, print_estimate
from handbill.cli.speech import count_of, kept_out, say, show, show_json, table
from handbill.errors import EXIT_MADE, EXIT_WITH_FAULTS
from handbill.press.appraisal import Appraisal, OrderStanding, Standing, appraise
from handbill.press.docket import Docket
from handbill.press.estimate import estimate
from handbill.press.kept_answers import kept_answers
from handbill.press.saved_plan import inputs_of, save_plan
from handbill.studio import open_studio


@click.command("plan", cls=OrderingCommand)
@request_options
@refresh_option
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the plan in FILE, to be run as it is: handbill run --plan FILE.",
)
@json_option
def command(
    *, target: str, refresh: tuple[str, ...], save: Path | None, as_json: bool, **choices: Any
) -> int:
    """Show what a run of TARGET would make, against what exists, and what it would cost.

    TARGET is a campaign folder or a sheet. Nothing is made and nothing is spent.
    """
    studio = open_studio()
    request = dataclasses.replace(request_from(with_input(target), **choices), refresh=refresh)
    docket = studio.read(request)
    equipment = studio.equip(docket)
    appraisal = appraise(equipment, docket)
    money = estimate(
        equipment,
        docket,
        appraisal,
        now_s=time.time(),
        workers=studio.settings.workers,
        answered=kept_answers(studio.open_ledger),
    )
    room_bytes = studio.store.room_bytes()
    # A line for every order: made only for whom it is meant.
    told = as_json or save is not None
    facts = _facts(docket, appraisal) | estimate_facts(money, room_bytes) if told else {}
    if save:
        save_plan(save, request, inputs_of(equipment, docket), facts)
    if as_json:
        show_json(facts)
    else:
        _print(docket, appraisal)
        print_estimate(money, room_bytes)
    if save:
        say(f"saved; to run it as it is: handbill run --plan {save}")
    rejected = any(problem.rejects for problem in docket.problems)
    return EXIT_WITH_FAULTS if rejected or appraisal.unwritten or appraisal.unspoken else EXIT_MADE


def _print(docket: Docket, appraisal: Appraisal) -> None:
    locales = list(dict.fromkeys(order.locale for order in docket.plan.orders))
    lines = table(
        _matrix(appraisal.standings, locales), right=frozenset(range(1, len(locales) + 5))
    )
    for line in lines:
        show(line)
    show()
    counts = appraisal.counts
    show(", ".join(f"{number:,} {name}" for name, number in counts.items()), style="strong")
    for cause, number in _causes(appraisal).items():
        show(f"  {count_of(number, 'order')} changed because of: {cause}")
    for label in appraisal.dropped:
        show(f"  dropped: {label}")
    _print_faults(docket, appraisal)
    for capability, number in appraisal.kept_from.items():
        if capability not in docket.refresh:
            say(
                f"  {count_of(number, 'order')} keep the {capability} of another provider or "
                f"model; --refresh {capability} makes it anew"
            )
    show()


def _print_faults(docket: Docket, appraisal: Appraisal) -> None:
    if appraisal.unwritten:
        writer = docket.campaign.provider("copy").name
        say(
            f"{writer!r} does not write {', '.join(appraisal.unwritten)}; it writes "
            f"{', '.join(appraisal.writes)}. Orders in other locales will be blocked.",
            style="warn",
        )
    if appraisal.unspoken:
        speaker = docket.campaign.provider("voice").name
        say(
            f"{speaker!r} does not speak {', '.join(appraisal.unspoken)}: films in it will fail. "
            "Name another provider for voice, or leave out what has a film.",
            style="warn",
        )
    rejected = sum(problem.rejects for problem in docket.problems)
    if rejected:
        say(f"{kept_out(rejected)}: handbill check shows them")


def _matrix(
    standings: Sequence[OrderStanding], locales: Sequence[str]
) -> list[tuple[object, ...]]:
    """A row a placement: orders by locale, then by standing."""
    by_locale = Counter((one.order.placement.id, one.order.locale) for one in standings)
    by_standing = Counter((one.order.placement.id, one.standing) for one in standings)
    placements = dict.fromkeys(one.order.placement.id for one in standings)
    rows: list[tuple[object, ...]] = [("placement", *locales, *Standing, "orders")]
    for name in placements:
        of_locale = [by_locale[name, locale] for locale in locales]
        of_standing = [by_standing[name, standing] for standing in Standing]
        rows.append((name, *of_locale, *of_standing, sum(of_locale)))
    return rows


def _causes(appraisal: Appraisal) -> dict[str, int]:
    causes = Counter(
        ", ".join(one.because) or "the engine"
        for one in appraisal.standings
        if one.standing is Standing.CHANGED
    )
    return dict(causes.most_common())


def _facts(docket: Docket, appraisal: Appraisal) -> dict[str, object]:
    return {
        "campaign": docket.campaign.name,
        "plan_digest": docket.plan.digest,
        "briefs": len(docket.briefs),
        "problems": len(docket.problems),
        "counts": appraisal.counts,
        "unwritten_locales": appraisal.unwritten,
        "unspoken_locales": appraisal.unspoken,
        "dropped": appraisal.dropped,
        "kept_from_others": appraisal.kept_from,
        "orders": [
            {
                "key": one.order.key,
                "brief": one.order.brief.id,
                "row": one.order.brief.source.row,
                "placement": one.order.placement.id,
                "locale": one.order.locale,
                "account": one.order.account,
                "audience": one.order.audience,
                "variant": one.order.variant,
                "standing": one.standing,
                "because": one.because,
                "makes": one.lacks,
            }
            for one in appraisal.standings
        ],
    }
