"""A plan's money, time and disk in words and as facts."""

from __future__ import annotations

from handbill.cli.speech import count_of, say, show, table
from handbill.press.estimate import CallsLine, Estimate
from handbill.press.footprint import Range

_MICROS = 1_000_000
_MINUTE_S, _HOUR_S = 60, 3600
_KIB, _STEP = 1024, 1024.0
_CENT_MICROS = 10_000


def print_estimate(estimate: Estimate, room_bytes: int) -> None:
    """Print the price of every capability, then time and disk."""
    rows = [("capability", "provider", "model", "calls", "price"), *map(_row, estimate.lines)]
    for text in table(rows, right=frozenset({3, 4})):
        show(text)
    show()
    for line in estimate.unpriced:
        say(_unpriced(line), style="warn")
    total = dollars(estimate.cost_micros)
    without = " without what is not priced" if estimate.unpriced else ""
    worst = estimate.worst_micros
    again = f"; at most {_usd(worst)} when drafts have to be written again"
    show(f"price: {total}{without}{again if worst > estimate.cost_micros.high else ''}")
    show(f"time: {duration(estimate.wall_s)} with {count_of(estimate.calls, 'call')}")
    for line in estimate.unlimited:
        say(
            f"{line.provider!r} has no configured limits for {line.capability}, so its time is "
            "not in it: set requests_per_minute"
        )
    disk = estimate.footprint.disk_bytes
    show(f"disk: {_size(disk.low)} to {_size(disk.high)} new, {_size(room_bytes)} free")
    if disk.high > room_bytes:
        say("that may not fit on the disk of Handbill's store", style="warn")


def estimate_facts(estimate: Estimate, room_bytes: int) -> dict[str, object]:
    """The same for machines."""
    return {
        "prices": [_line_facts(line) for line in estimate.lines],
        **_usd_facts(estimate.cost_micros, estimate.worst_micros),
        "unpriced": [f"{line.provider} {line.model}".strip() for line in estimate.unpriced],
        "calls": estimate.calls,
        "wall_s": _range(estimate.wall_s),
        "wall_s_without": [line.capability for line in estimate.unlimited],
        "disk_bytes": _range(estimate.footprint.disk_bytes),
        "disk_free_bytes": room_bytes,
        "posters": estimate.footprint.posters,
        "films": estimate.footprint.films,
    }


def dollars(cost: Range) -> str:
    """``$0.00``, ``$0.12`` or ``$0.12 to $0.40``."""
    low, high = _usd(cost.low), _usd(cost.high)
    return low if low == high else f"{low} to {high}"


def duration(wall_s: Range) -> str:
    """``3 to 9 min``."""
    low, high = _time(wall_s.low), _time(wall_s.high)
    return low if low == high else f"{low} to {high}"


def _row(line: CallsLine) -> tuple[str, str, str, str, str]:
    price = dollars(line.cost_micros) if line.cost_micros else "not priced"
    about = "about " if line.sampled and line.cost_micros else ""
    calls = f"{line.calls:,}" if line.calls else "-"
    calls += f" (+ {line.kept:,} paid)" if line.kept else ""
    return line.capability, line.provider, line.model or "-", calls, about + price


def _unpriced(line: CallsLine) -> str:
    named = f"{line.provider} {line.model}".strip()
    why = f" ({line.fault})" if line.fault else ""
    return (
        f"{line.capability}: nobody knows the price of {named!r}{why}; its {line.calls:,} calls "
        "are in no sum. Write it down: usd_per_call or usd_per_… in [providers]"
    )


def _line_facts(line: CallsLine) -> dict[str, object]:
    return {
        "capability": line.capability,
        "provider": line.provider,
        "model": line.model,
        "calls": line.calls,
        "answers_kept": line.kept,
        "priced": line.priced,
        **_usd_facts(line.cost_micros, line.worst_micros),
        "requests_per_minute": line.requests_per_minute,
        "tokens_per_minute": line.tokens_per_minute,
        "wall_s": _range(line.wall_s) if line.wall_s else None,
        "sampled": line.sampled,
        "fault": line.fault,
    }


def _usd_facts(cost: Range | None, worst_micros: int | None) -> dict[str, float | None]:
    """Least, most, and most with every draft written again; None where nobody knows."""
    return {
        "cost_usd_low": None if cost is None else cost.low / _MICROS,
        "cost_usd": None if cost is None else cost.high / _MICROS,
        "cost_usd_at_worst": None if worst_micros is None else worst_micros / _MICROS,
    }


def _range(value: Range) -> dict[str, int]:
    return {"low": value.low, "high": value.high}


def _usd(micros: int) -> str:
    """Cents, or as many decimals as a smaller amount needs to be seen."""
    if 0 < micros < _CENT_MICROS:
        return f"${micros / _MICROS:.4f}"
    return f"${micros / _MICROS:,.2f}"


def _time(seconds: int) -> str:
    if seconds < 2 * _MINUTE_S:
        return f"{seconds} s"
    if seconds < 2 * _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} min"
    return f"{seconds / _HOUR_S:.1f} h"


def _size(count_bytes: int) -> str:
    size, units = count_bytes / _KIB, ["KB", "MB", "GB", "TB"]
    while size >= _STEP and len(units) > 1:
        size /= _STEP
        units.pop(0)
    return f"{size:,.1f} {units[0]}"
