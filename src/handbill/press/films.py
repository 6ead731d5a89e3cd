"""The films of a slice: spoken, planned, set to music, and cut in processes of their own."""

from __future__ import annotations

import asyncio
import dataclasses
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from handbill.domain.asset import StoredFile
from handbill.domain.copy import Copy
from handbill.domain.digest import plain
from handbill.domain.finding import Finding, Severity
from handbill.domain.order import Medium, Order, Status
from handbill.domain.sound import SpokenLine
from handbill.domain.storyboard import Storyboard
from handbill.errors import RenderError
from handbill.press.calls import CallResult, compose, speak
from handbill.press.clips import NO_CLIP, fetch_clips, wants_clip, way_of_clip
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.hearing import heard_all, hears
from handbill.press.making import StepEnded, make_missing
from handbill.press.origins import NO_MODES, label_of_medium, vendors_of_copy
from handbill.press.pieces import Piece, Written
from handbill.press.pixels import Drawing
from handbill.press.recipes import VENDOR, film_key, kind_of, look_of
from handbill.press.refreshing import NOBODY_ELSE, Refresher
from handbill.press.speaking import speech_request
from handbill.press.specs import film_spec
from handbill.press.wire import report_frames
from handbill.providers.ports import MusicAnswer, MusicRequest
from handbill.rendering.spec import FilmResult, FilmSpec

AnswerT = TypeVar("AnswerT")
_OWN_MUSIC = "the user's own music; its terms were not stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmAsk:
    """What a cutting process is sent; the film and its companions go into `folder`."""

    spec: FilmSpec
    board: Storyboard
    spoken: tuple[SpokenLine, ...]
    music_wav: bytes
    folder: Path
    sound_usd_micros: int = 0
    music_licence: str = ""
    remarks: tuple[Finding, ...] = ()


def cut_films(equipment: Equipment, docket: Docket, copies: Sequence[Written]) -> dict[str, Piece]:
    """Films for orders of a slice that take one; pieces by order key."""
    refresher = Refresher(equipment, docket, "voice", "music", "video")
    wanted = wanted_films(equipment, docket, copies, refresher)
    rows = {wanted[order.key][0]: order.brief.id for order, _ in copies if order.key in wanted}
    clips = fetch_clips(equipment, docket, copies, wanted, refresher)
    costs: dict[str, int] = {}
    licences: dict[str, str] = {}
    without_clip: set[str] = set()
    labels = _labels_without_clip(docket, copies, wanted, refresher)

    with tempfile.TemporaryDirectory(dir=equipment.scratch, prefix="films-") as folder:

        def begin(key: str, spec: FilmSpec) -> Drawing[FilmAsk, FilmResult]:
            clip = clips.get(key, NO_CLIP)
            if isinstance(clip, StepEnded):
                raise clip
            costs[key] = clip.cost_usd_micros
            if wants_clip(refresher.vendors, spec) and not clip.path:
                without_clip.add(key)
                spec = dataclasses.replace(spec, ai_label=labels[key])
            spec = dataclasses.replace(spec, video=clip.path or spec.video)
            target = Path(folder) / key
            ask = prepare_film(equipment, spec, target, rows[key], listen=hears(docket))
            costs[key] += ask.sound_usd_micros
            licences[key] = ask.music_licence
            ask = dataclasses.replace(ask, remarks=ask.remarks + clip.remarks)
            return equipment.pixels.start(cut_film_files, ask)

        specs = dict(wanted.values())

        def book(key: str, result: FilmResult) -> None:
            used = used_by_film(refresher.vendors, specs[key])
            used -= {"video"} if key in without_clip else set()
            made_by = {name: maker for name, maker in refresher.now.items() if name in used}
            book_film(equipment, key, result, made_by, licences.get(key, ""), refresher.modes)

        return make_missing(equipment, "films", wanted, begin, book, refresher.recall, costs=costs)


