"""A program that runs `handbill`, each time in a process of its own that is forked ready-loaded.

It reads one JSON object a line: `arguments` of the command line, `environment` to add, `words` (a
file for what it says). It answers with one line: the exit code, negative for a signal as
`subprocess` has it, and the seconds that it took.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from typing import Any

_LOADED = (
    "genai_prices",
    "handbill.cli.run",
    "handbill.cli.plan",
    "handbill.press.run",
    "handbill.press.packing",
    "handbill.press.till",
    "handbill.prompting.prompts",
    "handbill.store.ledger",
    "handbill.studio",
    "openai",
)


def load() -> None:
    """Everything that a run would load, before the first one."""
    for name in _LOADED:
        importlib.import_module(name)
    from handbill.domain.campaign import ProviderChoice  # noqa: PLC0415 - only the program
    from handbill.providers.registry import open_provider  # noqa: PLC0415 - only the program
    from tests.doubles.asks import a_copy_request  # noqa: PLC0415 - only the program

    genai_prices = importlib.import_module("genai_prices")
    genai_prices.calc_price(genai_prices.Usage(input_tokens=1), "gpt-6-luna")
    open_provider(ProviderChoice(name="openai"), "copy")
    open_provider(ProviderChoice(name="openai"), "image")
    a_copy_request()


def run_in_child(order: dict[str, Any]) -> int:
    child = os.fork()
    if child == 0:
        words = os.open(order["words"], os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        os.dup2(words, 1)
        os.dup2(words, 2)
        os.environ.update(order["environment"])
        from handbill.cli import run_verb  # noqa: PLC0415 - loaded already

        code = 70
        try:
            code = run_verb(order["arguments"])
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def main() -> None:
    load()
    for line in sys.stdin:
        began = time.monotonic()
        code = run_in_child(json.loads(line))
        sys.stdout.write(json.dumps([code, round(time.monotonic() - began, 3)]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
