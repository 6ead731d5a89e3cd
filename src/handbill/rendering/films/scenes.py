"""A shot on its canvas: actors painted into frames, without painting twice what stands still."""

from __future__ import annotations

from handbill.rendering.films.actors import Actor
from handbill.rendering.films.painting import paint
from handbill.rendering.films.planes import Frame, Pose, new_frame


class Scene:
    """The actors of one shot, from back to front.

    Most of them stand still most of the time, so the painted picture of the lowest ones that did
    not move since the frame before is kept and copied instead of painted again.
    """

    def __init__(self, actors: list[Actor], width_px: int, height_px: int) -> None:
        self._actors = actors
        playing = [place for place, actor in enumerate(actors) if actor.footage]
        self._before_footage = playing[0] if playing else len(actors)
        self._kept = new_frame(width_px, height_px)
        self._kept_poses: tuple[Pose, ...] = ()
        self._last_poses: tuple[Pose, ...] = ()
        self._asked: tuple[float | None, tuple[Pose, ...]] = (None, ())

    def paint(self, frame: Frame, time_s: float) -> None:
        """Paint the moment `time_s` of the shot over all of `frame`."""
        poses = self.poses(time_s)
        still = min(_common(poses, self._last_poses), self._before_footage)
        if still and self._kept_poses != poses[:still]:
            self._keep(poses[:still])
        if not still:
            frame.copy_from(new_frame(*frame.size_px))
        else:
            frame.copy_from(self._kept)
        for actor, pose in zip(self._actors[still:], poses[still:], strict=True):
            sprite = actor.footage.sprite_at(max(0.0, time_s)) if actor.footage else actor.sprite
            paint(frame, sprite, actor.at, pose)
        self._last_poses = poses

    def poses(self, time_s: float) -> tuple[Pose, ...]:
        """How all actors stand at a moment of the shot, from back to front."""
        if self._asked[0] != time_s:
            self._asked = time_s, tuple(actor.motion.pose(time_s) for actor in self._actors)
        return self._asked[1]

    def _keep(self, poses: tuple[Pose, ...]) -> None:
        """Paint the lowest actors into the kept picture, on top of what it already holds."""
        ready = len(self._kept_poses) if self._kept_poses == poses[: len(self._kept_poses)] else 0
        if not ready:
            self._kept.copy_from(new_frame(*self._kept.size_px))
        for actor, pose in zip(self._actors[ready : len(poses)], poses[ready:], strict=True):
            paint(self._kept, actor.sprite, actor.at, pose)
        self._kept_poses = poses


def _common(one: tuple[Pose, ...], other: tuple[Pose, ...]) -> int:
    """How many poses at the front are the same."""
    count = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        count += 1
    return count
