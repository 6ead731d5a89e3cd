"""Planning: which storyboard, how long each shot, where speech falls."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.order import variant_seed
from handbill.domain.placement import VideoSpec
from handbill.domain.sound import Samples, SpokenLine, wav_bytes
from handbill.rendering.films.choosing import choose_board, mood_of
from handbill.rendering.films.planning import plan_film
from handbill.rendering.films.storyboard_files import (
    StoryboardFile,
    find_board,
    read_layouts,
    read_storyboards,
    storyboard_folder,
)
from handbill.rendering.films.telling import only_told, reading_time_s
from handbill.rendering.films.words import (
    address_of,
    after_first,
    closeness,
    has,
    shown_words,
)
from handbill.rendering.spec import FilmSpec

_PALETTE = Palette(primary="#0b6e4f", secondary="#f6ae2d", ink="#14213d", paper="#faf6ee")
_KIT = BrandKit(
    name="Harbour",
    palette=_PALETTE,
    heading=Typeface(family="Poppins"),
    body=Typeface(family="Lato"),
    tone=("warm",),
)
_DISPLAY = DisplayText(
    headline="Pressed this morning",
    hook="Still buying old juice?",
    benefits=("No added sugar", "Glass bottles"),
    badge="−20 %",
    price="€14.90",
    cta="Order now",
)
_SPEECH = (
    "Still buying old juice?",
    "Ours is pressed this morning.",
    "No added sugar, in glass bottles.",
    "20 percent off.",
    "Order now.",
)


def _spec(**changes: Any) -> FilmSpec:
    spec = FilmSpec(
        canvas=VideoSpec(width_px=1080, height_px=1920, max_s=60),
        display=_DISPLAY,
        speech=_SPEECH,
        kit=_KIT,
        palette=_PALETTE,
        pictures=(Picture(source="a.png", path="/pictures/a.png"),),
        locale="en",
        seed=11,
        url="https://www.harbour.example/box/?utm=1",
    )
    return replace(spec, **changes)


def _line(text: str, length_ms: int) -> SpokenLine:
    pcm = bytes(2 * 22_050 * length_ms // 1000)
    return SpokenLine(text=text, wav=wav_bytes(Samples(pcm=pcm, rate_hz=22_050, channels=1)))


def _spoken(*lengths_ms: int) -> list[SpokenLine]:
    return [_line(text, length) for text, length in zip(_SPEECH, lengths_ms, strict=False)]


@pytest.mark.parametrize("seed", range(12))
def test_shots_touch_on_whole_frames_and_speech_stays_inside(seed: int) -> None:
    spoken = _spoken(1800, 2100, 2600, 1500, 900)
    board = plan_film(_spec(seed=seed, variant=1 + seed % 3), spoken)
    edges = [shot.start_ms for shot in board.shots] + [board.shots[-1].end_ms]
    assert edges[0] == 0
    assert edges[-1] == board.duration_ms
    assert all(
        before.end_ms == after.start_ms for before, after in itertools.pairwise(board.shots)
    )
    assert all(abs(edge * 30 / 1000 - round(edge * 30 / 1000)) < 0.02 for edge in edges)
    assert 6_000 <= board.duration_ms <= 20_500
    speaking = [shot for shot in board.shots if shot.speech]
    # A line may run on through silent shots that show what it lists, never into the next line's.
    ends_ms = [shot.start_ms for shot in speaking[1:]] + [board.duration_ms]
    for shot, end_ms in zip(speaking, ends_ms, strict=True):
        for line in shot.speech:
            starts_ms = board.speech_at_ms[line]
            assert shot.start_ms < starts_ms < shot.end_ms
            assert starts_ms + (1800, 2100, 2600, 1500, 900)[line] < end_ms


def test_opens_with_a_hook_and_closes_with_the_end_card() -> None:
    board = plan_film(_spec(), _spoken(1800, 2100, 2600, 1500, 900))
    assert board.shots[0].role == "hook"
    assert board.shots[-1].role == "end_card"
    assert 0 in board.shots[0].speech
    assert 4 in board.shots[-1].speech
    assert board.shots[0].end_ms <= 4_000


def test_lines_fall_into_the_shots_that_show_them() -> None:
    hero = find_board("product_hero")
    board = plan_film(_spec(), _spoken(1800, 2100, 2600, 1500, 900), hero)
    heard = {line: shot.role for shot in board.shots for line in shot.speech}
    assert heard == {0: "hook", 1: "product", 2: "benefits", 3: "offer", 4: "end_card"}


def test_a_line_that_lists_what_shots_show_runs_on_through_them() -> None:
    boards = {board.name: board for board in read_storyboards(storyboard_folder())}
    benefits = ("Roasted every Tuesday", "Cocoa and cherry", "Whole bean")
    speech = (
        "Make someone smile.",
        "Meet our House Blend.",
        "Roasted every Tuesday. Cocoa and cherry. Whole bean, in a bag.",
        "Yours for €14.90.",
        "Order now.",
    )
    lengths_ms = (1500, 1600, 5000, 1600, 900)
    spoken = [_line(text, length) for text, length in zip(speech, lengths_ms, strict=True)]
    spec = _spec(speech=speech, display=replace(_DISPLAY, benefits=benefits))
    plan = plan_film(spec, spoken, boards["listicle"])
    items = [shot for shot in plan.shots if shot.role in ("first", "second", "third")]
    assert [shot.texts[0] for shot in items] == list(benefits)
    assert items[0].speech[-1] == 2
    for shot in items[1:]:
        told_ms = plan.speech_at_ms[2] + 5000 * speech[2].index(shot.texts[0]) / len(speech[2])
        assert abs(shot.start_ms - told_ms) < 450
    assert plan.speech_at_ms[2] + 5000 < items[-1].end_ms


def test_shots_come_from_where_people_read() -> None:
    ways = {
        locale: {shot.transition for shot in plan_film(_spec(locale=locale), [], board).shots}
        for locale in ("en", "ar")
        for board in read_storyboards(storyboard_folder())
        if board.name == "product_hero"
    }
    assert {"wipe", "slide"} <= ways["en"]
    assert {"wipe_back", "slide_back"} <= ways["ar"]
    assert not {"wipe", "slide"} & ways["ar"]


def test_no_picture_comes_twice_because_a_shot_is_long() -> None:
    for board in read_storyboards(storyboard_folder()):
        display = replace(_DISPLAY, subhead="Apples.", deadline="Until May", address="Harbour 1")
        spoken = _spoken(1800, 5600, 5600, 4500, 900)
        plan = plan_film(_spec(display=display), spoken, board)
        layouts = [shot.layout for shot in plan.shots if shot.role not in ("near", "detail")]
        assert len(layouts) == len(set(layouts)), board.name


def test_lines_do_not_overlap() -> None:
    lengths_ms = (1800, 2100, 2600, 1500, 900)
    board = plan_film(_spec(), _spoken(*lengths_ms))
    spans = sorted(
        (start, start + length)
        for start, length in zip(board.speech_at_ms, lengths_ms, strict=True)
    )
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))


def test_cuts_fall_on_beats() -> None:
    board = plan_film(_spec(), _spoken(1800, 2100))
    beat_ms = 60_000 / board.music.bpm
    for accent_ms in board.music.accents_ms:
        off = (accent_ms + beat_ms / 2) % beat_ms - beat_ms / 2
        assert abs(off) <= 18


def test_silent_film_is_planned_by_reading_time() -> None:
    board = plan_film(_spec(speech=()), [])
    assert 6_000 <= board.duration_ms <= 20_000
    assert board.speech_at_ms == ()


def test_bare_brief_still_makes_a_film() -> None:
    spec = _spec(display=DisplayText(headline="Soap"), pictures=(), speech=(), url="")
    board = plan_film(spec, [])
    assert [shot.role for shot in board.shots][-1] == "end_card"
    assert all(not shot.layout.endswith("_beside") for shot in board.shots)
    assert board.duration_ms >= 6_000


def test_short_placement_is_kept_and_lost_lines_are_marked() -> None:
    canvas = VideoSpec(width_px=1080, height_px=1920, max_s=9.0)
    board = plan_film(_spec(canvas=canvas), _spoken(3000, 3000, 3000, 3000, 2000))
    assert board.duration_ms <= 9_000
    assert -1 in board.speech_at_ms
    assert board.speech_at_ms[0] >= 0
    assert board.speech_at_ms[4] >= 0


def test_same_content_gives_the_same_plan() -> None:
    spoken = _spoken(1800, 2100, 2600)
    assert plan_film(_spec(), spoken) == plan_film(_spec(), spoken)


def test_variants_of_one_brief_take_different_storyboards() -> None:
    boards = read_storyboards(storyboard_folder())
    for story in (1, 77, 4_000_000_000):
        specs = [_spec(seed=variant_seed(story, n), variant=n) for n in (1, 2, 3)]
        assert len({choose_board(spec, boards).name for spec in specs}) == 3


def test_own_clip_is_always_shown() -> None:
    boards = read_storyboards(storyboard_folder())
    for seed in range(20):
        chosen = choose_board(_spec(seed=seed, video="/clips/a.mp4"), boards)
        assert "video" in chosen.needs


def test_every_storyboard_is_chosen_by_some_brief() -> None:
    boards = read_storyboards(storyboard_folder())
    picture = Picture(source="a.png", path="/pictures/a.png")
    rich = replace(_DISPLAY, subhead="Apples.", deadline="Until May", address="Harbour 1")
    briefs: list[dict[str, Any]] = [
        {"display": rich},
        {"display": rich, "pictures": (picture, picture, picture)},
        {"display": rich, "pictures": ()},
        {"display": replace(rich, subhead="Apples that never saw a fridge.")},
        {"display": DisplayText(headline="Soap", hook="Dry?"), "pictures": (picture,)},
        {"video": "/clips/a.mp4"},
        {"video": "/clips/a.mp4\n/clips/b.mp4"},
    ]
    chosen = {
        choose_board(_spec(seed=seed, variant=1 + seed % 5, **brief), boards).name
        for brief in briefs
        for seed in range(60)
    }
    assert chosen == {board.name for board in boards}


def test_tone_decides_the_mood() -> None:
    bold = replace(_KIT, tone=("bold", "loud"))
    assert plan_film(_spec(kit=bold), []).music.mood == "bold"


@pytest.mark.parametrize(
    ("tone", "moods"),
    [
        ("élégante, intemporelle", {"elegant"}),
        ("тёплый и честный", {"warm"}),
        ("俏皮", {"playful"}),
        ("luxurious", {"elegant"}),
        ("functional, modelled", set()),
        ("warmly plain", {"warm"}),
        ("hip", {"urban"}),
    ],
)
def test_tone_is_understood_by_whole_words_in_many_languages(tone: str, moods: set[str]) -> None:
    spec = _spec(kit=replace(_KIT, tone=(tone,)))
    board = read_storyboards(storyboard_folder())[0].model_copy(update={"moods": ("calm",)})
    assert {mood_of(replace(spec, seed=seed), board) for seed in range(8)} == (moods or {"calm"})


def test_words_by_field_name() -> None:
    assert shown_words(_spec(), "kicker|headline") == ("Pressed this morning",)
    assert shown_words(_spec(), "url") == ("harbour.example/box",)
    assert shown_words(_spec(), "deadline") == ()
    assert address_of("http://shop.example/a/very/long/path/that/nobody/reads") == "shop.example"


def test_closeness_works_without_spaces() -> None:
    assert closeness("玻璃瓶回收再用", "不加糖 玻璃瓶") > closeness("玻璃瓶回收再用", "立减20%")
    assert closeness("立减百分之二十", "立减20%") > 1


@pytest.mark.parametrize("length_s", [6.0, 9.0, 15.0, 30.0])
@pytest.mark.parametrize("board", read_storyboards(storyboard_folder()), ids=lambda one: one.name)
def test_every_storyboard_keeps_a_wished_length_to_the_frame(
    board: StoryboardFile, length_s: float
) -> None:
    picture = Picture(source="a.png", path="/pictures/a.png")
    rich = replace(_DISPLAY, subhead="Apples.", deadline="Until May", address="Harbour 1")
    spec = _spec(
        length_s=length_s,
        display=rich,
        pictures=() if "no_picture" in board.needs else (picture, picture),
        video="/clips/a.mp4" if "video" in board.needs else "",
    )
    lengths_ms = (1800, 2100, 2600, 1500, 900)
    plan = plan_film(spec, _spoken(*lengths_ms), board)
    lasts_ms = [shot.end_ms - shot.start_ms for shot in plan.shots]
    assert plan.duration_ms == length_s * 1000
    assert len(plan.shots) >= (6 if length_s > 20 else 3)
    assert min(lasts_ms) >= 1000
    assert max(lasts_ms) <= 5600
    assert plan.shots[0].role == "hook"
    assert plan.shots[-1].role == "end_card"
    ends_ms = [
        at_ms + length_ms
        for at_ms, length_ms in zip(plan.speech_at_ms, lengths_ms, strict=True)
        if at_ms >= 0
    ]
    assert ends_ms
    assert max(ends_ms) <= plan.duration_ms


def test_long_shot_changes_its_picture() -> None:
    boards = {board.name: board for board in read_storyboards(storyboard_folder())}
    display = replace(_DISPLAY, subhead="Apples.", deadline="Until May")
    plan = plan_film(_spec(display=display), _spoken(1800, 2100, 2600, 4500, 900),
                     boards["product_hero"])  # fmt: skip
    offers = [shot for shot in plan.shots if shot.role == "offer"]
    assert [shot.layout for shot in offers] == ["offer", "deadline"]
    assert offers[0].end_ms == offers[1].start_ms


_SPEECH_MS = (1800, 2100, 2600, 1500, 900)
_THIN = DisplayText(
    headline="Rye bread, baked at five",
    hook="Still warm",
    subhead="Twenty-four hours of rest.",
    price="€4.80",
    cta="Come in",
)


@pytest.mark.parametrize("length_s", [0.0, 6.0, 15.0, 30.0])
@pytest.mark.parametrize("board", read_storyboards(storyboard_folder()), ids=lambda one: one.name)
def test_nothing_is_shown_twice_before_the_end_card_and_all_of_it_can_be_read(
    board: StoryboardFile, length_s: float
) -> None:
    rich = replace(_DISPLAY, subhead="Apples and nothing else.", deadline="Until May")
    for display in (_THIN, rich, replace(rich, benefits=("No added sugar",))):
        plan = plan_film(_spec(display=display, length_s=length_s), _spoken(*_SPEECH_MS), board)
        body = plan.shots[:-1]
        words = [word for shot in body for word in shot.texts]
        assert len(words) == len(set(words))
        for shot in body:
            assert reading_time_s(shot.texts) <= (shot.end_ms - shot.start_ms) / 1000 + 0.15


def test_film_with_little_to_say_is_shorter_than_asked() -> None:
    board = find_board("big_words")
    thin = plan_film(_spec(display=_THIN, length_s=30.0, pictures=()), _spoken(1800), board)
    assert 15_000 < thin.duration_ms < 27_000
    assert max(shot.end_ms - shot.start_ms for shot in thin.shots) < 5_600
    bound = VideoSpec(width_px=1080, height_px=1920, min_s=30, max_s=60)
    kept = plan_film(
        _spec(display=_THIN, length_s=30.0, pictures=(), canvas=bound), _spoken(1800), board
    )
    assert kept.duration_ms == 30_000


def test_a_shot_is_built_from_its_own_words_alone() -> None:
    seen = only_told(_spec(display=replace(_DISPLAY, subhead="Apples.")), ("Apples.", "€14.90"))
    assert seen.display.headline == ""
    assert seen.display.badge == ""
    assert seen.display.benefits == ("", "")
    assert shown_words(seen, "headline|subhead") == ("Apples.",)
    assert shown_words(seen, "price") == ("€14.90",)
    assert shown_words(seen, "benefit_1|benefits") == ()


def test_content_calls_for_its_storyboard_and_no_storyboard_takes_a_campaign() -> None:
    boards = read_storyboards(storyboard_folder())
    picture = Picture(source="a.png", path="/pictures/a.png")
    pair = after_first(
        [
            Picture(source="hall-before.png", path="/pictures/1.png"),
            Picture(source="hall-after.png", path="/pictures/2.png"),
        ]
    )
    assert [one.source for one in pair] == ["hall-after.png", "hall-before.png"]
    briefs: dict[str, dict[str, Any]] = {
        "countdown": {"display": replace(_DISPLAY, deadline="Until May")},
        "carousel": {"pictures": (picture,) * 3},
        "local_shop": {"display": replace(_DISPLAY, address="Harbour 1")},
        "before_after": {"pictures": pair},
        "listicle": {"display": replace(_DISPLAY, badge="", benefits=("One", "Two", "Three"))},
        "big_words": {"pictures": (), "display": replace(_DISPLAY, badge="", price="")},
    }
    for name, brief in briefs.items():
        dealt = [choose_board(_spec(seed=seed, **brief), boards).name for seed in range(200)]
        counts = {one: dealt.count(one) for one in set(dealt)}
        assert counts[name] == max(counts.values()), name
        assert counts[name] <= 0.6 * len(dealt)
        assert len(counts) >= 4
    assert has(_spec(pictures=pair), "before_after")
    assert not has(_spec(), "before_after")


def test_films_of_like_briefs_differ_in_what_opens_them() -> None:
    plans = [plan_film(_spec(seed=seed * 7919), []) for seed in range(40)]
    layouts = [tuple(shot.layout for shot in plan.shots) for plan in plans]
    assert max(layouts.count(one) for one in layouts) <= 10
    assert len({plan.shots[0].layout for plan in plans}) >= 4
    assert len({plan.music.bpm for plan in plans}) >= 12
    known = read_layouts(storyboard_folder())
    assert {layout for one in layouts for layout in one} <= set(known)
