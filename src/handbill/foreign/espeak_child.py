"""The speaking process: loads espeak-ng, speaks the lines it is given, and ends.

espeak-ng is under the GPL, so it lives in this short-lived process and never in Handbill's own.
The file uses the standard library alone and is run by its path, not imported.

Standard input holds one JSON object: ``library``, ``voices`` (paths), and ``lines``, each with
``text``, ``voice``, ``words_per_minute``, ``pitch``, ``pitch_range``, ``word_gap``, ``phonemes``.
Standard output answers with one JSON object: ``version``, ``rate_hz`` and ``lines``, each with
``pcm`` (base64 of mono 16-bit samples) and ``words`` (position and length in characters, times in
milliseconds).
A voice that cannot be set gives a line with ``fault``.
"""

from __future__ import annotations

import base64
import ctypes
import json
import sys
from typing import Any

_RETRIEVAL = 1
_UTF8 = 1
_PHONEMES = 0x100
_ENDS = 0
_WORD = 1
_DONT_EXIT = 0x8000
_RATE, _PITCH, _RANGE, _WORD_GAP = 1, 3, 4, 7


class _EventId(ctypes.Union):
    _fields_ = [
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    ]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class _Recording:
    """Samples and word events of one line, gathered by the library's callback."""

    def __init__(self) -> None:
        self.pcm = bytearray()
        self.words: list[list[int]] = []
        self.callback = _Callback(self._take)

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self.pcm.extend(ctypes.string_at(samples, count * 2))
        index = 0
        while events[index].type != _ENDS:
            event = events[index]
            if event.type == _WORD:
                self.words.append([event.text_position - 1, event.length, event.audio_position])
            index += 1
        return 0


def _speak(library: Any, line: dict[str, Any]) -> dict[str, Any]:
    if library.espeak_SetVoiceByName(line["voice"].encode()) != 0:
        return {"fault": f"espeak-ng has no voice {line['voice']!r}"}
    for parameter, value in (
        (_RATE, line["words_per_minute"]),
        (_PITCH, line["pitch"]),
        (_RANGE, line["pitch_range"]),
        (_WORD_GAP, line["word_gap"]),
    ):
        library.espeak_SetParameter(parameter, int(value), 0)
    recording = _Recording()
    library.espeak_SetSynthCallback(recording.callback)
    text = line["text"].encode()
    flags = _UTF8 | (_PHONEMES if line["phonemes"] else 0)
    library.espeak_Synth(text, len(text) + 1, 0, 0, 0, flags, None, None)
    library.espeak_Synchronize()
    pcm = base64.b64encode(bytes(recording.pcm)).decode("ascii")
    return {"pcm": pcm, "words": recording.words}


def main() -> int:
    """Answer the one request on standard input; returns the exit code."""
    request = json.load(sys.stdin)
    library = ctypes.CDLL(request["library"])
    library.espeak_Info.restype = ctypes.c_char_p
    rate_hz = library.espeak_Initialize(_RETRIEVAL, 0, request["voices"].encode(), _DONT_EXIT)
    if rate_hz <= 0:
        print(f"espeak-ng did not start ({rate_hz})", file=sys.stderr)  # noqa: T201 - a process
        return 1
    answer = {
        "version": library.espeak_Info(None).decode(),
        "rate_hz": rate_hz,
        "lines": [_speak(library, line) for line in request["lines"]],
    }
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
