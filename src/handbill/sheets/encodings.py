"""Which encoding a text file has. It is known or asked for, never guessed in silence."""

from __future__ import annotations

import codecs
import difflib
import re
from pathlib import Path

from handbill.errors import SheetError

_CHUNK_BYTES = 1 << 20
# The first bytes of UTF-8 for Latin letters, signs, Cyrillic and Han, as Western letters.
_SPOILT = re.compile("[Ã-ôÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_SAMPLE_BYTES = 4096
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In the order in which a stranger's file is most likely to have them.
_CANDIDATES = ("gb18030", "shift_jis", "big5", "euc_kr", "cp1252", "cp1251")
_COMMON_NAMES = ("utf-8", "utf-16", "gb18030", "gbk", "big5", "shift_jis", "euc_kr", "cp1252",
                 "cp1251", "cp1250", "latin-1", "mac_roman")  # fmt: skip


def encoding_of(path: Path, named: str = "") -> str:
    """The encoding to open `path` with, proved by decoding the whole file once.

    Args:
        path: a text file.
        named: what the user says it is; empty for UTF-8 or UTF-16, which show themselves.

    Raises:
        SheetError: the name is unknown, the bytes do not fit it, or none was given and the file
            is neither UTF-8 nor UTF-16; the message then shows a guess with a sample.
    """
    sample = _first_bytes(path)
    encoding = _checked_name(named, path) if named else (_by_mark(sample) or _by_zeros(sample))
    encoding = encoding or "utf-8"
    if named and encoding in {"utf-8", "utf8"} and sample.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    _prove(path, encoding, named=bool(named))
    return encoding


def garbled(text: str) -> str:
    """What a text was before its UTF-8 was read as a Western encoding (``GrÃ¶ÃŸe``), or empty."""
    if not _SPOILT.search(text):
        return ""
    raw = bytearray()
    for char in text:
        try:
            raw += char.encode("latin-1" if "\x80" <= char <= "\x9f" else "cp1252")
        except UnicodeEncodeError:
            return ""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_SAMPLE_BYTES)


def _by_mark(sample: bytes) -> str:
    return next((name for mark, name in _MARKS if sample.startswith(mark)), "")


def _by_zeros(sample: bytes) -> str:
    """UTF-16 without a mark: the high bytes of delimiters and digits are zero."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 10 < len(sample) or min(even, odd) * 10 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _checked_name(named: str, path: Path) -> str:
    try:
        b"a".decode(named)  # codecs that make no text (hex, zip) are no encodings
        return codecs.lookup(named).name
    except UnicodeError:
        return codecs.lookup(named).name
    except (LookupError, ValueError):
        near = difflib.get_close_matches(named.lower(), _COMMON_NAMES, n=3, cutoff=0.4)
        raise SheetError(
            f"there is no encoding {named!r}",
            where=str(path),
            remedy=f"use one of {', '.join(near or _COMMON_NAMES)}",
        ) from None


def _prove(path: Path, encoding: str, *, named: bool) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        position = 0
        while True:
            chunk = stream.read(_CHUNK_BYTES)
            try:
                decoder.decode(chunk, final=not chunk)
            except (UnicodeDecodeError, UnicodeError) as fault:
                start = position + getattr(fault, "start", 0)
                raise _undecodable(path, encoding, start, named=named) from None
            if not chunk:
                return
            position += len(chunk)


def _undecodable(path: Path, encoding: str, position: int, *, named: bool) -> SheetError:
    with path.open("rb") as stream:
        stream.seek(max(0, position - 200))
        around = stream.read(600)
    name = encoding.upper().removesuffix("-SIG")
    if named:
        return SheetError(
            f"the file is not {name}: byte {position} does not fit",
            where=str(path),
            remedy="name another encoding, or save the sheet as UTF-8",
        )
    line = _utf8_until(path, position) if encoding.startswith("utf-8") and not named else 0
    if line:
        shown = around[around.rfind(b"\n", 0, min(position, 200)) + 1 :].split(b"\n")[0]
        return SheetError(
            f"the file mixes encodings: it is UTF-8 up to line {line}, and there"
            f" {shown.decode('utf-8', 'backslashreplace').strip()[:60]!r} is not",
            where=str(path),
            remedy="correct that line in a text editor, or export every part as UTF-8",
        )
    guess = _guess(path, around)
    likely = f"it may be {guess[0]}, which reads {guess[1]!r}" if guess else "no guess fits it"
    guessed = guess[0] if guess else "NAME"
    return SheetError(
        f"the file is not {name} (byte {position}); {likely}",
        where=str(path),
        remedy=f"once you have seen that it is right, say --encoding {guessed}, or write"
        f' encoding = "{guessed}" in campaign.toml; or save the sheet as UTF-8',
    )


def _utf8_until(path: Path, position: int) -> int:
    """The line of `position`, when letters outside ASCII before it are UTF-8; else 0."""
    with path.open("rb") as stream:
        before = stream.read(min(position, _CHUNK_BYTES))
    if position > _CHUNK_BYTES or before.isascii():
        return 0
    return before.count(b"\n") + 1


def _guess(path: Path, around: bytes) -> tuple[str, str] | None:
    """The likeliest encoding and a sample of the text in it."""
    with path.open("rb") as stream:
        head = stream.read(_CHUNK_BYTES)
    scored = [(score, -rank, name) for rank, name in enumerate(_CANDIDATES)
              if (score := _likeness(head, name)) > 0]  # fmt: skip
    if not scored:
        return None
    name = max(scored)[2]
    text = around.decode(name, "ignore")
    line = next((line for line in text.splitlines() if not line.isascii()), text)
    return name, line.strip()[:60]


def _likeness(data: bytes, encoding: str) -> float:
    """The share of letters outside ASCII that are usual in writing of that encoding's readers."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as fault:
        if fault.start < len(data) - 4:
            return 0.0
        text = data[: fault.start].decode(encoding)
    foreign = [char for char in text if ord(char) > 127]  # noqa: PLR2004 - ASCII ends there
    if not foreign:
        return 0.0
    return sum(_usual(char, encoding) for char in foreign) / len(foreign)


def _usual(char: str, encoding: str) -> bool:
    code = ord(char)
    if encoding == "gb18030":
        return "gb2312" in _simple_sets(char) or char in "，。！？：；、（）《》“”￥·"
    if encoding == "shift_jis":
        return 0x3040 <= code < 0x3100 or 0x4E00 <= code < 0xA000 or char in "、。ー「」！？円"  # noqa: PLR2004 - kana and kanji
    if encoding == "big5":
        return 0x4E00 <= code < 0xA000 and "gb2312" not in _simple_sets(char)  # noqa: PLR2004 - Han
    if encoding == "euc_kr":
        return 0xAC00 <= code < 0xD7A4  # noqa: PLR2004 - Hangul
    if encoding == "cp1251":
        return 0x0400 <= code < 0x0460  # noqa: PLR2004 - Cyrillic
    return char in "äöüßÄÖÜéèêëàâáçîíïñóôúûùœæøåÉÀÇÑ€£–—’‘“”°®™¡¿«»\u00a0"


def _simple_sets(char: str) -> tuple[str, ...]:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return ()
    return ("gb2312",)
