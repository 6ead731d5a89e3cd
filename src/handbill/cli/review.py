"""`handbill review`: what waits for a person, and the person's word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from typing_extensions import override

from handbill.cli.options import json_option
from handbill.cli.speech import count_of, say, show, show_json, table
from handbill.domain.review import LEAST_CHARS, Proof, Verdict
from handbill.studio import open_studio

ALL = "all"
_TEXT_CHARS = 48
_DECIDING = {
    "approve": Verdict.APPROVED,
    "reject": Verdict.REJECTED,
    "remake": Verdict.REMAKE,
}


class DecidingCommand(click.Command):
    """A command whose deciding options take every key that follows them."""

    @override
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Join the keys after ``--approve``, ``--reject`` and ``--remake``."""
        return super().parse_args(ctx, join_keys(args))


def join_keys(words: Sequence[str]) -> list[str]:
    """``--approve a1b2c3 d4e5f6 TARGET`` as ``--approve a1b2c3,d4e5f6 TARGET``."""
    joined: list[str] = []
    keys: list[str] = []
    taking = False
    for word in [*words, ""]:
        if taking and _looks_like_key(word):
            keys.append(word)
            continue
        if keys:
            joined.append(",".join(keys))
            keys = []
        taking = word in {f"--{name}" for name in _DECIDING}
        joined.append(word)
    return joined[:-1]


def _looks_like_key(word: str) -> bool:
    parts = word.split(",")
    return all(_is_key(part) for part in parts) and not Path(word).exists()


def _is_key(word: str) -> bool:
    return word == ALL or (
        len(word) >= LEAST_CHARS and all(letter in "0123456789abcdef" for letter in word.lower())
    )


def _deciding(name: str, words: str) -> Callable[[Any], Any]:
    return click.option(f"--{name}", multiple=True, metavar="all|KEY…", help=words)


@click.command("review", cls=DecidingCommand)
@click.argument("target", required=False, metavar="[TARGET]")
@_deciding("approve", "These may go out.")
@_deciding("reject", "These are not made; --note says why.")
@_deciding("remake", "These are made anew with another seed, and wait again.")
@click.option("--note", default="", help="What colleagues should know about the verdict.")
@json_option
def command(*, target: str | None, note: str, as_json: bool, **keys: tuple[str, ...]) -> None:
    """List everything that waits for a person, or say what may go out.

    Without TARGET (a campaign folder or a sheet) all campaigns are meant. A run that waits in
    Prefect goes on by itself; otherwise run the campaign again, which packs what was approved.
    """
    reviews = open_studio().reviews()
    try:
        campaign = _name_of(target) if target else ""
        waiting = reviews.waiting(campaign)
        chosen = _chosen(keys, waiting, reviews.of_campaign(campaign) if campaign else {})
        decided = {
            str(verdict): reviews.decide(proofs, verdict, note, anew=True)
            for verdict, proofs in chosen.items()
        }
        left = reviews.waiting(campaign)
    finally:
        open_studio().close()
    if as_json:
        show_json({"decided": decided, "waiting": [facts_of(proof) for proof in left]})
        return
    for verdict, number in decided.items():
        say(f"{verdict}: {count_of(number, 'order')}", style="good")
    print_waiting(left)
    if decided:
        _say_what_follows([proof for proofs in chosen.values() for proof in proofs])


def _name_of(target: str) -> str:
    from handbill.campaign_folder import read_campaign  # noqa: PLC0415 - --help stays fast

    return read_campaign(target).name


def _chosen(
    keys: dict[str, tuple[str, ...]], waiting: Sequence[Proof], known: dict[str, Proof]
) -> dict[Verdict, list[Proof]]:
    """The proofs that each verdict is for; `all` means those that no other verdict names.

    Raises:
        click.UsageError: a key names no proof or several, or ``all`` means several campaigns.
    """
    words = {
        _DECIDING[name]: [key for word in named for key in word.lower().split(",") if key]
        for name, named in keys.items()
        if named
    }
    reachable = {proof.key: proof for proof in waiting} | known
    chosen = {
        verdict: [_one_proof(key, reachable) for key in named if key != ALL]
        for verdict, named in words.items()
    }
    named_already = {proof.key for proofs in chosen.values() for proof in proofs}
    for verdict, named in words.items():
        if ALL in named:
            _refuse_many_campaigns(waiting)
            chosen[verdict] += [proof for proof in waiting if proof.key not in named_already]
    return {verdict: proofs for verdict, proofs in chosen.items() if proofs}


def _one_proof(key: str, known: dict[str, Proof]) -> Proof:
    found = [proof for name, proof in known.items() if name.startswith(key)]
    if len(key) >= LEAST_CHARS and len(found) == 1:
        return found[0]
    what = "several proofs" if found else "nothing that waits"
    raise click.UsageError(
        f"{key!r} names {what}; handbill review lists the keys (to change a verdict, name the "
        "campaign too)"
    )


def _refuse_many_campaigns(waiting: Sequence[Proof]) -> None:
    names = sorted({proof.campaign for proof in waiting})
    if len(names) > 1:
        raise click.UsageError(
            f"several campaigns wait ({', '.join(names)}); name one: handbill review TARGET …"
        )


def facts_of(proof: Proof) -> dict[str, object]:
    """A proof for machines."""
    names = ("campaign", "brief", "product", "placement", "locale", "account", "audience")
    return {name: getattr(proof, name) for name in names} | {
        "key": proof.short_key,
        "variant": proof.variant,
        "text": proof.text,
        "target": proof.target,
        "folder": proof.folder,
        "report": str(Path(proof.folder) / "report.html"),
        "run": proof.run.partition(":")[0],
    }


def print_waiting(waiting: Sequence[Proof]) -> None:
    """A table a campaign, with where to look."""
    if not waiting:
        say("nothing waits for a review")
        return
    for place in dict.fromkeys((proof.campaign, proof.folder) for proof in waiting):
        own = [proof for proof in waiting if (proof.campaign, proof.folder) == place]
        say(f"{place[0]}: {count_of(len(own), 'order waits', 'orders wait')}", style="strong")
        rows = [("key", "product", "placement", "locale", "account", "text")]
        rows += [
            (
                *(proof.short_key, proof.product, proof.placement, proof.locale),
                *(proof.account, _cut(proof.text)),
            )
            for proof in own
        ]
        for line in table(rows):
            show(line)
        show(str(Path(place[1]) / "report.html"))


def _cut(text: str) -> str:
    return text if len(text) <= _TEXT_CHARS else f"{text[: _TEXT_CHARS - 1]}…"


def _say_what_follows(proofs: Sequence[Proof]) -> None:
    """How what was decided gets into the bundle."""
    from handbill.cli.studio_door import resume_reviewed  # noqa: PLC0415 - --help stays fast

    if any(proof.run for proof in proofs) and (resumed := resume_reviewed()):
        say(f"{count_of(resumed, 'run')} in Prefect that waited for this: going on", style="good")
        return
    for target in dict.fromkeys(proof.target for proof in proofs):
        say(f"now pack what was approved: handbill run {target}")
