from __future__ import annotations

import dataclasses

import pytest

from handbill.checking.view import weighed
from handbill.domain.copy import DisplayText
from handbill.domain.finding import Severity
from handbill.domain.placement import Provenance
from tests.doubles.checked import KIT, blocking_codes, codes_of, findings_of

GOOD = (
    "Spring Green Tea is here: €19.90 instead of €24.90, 20% off your first order until May 31."
    " Picked in April, about 40 cups in a tin of 80 g. https://harbour-tea.example/spring"
)


def test_a_faithful_copy_has_no_findings() -> None:
    assert findings_of(GOOD, hashtags=("#SpringTea",), alt_text="A cup of green tea") == ()


# Lengths


def test_too_long_is_counted_in_the_placements_unit() -> None:
    fits, over = "茶" * 140, "茶" * 141
    assert "text.too_long" not in codes_of(findings_of(fits, "x.post", "zh-CN"))
    (finding,) = [f for f in findings_of(over, "x.post", "zh-CN") if f.code == "text.too_long"]
    assert finding.severity is Severity.BLOCK
    assert "282 long, 280 fit" in finding.message
    assert finding.field == "text"


def test_hashtags_that_are_added_count() -> None:
    text = "a" * 270
    assert "text.too_long" not in codes_of(findings_of(text, "x.post"))
    assert "text.too_long" in codes_of(findings_of(text, "x.post", hashtags=("#SpringTea",)))
    inside = f"{'a' * 260} #SpringTea"
    assert "text.too_long" not in codes_of(findings_of(inside, "x.post", hashtags=("#SpringTea",)))


def test_display_limits_warn_and_unverified_figures_never_block() -> None:
    found = findings_of(
        texts={"subject": ("s" * 51,), "preheader": ("p",)}, placement="email.html"
    )
    (cut,) = [f for f in found if f.code == "text.cut_on_screen"]
    assert cut.severity is Severity.WARN
    severities = {
        tier: weighed("x", "m", "f", Provenance(confidence=tier)).severity for tier in "ABC"
    }
    assert severities == {"A": "block", "B": "block", "C": "warn"}


def test_alt_text_has_its_own_limit() -> None:
    found = findings_of("Good tea.", "linkedin.post", alt_text="a" * 3000)
    assert "text.too_long" not in codes_of(found)
    found = findings_of("Good tea.", "x.post", alt_text="a" * 1001)
    assert [f.field for f in found if f.code == "text.too_long"] == ["alt_text"]


@pytest.mark.parametrize(
    ("headlines", "descriptions", "code"),
    [
        (("One", "Tea", "Cup"), ("Good", "Better"), "text.too_few"),
        (tuple("abcdefghijklmnop"), ("Good", "Better"), "text.too_many"),
        (("Tea", "tea", "b", "c", "d"), ("Good", "Better"), "text.repeated"),
        (("a", "b", "c", "d", "e"), (), "text.missing"),
        (("春のセールが来ました本当にね", "b", "c", "d", "e"), ("x", "y"), None),
        (("春のセールが来ました本当にねえ!", "b", "c", "d", "e"), ("x", "y"), "text.too_long"),
    ],
)
def test_counts_of_search_ads(
    headlines: tuple[str, ...], descriptions: tuple[str, ...], code: str | None
) -> None:
    texts = {"headline": headlines, "description": descriptions}
    found = codes_of(findings_of(texts=texts, placement="google_ads.rsa", locale="ja"))
    shape = {name for name in found if name.startswith("text.")}
    assert shape == ({code} if code else set())


def test_an_unknown_field_is_named() -> None:
    found = findings_of(texts={"message": ("Good tea.",), "mesage": ("x",)})
    assert [f.field for f in found if f.code == "text.unknown_field"] == ["mesage"]


# Hashtags


def test_hashtags_over_the_cap_block_wherever_they_stand() -> None:
    tags = tuple(f"#tea{letter}" for letter in "abcd")
    assert "hashtags.too_many" not in codes_of(
        findings_of("Tea #spring", "instagram.feed_image", hashtags=tags)
    )
    found = findings_of("Tea #spring #green", "instagram.feed_image", hashtags=tags)
    assert "hashtags.too_many" in blocking_codes(found)


