from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from handbill.errors import ToolMissing
from handbill.rendering.stub_library import shared_library

_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux wheels link libGL")


def test_an_unknown_processor_is_refused_with_the_remedy() -> None:
    with pytest.raises(ToolMissing, match="libgl1"):
        shared_library("libGL.so.1", ["glClear"], "pdp11")


@_LINUX
def test_functions_of_a_stub_load_and_return_zero() -> None:
    names = [f"made_up_{number}" for number in range(40)]
    call = (
        "import ctypes\n"
        "from handbill.rendering.skia_library import load_stub\n"
        f"load_stub('libmadeup.so.1', {names!r})\n"
        "load_stub('libother.so.1', ['made_up_elsewhere'])\n"
        "library = ctypes.CDLL('libmadeup.so.1')\n"
        f"print([getattr(library, name)() for name in {names!r}])\n"
        "print(ctypes.CDLL('libother.so.1').made_up_elsewhere())\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", call], capture_output=True, text=True, check=True
    )
    assert answer.stdout.split("\n")[:2] == [str([0] * 40), "0"]


_HIDE_AND_DRAW = """
set -e
for library in $(ldconfig -p | awk '/lib(GL|EGL)\\.so\\.1 /{print $NF}'); do
  mount --bind /dev/null "$library"
done
exec "$0" -c '
from handbill.rendering.skia_library import skia
import numpy
pixels = numpy.zeros((40, 40, 4), numpy.uint8)
surface = skia.Surface(pixels)
surface.getCanvas().clear(0xFFFF0000)
surface.flushAndSubmit()
print(int(pixels.sum()))
'
"""


@_LINUX
def test_skia_draws_where_both_graphics_libraries_are_hidden() -> None:
    probe = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    if probe.returncode or platform.machine() != "x86_64":
        pytest.skip("this machine does not let a test hide libraries in a mount namespace")
    drawn = subprocess.run(
        ["unshare", "-m", "bash", "-c", _HIDE_AND_DRAW, sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )
    assert drawn.stdout.strip() == str(40 * 40 * 2 * 255), drawn.stderr
