from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from handbill.errors import SheetError
from handbill.sheets import read_sheet, read_table


def table_of(path: Path, **columns: Any) -> list[dict[str, str]]:
    """Write columns as Parquet, and read them back as bare cells."""
    pq.write_table(pa.table(columns), path)
    table = read_table(path)
    return [dict(zip(table.header, row.cells, strict=True)) for row in table.rows]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (pa.array(["00420"]), "00420"),
        (pa.array([" -5 "]), " -5 "),
        (pa.array(["1e3"]), "1e3"),
        (pa.array([982451653982451653]), "982451653982451653"),
        (pa.array([2**64 - 1], pa.uint64()), "18446744073709551615"),
        (pa.array([Decimal("1299.00")], pa.decimal128(18, 2)), "1299.00"),
        (pa.array([19.9]), "19.9"),
        (pa.array([19.9], pa.float32()), "19.9"),
        (pa.array([1e-7]), "0.0000001"),
        (pa.array([float("nan")]), ""),
        (pa.array([None], pa.string()), ""),
        (pa.array([None], pa.int64()), ""),
        (pa.array([None]), ""),
        (pa.array([True]), "TRUE"),
        (pa.array([dt.date(2026, 5, 31)]), "2026-05-31"),
        (pa.array([dt.datetime(2026, 5, 31)]), "2026-05-31"),  # noqa: DTZ001 - as a sheet has it
        (pa.array([1_780_000_000_123_456_789], pa.timestamp("ns")), "2026-05-28 20:26:40"),
        (pa.array([0], pa.timestamp("ms", "Europe/Berlin")), "1970-01-01 01:00:00+01:00"),
        (pa.array(["red", None, "red"]).dictionary_encode().slice(0, 1), "red"),
        (pa.array([["a", "b"]]), "a\nb"),
        (pa.array([[("x", 1)]], pa.map_(pa.string(), pa.int64())), "x: 1"),
        (pa.array([[{"x": "ü"}]]), '{"x": "ü"}'),
        (pa.array(["Größe".encode()]), "Größe"),
        (pa.array(["x" * 100_000], pa.large_string()), "x" * 100_000),
    ],
)
def test_every_value_stays_what_it_was(tmp_path: Path, column: pa.Array, text: str) -> None:
    (row,) = table_of(tmp_path / "a.parquet", product=["Mug"], value=column)
    assert row == {"product": "Mug", "value": text}


def test_briefs_come_out_as_from_any_sheet(tmp_path: Path) -> None:
    path = tmp_path / "briefs.parquet"
    columns = {
        "id": ["007", "008"],
        "product": ["Harbour Mug", None],
        "price": pa.array([Decimal("1.299"), None], pa.decimal128(10, 3)),
        "currency": ["EUR", "EUR"],
        "ends_on": [dt.date(2026, 5, 31), None],
        "description": [{"de": "Ein Becher.", "fr": "Une tasse."}, None],
        "image": [["a.png", "b.png"], []],
    }
    pq.write_table(pa.table(columns), path)
    contents = read_sheet(path)
    (brief,) = contents.briefs
    assert (brief.id, str(brief.price and brief.price.amount)) == ("007", "1.299")
    assert brief.ends_on == dt.date(2026, 5, 31)
    assert dict(brief.translations["description"]) == {"de": "Ein Becher.", "fr": "Une tasse."}
    codes = [(fault.code, fault.row) for fault in contents.problems if fault.row]
    assert codes == [("picture.missing", 2), ("picture.missing", 2), ("product.missing", 3)]


def test_pandas_row_labels_are_no_column(tmp_path: Path) -> None:
    frame = pd.DataFrame({"product": ["Mug", "Pot"]}, index=[5, 9])
    frame.to_parquet(tmp_path / "a.parquet")
    assert read_table(tmp_path / "a.parquet").header == ("product",)


def test_rows_are_numbered_over_batches_and_row_groups(tmp_path: Path) -> None:
    path = tmp_path / "many.parquet"
    names = pa.table({"product": [f"Mug {number}" for number in range(10_000)]})
    pq.write_table(names, path, row_group_size=999)
    briefs = read_sheet(path).briefs
    assert [brief.product for brief in briefs] == names["product"].to_pylist()
    assert [brief.source.row for brief in briefs] == list(range(2, 10_002))


def test_bytes_that_are_no_text_are_reported_at_their_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    raw = [b"\xff\xd8\xff\xe0"]
    pq.write_table(pa.table({"product": ["Mug"], "offer": raw, "blob": raw}), path)
    contents = read_sheet(path)
    found = [(one.code, one.column, one.rejects) for one in contents.problems if one.row]
    assert found == [("cell.not_text", "offer", True), ("cell.not_text", "blob", False)]


@pytest.mark.parametrize("cut", [20, 400])
def test_a_damaged_file_is_refused_in_words(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"product": ["Mug"] * 500, "n": list(range(500))}), path)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(SheetError, match="no Parquet"):
        read_sheet(path)
    path.write_bytes(b"PAR1" + b"\0" * 2000 + b"PAR1")
    with pytest.raises(SheetError, match="no Parquet"):
        read_sheet(path)


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({f"c{number}": [1] for number in range(1_001)}), path)
    with pytest.raises(SheetError, match="1001 columns"):
        read_sheet(path)