@pytest.mark.parametrize("tag", ["SpringTea", "#spring tea", "#", "#2026", "##tea"])
def test_malformed_hashtags(tag: str) -> None:
    assert "hashtags.malformed" in codes_of(findings_of(hashtags=(tag,)))


@pytest.mark.parametrize("tag", ["#SpringTea", "#春茶", "#شاي", "#tea_time", "#4you"])
def test_whole_hashtags(tag: str) -> None:
    found = codes_of(findings_of(hashtags=(tag,)))
    assert not {name for name in found if name.startswith("hashtags.")}


# Must say, never say


def test_must_say_is_found_without_regard_to_case_and_width() -> None:
    kit = dataclasses.replace(KIT, must_say={"en": ("Drink responsibly.",), "*": ("Only here",)})
    assert "must_say.missing" in blocking_codes(findings_of("Good tea.", kit=kit))
    assert "must_say.missing" not in codes_of(findings_of("ＤＲＩＮＫ  responsibly", kit=kit))
    display = DisplayText(headline="Tea", legal="Drink responsibly.")
    assert "must_say.missing" not in codes_of(findings_of("Tea.", kit=kit, display=display))
    chinese = findings_of("好茶。", locale="zh-CN", kit=kit)
    assert [f.message for f in chinese if f.code == "must_say.missing"] == [
        "'Only here' must be said, and stands nowhere"
    ]


def test_the_legal_line_stands_on_pictures() -> None:
    kit = dataclasses.replace(KIT, legal={"en": "Prices include VAT."})
    assert "must_say.legal" in blocking_codes(findings_of("Tea.", "instagram.story", kit=kit))
    shown = DisplayText(headline="Tea", legal="Prices include VAT.")
    found = findings_of("Tea.", "instagram.story", kit=kit, display=shown)
    assert "must_say.legal" not in codes_of(found)
    assert "must_say.legal" not in codes_of(findings_of("Tea.", "sms.text", kit=kit))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cheap tea", True),
        ("CHEAP tea", True),
        ("ｃｈｅａｐ tea", True),
        ("cheaper tea", False),
        ("no-cost tea", True),
        ("no cost tea", True),
        ("This is 便宜货", True),
        ("inexpensive tea", False),
    ],
)
def test_never_say(text: str, *, found: bool) -> None:
    kit = dataclasses.replace(KIT, never_say=("cheap", "便宜", "no cost"))
    assert ("never_say.present" in blocking_codes(findings_of(text, kit=kit))) is found


# Characters, slots


@pytest.mark.parametrize(
    ("text", "locale", "code"),
    [
        ("Tea \u202eevil", "en", "characters.bidi_override"),
        ("Tea \u2066x\u2069", "en", "characters.bidi_isolate"),
        ("شاي \u2066x", "ar", "characters.bidi_isolate"),
        ("Te\u200ba", "en", "characters.invisible"),
        ("Te\ufeffa", "en", "characters.invisible"),
        ("Te\u00ada", "en", "characters.invisible"),
        ("Tea \U000e0041", "en", "characters.tag"),
        ("Tea \x07", "en", "characters.control"),
        ("Tea \ue000", "en", "characters.broken"),
        ("Tea \ufffd", "en", "characters.broken"),
    ],
)
def test_unseen_characters(text: str, locale: str, code: str) -> None:
    assert code in blocking_codes(findings_of(text, locale=locale))


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("شاي \u206640 123\u2069", "ar"),
        ("Tea 👨‍👩‍👧 and 🏴󠁧󠁢󠁥󠁮󠁧󠁿 flags", "en"),
        ("Line\nbreak\tand tab", "en"),
        ("20\xa0% off", "en"),
    ],
)
def test_characters_that_are_meant(text: str, locale: str) -> None:
    found = codes_of(findings_of(text, locale=locale))
    assert not {name for name in found if name.startswith("characters.")}


@pytest.mark.parametrize(
    "text",
    [
        "Now ⟦price⟧",
        "Now {{ price }}",
        "Now {price}",
        "Now ${price}",
        "Now [Your Brand]",
        "Now [insert link here]",
        "现在【品牌名】",
        "Lorem ipsum dolor",
        "Now %s",
        "Now ⟦price",
    ],
)
def test_slots_that_were_left(text: str) -> None:
    assert "slot.unfilled" in blocking_codes(findings_of(text))


