from __future__ import annotations

import threading

import pytest

from handbill.cli.display import PlainLines, line_of
from handbill.press.progress import Count, Progress


def count(step: str, done: int, planned: int, fresh: int = 0) -> Count:
    return Count(step=step, done=done, planned=planned, fresh=fresh)


def test_counts_keep_the_order_of_the_work() -> None:
    progress = Progress()
    progress.plan("checks", 4)
    progress.plan("copy", 4)
    progress.tick("copy", done=3, fresh=1)
    assert progress.counts() == (count("copy", 3, 4, 1), count("checks", 0, 4))
    assert progress.counts()[0].percent == 75
    assert count("films", 0, 0).percent == 100


def test_counting_from_many_threads_loses_nothing() -> None:
    progress = Progress()
    progress.plan("posters", 4000)

    def count_up() -> None:
        for _ in range(500):
            progress.tick("posters")

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert progress.counts()[0].done == 4000


def test_a_line_tells_counts_rate_and_the_slowest_steps_time() -> None:
    counts = (count("copy", 10, 10), count("films", 2, 10), count("checks", 5, 10))
    assert line_of(counts, 60.0) == (
        "copy 10/10 · films 2/10 · checks 5/10 · 0.1 orders/s · about 4:00 left"
    )
    assert line_of((count("copy", 1, 3601),), 1.0).endswith("about 1:00:00 left")


def test_films_under_way_tell_their_frames() -> None:
    progress = Progress()
    heard: list[tuple[Count, ...]] = []
    progress.plan("films", 3)
    progress.listen(heard.append)
    for painted in (0, 120, 120, 450):
        progress.see_frames(painted)
    assert [counts[0].frames for counts in heard] == [120, 450]
    assert line_of(progress.counts(), 5.0) == "films 0/3 (450 frames)"
    progress.tick("films", done=3)
    assert line_of(progress.counts(), 5.0) == "films 3/3"


def test_plain_lines_stay_few(capfd: pytest.CaptureFixture[str]) -> None:
    moments = iter([0.0, 1.0, 2.0, 6.5, 7.0, 7.5])
    lines = PlainLines(lambda: next(moments))
    for done in (0, 1, 2, 3, 4, 10):
        lines((count("copy", done, 10),))
    said = capfd.readouterr().err.splitlines()
    assert [line.split(" · ")[0] for line in said] == ["copy 3/10", "copy 10/10"]
