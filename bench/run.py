"""Runs every figure that the documents claim: ``python -m bench.run [--fast] [--trust] [ROOM…]``.

A room is a module beside this one with a function ``figures(*, fast)``; parts that only one room
uses have its name in front (``films_moviepy``). With ``--trust`` the rooms are those whose names
begin with ``trust_``. Writes ``bench/results.json`` (or ``trust.json``) anew: a figure that was
not measured is absent. A room that fails is told on standard error, and the exit code is 1;
the other rooms are still measured.
"""

from __future__ import annotations

import argparse
import importlib
import json
import multiprocessing
import sys
import traceback
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent


def rooms(*, trust: bool) -> list[str]:
    """The names of the rooms of speed, or of those of trust, sorted."""
    names = sorted(path.stem for path in _HERE.glob("*.py"))
    chosen = [name for name in names if name != "run" and name.startswith("trust_") is trust]
    return [name for name in chosen if not any(name.startswith(f"{one}_") for one in chosen)]


def main(arguments: list[str] | None = None) -> int:
    """Measure, print a line a figure, write the results; 1 when a room failed."""
    parser = argparse.ArgumentParser(description="Measure every figure that the documents claim.")
    parser.add_argument("rooms", nargs="*", help="all when none is named")
    parser.add_argument("--fast", action="store_true", help="smaller work, under five minutes")
    parser.add_argument("--trust", action="store_true", help="reliability instead of speed")
    chosen = parser.parse_args(arguments)
    results: dict[str, Any] = {}
    failed = False
    for room in chosen.rooms or rooms(trust=chosen.trust):
        try:
            measured = measured_apart(room, fast=chosen.fast)
        except Exception:  # noqa: BLE001 - one room must not hide the others' figures
            traceback.print_exc()
            failed = True
            continue
        results |= measured
        for name, figure in sorted(measured.items()):
            print(line(name, figure), flush=True)
    target = _HERE / ("trust.json" if chosen.trust else "results.json")
    target.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", "utf-8")
    return int(failed)


def measured_apart(room: str, *, fast: bool) -> dict[str, Any]:
    """The figures of one room, from a process of its own.

    A process passes the most memory that it ever held on to the processes that it starts, so
    one room's memory would be counted as the next one's.
    """
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as pool:
        return pool.submit(_measured, room, fast).result()


def _measured(room: str, fast: bool) -> dict[str, Any]:  # noqa: FBT001 - travels by position
    figures: dict[str, Any] = importlib.import_module(f"bench.{room}").figures(fast=fast)
    return figures


def at_most(value: float, unit: str, target: float) -> dict[str, Any]:
    """A figure that holds when it is not above its target."""
    return _figure(value, unit, target, holds=value <= target, better="lower")


def at_least(value: float, unit: str, target: float) -> dict[str, Any]:
    """A figure that holds when it is not below its target."""
    return _figure(value, unit, target, holds=value >= target, better="higher")


def _figure(value: float, unit: str, target: float, **more: object) -> dict[str, Any]:
    return {"value": round(value, 3), "unit": unit, "target": round(target, 3)} | more


def line(name: str, figure: dict[str, Any]) -> str:
    """One figure for people: ``holds  name  1.42 x of encode only (at most 1.5)``."""
    word = "holds" if figure["holds"] else "MISSED"
    bound = "at most" if figure["better"] == "lower" else "at least"
    return f"{word:7}{name:44} {figure['value']:g} {figure['unit']} ({bound} {figure['target']:g})"


if __name__ == "__main__":
    sys.exit(main())