# Language


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Picked in April and dried the same night", "zh-CN"),
        ("四月采摘，当夜烘干，清爽微甜的头采春茶", "en"),
        ("四月采摘，当夜烘干，清爽微甜的头采春茶，值得一试，欢迎来店品尝", "ja"),
        ("四月に摘み、その夜のうちに乾かした春のお茶です", "zh-CN"),
        ("شاي الربيع الأول من حديقة واحدة", "en"),
        ("Весенний зелёный чай из одного сада", "de"),
        ("봄의 첫 녹차를 지금 만나보세요 여러분", "ja"),
    ],
)
def test_a_foreign_script_blocks(text: str, locale: str) -> None:
    assert "language.wrong_script" in blocking_codes(findings_of(text, locale=locale))


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Der erste grüne Tee des Jahres ist da, und er ist nicht nur für die Kenner", "en"),
        ("El primer té verde del año ya está aquí, con todo lo que te gusta de la taza", "de"),
        ("The first green tea of the year is here, and it is made for your cup", "es"),
    ],
)
def test_a_foreign_latin_language_blocks_when_it_is_sure(text: str, locale: str) -> None:
    assert "language.wrong_language" in blocking_codes(findings_of(text, locale=locale))


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Spring Green Tea: 清爽微甜，四月采摘", "zh-CN"),
        ("Harbour Tea Spring Green Tea https://harbour-tea.example/spring", "zh-CN"),
        ("春のSpring Green Tea、できました", "ja"),
        ("新茶発売", "ja"),
        ("Team Tea", "de"),
        ("Die Tasse für den Morgen", "de"),
        ("شاي الربيع Spring Green Tea وصل", "ar"),
    ],
)
def test_names_and_short_lines_are_no_foreign_language(text: str, locale: str) -> None:
    found = codes_of(findings_of(text, locale=locale))
    assert not found & {"language.wrong_script", "language.wrong_language"}


def test_a_row_without_texts_in_the_language_is_told() -> None:
    assert "language.untranslated" not in codes_of(findings_of("好茶。", locale="zh-CN"))
    (finding,) = [
        f for f in findings_of("Buen té.", locale="es") if f.code == "language.untranslated"
    ]
    assert finding.severity is Severity.WARN
    assert "description.es and benefits.es" in finding.message
    bare = findings_of("Té.", locale="es", description="", benefits=(), translations={})
    assert "language.untranslated" not in codes_of(bare)


def test_an_offer_that_cannot_be_said_is_told() -> None:
    found = findings_of("好茶。", locale="zh-CN", offer="10% off when you bring a friend")
    assert "language.offer_untranslated" in codes_of(found)
    assert "language.offer_untranslated" not in codes_of(findings_of("好茶。", locale="zh-CN"))


# Facts (the gate's promise is held in tests/property/test_checking_fact_gate.py)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Visit harbour-tea.example.evil.com", "fact.url"),
        ("Visit ｅｖｉｌ.ｃｏｍ", "fact.url"),
        ("Visit evil[.]com", "fact.url"),
        ("Visit evil dot com", "fact.url"),
        ("Visit evil。com", "fact.url"),
        ("Visit harb\u043eur-tea.example", "fact.url"),
        ("http://127.0.0.1/x", "fact.url"),
        ("bit.ly/abc", "fact.url"),
        ("¥19.90 a tin", "fact.money"),
        ("half price!", "fact.percent"),
        ("until the 30th of May", "fact.date"),
        ("ends May 31st, 2027", "fact.date"),
        ("80 ml a tin", "fact.measure"),
        ("fifty cups a tin", "fact.number"),
        ("since 1998", "fact.number"),
        ("24h delivery", "fact.measure"),
        ("八五折", "fact.percent"),
        ("五十杯", "fact.number"),
        ("买一送一", "fact.number"),
        ("Call 0049 40 123 457", "fact.phone"),
        ("open 9:00", "fact.time"),
        ("ask @harbour.south", "fact.handle"),
    ],
)
def test_statements_that_the_row_does_not_hold(text: str, code: str) -> None:
    assert code in blocking_codes(findings_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "Only €19,90",
        "Only EUR 19.90",
        "１９．９０ € a tin",
        "Twenty percent off",
        "八折",
        "expires 31/05",
        "ends May 31st, 2026",
        "forty cups in 80 grams",
        "四十杯",
        "省五欧元",
        "Call (040) 123-456",
        "WhatsApp 0049 40 123 456",
        "Find us: Kai 3, Hamburg",
        "www.harbour-tea.example/spring/",
        "1️⃣ Boil 2️⃣ Pour",
        "1. Boil\n2. Pour\n3. Sip",
        "One cup at a time",
    ],
)
def test_statements_that_the_row_holds(text: str) -> None:
    assert not {name for name in codes_of(findings_of(text)) if name.startswith("fact.")}


