from __future__ import annotations

from decimal import Decimal

import pytest

from handbill.sheets.amounts import (
    NotAnAmount,
    currency_code,
    currency_of,
    parse_amount,
)


@pytest.mark.parametrize(
    ("text", "language", "value", "sign"),
    [
        ("1.299,00 €", "de", "1299.00", "€"),
        ("1.299,00 €", "en", "1299.00", "€"),
        ("¥199", "zh-CN", "199", "¥"),
        ("￥199", "zh-CN", "199", "¥"),
        ("１９９元", "zh-CN", "199", "元"),
        ("$1,299.00", "en", "1299.00", "$"),
        ("1 299,00", "fr", "1299.00", ""),
        ("1\u202f299,00 €", "fr", "1299.00", "€"),
        ("1'299.00 CHF", "de", "1299.00", "CHF"),
        ("CHF 1’299.-", "de", "1299", "CHF"),
        ("199,-", "de", "199", ""),
        ("1,29,999", "en", "129999", ""),
        ("1,299", "en", "1299", ""),
        ("1.299", "de", "1299", ""),
        ("0.999", "en", "0.999", ""),
        ("19.9", "de", "19.9", ""),
        ("19,9", "en", "19.9", ""),
        ("1.234.567", "en", "1234567", ""),
        ("12.345 KWD", "en", "12.345", "KWD"),
        ("US$ 5", "en", "5", "US$"),
        ("$5 USD", "en", "5", "USD"),
        ("¥5元", "zh-CN", "5", "元"),
        ("0", "en", "0", ""),
        ("00012", "en", "00012", ""),
    ],
)
def test_a_price_is_read_as_its_writer_meant_it(
    text: str, language: str, value: str, sign: str
) -> None:
    amount = parse_amount(text, language=language)
    assert amount.value == Decimal(value)
    assert amount.sign == sign
    assert not amount.doubtful


@pytest.mark.parametrize(("text", "language"), [("1.299", "en"), ("1,299", "de"), ("80.000", "")])
def test_a_lone_separator_against_the_language_is_doubtful(text: str, language: str) -> None:
    assert parse_amount(text, language=language).doubtful


@pytest.mark.parametrize(
    "text",
    ["abc", "", "-5", "−5", "$-5", "(5)", "1e3", "10-20", "10 20 30", "5%", "1,2,3", "1.2.3,4.5",
     "free", "12 apples", "NaN", "Infinity", "1..2", "5 € 6", "£5 EUR", "=1+1"],
)  # fmt: skip
def test_what_is_no_single_price_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("80.000", "80.00"), ("1299.5", "1299.5"), ("1,299.00", "1299.00"), ("12,50", "12.50"),
     ("199.00 USD", "199.00"), ("0.125", "0.125")],
)  # fmt: skip
def test_numbers_of_programs_have_a_full_stop_for_decimals(text: str, value: str) -> None:
    amount = parse_amount(text, machine=True)
    assert str(amount.value) == value


@pytest.mark.parametrize(
    ("sign", "column", "campaign", "language", "code"),
    [
        ("€", "", "", "en", "EUR"),
        ("¥", "", "", "zh-CN", "CNY"),
        ("¥", "", "", "ja", "JPY"),
        ("¥", "JPY", "", "zh-CN", "JPY"),
        ("¥", "", "JPY", "en", "JPY"),
        ("$", "", "", "en", "USD"),
        ("$", "", "AUD", "en", "AUD"),
        ("$", "cad", "AUD", "en", "CAD"),
        ("", "eur", "USD", "en", "EUR"),
        ("", "", "USD", "en", "USD"),
        ("", "", "", "en", ""),
        ("kr", "", "NOK", "nb", "NOK"),
    ],
)
def test_the_currency_comes_from_sign_column_or_campaign(
    sign: str, column: str, campaign: str, language: str, code: str
) -> None:
    assert currency_of(sign, column, campaign, language) == code


def test_a_sign_against_its_currency_column_is_refused() -> None:
    with pytest.raises(NotAnAmount, match="says EUR"):
        currency_of("£", "EUR", "", "en")
    with pytest.raises(NotAnAmount):
        currency_of("$", "EUR", "", "en")


def test_words_that_are_no_currency_are_refused() -> None:
    assert currency_code("人民币") == "CNY"
    with pytest.raises(NotAnAmount):
        currency_code("XYZ")


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [("Rs. 1,299/-", "1299", "INR"), ("99:-", "99", ""), ("12.000 ₫", "12000", "VND"),
     ("¥1,299（税込）", "1299", "JPY"), ("£9.99 inc VAT", "9.99", "GBP"),
     ("٩٫٩٠ د.إ", "9.90", "AED"),
     ('49.90 ש"ח', "49.90", "ILS"), ("19,90 € inkl. MwSt.", "19.90", "EUR")],
)  # fmt: skip
def test_prices_as_shops_of_the_world_write_them(text: str, value: str, code: str) -> None:
    language = "ja" if "税" in text else "en"
    amount = parse_amount(text, language=language)
    assert (amount.value, amount.doubtful) == (Decimal(value), False)
    assert currency_of(amount.sign, "", "", language) == code


@pytest.mark.parametrize(
    ("text", "says"),
    [("ab 9,90 €", "'ab' is no currency"), ("9.90 - 12.90", "several numbers"),
     ("1e3", "exponent"), ("free", "no number"), ("$5 (excl. VAT)", "no currency")],
)  # fmt: skip
def test_what_is_no_single_price_says_why(text: str, says: str) -> None:
    with pytest.raises(NotAnAmount, match=says):
        parse_amount(text)
