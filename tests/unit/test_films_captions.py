"""Captions: words with times, groups that break where speech does, SRT and WebVTT."""

from __future__ import annotations

import itertools

import pytest

from handbill.domain.sound import Samples, SpokenLine, WordEvent, wav_bytes
from handbill.providers.house.voice import speak_line
from handbill.providers.ports import SpeechRequest
from handbill.rendering.films.captions import (
    joined,
    plan_cues,
    srt_text,
    timed_words,
    vtt_text,
    words_of,
)


def _line(text: str, length_ms: int, words: tuple[WordEvent, ...] = ()) -> SpokenLine:
    pcm = bytes(2 * 24_000 * length_ms // 1000)
    wav = wav_bytes(Samples(pcm=pcm, rate_hz=24_000, channels=1))
    return SpokenLine(text=text, wav=wav, words=words)


def _events(*words: tuple[str, int, int]) -> tuple[WordEvent, ...]:
    return tuple(WordEvent(text=text, start_ms=start, end_ms=end) for text, start, end in words)


def test_times_of_the_voice_are_kept_word_for_word() -> None:
    events = _events(("Fresh", 0, 400), ("juice", 400, 900))
    words = timed_words(_line("Fresh juice!", 1000, events))
    assert [(word.text, word.start_ms) for word in words] == [("Fresh", 0), ("juice!", 400)]


def test_words_written_otherwise_than_spoken_get_times_in_between() -> None:
    events = _events(
        ("only", 0, 300), ("five", 300, 700), ("euros", 700, 1200), ("today", 1200, 1600)
    )
    words = timed_words(_line("Only €5 today", 1700, events))
    starts = [word.start_ms for word in words]
    assert starts[0] == 0
    assert starts == sorted(starts)
    assert words[-1].end_ms == 1600


def test_without_events_times_follow_the_letters() -> None:
    words = timed_words(_line("aa bbbbbb", 800))
    assert [word.start_ms for word in words] == [0, 200]
    assert words[-1].end_ms == 800


def test_cues_break_at_sentence_ends_and_hold_two_lines_at_most() -> None:
    text = "Pressed this morning. No added sugar, in glass bottles that we pick up again tomorrow."
    cues = plan_cues([_line(text, 6000)], [500])
    assert cues[0].text == "Pressed this morning."
    assert all(len(cue.text) <= 42 for cue in cues)
    assert " ".join(cue.text for cue in cues) == text


def test_long_sentences_are_shared_out_evenly_and_not_torn_after_small_words() -> None:
    text = "Right now: Up to 70% off everything in the shop, in all of our stores."
    cues = [cue.text for cue in plan_cues([_line(text, 5000)], [0])]
    assert cues == ["Right now: Up to 70% off", "everything in the shop,", "in all of our stores."]
    long = "Take the yoga for stiff people along to your very next session today"
    halves = [cue.text for cue in plan_cues([_line(long, 5000)], [0])]
    assert len(halves) == 2
    assert abs(len(halves[0]) - len(halves[1])) < 12
    assert len(halves[0].split()[-1]) > 3


def test_decimal_points_and_prices_do_not_end_a_cue() -> None:
    cues = plan_cues([_line("Only 14. 90 now", 2000), _line("Only €14.90 now.", 2000)], [0, 3000])
    assert cues[-1].text == "Only €14.90 now."


def test_chinese_cues_have_no_spaces_and_keep_their_signs() -> None:
    text = "新鲜果汁，每天早上送到家门口，玻璃瓶还能回收再用，真的很方便。"
    cues = plan_cues([_line(text, 6000)], [0])
    assert "".join(cue.text for cue in cues) == text
    assert len(cues) > 1
    assert all(not cue.text.startswith(("，", "。")) for cue in cues)


def test_lines_out_of_order_are_sorted_and_never_overlap() -> None:
    lines = [_line("First of all.", 900), _line("Second comes this.", 900), _line("x", 100)]
    cues = plan_cues(lines, [2000, 0, -1])
    assert [cue.line for cue in cues] == [1, 0]
    assert all(before.end_ms <= after.start_ms for before, after in itertools.pairwise(cues))


def test_short_words_stay_long_enough_to_be_read() -> None:
    cues = plan_cues([_line("Go!", 200)], [0])
    assert cues[0].end_ms - cues[0].start_ms >= 500


def test_srt_and_vtt_are_written_as_players_read_them() -> None:
    cues = plan_cues([_line("Salt & <pepper>", 1500)], [3_661_500])
    assert srt_text(cues) == "1\n01:01:01,500 --> 01:01:03,000\nSalt & <pepper>\n\n"
    assert vtt_text(cues).startswith("WEBVTT\n\n01:01:01.500 --> 01:01:03.000\n")
    assert "Salt &amp; &lt;pepper&gt;" in vtt_text(cues)


@pytest.mark.parametrize("text", ["…", "", "   "])
def test_nothing_to_read_gives_no_cue(text: str) -> None:
    cues = plan_cues([_line(text, 400)], [0])
    assert "".join(cue.text for cue in cues).strip() in ("", "…")


@pytest.mark.parametrize(
    "text",
    [
        "Only €3.90, until 31 May.",
        "清晨现榨，只有苹果。新款 Nike 鞋，仅¥39.90！",
        "今朝しぼりたて。砂糖は使いません！",
        "น้ำแอปเปิลคั้นสดทุกเช้า ไม่เติมน้ำตาล ลด 20%",
        "تفاح أخضر طازج كل صباح، خصم 20%.",
        "हर सुबह ताज़ा सेब का रस।",
    ],
)
def test_words_of_every_script_make_the_text_again(text: str) -> None:
    words = words_of(text)
    assert joined(words) == text
    assert 3 <= len(words) <= 13


@pytest.mark.parametrize(
    ("locale", "text", "said"),
    [
        ("en", "Only €3.90 until the end of May.", "Only 3 euros 90 until the end of May."),
        ("de", "Nur 19,90 € bis Ende Mai.", "Nur 19 Euro 90 bis Ende Mai."),
        ("es", "Un 20 % menos hasta mayo.", "Un 20 por ciento menos hasta mayo."),
        ("ar", "تفاح أخضر طازج كل صباح.", "تفاح أخضر طازج كل صباح."),
        ("en", "Pressed within six hours, no added sugar.", ""),
    ],
)
def test_captions_keep_time_with_the_voices_own_events(locale: str, text: str, said: str) -> None:
    heard = speak_line(SpeechRequest(text=said or text, locale=locale))
    line = SpokenLine(text=text, wav=heard.wav, words=heard.words)
    events = {event.text.strip(".,"): event.start_ms for event in heard.words}
    shared = [word for word in timed_words(line) if word.text.strip(".,") in events]
    assert len(shared) >= 4
    for word in shared:
        assert abs(word.start_ms - events[word.text.strip(".,")]) <= 120
    assert [word.start_ms for word in shared] == sorted(word.start_ms for word in shared)


def test_thai_captions_keep_their_spaces() -> None:
    text = "ชุ่มชื้นนาน 24 ชั่วโมง ไม่มีน้ำหอม"
    assert joined(words_of(text)) == text


@pytest.mark.parametrize("text", ["🔥 Big sale 🎉 today", "I ❤️ tea now", "每天 🔥 新鲜"])
def test_pictographs_keep_the_spaces_around_them(text: str) -> None:
    assert joined(words_of(text)) == text


def test_a_cue_stays_until_it_can_have_been_read_where_there_is_room() -> None:
    def line(text: str, length_ms: int) -> SpokenLine:
        pcm = bytes(2 * 8000 * length_ms // 1000)
        return SpokenLine(text=text, wav=wav_bytes(Samples(pcm=pcm, rate_hz=8000, channels=1)))

    lines = [line("Commandez maintenant.", 1000), line("Jetzt.", 400), line("Bestell jetzt.", 500)]
    first, second, third = plan_cues(lines, (0, 1400, 1850))
    assert first.end_ms == 1236  # 21 letters at 17 a second
    assert second.end_ms == third.start_ms == 1850
    assert third.end_ms == 2650  # no longer than its shot stands after the last word
