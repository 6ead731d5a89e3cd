"""Where everything of one poster goes: marks at the edges, stacks in the body, the badge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handbill.domain.copy import DisplayText
from handbill.rendering.posters.badges import badge_height
from handbill.rendering.posters.frames import Area, Frames
from handbill.rendering.posters.layouts import BadgeSlot, Composition
from handbill.rendering.posters.marks import Mark
from handbill.rendering.posters.pens import Setting
from handbill.rendering.posters.stacks import SolvedStack, solve_stack

_BELOW_HEADER = 6.5
_ABOVE_FOOTER = 3.5
_STEPS = tuple(step / 6 for step in range(-9, 10))
# Ways to move a badge, in shares of its size, nearest first.
_SHIFTS = sorted(
    ((x, y) for x in _STEPS for y in _STEPS),
    key=lambda shift: (round(shift[0] ** 2 + shift[1] ** 2, 6), shift),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedMark:
    """A mark with the top left corner where it is drawn."""

    mark: Mark
    left: float
    top: float

    @property
    def area(self) -> Area:
        """What it covers."""
        return Area(
            self.left, self.top, self.left + self.mark.width_px, self.top + self.mark.height_px
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """Marks in header and footer, and the body that they leave."""

    placed: tuple[PlacedMark, ...]
    body: Area


def arrange_marks(
    frames: Frames, setting: Setting, logo_place: str, marks: dict[str, Mark]
) -> Margins:
    """Logo, label and legal line along the upper and lower edge of the safe area."""
    top: list[tuple[Mark, str]] = []
    bottom: list[tuple[Mark, str]] = []
    edge, side = logo_place.split("-")
    (top if edge == "top" else bottom).append((marks["logo"], side))
    if "label" in marks:
        upper = edge == "bottom" or _share_row(frames, setting, marks, side)
        corner = "end" if side != "end" or edge == "bottom" else "start"
        (top if upper else bottom).append((marks["label"], corner))
    if "code" in marks:
        bottom.append((marks["code"], "start" if any(at == "end" for _, at in bottom) else "end"))
    if "legal" in marks:
        bottom.append((marks["legal"], "start"))
    placed = [*_band(frames.safe, setting, top, upper=True)]
    foot = [*_band(frames.safe, setting, bottom, upper=False)]
    head_px = max((spot.area.bottom for spot in placed), default=frames.safe.top)
    foot_px = min((spot.area.top for spot in foot), default=frames.safe.bottom)
    body = Area(
        frames.safe.left,
        head_px + (setting.step(_BELOW_HEADER) if placed else 0),
        frames.safe.right,
        foot_px - (setting.step(_ABOVE_FOOTER) if foot else 0),
    )
    return Margins(placed=(*placed, *foot), body=body)


def legal_room(frames: Frames, setting: Setting, logo_place: str, marks: dict[str, Mark]) -> float:
    """Width left for the legal line beside whatever else stands in the footer, in pixels."""
    edge, side = logo_place.split("-")
    beside = [marks["logo"]] if edge == "bottom" else []
    if "label" in marks and edge == "top" and not _share_row(frames, setting, marks, side):
        beside.append(marks["label"])
    beside += [marks["code"]] if "code" in marks else []
    taken = sum(mark.width_px + setting.step(4) for mark in beside)
    return frames.safe.width - taken


def solve_stacks(
    composition: Composition, areas: Sequence[Area], display: DisplayText, setting: Setting
) -> list[SolvedStack]:
    """Every stack of a composition, fitted into its area."""
    return [
        solve_stack(stack, area, display, setting)
        for stack, area in zip(composition.stacks, areas, strict=True)
    ]


def picture_area(
    slot_area: Area, taken: Sequence[Area], setting: Setting, aspect: float, *, sides: bool
) -> Area:
    """What text leaves of a picture's slot for a picture of `aspect`, snapped to a grid."""
    free = slot_area
    for area in taken:
        free = free.clear_of(area, setting.step(3), aspect, sides=sides)
    return free.snapped(setting.step(2))


def badge_area(
    slot: BadgeSlot,
    frames: Frames,
    wanted: tuple[float, float],
    taken: Sequence[Area],
    core: Area | None,
) -> Area | None:
    """The badge's box near the point `wanted`, moved and made smaller until it is free.

    It stays inside the safe area and off every area of `taken`; it hides the picture's `core` only
    where there is no other way. None when nowhere is free.
    """
    for share in (1.0, 0.66, 0.0) if core is not None else (0.0,):
        heart = [_shrunk(core, share)] if core is not None and share else []
        for shrink in (1.0, 0.88, 0.76) if share else (1.0, 0.86, 0.72, 0.6):
            size = slot.size * frames.short * shrink
            spot = _free_spot(slot, frames, wanted, (*taken, *heart), size)
            if spot is not None:
                return spot
    return None


def _shrunk(area: Area, share: float) -> Area:
    """The middle `share` of an area, in width and height."""
    wide, high = area.width * (1 - share) / 2, area.height * (1 - share) / 2
    return Area(area.left + wide, area.top + high, area.right - wide, area.bottom - high)


def _free_spot(
    slot: BadgeSlot,
    frames: Frames,
    wanted: tuple[float, float],
    walls: Sequence[Area],
    size: float,
) -> Area | None:
    half, tall = size / 2, badge_height(slot.style, size) / 2
    for shift_x, shift_y in _SHIFTS:
        x = _within(wanted[0] + shift_x * size, frames.safe.left, frames.safe.right, half)
        y = _within(wanted[1] + shift_y * size, frames.safe.top, frames.safe.bottom, tall)
        spot = Area(x - half, y - tall, x + half, y + tall)
        if not any(spot.inset(-0.04 * size).overlaps(wall) for wall in walls):
            return spot
    return None


def _within(value: float, low: float, high: float, half: float) -> float:
    return min(max(value, low + half), high - half)


def _share_row(frames: Frames, setting: Setting, marks: dict[str, Mark], logo_side: str) -> bool:
    """Whether logo and label fit side by side into the header."""
    if logo_side == "centre":
        return False
    both = marks["logo"].width_px + marks["label"].width_px + setting.step(5)
    return both <= frames.safe.width


def _band(
    safe: Area, setting: Setting, marks: Sequence[tuple[Mark, str]], *, upper: bool
) -> Iterator[PlacedMark]:
    """Marks along one edge, one after the other from either side."""
    if not marks:
        return
    tall = max(mark.height_px for mark, _ in marks)
    inset = {"start": 0.0, "centre": 0.0, "end": 0.0}
    for mark, side in marks:
        free = safe.width - mark.width_px
        at_left = (side == "start") != setting.rtl
        left = {True: inset[side], False: free - inset[side]}[at_left]
        left = free / 2 if side == "centre" else left
        inset[side] += mark.width_px + setting.step(4)
        middle = safe.top + (tall - mark.height_px) / 2
        top = middle if upper else safe.bottom - mark.height_px
        yield PlacedMark(mark=mark, left=safe.left + left, top=top)
