"""The one door to Skia: ``from handbill.rendering.skia_library import skia``.

Skia's Linux wheel links libGL.so.1 and libEGL.so.1, though drawing on a raster surface calls
neither. Slim machines have none of the two, and there the import fails at the dynamic linker
(lazy binding does not help: the addresses are taken at load time). So, where a library is
missing, a stub of the same SONAME is loaded first, with a function returning 0 under every name
that Skia wants. Nothing is installed and nothing is written to disk.
"""

from __future__ import annotations

import ctypes
import importlib.machinery
import os
import platform
import sys
from pathlib import Path
from typing import Any

from handbill.errors import ToolMissing
from handbill.rendering.stub_library import shared_library

_LIBRARIES = {"libGL.so.1": "gl", "libEGL.so.1": "egl"}


def _missing_libraries() -> list[str]:
    return [name for name in _LIBRARIES if not _loads(name)]


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname, mode=os.RTLD_LAZY)
    except OSError:
        return False
    return True


def _extension_file() -> Path:
    spec = importlib.machinery.PathFinder.find_spec("skia")
    if spec is None or spec.origin is None:
        raise ToolMissing("skia-python is not installed; install Handbill again from its lock")
    return Path(spec.origin)


def _wanted_symbols(extension: Path, prefix: str) -> list[str]:
    """The undefined functions of `extension` that start with `prefix`, sorted."""
    from elftools.elf.elffile import ELFFile  # noqa: PLC0415 - on slim machines alone

    with extension.open("rb") as stream:
        table: Any = ELFFile(stream).get_section_by_name(".dynsym")
        undefined = {
            symbol.name for symbol in table.iter_symbols() if symbol["st_shndx"] == "SHN_UNDEF"
        }
    return sorted(name for name in undefined if name.startswith(prefix))


def load_stub(soname: str, symbols: list[str]) -> None:
    """Load a stub of `soname` for the rest of this process, from memory.

    The file descriptor stays open on purpose: the linker knows a library by the path that it was
    loaded from, and a closed number would be given to the next stub, which would then be taken
    for this one.

    Raises:
        ToolMissing: this processor has no stub, or the linker refuses it.
    """
    image = shared_library(soname, symbols, platform.machine())
    memory = os.memfd_create(soname)
    os.write(memory, image)
    try:
        ctypes.CDLL(f"/proc/self/fd/{memory}", mode=os.RTLD_NOW | os.RTLD_GLOBAL)
    except OSError as error:
        raise ToolMissing(
            f"{soname} is missing and its stand-in could not be loaded ({error}); "
            "install the packages libgl1 and libegl1"
        ) from error


def _import_skia() -> Any:
    if sys.platform == "linux":
        for soname in _missing_libraries():
            load_stub(soname, _wanted_symbols(_extension_file(), _LIBRARIES[soname]))
    import skia as library  # noqa: PLC0415 - after the stubs, if any

    return library


skia: Any = _import_skia()
