"""Keys of vendors, by reference: read at the last moment, shown nowhere.

| reference | is read from |
|---|---|
| ``env:NAME`` | the environment variable ``NAME`` |
| ``file:/path`` | the first line of a file |
| ``block:NAME`` | a Secret block of Prefect, when the run comes through it |
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from typing_extensions import override

from handbill.errors import SettingsError
from handbill.settings import read_secret

KINDS = ("env", "file", "block")
_SHOWN = "key(…)"

_read_block: Callable[[str], str] | None = None


class Key:
    """A vendor's key. Its text leaves through `reveal` alone; printing it shows nothing."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    @override
    def __repr__(self) -> str:
        return _SHOWN

    @override
    def __reduce__(self) -> NoReturn:
        message = "a key does not travel to files or other processes; pass its reference"
        raise TypeError(message)

    def reveal(self) -> str:
        """The key itself, for the header of a request."""
        return self.__text

    def scrub(self, text: str) -> str:
        """`text` with every occurrence of the key taken out."""
        return text.replace(self.__text, _SHOWN) if self.__text else text


def read_key(reference: str, *, where: str) -> Key:
    """The key that `reference` names.

    Args:
        reference: ``env:…``, ``file:…`` or ``block:…``.
        where: place of the reference, for messages, such as ``[providers] copy``.

    Raises:
        SettingsError: the reference is not of a known kind, or leads to nothing.
    """
    kind, colon, name = reference.partition(":")
    if not colon or kind not in KINDS or not name:
        # What stands here may be a key that was pasted by mistake: it is not repeated.
        raise SettingsError(
            "the key is not a reference",
            where=where,
            remedy='write key = "env:NAME", "file:/path" or "block:NAME", never the key itself',
        )
    readers = {"env": read_secret, "file": _read_file, "block": _ask_block}
    text = readers[kind](name).strip()
    if not text:
        raise SettingsError(
            f"{reference!r} leads to no key", where=where, remedy=_REMEDIES[kind].format(name)
        )
    return Key(text)


def use_blocks(read_block: Callable[[str], str] | None) -> None:
    """Read ``block:NAME`` with `read_block`; the studio passes Prefect's own reader in."""
    global _read_block  # noqa: PLW0603 - one secret source for the whole process is the point
    _read_block = read_block


_REMEDIES = {
    "env": "set the environment variable {} for the program",
    "file": "put the key in the first line of {} and let only yourself read it",
    "block": "make a Secret block named {} in Prefect, and run through Prefect",
}


def _read_file(name: str) -> str:
    path = Path(name).expanduser()
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline()
    except (OSError, UnicodeDecodeError):
        return ""


def _ask_block(name: str) -> str:
    return _read_block(name) if _read_block else ""