# Claims


@pytest.mark.parametrize(
    ("text", "locale", "code", "severity"),
    [
        ("全国第一的春茶", "zh-CN", "claim.superlative", "block"),
        ("本店最好的茶", "zh-CN", "claim.superlative", "block"),
        ("喝了能降血压", "zh-CN", "claim.medical", "block"),
        ("全网最低价", "zh-CN", "claim.lowest_price", "warn"),
        ("This tea cures colds", "en", "claim.medical", "block"),
        ("Our customers love it", "en", "claim.testimonial", "block"),
        ("The world's best tea", "en", "claim.superlative", "warn"),
        ("Free shipping on this", "en", "claim.free", "block"),
        ("Money-back promise", "en", "claim.guarantee", "block"),
    ],
)
def test_restricted_claims_cite_their_law(
    text: str, locale: str, code: str, severity: str
) -> None:
    (finding,) = [f for f in findings_of(text, locale=locale) if f.code == code]
    assert finding.severity == severity
    assert "[" in finding.message


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("最佳饮用温度", "zh-CN"),
        ("最后三天", "zh-CN"),
        ("第一步，烧水", "zh-CN"),
        ("最低起购两件", "zh-CN"),
        ("Cured ham goes with it", "en"),
        ("Tea for the best mornings", "en"),
    ],
)
def test_harmless_uses_are_no_claims(text: str, locale: str) -> None:
    found = codes_of(findings_of(text, locale=locale))
    assert not {name for name in found if name.startswith("claim.")}


def test_what_the_brief_claims_itself_is_shown_but_not_blocked() -> None:
    found = findings_of("It cures colds", description="It cures colds, says grandmother.")
    assert "claim.medical" in codes_of(found)
    assert "claim.medical" not in blocking_codes(found)


def test_a_promise_of_the_brief_is_a_fact() -> None:
    assert "claim.free" not in codes_of(findings_of("Free shipping", offer="Free shipping"))
    assert "claim.urgency" not in codes_of(findings_of("Last chance: until May 31"))
    assert "claim.urgency" in codes_of(findings_of("Last chance", ends_on=None))


# Names that look like something else


@pytest.mark.parametrize(
    ("product", "text"),
    [
        ("Pipe 1/2", "Take a look at Pipe 1/2, in shop/pipe-1-2"),
        ("1 000 000.00", "Take a look at 1 000 000.00"),
        ("<script>alert</script>", "Take a look at <script>alert</script>"),
        ("%s of {name}", "Take a look at %s of {name}"),
        ("http://shop.example/", "A poster with “http://shop.example/”"),
    ],
)
def test_a_name_may_stand_as_the_row_has_it(product: str, text: str) -> None:
    assert not blocking_codes(findings_of(text, product=product))


@pytest.mark.parametrize(
    ("product", "text", "code"),
    [
        ("Pipe 1/2", "Take a look at Pipe 1/3", "fact.date"),
        ("Tea 123456", "Take a look at Tea 1234", "fact.number"),
        ("⟦price⟧", "Take a look at ⟦price⟧", "slot.unfilled"),
        ("<b>Tea", "Take a look at <b>Tea, {name}", "slot.unfilled"),
    ],
)
def test_a_name_allows_nothing_but_itself(product: str, text: str, code: str) -> None:
    assert code in blocking_codes(findings_of(text, product=product))
