from __future__ import annotations

import json
from decimal import Decimal
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from PIL import Image

from handbill.domain.brief import Brief
from handbill.domain.finding import Problem
from handbill.domain.money import Price
from handbill.errors import SheetError
from handbill.sheets import SheetContents, SheetOptions, iter_sheet, read_sheet, read_table


def read(
    folder: Path, text: str | bytes, name: str = "briefs.csv", **options: object
) -> SheetContents:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_sheet(path, SheetOptions(**options))  # type: ignore[arg-type]


def codes(contents: SheetContents) -> list[tuple[int, str, str]]:
    """Of rows and headers; remarks on the whole file stand in row 0."""
    return [(found.row, found.code, found.column) for found in contents.problems if found.row]


def png(width: int = 64, height: int = 64) -> bytes:
    stream = BytesIO()
    Image.effect_noise((width, height), 60).save(stream, "PNG")
    return stream.getvalue()


ROWS = [
    ["product", "price", "description"],
    ["Café «Größe» ¥", "19,90 €", 'with "quotes", and; marks|and\ttabs'],
    ["二つ目", "¥199", "line one\nline two"],
    ["005", "", "-5"],
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_dialect_gives_the_same_rows(tmp_path: Path, encoding: str) -> None:
    for number, (delimiter, end) in enumerate(product(",;\t|", ["\n", "\r\n", "\r"])):
        lines = [delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row)
                 for row in ROWS]  # fmt: skip
        path = tmp_path / f"{number}.csv"
        path.write_bytes((end.join(lines) + end).encode(encoding))
        table = read_table(path)
        rows = [list(row.cells) for row in table.rows if not isinstance(row, Problem)]
        assert [list(table.header), *rows] == ROWS, (encoding, delimiter, end)


@pytest.mark.parametrize("encoding", ["gb18030", "shift_jis", "cp1252"])
def test_other_encodings_are_read_when_they_are_named(tmp_path: Path, encoding: str) -> None:
    names = {
        "gb18030": "纯棉毛巾",
        "shift_jis": "湯のみ茶碗セット",
        "cp1252": "Crème brûlée für zwölf",
    }
    text = f"product,description\n{names[encoding]},{names[encoding]}\n".encode(encoding)
    with pytest.raises(SheetError) as caught:
        read(tmp_path, text)
    assert encoding in str(caught.value)
    assert names[encoding] in str(caught.value)
    contents = read(tmp_path, text, encoding=encoding)
    assert contents.briefs[0].product == names[encoding]


def test_an_encoding_that_does_not_exist_or_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="no encoding 'utf-9'"):
        read(tmp_path, "product\nx\n", encoding="utf-9")
    with pytest.raises(SheetError, match="not UTF-8"):
        read(tmp_path, "product\né\n".encode("latin-1"), encoding="utf-8")


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    contents = read(tmp_path, 'product,price\n"two\nlines",1\n\n  , \nlast,abc\n')
    assert [brief.source.row for brief in contents.briefs] == [2]
    assert codes(contents) == [
        (2, "product.several_lines", "product"), (5, "price.not_a_number", "price"),
    ]  # fmt: skip


def test_a_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    contents = read(tmp_path, "Spring list,,\n,,\nProduct,Price,Offer\nMug,5,10% off\n")
    assert [(brief.product, brief.source.row) for brief in contents.briefs] == [("Mug", 4)]


def test_excels_separator_line_is_no_row(tmp_path: Path) -> None:
    contents = read(tmp_path, "sep=;\nproduct;price\nMug;abc\n")
    assert codes(contents) == [(2, "price.not_a_number", "price")]


def test_a_quote_that_never_closes_costs_one_row(tmp_path: Path) -> None:
    contents = read(tmp_path, 'product,price\nMug,5\n"Cup,6\nBowl,7\nPlate,8\n')
    assert [(brief.product, brief.source.row) for brief in contents.briefs] == [
        ("Mug", 2), ("Bowl", 4), ("Plate", 5),
    ]  # fmt: skip
    assert codes(contents) == [(3, "row.broken_quote", "")]
    assert all(problem.rejects for problem in contents.problems if problem.row)


def test_ragged_rows_are_named(tmp_path: Path) -> None:
    contents = read(tmp_path, "product,price,offer\nMug,5\nCup,1,299,x\nJug,6,,\n")
    assert codes(contents) == [(2, "row.too_short", ""), (3, "row.too_wide", "")]
    assert [brief.product for brief in contents.briefs] == ["Mug", "Jug"]