def wanted_films(
    equipment: Equipment,
    docket: Docket,
    copies: Sequence[Written],
    refresher: Refresher,
) -> dict[str, tuple[str, FilmSpec]]:
    """Recipe key and spec of every film of a slice, by order key; as `wanted_posters`."""
    look = look_of(docket.kit)
    storyboards = equipment.templates_digest.storyboards
    campaign = docket.campaign

    def entry(order: Order, copy: Copy, vendors: frozenset[str]) -> tuple[str, FilmSpec] | None:
        spec = film_spec(order, copy, docket.kit, "", campaign.film)
        if spec is None:
            return None
        served = used_by_film(vendors, spec) | vendors_of_copy(copy)
        label = label_of_medium(campaign.labels, served, order.locale, Medium.FILM)
        spec = dataclasses.replace(spec, ai_label=label)
        by = {name: kind_of(name, vendors) for name in ("voice", "music")}
        # The clip's bytes are left out of the key: asking for them may cost money.
        by |= {"video": way_of_clip(campaign, order)} if wants_clip(vendors, spec) else {}
        by |= {"transcription": VENDOR} if hears(docket) else {}
        return film_key(spec, look, storyboards, by), spec

    wanted = {}
    for order, copy in copies:
        found = refresher.settle(order, partial(entry, order, copy))
        if found is not None:
            wanted[order.key] = found
    return wanted


def _labels_without_clip(
    docket: Docket,
    copies: Sequence[Written],
    wanted: Mapping[str, tuple[str, FilmSpec]],
    refresher: Refresher,
) -> dict[str, str]:
    """Recipe key → the AI label of its film where the clip that was made for it does not serve."""
    labels = {}
    for order, copy in copies:
        if order.key in wanted:
            key, spec = wanted[order.key]
            served = used_by_film(refresher.vendors, spec) - {"video"} | vendors_of_copy(copy)
            named = docket.campaign.labels
            labels[key] = label_of_medium(named, served, order.locale, Medium.FILM)
    return labels


def used_by_film(vendors: Collection[str], spec: FilmSpec) -> frozenset[str]:
    """Those of `vendors` that make a part of a film: not of what is brought or never said."""
    own = {
        "video": not wants_clip(vendors, spec),
        "music": bool(spec.music),
        "voice": not (spec.said or spec.speech),
    }
    return frozenset(name for name in vendors if not own.get(name))


def prepare_film(
    equipment: Equipment, spec: FilmSpec, folder: Path, row: str, *, listen: bool = False
) -> FilmAsk:
    """Voice, storyboard and music of one film, ready to be cut.

    With `listen`, a voice without word times is listened to.

    Raises:
        StepEnded: the voice or the music was not made.
    """
    from handbill.rendering.films import plan_film  # noqa: PLC0415 - loads the film room

    spoken, speech_usd_micros = equipment.loop.run(_speak_all(equipment, spec, row))
    found: tuple[Finding, ...] = ()
    if listen:
        spoken, found, cost = equipment.loop.run(heard_all(equipment, spoken, spec.locale, row))
        speech_usd_micros += cost
    board = plan_film(spec, spoken)
    bed, licence, music_usd_micros = _bed(equipment, spec, board, row)
    folder.mkdir()
    return FilmAsk(
        spec=spec,
        board=board,
        spoken=spoken,
        music_wav=bed,
        folder=folder,
        sound_usd_micros=speech_usd_micros + music_usd_micros,
        music_licence=licence,
        remarks=(*found, *_shorter(spec, board)),
    )


def _shorter(spec: FilmSpec, board: Storyboard) -> tuple[Finding, ...]:
    """That a film is shorter than its campaign asked for, though its placement would take it."""
    wished_s = min(spec.length_s, spec.canvas.max_s or spec.length_s)
    if board.duration_ms >= 1000 * wished_s - 1:
        return ()
    message = (
        f"{board.duration_ms / 1000:.1f} s instead of {wished_s:g}: the row has no more to show. "
        "Give it pictures, benefits or a description, or ask for shorter films"
    )
    return (
        Finding(code="film.shorter", severity=Severity.WARN, message=message, field="film.mp4"),
    )


def cut_film_files(ask: FilmAsk) -> FilmResult:
    """Cut one film and decode it whole; runs in a cutting process."""
    from handbill.checking import check_playing  # noqa: PLC0415 - plans check nothing
    from handbill.rendering.films import cut_film  # noqa: PLC0415 - loads Skia

    report_frames(0)  # ends here when the run was stopped while this film waited its turn
    result = cut_film(
        ask.spec, ask.board, ask.spoken, ask.music_wav, ask.folder, tell=report_frames
    )
    report_frames(0)
    found = check_playing(Path(result.film), ask.spec.canvas, length_s=result.duration_s)
    report_frames(0)  # a decoder that was stopped has told nothing about the film
    return dataclasses.replace(result, findings=result.findings + ask.remarks + found)


