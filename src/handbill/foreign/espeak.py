"""espeak-ng, the formant synthesiser behind the house voice, as a process of its own.

The library and its voices come with the wheel ``espeakng-loader``. They are loaded by
`espeak_child`, which is started by its path in isolated mode, so that the GPL library never shares
a process with Handbill.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from handbill.domain.sound import WordEvent
from handbill.errors import RenderError, ToolMissing
from handbill.foreign.tool import Tool

_CHILD = Path(__file__).with_name("espeak_child.py")
_LIMIT_S = 30.0
_PHONEMES = re.compile(r"\[\[[^\]]*\]\]")
_LIBRARY_NAMES = ("libespeak-ng.so", "libespeak-ng.dylib", "espeak-ng.dll")


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One line to speak.

    Attributes:
        voice: espeak-ng's voice with its variant, such as ``en-us+Annie``.
        words_per_minute: 80 to 450.
        pitch: 0 to 100, 50 is the voice's own.
        pitch_range: 0 (monotone) to 100.
        word_gap: extra pause between words, in units of 10 ms.
        phonemes: whether ``[[…]]`` in the text are espeak-ng's own names of sounds.
    """

    text: str
    voice: str
    words_per_minute: int = 165
    pitch: int = 50
    pitch_range: int = 50
    word_gap: int = 0
    phonemes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Mono 16-bit samples (little endian) at `rate_hz`, with word times."""

    pcm: bytes
    rate_hz: int
    words: tuple[WordEvent, ...]


@lru_cache(maxsize=1)
def probe_espeak() -> Tool:
    """Where espeak-ng is; not available when the wheel is missing or empty."""
    folder = _package_folder()
    found = [folder / name for name in _LIBRARY_NAMES if folder and (folder / name).is_file()]
    path = str(found[0]) if found else ""
    version = _ask(path, ())["version"] if path else ""
    return Tool(
        name="espeak-ng",
        path=path,
        version=str(version),
        licence="GPL-3.0-or-later",
        remedy="install the package espeakng-loader",
    )


def run_espeak(utterances: tuple[Utterance, ...]) -> tuple[Recording, ...]:
    """Speak `utterances`, in order, in one process.

    Raises:
        ToolMissing: espeak-ng is not installed.
        RenderError: it has no such voice, ended with a fault, or gave no sound within 30 s.
    """
    tool = probe_espeak()
    if not tool.available:
        raise ToolMissing(f"espeak-ng is not on this machine; {tool.remedy}")
    answer = _ask(tool.path, utterances)
    pairs = zip(utterances, answer["lines"], strict=True)
    return tuple(_recording(said, line, int(answer["rate_hz"])) for said, line in pairs)


def _package_folder() -> Path | None:
    spec = find_spec("espeakng_loader")
    return Path(spec.origin).parent if spec and spec.origin else None


def _ask(library: str, utterances: tuple[Utterance, ...]) -> dict[str, Any]:
    request = {
        "library": library,
        "voices": str(Path(library).parent / "espeak-ng-data"),
        "lines": [asdict(utterance) for utterance in utterances],
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(_CHILD)],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        message = f"espeak-ng gave no answer within {_LIMIT_S:.0f} s and was stopped"
        raise RenderError(message) from fault
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise RenderError(f"espeak-ng ended with {done.returncode}: {' '.join(last)}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _recording(said: Utterance, line: dict[str, Any], rate_hz: int) -> Recording:
    if "fault" in line:
        raise RenderError(f"{line['fault']}; name one of its own languages")
    pcm = base64.b64decode(line["pcm"])
    if not pcm or not said.text.strip():
        raise RenderError(f"espeak-ng gave no sound for {said.text!r}")
    length_ms = len(pcm) * 1000 // (2 * rate_hz)
    return Recording(
        pcm=pcm, rate_hz=rate_hz, words=_word_events(said.text, line["words"], length_ms)
    )


def _word_events(text: str, raw: list[list[int]], length_ms: int) -> tuple[WordEvent, ...]:
    """Words in order, each up to the next one's start.

    espeak-ng reports a number once for each word it speaks of it, at positions inside the number;
    such repeats belong to the word before them. Of a word in phonemes it reports a letter or two.
    """
    starts: list[tuple[int, int, int]] = []
    spelt = [found.span() for found in _PHONEMES.finditer(text)]
    for at, length, at_ms in raw:
        position, end = next((span for span in spelt if span[0] <= at < span[1]), (at, at + 1))
        end = max(end, at + length)
        if starts and position < starts[-1][1]:
            continue
        starts.append((position, end, at_ms))
    ends_ms = [at_ms for _, _, at_ms in starts[1:]] + [length_ms]
    pairs = zip(starts, ends_ms, strict=False)  # a line of signs alone has no word, but an end
    return tuple(
        WordEvent(text=text[begin:end], start_ms=at_ms, end_ms=max(at_ms, end_ms))
        for (begin, end, at_ms), end_ms in pairs
    )
