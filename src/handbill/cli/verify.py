"""`handbill verify`: re-reads a bundle with code that shares nothing with its writer."""

from __future__ import annotations

from pathlib import Path

import click

from handbill.cli.options import json_option
from handbill.cli.speech import count_of, show, show_json
from handbill.errors import EXIT_MADE, BundleError


@click.command("verify")
@click.argument("bundle", type=click.Path(path_type=Path))
@json_option
def command(bundle: Path, *, as_json: bool) -> int:
    """Read BUNDLE again: digests, limits, labels, import sheets, report."""
    from handbill.bundling import verify_bundle  # noqa: PLC0415 - --help stays fast

    result = verify_bundle(bundle)
    if as_json:
        show_json(
            {
                **_counts(result.files, result.orders, result.size_bytes),
                "bundle": str(bundle),
                "whole": result.whole,
                "faults": result.faults,
            }
        )
    else:
        for fault in result.faults:
            show(f"{fault}", style="bad")
        verdict = "whole" if result.whole else count_of(len(result.faults), "fault")
        show(f"{bundle}: {verdict}; {count_of(result.files, 'file')}, "
             f"{count_of(result.orders, 'order')}, {result.size_bytes / 1e6:.1f} MB",
             style="good" if result.whole else "bad")  # fmt: skip
    return EXIT_MADE if result.whole else BundleError.exit_code


def _counts(files: int, orders: int, size_bytes: int) -> dict[str, object]:
    return {"files": files, "orders": orders, "size_bytes": size_bytes}
