"""espeak-ng in a process of its own."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

import pytest

from handbill.errors import RenderError
from handbill.foreign.espeak import Utterance, probe_espeak, run_espeak


def test_probe_names_the_library_without_loading_it_here() -> None:
    tool = probe_espeak()
    assert tool.available
    assert tool.version.startswith("1.")
    assert Path(tool.path).is_file()


def test_words_come_with_times_in_order() -> None:
    said = run_espeak((Utterance(text="Fresh juice, every morning.", voice="en-us"),))[0]
    assert [word.text for word in said.words] == ["Fresh", "juice", "every", "morning"]
    starts = [word.start_ms for word in said.words]
    assert starts == sorted(starts)
    assert said.words[-1].end_ms == len(said.pcm) * 1000 // (2 * said.rate_hz)


def test_numbers_are_one_word_each() -> None:
    said = run_espeak((Utterance(text="Only 14.90 until May 31.", voice="en-us"),))[0]
    assert [word.text for word in said.words][:2] == ["Only", "14.90"]


def test_signs_alone_have_no_words() -> None:
    assert run_espeak((Utterance(text="…", voice="en-us"),))[0].words == ()


def test_several_lines_in_one_process_keep_their_order() -> None:
    lines = tuple(Utterance(text=text, voice="de") for text in ("Eins.", "Zwei Worte.", "Drei."))
    assert [len(said.words) for said in run_espeak(lines)] == [1, 2, 1]


def test_unknown_voice_and_empty_text_are_named() -> None:
    with pytest.raises(RenderError, match="no voice 'klingonish'"):
        run_espeak((Utterance(text="a", voice="klingonish"),))
    with pytest.raises(RenderError, match="no sound for ''"):
        run_espeak((Utterance(text="", voice="en-us"),))


def test_text_cannot_reach_a_shell_or_an_option() -> None:
    said = run_espeak((Utterance(text="-v en; $(touch x) `id`", voice="en-us"),))[0]
    assert said.pcm


@pytest.mark.skipif(sys.platform != "linux", reason="reads this process's own libraries")
def test_no_gpl_library_in_this_process_after_speaking() -> None:
    run_espeak((Utterance(text="Hello", voice="en-us"),))
    assert not hasattr(ctypes.CDLL(None), "espeak_Initialize")
