"""How a command ends: a fault becomes words on standard error and an exit code.

| exit code | means |
|---|---|
| 0 | all made |
| 1 | a fault in Handbill itself |
| 2 | the command was not understood |
| 3 | finished, and rows were rejected or assets blocked |
| 5 | orders wait for batches; nothing else is missing |
| 130 | interrupted |

All others stand at their exception in `handbill.errors`.
"""

from __future__ import annotations

import errno
import tempfile
import traceback
from pathlib import Path

import click

from handbill.errors import EXIT_BUG, EXIT_USAGE, HandbillError, StoreError

EXIT_INTERRUPTED = 130
EXIT_PIPE_CLOSED = 141
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def ending_of(fault: BaseException, *, debug: bool) -> int:
    """Tell `fault` to the user; the answer is the exit code."""
    if isinstance(fault, SystemExit):
        return fault.code if isinstance(fault.code, int) else EXIT_USAGE
    if isinstance(fault, click.exceptions.Exit):
        return fault.exit_code
    if isinstance(fault, KeyboardInterrupt | click.Abort):
        click.echo("interrupted; finished work is kept, run again to go on", err=True)
        return EXIT_INTERRUPTED
    if isinstance(fault, click.ClickException):
        fault.show()
        return EXIT_USAGE
    if isinstance(fault, BrokenPipeError):
        return EXIT_PIPE_CLOSED
    return _told(fault, debug=debug)


def _told(fault: BaseException, *, debug: bool) -> int:
    if isinstance(fault, OSError) and fault.errno in _FULL:
        fault = StoreError(
            f"{str(fault.filename or tempfile.gettempdir())!r} could not be written: the disk is "
            "full (or a quota or size limit is reached)\n"
            "  → make room and run again; what is finished is kept"
        )
    known = isinstance(fault, HandbillError)
    if debug:
        click.echo("".join(traceback.format_exception(fault)), err=True)
    if isinstance(fault, HandbillError):
        click.echo(f"handbill: {fault}", err=True)
        return fault.exit_code
    click.echo(f"handbill: a fault in Handbill itself: {type(fault).__name__}: {fault}", err=True)
    if not debug and not known:
        click.echo(f"  → its traceback is in {str(_kept(fault))!r}", err=True)
    return EXIT_BUG


def _kept(fault: BaseException) -> Path:
    with tempfile.NamedTemporaryFile(
        "w", prefix="handbill-fault-", suffix=".txt", delete=False, encoding="utf-8"
    ) as story:
        story.write("".join(traceback.format_exception(fault)))
    return Path(story.name)
