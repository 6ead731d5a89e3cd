"""Named moments at which a test may end the process, to prove that nothing is lost there.

Nothing is armed unless the program that composes a run arms it, which happens under a test setting
alone; `reached` is then one comparison with None.
"""

from __future__ import annotations

from collections.abc import Callable

_action: Callable[[str], None] | None = None


def reached(name: str) -> None:
    """The work has come to the moment `name`, such as ``ledger.sent``."""
    if _action is not None:
        _action(name)


def arm(action: Callable[[str], None] | None) -> None:
    """Call `action` with the name of every moment from now on; None disarms."""
    global _action  # noqa: PLW0603 - one switch for the whole process is the point
    _action = action
