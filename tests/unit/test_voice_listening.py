"""What the house voice says, by its own events: prices, addresses and shares in ten languages."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from handbill.campaign_folder import house_brandkit, read_brandkit
from handbill.cli import run_verb
from handbill.domain.brandkit import Speaker
from handbill.domain.sound import parse_wav
from handbill.errors import BrandError
from handbill.facts import spoken_text
from handbill.press.speaking import speech_request
from handbill.providers.house.voice import speak_line
from handbill.providers.ports import SpeechRequest

SAID = {
    "en": ("19 euros 90", "harbour dot example", "20 percent"),
    "de": ("19 Euro 90", "harbour Punkt example", "20 Prozent"),
    "es": ("19 euros con 90", "harbour punto example", "20 por ciento"),
    "fr": ("19 euros 90", "harbour point example", "20 pour cent"),
    "it": ("19 euro e 90", "harbour punto example", "20 per cento"),
    "pt": ("19 euros e 90", "harbour ponto example", "20 por cento"),
    "nl": ("19 euro 90", "harbour punt example", "20 procent"),
    "ko": ("19 유로 90", "harbour 점 example", "20 퍼센트"),
    "zh-CN": ("19.9欧元", "harbour 点 example", "百分之20"),
    "ja": ("19.9ユーロ", "harbour ドット example", "20パーセント"),
    "ar": ("19 يورو و 90", "harbour نقطة example", "20 بالمئة"),
}


@pytest.mark.parametrize("locale", sorted(SAID))
def test_prices_addresses_and_shares_are_words_and_are_heard(locale: str) -> None:
    for written, said in zip(("€19.90", "harbour.example", "−20 %"), SAID[locale], strict=True):
        assert spoken_text(written, locale) == said
        answer = speak_line(SpeechRequest(text=said, locale=locale))
        length_ms = parse_wav(answer.wav).duration_ms
        assert 350 < length_ms < 4_500
        assert answer.words[0].start_ms < 200
        assert answer.words[-1].end_ms == pytest.approx(length_ms, abs=5)
        assert all(one.end_ms - one.start_ms < 2_600 for one in answer.words)


@pytest.mark.parametrize("locale", ["en", "de", "es", "fr", "it", "pt", "nl"])
def test_every_spoken_word_of_a_price_has_its_time(locale: str) -> None:
    said = spoken_text("€19.90", locale)
    words = speak_line(SpeechRequest(text=said, locale=locale)).words
    assert [one.text for one in words] == said.split()


def test_sounds_of_the_lexicon_are_heard_and_its_words_stay_in_the_events() -> None:
    kit = dataclasses.replace(
        house_brandkit(),
        speaker=Speaker(lexicon={"*": {"Gnocchi": "[[n'joki]]", "Nîmes": "neem [[n'i:m]]"}}),
    )
    request = speech_request(kit, "en", "Gnocchi from Nîmes, see [[b]].")
    assert "n'joki" not in request.text  # other voices are given words alone
    assert request.text.startswith("Gnocchi from neem")
    told, plain = speak_line(request), speak_line(dataclasses.replace(request, phonemes=()))
    assert [one.text for one in told.words][:3] == ["Gnocchi", "from", "neem"]
    assert told.wav != plain.wav


@pytest.mark.parametrize("said", ["[[n'joki", "[[]]", "a ]] b", "[[a]] b"])
def test_a_pronunciation_that_is_none_is_refused(said: str, tmp_path: Path) -> None:
    brand = tmp_path / "brand.toml"
    entry = json.dumps(said)
    brand.write_text(
        f'name = "A"\n[palette]\nprimary = "#112233"\n[voice.lexicon]\nGnocchi = {entry}\n'
    )
    with pytest.raises(BrandError, match="is no pronunciation"):
        read_brandkit(brand)


def a_campaign(folder: Path, locale: str) -> Path:
    folder.mkdir()
    (folder / "briefs.csv").write_text("id,product\nlamp,Tide Lamp\n")
    (folder / "campaign.toml").write_text(
        f'campaign = "T"\nsheet = "briefs.csv"\nplacements = ["x.post"]\nlocales = ["{locale}"]\n'
        '[providers]\ncopy = { name = "openai", key = "env:ABSENT" }\n'
    )
    return folder


@pytest.mark.parametrize(("locale", "told"), [("th", True), ("de", False)])
def test_a_language_without_a_voice_is_told_before_anything_is_paid(
    locale: str,
    told: bool,  # noqa: FBT001 - a case of the table
    tmp_path: Path,
    home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    campaign = a_campaign(tmp_path / "c", locale)
    assert run_verb(["plan", str(campaign), "--json"]) == (3 if told else 0)
    facts = json.loads(capsys.readouterr().out)
    assert facts["unspoken_locales"] == (["th"] if told else [])
    run_verb(["check", str(campaign), "--json"])
    found = json.loads(capsys.readouterr().out)["problems"]
    assert [one["code"] for one in found if "voice" in one["code"]] == ["voice.mute"] * told
