from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.bundling.cells import csv_bytes, guarded, is_formula, unguarded
from handbill.store import AssetStore

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
BEGINNINGS = st.text(st.sampled_from(list("=+-@'\t\r\n ＝＋－＠a1")), max_size=6)


@given(BEGINNINGS, TEXTS)
def test_a_guard_is_undone_exactly_and_hides_every_formula(begin: str, rest: str) -> None:
    text = begin + rest

    assert unguarded(guarded(text)) == text
    assert guarded(text).startswith("'") or not is_formula(text)


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3)))
def test_any_texts_survive_a_list(rows: list[list[str]]) -> None:
    data = csv_bytes(["a", "b", "c"], rows)

    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    assert [[unguarded(cell) for cell in row] for row in read[1:]] == rows


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=3_000), max_size=8))
def test_a_store_gives_back_what_it_was_given(pieces: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = AssetStore(Path(folder))
        keys = [store.put_bytes(piece, durable=False) for piece in pieces]

        assert [store.read(key) for key in keys] == pieces
        assert len(set(keys)) == len(set(pieces))
        assert list((store.root / "incoming").iterdir()) == []
