"""Which storyboard a film follows, in which compositions, and the mood of its music."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from handbill.domain.order import story_seed
from handbill.rendering.films.storyboard_files import ShotPlan, StoryboardFile
from handbill.rendering.films.words import has, has_all
from handbill.rendering.spec import FilmSpec

# What the content calls for is dealt to this share of similar briefs for every point of its pull:
# never to all of them, because a campaign of one storyboard looks like one film.
_A_POINT, _MOST, _MOST_OF_ONE = 0.15, 0.8, 0.45

# Words of a brand's tone → mood of the music. They are held against the beginnings of words, the
# short ones against whole words: nothing is playful because it is functional.
_TONES = {
    "playful": "playful fun cheeky witty quirky humorous verspielt frech ludique espiègle"
    " juguetón divertid giocos speels zabawn игрив 活泼 俏皮 楽しい مرح",
    "calm": "calm gentle minimal quiet serene soothing ruhig sanft calme doux tranquil sereno"
    " calmo rustig spokoj спокойн 平静 宁静 穏やか هادئ",
    "elegant": "elegan élégan premium luxur luxe luxus refined sophisticated timeless edel lujo"
    " luksus элегант 优雅 高端 奢华 上品 أنيق",
    "urban": "urban street edgy young youthful cool hip jugendlich urbain joven giovane молодёж"
    " 潮流 年轻 都会",
    "bold": "bold strong sporty loud energetic confident daring powerful mutig kräftig stark"
    " audacieux audaz atrevid fuerte audace odważn смел 大胆 有力 力強い جريء",
    "warm": "warm friendly natural honest cosy cozy homely family herzlich freundlich ehrlich"
    " chaleureu amical cálid cercan honest caldo ciepł тёпл тепл 温暖 亲切 温かい دافئ",
    "bright": "bright fresh optimistic cheerful modern lively frisch fröhlich heiter frais frasc"
    " fraîche joyeu fresc alegre allegr śwież свеж 清新 明亮 爽やか مشرق",
}
_SHORT = 3


def choose_board(spec: FilmSpec, boards: Sequence[StoryboardFile]) -> StoryboardFile:
    """The storyboard that suits the content; variants of one brief are dealt different ones.

    A user's own clip is always shown, so only storyboards that play it are left where there is
    one. Of the others those that the content calls for are dealt most often, those that like
    something of it more often than the rest: briefs that are alike must not all look alike.
    """
    fitting = [board for board in boards if has_all(spec, board.needs)]
    playing = [board for board in fitting if {"video", "videos"} & set(board.needs)]
    candidates = playing or fitting or list(boards)
    called = [board for board in candidates if board.calls and has_all(spec, board.calls)]
    others = [board for board in candidates if board not in called]
    pulled = {board.name: board.pull for board in called}
    most = _MOST if len(called) > 1 else _MOST_OF_ONE
    share = min(most, _A_POINT * sum(pulled.values())) if others else 1.0
    liked = {board.name: 1 + sum(has(spec, like) for like in board.likes) for board in others}
    weights = _shares(pulled, share) | _shares(liked, 1.0 - share)
    dice = random.Random(f"{story_seed(spec.seed, spec.variant)}/storyboard")  # noqa: S311 - variety
    # Dealt without putting back, by weight: the one with the highest root comes first.
    lots = {name: dice.random() ** (1 / weight) for name, weight in sorted(weights.items())}
    deck = sorted(candidates, key=lambda board: (-lots[board.name], board.name))
    return deck[(spec.variant - 1) % len(deck)]


def dressed(spec: FilmSpec, board: StoryboardFile) -> StoryboardFile:
    """`board` with one of the compositions that each of its shots may have."""
    dice = random.Random(f"{spec.seed}/{board.name}/compositions")  # noqa: S311 - variety
    taken: set[str] = set()
    shots: list[ShotPlan] = []
    for shot in board.shots:
        wanted = [(shot.layout, *shot.also), (shot.layout_plain, *shot.also_plain)]
        picks = []
        for names in wanted:
            free = [name for name in names if name not in taken] or list(names)
            picks.append(free[dice.randrange(len(free))])
        taken |= set(picks)
        shots.append(shot.model_copy(update={"layout": picks[0], "layout_plain": picks[1]}))
    return board.model_copy(update={"shots": tuple(shots)})


def mood_of(spec: FilmSpec, board: StoryboardFile) -> str:
    """The mood of the music: the brand's tone decides among the storyboard's own."""
    tones = " ".join(spec.kit.tone).lower()
    wanted = [mood for mood, words in _TONES.items() if re.search(_any_of(words), tones)]
    fitting = [mood for mood in wanted if mood in board.moods] or wanted or list(board.moods)
    return fitting[spec.seed % len(fitting)]


def _any_of(words: str) -> str:
    """A pattern for one of `words`; those of scripts without spaces are found anywhere."""
    return "|".join(
        word if word[0] >= "\u2e80" else rf"\b{word}" + (r"\b" if len(word) <= _SHORT else "")
        for word in words.split()
    )


def _shares(weights: Mapping[str, int], whole: float) -> dict[str, float]:
    total = sum(weights.values())
    return {name: whole * weight / total for name, weight in weights.items()}
