"""`python -m handbill` is the command line."""

from __future__ import annotations

from handbill.cli import main

if __name__ == "__main__":
    main()
