"""From frames to MP4: the one master that passes almost everywhere.

H.264 High, yuv420p, BT.709, constant frame rate, closed groups of two seconds, AAC-LC 48 kHz
stereo, the index first, no edit list. The number of threads is fixed, because the encoder's bytes
depend on it.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator
from pathlib import Path

from handbill.foreign.ffmpeg import FrameSink, file_input, open_encoder
from handbill.rendering.films.planes import Frame, new_frame

ENCODER_THREADS = 2
# A look-ahead on a thread of its own decides by what it has seen so far, which depends on how busy
# the machine is: one film in five came out with other bytes.
# A cap of the rate looks into frames that other threads are at: such films get a single one.
_REPEATABLE = "lookahead-threads=1:sync-lookahead=0"
_BUFFERS = 4
_CRF = 20
_COLOUR = "range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"


def film_arguments(
    size_px: tuple[int, int], fps: int, sound: Path, target: Path, min_kbps: int = 0
) -> list[str]:
    """The arguments of ffmpeg for frames on standard input and encoded `sound` into `target`."""
    width, height = size_px
    rate, threads = ["-crf", str(_CRF)], ENCODER_THREADS
    if min_kbps:
        aim = round(min_kbps * 1.25)
        rate = ["-b:v", f"{aim}k", "-maxrate", f"{aim * 2}k", "-bufsize", f"{aim * 2}k"]
        threads = 1
    return [
        *("-f", "rawvideo", "-pixel_format", "yuv420p"),
        *("-video_size", f"{width}x{height}", "-framerate", str(fps), "-i", "pipe:0"),
        *file_input(sound, "mov"),
        *("-map", "0:v:0", "-map", "1:a:0", "-vf", f"setparams={_COLOUR},setsar=1"),
        *("-c:v", "libx264", "-preset", "veryfast", *rate, "-profile:v", "high"),
        *("-pix_fmt", "yuv420p", "-g", str(2 * fps), "-flags:v", "+cgop+bitexact"),
        *("-threads", str(threads), "-x264-params", _REPEATABLE),
        *("-fps_mode", "cfr", "-c:a", "copy"),
        *("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"),
        *("-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0"),
        f"file:{target}",
    ]


class FramePump:
    """Hands frames to the encoder on a thread of its own, so that drawing never waits for it."""

    def __init__(self, sink: FrameSink, size_px: tuple[int, int]) -> None:
        self._sink = sink
        self._free: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._full: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._last: Frame | None = None
        self._fault: BaseException | None = None
        for _ in range(_BUFFERS):
            self._free.put(new_frame(*size_px))
        self._thread = threading.Thread(target=self._pump, daemon=True)
        self._thread.start()

    def take(self) -> Frame:
        """A frame to paint over; waits until one is free.

        Raises:
            RenderError: the encoder has failed.
        """
        frame = self._free.get()
        self._raise_fault()
        return frame

    def give(self, frame: Frame) -> None:
        """Send a painted frame on its way."""
        self._last = frame
        self._full.put(frame)

    def repeat(self) -> None:
        """Send the last frame once more.

        Raises:
            RenderError: the encoder has failed.
        """
        self._raise_fault()
        self._full.put(self._last)

    def finish(self) -> None:
        """Wait until all frames have been handed over.

        Raises:
            RenderError: the encoder has failed.
        """
        self._full.put(None)
        self._thread.join()
        self._raise_fault()

    def give_up(self) -> None:
        """End the thread; frames that still wait are dropped."""
        self._full.put(None)
        self._thread.join()

    def _pump(self) -> None:
        before: Frame | None = None
        while (frame := self._full.get()) is not None:
            if self._fault is None:
                try:
                    self._sink.lend(frame.pixels.data)
                except BaseException as fault:  # noqa: BLE001 - raised again where frames are made
                    self._fault = fault
            # A frame may be sent again, and is read where it lies: it is not painted over before
            # another one has been sent.
            if before is not None and before is not frame:
                self._free.put(before)
            before = frame

    def _raise_fault(self) -> None:
        if self._fault is not None:
            raise self._fault


@contextlib.contextmanager
def open_film(arguments: list[str], log: Path, size_px: tuple[int, int]) -> Iterator[FramePump]:
    """A pump into a running encoder; the film is whole when the block has ended well.

    Raises:
        RenderError: the encoder failed or stalled.
        ToolMissing: there is no ffmpeg.
    """
    with open_encoder(arguments, log) as sink:
        pump = FramePump(sink, size_px)
        try:
            yield pump
        except BaseException:
            sink.stop()
            pump.give_up()
            raise
        pump.finish()
