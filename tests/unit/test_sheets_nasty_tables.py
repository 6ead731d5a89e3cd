"""Tables that people really send, by class of fault, and what a marketer is told of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbill.domain.money import Price
from handbill.errors import SheetError
from handbill.sheets import SheetContents, SheetOptions, read_sheet
from handbill.sheets.encodings import garbled


def told(tmp_path: Path, text: str | bytes, **options: str) -> SheetContents:
    path = tmp_path / "nasty.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_sheet(path, SheetOptions(**options))  # type: ignore[arg-type]


def names(contents: SheetContents) -> list[str]:
    return [brief.product for brief in contents.briefs]


def faults(contents: SheetContents) -> list[tuple[str, int, str, bool]]:
    return [(one.code, one.row, one.column, one.rejects) for one in contents.problems if one.row]


@pytest.mark.parametrize(
    "line",
    ["Total,49.80,EUR", "TOTAL:,49.80,", "Summe,49.80 EUR,", "合计,49.80,",
     'Grand Total,"1,049.80 €",EUR', "Subtotal,=SUM(B2:B3),"],
)  # fmt: skip
def test_a_line_of_totals_is_no_product(tmp_path: Path, line: str) -> None:
    found = told(tmp_path, f"product,price,currency\nMug,19.90,EUR\n{line}\n")
    assert names(found) == ["Mug"]
    assert faults(found) == [("row.total", 3, "", True)]


@pytest.mark.parametrize("line", ["Total,4.90,EUR,A yoghurt", "Total Care,4.90,EUR,", "Total,,,"])
def test_a_product_that_is_called_total_stays(tmp_path: Path, line: str) -> None:
    found = told(tmp_path, f"product,price,currency,description\n{line}\n")
    assert [name.split()[0] for name in names(found)] == ["Total"]


@pytest.mark.parametrize(
    "again", ["product,price", "\ufeffproduct,price", "Product , PRICE", "product,price,"]
)
def test_a_header_in_the_middle_is_no_product(tmp_path: Path, again: str) -> None:
    found = told(tmp_path, f"product,price\nMug,5\n{again}\nPot,6\n")
    assert names(found) == ["Mug", "Pot"]
    assert faults(found) == [("row.header_again", 3, "", True)]


def test_errors_of_a_spreadsheet_are_no_texts(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        "product,description,price,stock\n#NAME?,a,5,1\nMug,#REF!,5,1\nPot,b,#DIV/0!,1\n"
        "Jar,c,5,#N/A\nCup,d,#####,1\n#1 Mug,e,5,1\n#NoFilter,f,5,1\n",
    )
    assert names(found) == ["Jar", "#1 Mug", "#NoFilter"]
    errors = [fault[1:] for fault in faults(found) if fault[0] == "cell.error"]
    assert errors == [(2, "product", True), (3, "description", True), (4, "price", True),
                      (5, "stock", False), (6, "price", True)]  # fmt: skip
    assert "stock" not in found.briefs[0].extras
    assert "wider" in next(one.remedy for one in found.problems if one.row == 6)


@pytest.mark.parametrize("word", ["n/a", "N/A", "-", "—", "TBD", "none", "NULL", "k.A.", "待定"])
def test_words_for_nothing_are_read_as_nothing_and_remarked_on(tmp_path: Path, word: str) -> None:
    line = ",".join([word] * 4)
    found = told(tmp_path, f"product,price,url,description,ends_on\nMug,{line}\n")
    (brief,) = found.briefs
    assert (brief.price, brief.url, brief.description, brief.ends_on) == (None, "", "", None)
    assert [fault[0] for fault in faults(found)] == ["cell.placeholder"] * 4
    assert not any(one.rejects for one in found.problems)


@pytest.mark.parametrize("name", ["None", "NULL", "-", "N/A", "nan"])
def test_names_and_notes_are_never_read_as_nothing(tmp_path: Path, name: str) -> None:
    (brief,) = told(tmp_path, f"product,notes,colour\n{name},{name},{name}\n").briefs
    assert (brief.product, brief.notes, brief.extras["colour"]) == (name, name, name)


@pytest.mark.parametrize(
    "header",
    ["🛍️ Product,💰 Price (EUR)", "“product”,Price in EUR", "Product name:,Price in €",
     "✨Product✨,Price [EUR]", "*Product*,Price in EUR"],
)  # fmt: skip
def test_ornaments_and_currencies_in_headers_do_no_harm(tmp_path: Path, header: str) -> None:
    found = told(tmp_path, f"{header}\nMug,19.90\n")
    (brief,) = found.briefs
    assert isinstance(brief.price, Price)
    assert (str(brief.price.amount), brief.price.currency) == ("19.90", "EUR")
    assert found.problems == ()


def test_the_header_of_one_price_names_the_currency_of_both(tmp_path: Path) -> None:
    found = told(tmp_path, "product,Price in USD,RRP\nMug,19.90,24.90\n")
    (brief,) = found.briefs
    assert brief.price
    assert brief.compare_at_price
    assert (brief.price.currency, brief.compare_at_price.currency) == ("USD", "USD")
    assert found.problems == ()


def test_days_as_a_spreadsheet_counts_them_are_named(tmp_path: Path) -> None:
    found = told(tmp_path, "product,ends_on\nMug,46173\nPot,99999\n")
    first, second = found.problems
    assert "may be 2026-05-31" in first.message
    assert "may be" not in second.message


def test_an_article_number_is_no_price(tmp_path: Path) -> None:
    found = told(tmp_path, "product,price,currency\nMug,4006381333931,EUR\nYacht,99000000,IDR\n")
    assert names(found) == ["Yacht"]
    assert "article number" in found.problems[0].message


def test_an_id_that_a_spreadsheet_shortened_is_remarked_on(tmp_path: Path) -> None:
    found = told(tmp_path, "id,product\n1.23457E+17,Mug\n1E5,Pot\n")
    assert faults(found) == [("cell.digits_lost", 2, "id", False)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [("GrÃ¶ÃŸe und Ã„pfel", "Größe und Äpfel"), ("CafÃ© â€“ schÃ¶n", "Café – schön"),
     ("â‚¬5", "€5"), ("MÃ¼ll", "Müll"), ("ä¸­æ–‡", "中文"), ("Â£5", "£5")],
)  # fmt: skip
def test_spoilt_text_is_rejected_with_what_it_should_be(
    tmp_path: Path, text: str, meant: str
) -> None:
    found = told(tmp_path, f"product,description\nMug,{text}\n")
    assert names(found) == []
    (fault,) = (one for one in found.problems if one.code == "text.garbled")
    assert (fault.row, fault.column, fault.rejects) == (2, "description", True)
    assert repr(meant) in fault.message


@pytest.mark.parametrize(
    "text",
    ["Größe", "Ãos", "São Paulo", "ÃO", "Â", "Château", "naïve “quote”", "€5 – £6", "中文",
     "Ünïcödé", "Malmö–Århus", "MAÇÃ “fresca”", "BOTÃO", "IRMÃ", "déjà vu",
     "Ångström", "30 °C ± 2"],
)  # fmt: skip
def test_sound_text_is_never_called_spoilt(text: str) -> None:
    assert garbled(text) == ""


def test_a_file_of_two_encodings_names_the_line(tmp_path: Path) -> None:
    text = "product,description\nMug,Größe\n".encode() + "Pot,Größe\n".encode("cp1252")
    with pytest.raises(SheetError, match="mixes encodings") as fault:
        told(tmp_path, text)
    assert "up to line 3" in str(fault.value)
    assert r"Pot,Gr\xf6\xdfe" in str(fault.value).replace("\\\\", "\\")


def test_a_table_on_its_side_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="lies on its side") as fault:
        told(tmp_path, "product,Mug,Pot\nprice,19.90,29.90\ndescription,Nice,Good\n")
    assert "Transpose" in fault.value.remedy
    assert names(told(tmp_path, "product,x\nMug,1\nPrice,2\nPot,3\n")) == ["Mug", "Price", "Pot"]


def test_a_web_page_under_the_name_of_a_sheet_is_told_from_one(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="a web page") as fault:
        told(tmp_path, "<HTML><table><tr><td>product</td></tr></table></HTML>")
    assert "saved as XLSX" in fault.value.remedy
