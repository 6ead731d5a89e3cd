from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from handbill.press.scratch import Scratch, sweep_scratch

_BEGIN = """
import sys
from pathlib import Path
from handbill.press.scratch import Scratch
scratch = Scratch(Path(sys.argv[1]))
(scratch.folder / "film.mp4").write_bytes(b"half of it")
print(scratch.folder, flush=True)
sys.stdin.read()
"""


def test_a_folder_is_gone_when_it_is_closed(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    (scratch.folder / "film.mp4").write_bytes(b"half of it")
    scratch.close()
    assert not list(tmp_path.iterdir())


def test_what_a_killed_process_left_is_cleared_by_the_next_one_and_not_before(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", _BEGIN, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        left = Path(process.stdout.readline().strip())
        assert sweep_scratch(tmp_path) == 0
        assert (left / "film.mp4").is_file()
        os.kill(process.pid, signal.SIGKILL)
    assert (left / "film.mp4").is_file()
    scratch = Scratch(tmp_path)
    assert not left.exists()
    scratch.close()
