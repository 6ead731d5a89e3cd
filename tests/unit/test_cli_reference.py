from __future__ import annotations

from pathlib import Path

import pytest

from handbill import errors
from handbill.cli import VERBS
from handbill.cli.reference import cli_page, errors_page, write_pages
from handbill.errors import HandbillError

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(("name", "page"), [("cli.md", cli_page), ("errors.md", errors_page)])
def test_generated_pages_are_current(name: str, page: object) -> None:
    assert callable(page)
    told = (DOCS / name).read_text("utf-8")
    assert told == page(), "run: .venv/bin/python -m handbill.cli.reference docs"


def test_every_verb_and_every_error_is_told() -> None:
    assert all(f"## handbill {verb}\n" in cli_page() for verb in VERBS)
    names = [
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, HandbillError)
    ]
    assert len(names) > 15
    assert all(f"`{name}`" in errors_page() for name in names)


def test_pages_are_written_side_by_side(tmp_path: Path) -> None:
    assert [path.name for path in write_pages(tmp_path)] == ["cli.md", "errors.md"]
    assert (tmp_path / "errors.md").read_text("utf-8") == errors_page()