@pytest.mark.parametrize("text", ["", "\n\n", "   ", "\ufeff", "product,price\n", "product\n\n\n"])
def test_an_empty_sheet_is_an_error_with_a_remedy(tmp_path: Path, text: str) -> None:
    with pytest.raises(SheetError) as caught:
        read(tmp_path, text)
    assert caught.value.exit_code == 10
    assert caught.value.remedy


def test_a_missing_sheet_and_a_folder_are_errors(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="missing"):
        read_sheet(tmp_path / "no.csv")
    with pytest.raises(SheetError, match="a folder"):
        read_sheet(tmp_path)


@pytest.mark.parametrize("data", [png(), b"%PDF-1.7 x", b"\x1f\x8b\x08\x00", b"<!DOCTYPE html>"])
def test_files_that_are_no_sheets_are_named_for_what_they_are(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(SheetError, match="not a sheet"):
        read(tmp_path, data)


def test_every_problem_of_a_row_is_reported_with_its_cell(tmp_path: Path) -> None:
    contents = read(
        tmp_path,
        "product,Price,compare at price,Starts On,ends_on,URL,Placements,Locale,budget\n"
        "Mug,abc,,2026-02-30,soon,java script,instagram.stroy,klingon,lots\n"
        "Cup,10,8,2026-05-02,2026-05-01,,,,\n",
        placements=frozenset({"instagram.story", "x.post"}),
    )
    assert contents.briefs == ()
    assert codes(contents) == [
        (2, "price.not_a_number", "Price"),
        (2, "date.not_a_date", "Starts On"),
        (2, "date.not_a_date", "ends_on"),
        (2, "locale.malformed", "Locale"),
        (2, "placement.unknown", "Placements"),
        (2, "url.not_a_web_address", "URL"),
        (2, "budget.not_a_number", "budget"),
        (3, "price.compare_at_below_price", "compare at price"),
        (3, "date.ends_before_start", "ends_on"),
    ]
    unknown = next(fault for fault in contents.problems if fault.code == "placement.unknown")
    assert unknown.value == "instagram.stroy"
    assert "instagram.story" in unknown.remedy
    assert all(fault.file == "briefs.csv" and fault.remedy for fault in contents.problems)


def test_fields_arrive_as_typed(tmp_path: Path) -> None:
    contents = read(
        tmp_path,
        "id,product,benefits,keywords,price,compare_at_price,colour,must_say,never_say,account\n"
        '007,Mug,a; b|c,tea，cup,"1.299,00 €",1.500 €,Sea green,Hand wash only,cheap,north\n',
        source_locale="de",
    )
    (brief,) = contents.briefs
    assert brief.id == "007"
    assert brief.benefits == ("a", "b", "c")
    assert brief.keywords == ("tea", "cup")
    assert brief.price == Price(Decimal("1299.00"), "EUR")
    assert brief.compare_at_price == Price(Decimal(1500), "EUR")
    assert brief.extras == {"colour": "Sea green"}
    assert (brief.must_say, brief.never_say) == (("Hand wash only",), ("cheap",))
    assert brief.accounts == ("north",)
    assert brief.language == "de"


def test_localised_columns_become_translations(tmp_path: Path) -> None:
    contents = read(
        tmp_path,
        "product,product.zh-CN,benefits,benefits [de]\nMug,杯子,light,leicht; robust\n",
    )
    (brief,) = contents.briefs
    assert brief.text("product", "zh-CN") == "杯子"
    assert brief.lines("benefits", "de") == ("leicht", "robust")
    assert brief.text("benefits", "fr") == ""


@pytest.mark.parametrize(
    ("product_name", "language"),
    [("纯棉毛巾", "zh-CN"), ("湯のみ", "ja"), ("머그컵", "ko"), ("كوب", "ar"), ("Кружка", "ru"),
     ("Mug", "de"), ("Größe", "de"), ("iPhone 17 手机壳", "zh-CN"), ("🎉🎉", "de")],
)  # fmt: skip
def test_language_is_told_by_script(tmp_path: Path, product_name: str, language: str) -> None:
    contents = read(tmp_path, f"product\n{product_name}\n", locales=("zh-CN", "de", "en"))
    assert contents.briefs[0].language == language


def test_names_without_words_and_too_long_names(tmp_path: Path) -> None:
    contents = read(tmp_path, f"product,price\n🎉🎊,\n{'long ' * 80},\n,5\n")
    assert codes(contents) == [
        (2, "product.no_words", "product"),
        (3, "product.too_long", "product"),
        (4, "product.missing", ""),
    ]
    assert [fault.rejects for fault in contents.problems if fault.row] == [False, True, True]


def test_ids_are_made_once_and_repeats_are_problems(tmp_path: Path) -> None:
    contents = read(tmp_path, "id,product\n,Tide Mug\n,Tide Mug\n,湯のみ\na,One\na,Two\nA,Three\n")
    ids = [brief.id for brief in contents.briefs]
    assert ids[:2] == ["tide-mug", "tide-mug-2"]
    assert len(set(ids)) == len(ids) == 5
    assert codes(contents) == [(3, "product.repeated", "product"), (6, "id.repeated", "id")]
    assert "row 5" in contents.problems[1].message


def test_json_keeps_numbers_as_typed_and_flattens_translations(tmp_path: Path) -> None:
    rows = '[{"id": 0012345678901234567, "product": {"en": "Mug", "de": "Becher"}}]'
    with pytest.raises(SheetError):
        read(tmp_path, rows, "briefs.json")
    rows = (
        '[{"id": 123456789012345678, "product": "Mug", "price": 19.90, "benefits": ["a", "b"],'
        ' "description": {"de": "Ein Becher"}, "x": true}, 5]'
    )
    contents = read(tmp_path, rows, "briefs.json")
    (brief,) = contents.briefs
    assert brief.id == "123456789012345678"
    assert str(brief.price.amount if brief.price else "") == "19.90"
    assert brief.benefits == ("a", "b")
    assert brief.text("description", "de") == "Ein Becher"
    assert brief.extras == {"x": "true"}
    assert codes(contents) == [(3, "row.not_an_object", "")]


def test_json_lines_report_single_bad_lines(tmp_path: Path) -> None:
    text = '{"product": "Mug"}\n\n{broken\n{"product": "Cup", "price": "5 €"}\n'
    contents = read(tmp_path, text, "briefs.jsonl")
    assert [(brief.product, brief.source.row) for brief in contents.briefs] == [
        ("Mug", 2),
        ("Cup", 5),
    ]
    assert codes(contents) == [(4, "row.not_an_object", "")]


def test_half_characters_are_refused(tmp_path: Path) -> None:
    contents = read(tmp_path, '[{"product": "Mug \\ud83d"}]', "briefs.json")
    assert codes(contents) == [(2, "text.broken", "product")]


def test_several_sheets_by_pattern_share_their_ids(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,product\n1,Mug\n")
    (tmp_path / "b.csv").write_text("id;product\n1;Cup\n2;Jug\n")
    contents = read_sheet(tmp_path / "*.csv")
    assert [(brief.source.file, brief.product) for brief in contents.briefs] == [
        ("a.csv", "Mug"), ("b.csv", "Jug"),
    ]  # fmt: skip
    assert [(fault.file, fault.code) for fault in contents.problems] == [("b.csv", "id.repeated")]


def test_reading_streams(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("product\n" + "Mug\n" * 1000)
    first = next(iter_sheet(path))
    assert isinstance(first, Brief)
    assert first.product == "Mug"


def test_expressions_compose_fields(tmp_path: Path) -> None:
    contents = read(
        tmp_path,
        "Brand,Model name,Cost\nAcme,One,5\n",
        columns="table",
        column_map={"product": '{{ Brand }} {{ row["Model name"] | upper }}', "price": "Cost"},
    )
    assert contents.briefs[0].product == "Acme ONE"


@pytest.mark.parametrize(
    "source",
    ["{{ Nope }}", "{{ Brand * 1000000 }}", "{{ ''.__class__ }}", "{{ row.items() }}",
     "{{ Brand.__init__.__globals__ }}", "{{ Brand ** 9 }}", "{{ '%9999999s' % Brand }}"],
)  # fmt: skip
def test_expressions_that_leave_the_sandbox_fail_on_their_row(tmp_path: Path, source: str) -> None:
    contents = read(
        tmp_path, "Brand,Name\nAcme,Mug\n", columns="table",
        column_map={"product": "Name", "vendor": source},
    )  # fmt: skip
    assert codes(contents) == [(2, "expression.failed", "")]


def test_statements_in_expressions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="statement"):
        read(
            tmp_path,
            "Name\nMug\n",
            columns="table",
            column_map={"product": "{% if 1 %}x{% endif %}"},
        )


def test_nul_bytes_do_not_pass_in_silence(tmp_path: Path) -> None:
    contents = read(
        tmp_path, b"product,description\nMug,a\0b and some more text\n" + b"Cup,x\n" * 40
    )
    assert codes(contents)[0] == (2, "text.invisible", "description")


def test_the_spectrum_parses_to_its_json_twins(tmp_path: Path, shared_data: Path) -> None:
    files = sorted((shared_data / "hostile" / "csv-spectrum").glob("*.csv"))
    assert len(files) == 12
    for path in files:
        data = path.read_bytes()
        if (
            path.stem.endswith("_crlf") and b"\r" not in data
        ):  # a checkout may have taken them away
            data = data.replace(b"\n", b"\r\n")
        (tmp_path / path.name).write_bytes(data)
        table = read_table(tmp_path / path.name)
        rows = [dict(zip(table.header, row.cells, strict=True)) for row in table.rows
                if not isinstance(row, Problem)]  # fmt: skip
        twin = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        if path.stem == "location_coordinates":  # its twin was given another phone number
            assert rows[0].pop("Contact Phone Number") == "2095257564"
            assert twin.pop("Contact Phone Number") == "1234567890"
            twin = [twin]
        assert rows == twin, path.name


def test_naughty_strings_survive_as_product_names(tmp_path: Path, shared_data: Path) -> None:
    strings = json.loads((shared_data / "hostile" / "blns.json").read_text(encoding="utf-8"))
    rows = [{"id": f"n{number}", "product": text} for number, text in enumerate(strings)]
    contents = read(tmp_path, json.dumps(rows), "blns.json")
    blank = [text for text in strings if not text.strip(" \t\r\n")]
    assert len(contents.briefs) == len(strings) - len(blank)
    by_id = {brief.id: brief for brief in contents.briefs}
    for row in rows:
        if row["product"] not in blank:
            assert by_id[row["id"]].product == row["product"].strip(" \t\r\n")
    assert all(0 < len(brief.slug) <= 60 and brief.slug.isascii() for brief in contents.briefs)


def test_a_list_of_names_may_hold_commas(tmp_path: Path) -> None:
    contents = read(tmp_path, "product\nMug, blue\nCup, red, large\nBowl\n")
    assert [brief.product for brief in contents.briefs] == ["Mug, blue", "Cup, red, large", "Bowl"]
    assert codes(contents) == []


def test_a_remark_in_a_header_is_passed_over_and_its_currency_is_taken(tmp_path: Path) -> None:
    contents = read(tmp_path, "商品名（必填）,价格（元）,Link [https]\n杯子,199,x.example/a\n")
    (brief,) = contents.briefs
    assert brief.price == Price(Decimal(199), "CNY")
    assert brief.url == "https://x.example/a"
    contents = read(tmp_path, "product,Price (EUR)\nMug,5\nCup,$5\n")
    assert [brief.price for brief in contents.briefs] == [Price(Decimal(5), "EUR")]
    assert codes(contents) == [(3, "price.currency", "Price (EUR)")]


def test_prices_that_say_nothing_are_remarked_on(tmp_path: Path) -> None:
    contents = read(tmp_path, "product,price,compare at price\nMug,0,5\nCup,,5\n")
    assert codes(contents) == [
        (2, "price.zero", "price"),
        (3, "price.compare_at_alone", "compare at price"),
    ]
    assert contents.briefs[-1].compare_at_price is None


def test_text_in_json_is_read_as_people_type_it(tmp_path: Path) -> None:
    rows = '[{"product": "A", "price": "1.299,00 €"}, {"product": "B", "price": 1.299}]'
    contents = read(tmp_path, rows, "briefs.json", currency="EUR")
    amounts = [brief.price.amount for brief in contents.briefs if brief.price]
    assert amounts == [Decimal("1299.00"), Decimal("1.299")]


def test_headers_alone_are_no_sheet_wherever_they_stand(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="no rows"):
        read(tmp_path, "Spring list\n\nproduct,descripton,price\n")


def test_cells_under_no_header_are_kept(tmp_path: Path) -> None:
    contents = read(tmp_path, "product,,price,\nMug,x,5,y\nCup,,6\n")
    assert [dict(brief.extras) for brief in contents.briefs] == [
        {"column 2": "x", "column 4": "y"},
        {},
    ]
    assert codes(contents) == []


def test_wrapped_lists_are_found_and_doubled_keys_are_refused(tmp_path: Path) -> None:
    wrapped = read(tmp_path, '{"data": {"products": [{"product": "Mug"}]}}', "a.json")
    assert wrapped.briefs[0].product == "Mug"
    with pytest.raises(SheetError, match="'product' stands twice"):
        read(tmp_path, '[{"product": "Mug", "product": "Cup"}]', "b.json")
    contents = read(tmp_path, '{"product": "Mug"}\n{"product": "A", "product": "B"}\n', "c.jsonl")
    assert codes(contents) == [(3, "row.not_an_object", "")]


def test_line_ends_inside_cells_are_plain(tmp_path: Path) -> None:
    contents = read(tmp_path, 'product,description\r\nMug,"a\r\nb\rc"\r\n')
    assert contents.briefs[0].description == "a\nb\nc"


def test_a_sheet_of_delimiters_is_empty(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="empty"):
        read(tmp_path, ",,,\n,,,\n")