def book_film(
    equipment: Equipment,
    key: str,
    result: FilmResult,
    made_by: Mapping[str, Sequence[str]] = NOBODY_ELSE,
    licence: str = "",
    modes: Mapping[str, str] = NO_MODES,
) -> None:
    """Keep a film and its companions under its recipe key; `made_by` as in `book_poster`.

    Args:
        equipment: its store takes the files.
        key: of the recipe.
        result: the film's files.
        made_by: who else made parts of it.
        licence: terms of its music.
        modes: capability → how that was made.
    """
    named = (
        (result.film, "film", "video/mp4", Medium.FILM),
        (result.cover, "cover", "image/jpeg", Medium.IMAGE),
        (result.srt, "captions", "application/x-subrip", Medium.CAPTIONS),
        (result.vtt, "captions", "text/vtt", Medium.CAPTIONS),
        (result.voice, "voice", "", Medium.SOUND),
    )
    files = [
        _kept(equipment, Path(path), stem, mime, medium, result)
        for path, stem, mime, medium in named
        if path
    ]
    record = {
        "files": plain([_licensed(file, licence) for file in files]),
        "loudness_lufs": result.loudness_lufs,
        "storyboard": result.storyboard,
        "findings": plain(result.findings),
        "made_by": plain(made_by),
        "modes": plain(modes),
        "vendors": sorted(made_by),
    }
    equipment.store.book(key, record)


def _licensed(file: StoredFile, licence: str) -> StoredFile:
    return dataclasses.replace(file, licence=licence) if file.medium is Medium.FILM else file


_SOUND_MIMES = {".mp3": "audio/mpeg", ".wav": "audio/wav", ".m4a": "audio/mp4"}


def _kept(
    equipment: Equipment,
    path: Path,
    stem: str,
    mime: str,
    medium: Medium,
    result: FilmResult,
) -> StoredFile:
    seen = medium in {Medium.FILM, Medium.IMAGE}
    return StoredFile(
        name=f"{stem}{path.suffix}",
        sha256=equipment.store.put_file(path, adopt=True),
        size_bytes=path.stat().st_size,
        mime=mime or _SOUND_MIMES[path.suffix],
        medium=medium,
        width_px=result.width_px if seen else 0,
        height_px=result.height_px if seen else 0,
        duration_s=result.duration_s if medium is Medium.FILM else 0.0,
        cover_at_s=result.cover_at_s if medium is Medium.FILM else 0.0,
    )


async def _speak_all(
    equipment: Equipment, spec: FilmSpec, row: str
) -> tuple[tuple[SpokenLine, ...], int]:
    """The spoken lines, and what they cost in micro-dollars."""
    handle = equipment.handle("voice")
    asks = (speech_request(spec.kit, spec.locale, text) for text in spec.said or spec.speech)
    results = await asyncio.gather(*(speak(equipment.calls, handle, ask, row=row) for ask in asks))
    answers = [_answer(result) for result in results]
    lines = tuple(
        SpokenLine(text=text, wav=answer.wav, words=answer.words)
        for text, answer in zip(spec.speech, answers, strict=True)
    )
    return lines, sum(result.cost_usd_micros for result in results)


def _bed(
    equipment: Equipment, spec: FilmSpec, board: Storyboard, row: str
) -> tuple[bytes, str, int]:
    """The film's music as WAV bytes, its licence, and what it cost in micro-dollars."""
    if spec.music:
        from handbill.rendering.sound.own_music import own_bed  # noqa: PLC0415 - loads NumPy

        try:
            part_s = (spec.music_from_s, spec.music_to_s)
            bed = own_bed(Path(spec.music), part_s, board.duration_ms)
        except RenderError as fault:
            raise StepEnded(Status.FAILED, str(fault)) from fault
        return bed, spec.music_licence or _OWN_MUSIC, 0
    music = equipment.loop.run(_compose(equipment, spec, board, row))
    answer = _answer(music)
    return answer.wav, answer.licence, music.cost_usd_micros


async def _compose(
    equipment: Equipment, spec: FilmSpec, board: Storyboard, row: str
) -> CallResult[MusicAnswer]:
    request = MusicRequest(
        mood=board.music.mood,
        duration_ms=board.duration_ms,
        bpm=board.music.bpm,
        seed=spec.seed,
        accents_ms=board.music.accents_ms,
    )
    return await compose(equipment.calls, equipment.handle("music"), request, row=row)


def _answer(result: CallResult[AnswerT]) -> AnswerT:
    if result.answer is None:
        raise StepEnded(result.status, result.message, result.cost_usd_micros, result.cause)
    return result.answer
