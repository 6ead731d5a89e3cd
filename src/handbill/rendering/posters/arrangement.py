"""Where everything of one poster goes: marks at the edges, stacks in the body, the badge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from handbill.domain.copy import DisplayText
from handbill.rendering.posters.badges import badge_height
from handbill.rendering.posters.frames import Area, Frames
from handbill.rendering.posters.layouts import BadgeSlot, Composition
from handbill.rendering.posters.marks import Mark
from handbill.rendering.posters.pens import Setting
from handbill.rendering.posters.stacks import SolvedStack, solve_stack

_BELOW_HEADER = 6.5
_ABOVE_FOOTER = 3.5
# On long low canvases every line of height counts.
_LOW_CANVAS = 0.55
_COLUMN_GAP = 5.0
# How far a badge keeps from words, in shares of its size.
_CLEARANCE = 0.075
_STEPS = tuple(step / 6 for step in range(-9, 10))
_FAR_STEPS = tuple(step / 2 for step in range(-6, 7))
# Ways to move a badge, in shares of its size, nearest first.
_SHIFTS = np.array(
    sorted(
        {(x, y) for steps in (_STEPS, _FAR_STEPS) for x in steps for y in steps},
        key=lambda shift: (round(shift[0] ** 2 + shift[1] ** 2, 6), shift),
    )
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

    @property
    def roles(self) -> frozenset[str]:
        """The marks that there are."""
        return frozenset(spot.mark.role for spot in self.placed)


def arrange_marks(
    frames: Frames, setting: Setting, logo_place: str, marks: dict[str, Mark]
) -> Margins:
    """Logo, label and legal line along the edges of the safe area."""
    top: list[tuple[Mark, str]] = []
    bottom: list[tuple[Mark, str]] = []
    edge, side = logo_place.split("-")
    room: Area = frames.safe
    beside: tuple[PlacedMark, ...] = ()
    if edge == "middle":
        room, beside = _column(frames.safe, setting, marks, side)
    else:
        (top if edge == "top" else bottom).append((marks["logo"], side))
    if "label" in marks and edge != "middle":
        upper = edge == "bottom" or _share_row(frames, setting, marks, side)
        corner = "end" if side != "end" or edge == "bottom" else "start"
        (top if upper else bottom).append((marks["label"], corner))
    if "code" in marks:
        bottom.append((marks["code"], "start" if any(at == "end" for _, at in bottom) else "end"))
    if "legal" in marks:
        bottom.append((marks["legal"], "start"))
    head = tuple(_band(room, setting, top, upper=True))
    foot = tuple(_band(room, setting, bottom, upper=False))
    head_px = max((spot.area.bottom for spot in head), default=room.top)
    foot_px = min((spot.area.top for spot in foot), default=room.bottom)
    low = _LOW_CANVAS if room.width > 2.6 * room.height else 1.0
    body = Area(
        room.left,
        head_px + (setting.step(_BELOW_HEADER) * low if head else 0),
        room.right,
        foot_px - (setting.step(_ABOVE_FOOTER) * low if foot else 0),
    )
    return Margins(placed=(*beside, *head, *foot), body=body)


def _column(
    safe: Area, setting: Setting, marks: dict[str, Mark], side: str
) -> tuple[Area, tuple[PlacedMark, ...]]:
    """The logo, the label under it, in a column beside the text; and the room that they leave."""
    stacked = [marks[role] for role in ("logo", "label") if role in marks]
    gap, wide = setting.step(2), max(mark.width_px for mark in stacked)
    tall = sum(mark.height_px for mark in stacked) + gap * (len(stacked) - 1)
    at_left = (side == "start") != setting.rtl
    placed = []
    top = safe.top + (safe.height - tall) / 2
    for mark in stacked:
        left = safe.left if at_left else safe.right - mark.width_px
        placed.append(PlacedMark(mark=mark, left=left, top=top))
        top += mark.height_px + gap
    taken = wide + setting.step(_COLUMN_GAP)
    room = Area(
        safe.left + (taken if at_left else 0.0),
        safe.top,
        safe.right - (0.0 if at_left else taken),
        safe.bottom,
    )
    return room, tuple(placed)


def legal_room(
    frames: Frames,
    setting: Setting,
    logo_place: str,
    marks: dict[str, Mark],
    tiles: Sequence[Area] = (),
) -> float:
    """Width left for the legal line beside whatever else stands in the footer, in pixels.

    It ends before the next edge of a tile, so that no line runs from one picture to another.
    """
    edge, side = logo_place.split("-")
    if edge == "middle":
        room, _ = _column(frames.safe, setting, marks, side)
        return _until_edge(room, tiles, setting)
    beside = [marks["logo"]] if edge == "bottom" else []
    if "label" in marks and edge == "top" and not _share_row(frames, setting, marks, side):
        beside.append(marks["label"])
    beside += [marks["code"]] if "code" in marks else []
    taken = sum(mark.width_px + setting.step(4) for mark in beside)
    return min(frames.safe.width - taken, _until_edge(frames.safe, tiles, setting))


def _until_edge(room: Area, tiles: Sequence[Area], setting: Setting) -> float:
    """Width from where the footer of `room` starts to the next edge of a tile."""
    gap = setting.step(3)
    band = Area(room.left, room.bottom - setting.step(8), room.right, room.bottom)
    low = [tile for tile in tiles if tile.overlaps(band)]
    if setting.rtl:
        edges = [edge + gap for tile in low for edge in (tile.left, tile.right)]
        return room.right - max([edge for edge in edges if edge < room.right], default=room.left)
    edges = [edge - gap for tile in low for edge in (tile.left, tile.right)]
    return min([edge for edge in edges if edge > room.left], default=room.right) - room.left


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
    gap = setting.step(3)
    walls = [area.inset(-gap) for area in taken]
    return _largest_free(slot_area, walls, aspect, sides=sides).snapped(setting.step(2))


def _largest_free(area: Area, walls: Sequence[Area], aspect: float, *, sides: bool) -> Area:
    """The part of `area` free of all `walls` in which a picture of `aspect` stands largest.

    Cuts at one wall after the other and follows every cut that may still lead to a larger part.
    """
    best, best_px = Area(area.left, area.top, area.left, area.top), 0.0
    open_parts = [(area, 0)]
    while open_parts:
        part, first = open_parts.pop()
        wide_px = min(part.width, part.height * aspect)
        if wide_px <= best_px:
            continue
        hit = next((i for i in range(first, len(walls)) if part.overlaps(walls[i])), None)
        if hit is None:
            best, best_px = part, wide_px
            continue
        cuts = part.parts_beside(walls[hit], sides=sides)
        open_parts += [(cut, hit + 1) for cut in reversed(cuts)]
    return best


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
    safe, gap = frames.safe, _CLEARANCE * size
    x = _within(wanted[0] + _SHIFTS[:, 0] * size, safe.left, safe.right, half)
    y = _within(wanted[1] + _SHIFTS[:, 1] * size, safe.top, safe.bottom, tall)
    free = np.ones(len(_SHIFTS), bool)
    for wall in walls:
        free &= (
            (x + half + gap <= wall.left)
            | (x - half - gap >= wall.right)
            | (y + tall + gap <= wall.top)
            | (y - tall - gap >= wall.bottom)
        )
    if not free.any():
        return None
    near = int(free.argmax())
    left, top = float(x[near]), float(y[near])
    return Area(left - half, top - tall, left + half, top + tall)


def _within(
    values: npt.NDArray[np.float64], low: float, high: float, half: float
) -> npt.NDArray[np.float64]:
    return np.minimum(np.maximum(values, low + half), high - half)


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
