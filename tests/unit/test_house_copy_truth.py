"""The house says what the row says, in the row's words, and invents nothing."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from handbill.checking import check_copy
from handbill.domain.campaign import ProviderChoice
from handbill.domain.copy import DisplayText
from handbill.domain.finding import Severity
from handbill.errors import CapabilityMissing, TemplateError
from handbill.providers.house import PROVIDER, HouseCopy
from handbill.providers.house.banks import TONES, read_bank
from handbill.settings import builtin_templates
from tests.doubles.house_writing import (
    KIT,
    LOCALES,
    Written,
    briefs_in,
    request_for,
    write,
)

BANKS = builtin_templates() / "prompts" / "house"
LANGUAGES = tuple(sorted(path.stem for path in BANKS.glob("*.toml") if path.stem != "kinds"))
LOCALE_OF = {locale.split("-", maxsplit=1)[0]: locale for locale in LOCALES}
SLOT_OR_FIELD = re.compile(r"⟦[^⟧]*⟧|\{[^}]*\}")


def blocking(written: Written) -> list[str]:
    findings = check_copy(written.copy, written.order, KIT, written.facts)
    return [f.message for f in findings if f.severity is Severity.BLOCK]


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_of_the_house_is_ever_blocked(locale: str) -> None:
    for written in write(briefs_in(locale)[::2], locale, variants=1):
        assert not blocking(written), (written.order.placement.id, written.copy.texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_a_bank_states_a_figure_or_a_claim(language: str) -> None:
    locale = LOCALE_OF[language]
    bank = read_bank(BANKS, language)
    sample = write(briefs_in(locale)[2:3], locale, ("facebook.post",), variants=1)[0]
    lines = {line.text for lines in bank.lines.values() for line in lines}
    lines |= {text for texts in bank.cta.values() for text in texts}
    facts = {"product": "Zorba", "brand": "Zorba"}
    for line in sorted(lines):
        text = SLOT_OR_FIELD.sub("Zorba", line)
        copy = replace(
            sample.copy,
            texts={"message": (text,)},
            display=DisplayText(headline="Zorba"),
            speech=(),
            hashtags=(),
            alt_text="",
        )
        found = [
            finding
            for finding in check_copy(copy, sample.order, KIT, facts)
            if finding.code.startswith(("fact.", "claim.", "meta_talk."))
            and finding.field == "message"
        ]
        assert not found, (line, found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_banks_hold_the_same_places(language: str) -> None:
    english = read_bank(BANKS, "en")
    bank = read_bank(BANKS, language)
    assert set(bank.lines) == set(english.lines)
    assert set(bank.cta) == set(english.cta)
    for place, lines in bank.lines.items():
        assert lines or place == "style.abbreviations", place
        assert len({(line.text, line.tones) for line in lines}) == len(lines), place


def test_texts_of_another_language_stay_out() -> None:
    english = replace(briefs_in("en")[0], category="Coffee", cta="Order now")
    for written in write([english], "de", variants=3):
        said = " ".join(text for texts in written.copy.texts.values() for text in texts)
        assert "Cocoa" not in said
        if written.copy.texts:
            assert "Coffee" in said  # the name is a name in every language
        assert "Order now" not in said
        assert written.copy.display.cta == "Jetzt bestellen"


def test_an_unknown_button_of_another_language_is_replaced_not_quoted() -> None:
    english = replace(briefs_in("en")[0], cta="Sniff it out")
    assert write([english], "en", ("x.post",))[0].copy.display.cta == "Sniff it out"
    assert write([english], "ja", ("x.post",))[0].copy.display.cta != "Sniff it out"


def test_a_localised_column_is_used_in_its_language() -> None:
    english = briefs_in("en")[0]
    both = replace(
        english,
        translations=MappingProxyType(
            {
                "description": MappingProxyType({"zh-CN": "每周二烘焙，余味绵长。"}),
                "product": MappingProxyType({"zh-CN": "港湾咖啡"}),
            }
        ),
    )
    said = "".join(written.main_text for written in write([both], "zh-CN", ("facebook.post",)))
    assert "每周二烘焙" in said
    assert "港湾咖啡" in said
    assert "Harbour Blend Coffee" not in said


@pytest.mark.parametrize("locale", LOCALES)
def test_the_tone_changes_the_words(locale: str) -> None:
    plain = [replace(brief, tone="") for brief in briefs_in(locale)[:6]]
    texts = {}
    for tone in TONES:
        kit = replace(KIT, tone=(tone,))
        texts[tone] = [w.main_text for w in write(plain, locale, ("facebook.post",), kit=kit)]
    for tone in TONES[1:]:
        same = sum(a == b for a, b in zip(texts[TONES[0]], texts[tone], strict=True))
        assert same <= 2, tone


def test_the_briefs_tone_wins_over_the_brands() -> None:
    brief = replace(briefs_in("en")[2], tone="expert")
    playful = replace(KIT, tone=("playful",))
    expert = replace(KIT, tone=("expert",))
    one = [w.main_text for w in write([brief], "en", ("facebook.post",), kit=playful)]
    other = [w.main_text for w in write([brief], "en", ("facebook.post",), kit=expert)]
    assert one == other


def test_sober_tones_carry_no_emoji() -> None:
    kit = replace(KIT, tone=("premium",))
    for written in write(briefs_in("en")[:8], "en", ("instagram.reel",), kit=kit):
        assert not re.search(r"[\U0001f300-\U0001faff\u2600-\u27bf]", written.main_text)


def test_words_that_must_not_be_said_are_not() -> None:
    brief = replace(briefs_in("en")[0], never_say=("look", "roasted"))
    for written in write([brief], "en", variants=3):
        said = " ".join(text for texts in written.copy.texts.values() for text in texts)
        assert "look" not in said.casefold().replace("outlook", "")
        assert "roasted" not in said.casefold()


def test_words_that_must_be_said_are_in_every_main_text() -> None:
    brief = replace(briefs_in("en")[0], must_say=("While stocks last",))
    for written in write([brief], "en", variants=2):
        said = " ".join(text for texts in written.copy.texts.values() for text in texts)
        if written.copy.texts:
            assert "While stocks last" in said, written.order.placement.id


def test_the_offer_frameworks_need_an_offer_and_the_shop_needs_a_shop() -> None:
    frameworks: dict[str, set[str]] = {}
    for written in write(briefs_in("en"), "en", ("x.post",), variants=12):
        frameworks.setdefault(written.order.brief.product, set()).add(written.copy.framework)
    assert (
        not {"offer_deadline", "group_buying", "local_shop", "story"}
        & frameworks["White Plimsolls"]
    )
    assert {"offer_deadline", "group_buying", "local_shop"} <= frameworks["Family Dumpling Set"]
    assert "benefit_list" in frameworks["Stoneware Teapot"]
    assert "gift" not in frameworks["Pottery Workshop"]
    assert "audience_call" in frameworks["Merino Cardigan"]


def test_a_locale_without_a_bank_is_refused_with_those_that_have_one() -> None:
    house = HouseCopy()
    assert house.writes("de-AT")
    assert not house.writes("zh-TW")
    assert not house.writes("fr")
    order = write(briefs_in("en")[:1], "en", ("x.post",), variants=1)[0].order
    french = replace(order, locale="fr")
    with pytest.raises(CapabilityMissing, match=r"'fr'.*ar, de, en, es, ja, zh"):
        asyncio.run(house.write_copy(replace(request_for((french,)), locale="fr")))


def test_the_package_opens_as_a_provider() -> None:
    handle = PROVIDER(ProviderChoice())
    assert handle.mode == "offline"
    assert set(handle.locales) == set(LANGUAGES)
    assert handle.copy is not None
    assert handle.voice is not None
    assert handle.music is not None


def test_a_broken_bank_says_which_file_and_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "prompts" / "house"
    folder.mkdir(parents=True)
    (folder / "kinds.toml").write_text("")
    (folder / "en.toml").write_text("language = 'en'\n[style]\nspace = ' '\n")
    order = write(briefs_in("en")[:1], "en", ("x.post",), variants=1)[0].order
    with pytest.raises(TemplateError, match=r"en\.toml"):
        asyncio.run(HouseCopy(tmp_path).write_copy(request_for((order,))))


def test_a_marketer_can_add_a_language_by_adding_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "prompts" / "house"
    folder.mkdir(parents=True)
    for name in ("kinds.toml", "en.toml"):
        (folder / name).write_bytes((BANKS / name).read_bytes())
    spoken = (BANKS / "es.toml").read_text(encoding="utf-8").replace('"es"', '"ca"', 1)
    (folder / "ca.toml").write_text(spoken, encoding="utf-8")
    assert HouseCopy(tmp_path).languages == ("ca", "en")


def test_plans_deal_every_variant_of_twenty_a_text_of_its_own() -> None:
    texts = [
        w.main_text for w in write(briefs_in("en")[:1], "en", ("facebook.post",), variants=20)
    ]
    assert len(set(texts)) == 20
