"""The plan of a film: shots on a time line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One scene.

    Attributes:
        role: ``hook``, ``product``, ``benefits``, ``offer`` or ``end_card``, or another role that
            the storyboard file names.
        start_ms, end_ms: on the film's time line, end exclusive; shots touch without gaps.
        layout: name of the shot's composition.
        motion: name of the camera or layer move.
        transition: how it enters: ``cut``, ``wipe``, ``slide``, ``zoom``, ``dissolve``.
        texts: words shown, in order of appearance.
        speech: indexes of the spoken lines that are heard in it.
    """

    role: str
    start_ms: int
    end_ms: int
    layout: str
    motion: str
    transition: str
    texts: tuple[str, ...] = ()
    speech: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicCue:
    """What music a film wants; see `providers.ports.MusicRequest`."""

    mood: str
    bpm: int
    accents_ms: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Storyboard:
    """A film as a list of shots.

    Attributes:
        name: of the storyboard file it was made from.
        duration_ms: equal to the last shot's end.
        speech_at_ms: start of each spoken line on the time line; -1 for a line that is not heard
            because the film would become too long.
        templates_digest: of the files that it was planned from, so that a film's key changes when
            a designer edits them.
    """

    name: str
    duration_ms: int
    shots: tuple[Shot, ...]
    music: MusicCue
    speech_at_ms: tuple[int, ...] = ()
    templates_digest: str = ""
