"""Twenty rows × three variants must read as sixty texts, in every house language."""

from __future__ import annotations

import csv
import html
import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path

import budoux
import pytest

from handbill.domain.brief import Brief, SourceRow
from handbill.domain.money import Price
from tests.doubles.house_writing import (
    LOCALES,
    Written,
    briefs_in,
    closest,
    distinct_2,
    write,
)

PLACEMENTS = ("instagram.reel", "x.post", "xiaohongshu.note")


@cache
def sixty(locale: str) -> tuple[Written, ...]:
    return tuple(write(briefs_in(locale), locale, PLACEMENTS))


def of(locale: str, placement: str) -> list[Written]:
    return [each for each in sixty(locale) if each.order.placement.id == placement]


def variety(texts: Sequence[str], locale: str) -> float:
    """Share of different bigrams: of words, of Han letters, of Japanese phrases.

    Japanese names in kana take ten letters and stand in three headlines each, so its letters
    would measure the names alone.
    """
    if locale != "ja":
        return distinct_2(texts)
    parser = budoux.load_default_japanese_parser()
    parts = [parser.parse(text) for text in texts]
    pairs = [pair for words in parts for pair in pairwise(words)]
    return len(set(pairs)) / len(pairs)


@pytest.mark.parametrize("locale", LOCALES)
def test_headlines_are_sixty_different_ones(locale: str) -> None:
    headlines = [each.copy.display.headline for each in of(locale, "instagram.reel")]
    assert len(set(headlines)) == len(headlines) == 60
    index, one, other = closest(headlines)
    assert index <= 0.8, (one, other)


@pytest.mark.parametrize("locale", LOCALES)
def test_headlines_and_hooks_rarely_repeat_a_pair_of_words(locale: str) -> None:
    displays = [each.copy.display for each in of(locale, "instagram.reel")]
    assert variety([display.headline for display in displays], locale) >= 0.6
    assert variety([display.hook for display in displays], locale) >= 0.6


@pytest.mark.parametrize("placement", PLACEMENTS)
@pytest.mark.parametrize("locale", LOCALES)
def test_no_two_texts_are_near_copies(locale: str, placement: str) -> None:
    texts = [each.main_text for each in of(locale, placement)]
    assert len(set(texts)) == len(texts) == 60
    index, one, other = closest(texts)
    assert index <= 0.8, (one, other)


@pytest.mark.parametrize("locale", LOCALES)
def test_hooks_are_mostly_different_and_always_so_within_a_brief(locale: str) -> None:
    written = of(locale, "instagram.reel")
    hooks = [each.copy.display.hook for each in written]
    assert len(set(hooks)) >= 45
    for _, group in groupby(written, key=lambda each: each.order.brief.id):
        own = [each.copy.display.hook for each in group]
        assert len(set(own)) == 3


@pytest.mark.parametrize("locale", LOCALES)
def test_variants_of_a_brief_never_share_a_framework(locale: str) -> None:
    for _, group in groupby(of(locale, "instagram.reel"), key=lambda each: each.order.brief.id):
        frameworks = [each.copy.framework for each in group]
        assert len(set(frameworks)) == 3


@pytest.mark.parametrize("locale", LOCALES)
def test_hook_and_headline_of_one_creative_differ(locale: str) -> None:
    for each in of(locale, "instagram.reel"):
        display = each.copy.display
        assert display.hook.casefold() not in display.headline.casefold()


def test_one_creative_shares_its_display_in_every_placement() -> None:
    for _, group in groupby(sixty("en"), key=lambda each: each.order.creative_key):
        assert len({each.copy.display for each in group}) == 1


def test_another_campaign_seed_gives_other_words() -> None:
    briefs = briefs_in("en")[:5]
    one = [each.main_text for each in write(briefs, "en", ("instagram.reel",), seed=1)]
    other = [each.main_text for each in write(briefs, "en", ("instagram.reel",), seed=2)]
    again = [each.main_text for each in write(briefs, "en", ("instagram.reel",), seed=1)]
    assert one == again
    assert sum(a != b for a, b in zip(one, other, strict=True)) > 12


def shop(path: Path) -> list[Brief]:
    """Products of a Shopify export, whose texts are English."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["Title"]]
    return [
        Brief(
            id=row["Handle"],
            slug=row["Handle"],
            source=SourceRow(file=path.name, row=number),
            language="en",
            product=row["Title"].strip(),
            description=html.unescape(re.sub(r"<[^>]+>", "", row["Body (HTML)"])).strip(),
            category=row["Type"],
            vendor=row["Vendor"],
            price=Price(Decimal(row["Variant Price"]).quantize(Decimal("1.00")), "EUR"),
        )
        for number, row in enumerate(rows, start=2)
    ]


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("file", ["saleor-shop/products.csv", "shopify/apparel.csv"])
def test_real_shops_read_as_different_texts(shared_data: Path, file: str, locale: str) -> None:
    written = write(shop(shared_data / file), locale, ("instagram.reel",))
    headlines = [each.copy.display.headline for each in written]
    captions = [each.main_text for each in written]
    assert len(set(headlines)) == len(headlines)
    assert distinct_2(headlines) >= 0.6
    for texts in (headlines, captions):
        index, one, other = closest(texts)
        assert index <= 0.8, (one, other)


@pytest.mark.parametrize("locale", LOCALES)
def test_one_sheet_does_not_put_one_pattern_over_every_row(locale: str) -> None:
    """With one variant a row, a reader sees the rows side by side."""
    first = [each for each in of(locale, "instagram.reel") if each.order.variant == 1]
    patterns = Counter(
        each.copy.display.headline.replace(each.order.brief.name_in(locale), "…") for each in first
    )
    pattern, times = patterns.most_common(1)[0]
    assert times <= 4, (pattern, times)
    assert len(patterns) >= 12
