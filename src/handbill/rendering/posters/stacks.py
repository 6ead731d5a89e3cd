"""Stacks of text: what fits, how large, what leaves first when room is short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from handbill.domain.copy import DisplayText
from handbill.rendering.posters.frames import Area
from handbill.rendering.posters.layouts import Stack
from handbill.rendering.posters.pens import Setting
from handbill.rendering.posters.pieces import Ask, Piece, make_piece

# Who stays longest when a stack is too full. The rest leave in this order, lowest first.
PRIORITY = {
    "rule": 5,
    "quote": 10,
    "kicker": 40,
    "benefits": 50,
    "subhead": 55,
    "deadline": 65,
    "address": 70,
    "cta": 85,
    "price": 90,
    "badge": 92,
    "tag": 88,
    "legal": 95,
    "headline": 100,
}
MUST_STAY = 60
_SPRING = "spring"
# Room between neighbours, in steps of the 8-unit grid, by the upper one's role.
_GAP_BELOW = {
    "kicker": 3.0,
    "rule": 4.0,
    "quote": 0.5,
    "headline": 4.5,
    "badge": 3.5,
    "tag": 3.0,
    "subhead": 5.0,
    "benefits": 5.5,
    "price": 4.5,
    "deadline": 4.0,
    "address": 4.0,
    "cta": 4.0,
}
_SCALES = (1.0, 0.9, 0.8)
_PRICE_SCALES = (1.0, 0.8, 0.64, 0.52)
# The share of its largest size that the headline must keep before something else leaves.
_COMFORT = {1.0: 0.52, 0.9: 0.46, 0.8: 0.42}
# In units: what is larger than this counts as this large, so that display sizes push nothing out.
_LARGE = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPiece:
    """A piece with the top left corner where it is drawn."""

    piece: Piece
    left: float
    top: float

    @property
    def area(self) -> Area:
        """What it covers."""
        return Area(
            self.left, self.top, self.left + self.piece.width_px, self.top + self.piece.height_px
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedStack:
    """A stack that fits: pieces in place, and roles that had to leave."""

    placed: tuple[PlacedPiece, ...]
    left_out: tuple[str, ...] = ()
    card: Area | None = None


Row = tuple[Piece, ...]


def solve_stack(stack: Stack, area: Area, display: DisplayText, setting: Setting) -> SolvedStack:
    """Fit the stack's content into `area`: shrink first, then let the least important leave."""
    content = [role for role in _roles(stack) if _has(display, role)]
    pad = setting.step(5) if stack.card else 0.0
    inner = area.inset(pad)
    for kept, benefits in _ways(content):
        bare = all(PRIORITY[role] > MUST_STAY for role in kept)
        for scale, price in _scales(kept):
            sizes = (scale, price)
            rows = _rows(stack, kept, (display, setting), (inner, sizes, benefits, bare))
            if rows is not None:
                placed = tuple(_place(stack, rows, inner, setting))
                return SolvedStack(
                    placed=placed,
                    left_out=tuple(role for role in content if role not in kept),
                    card=_card(placed, area, pad) if stack.card and placed else None,
                )
    return _last_resort(stack, inner, content, display, setting)


def _scales(kept: Sequence[str]) -> Iterator[tuple[float, float]]:
    """Ever smaller scales of everything, and of a display price before the rest."""
    prices = _PRICE_SCALES if "price" in kept else _PRICE_SCALES[:1]
    yield from ((_SCALES[0], price) for price in prices)
    yield from ((scale, prices[-1]) for scale in _SCALES[1:])


def _last_resort(
    stack: Stack, inner: Area, content: list[str], display: DisplayText, setting: Setting
) -> SolvedStack:
    """A headline that fits no other way, cut; without a headline, nothing."""
    if "headline" not in content:
        return SolvedStack(placed=(), left_out=tuple(content))
    room = (inner, (_SCALES[-1], _PRICE_SCALES[-1]), 0, True)
    for kept, _ in _ways([role for role in content if PRIORITY[role] > MUST_STAY]):
        rows = _rows(stack, kept, (display, setting), room, cut=True)
        if rows is not None:
            placed = tuple(_place(stack, rows, inner, setting))
            return SolvedStack(
                placed=placed, left_out=tuple(role for role in content if role not in kept)
            )
    return SolvedStack(placed=(), left_out=tuple(content))


def _card(placed: Sequence[PlacedPiece], area: Area, pad: float) -> Area:
    """The card under a stack: as wide as its area, as high as its content."""
    top = min(spot.area.top for spot in placed)
    bottom = max(spot.area.bottom for spot in placed)
    return Area(area.left, top - pad, area.right, bottom + pad)


def _roles(stack: Stack) -> list[str]:
    return [role for token in stack.flow for role in token.split("|") if role != _SPRING]


def _has(display: DisplayText, role: str) -> bool:
    return role in {"rule", "quote"} or bool(getattr(display, "badge" if role == "tag" else role))


def _ways(content: list[str]) -> Iterator[tuple[list[str], int]]:
    """Ever smaller selections: all, then fewer benefits, then without the least important."""
    kept = list(content)
    yield kept, 4
    while kept:
        lowest = min(kept, key=lambda role: PRIORITY[role])
        if lowest == "benefits":
            yield kept, 3
            yield kept, 2
        if len(kept) == 1:
            return
        kept = [role for role in kept if role != lowest]
        yield kept, 4


def _rows(
    stack: Stack,
    kept: list[str],
    content: tuple[DisplayText, Setting],
    room: tuple[Area, tuple[float, float], int, bool],
    *,
    cut: bool = False,
) -> list[Row] | None:
    """Rows of pieces whose heights fit, the headline as large as is left for it; None if not.

    Where the offer itself stands in the stack, it takes the headline's part.
    """
    display, setting = content
    area, sizes, benefits, final = room
    ask = Ask(
        width_px=area.width,
        scale=sizes[0],
        price_scale=sizes[1],
        align=stack.align,
        on=stack.on,
        benefits=benefits,
        cut=cut,
    )
    elastic = "badge" if "badge" in kept else "headline"
    rows: list[Row | None] = []
    for token in stack.flow:
        roles = [role for role in token.split("|") if role in kept]
        if not roles:
            continue
        if roles == [elastic]:
            rows.append(None)
            continue
        made = _row(roles, display, setting, ask)
        if made is None:
            return None
        rows += made
    return _with_elastic(rows, elastic, (display, setting), (ask, area.height, final))


def _row(roles: list[str], display: DisplayText, setting: Setting, ask: Ask) -> list[Row] | None:
    """Pieces side by side where they fit, else below each other."""
    pieces = [make_piece(role, display, setting, ask) for role in roles]
    if any(piece is None for piece in pieces):
        return None
    made = [piece for piece in pieces if piece is not None]
    gap = setting.step(4)
    if sum(piece.width_px for piece in made) + gap * (len(made) - 1) <= ask.width_px:
        return [tuple(made)]
    return [(piece,) for piece in made]


def _with_elastic(
    rows: list[Row | None],
    elastic: str,
    content: tuple[DisplayText, Setting],
    room: tuple[Ask, float, bool],
) -> list[Row] | None:
    """The row that is None filled with the elastic role, as large as the rest leaves room for."""
    display, setting = content
    ask, height, final = room
    others = [row for row in rows if row is not None]
    names = [elastic if row is None else row[0].role for row in rows]
    used = sum(_row_height(row) for row in others)
    used += sum(_gap(name, setting, ask.scale) for name in names[:-1])
    if None not in rows:
        return others if used <= height + 0.5 else None
    left = replace(ask, height_px=height - used)
    if left.height_px <= 0:
        return None
    piece = make_piece(elastic, display, setting, left)
    comfort = min(setting.sizes(elastic, 1.0)[1], _LARGE * setting.unit) * _COMFORT[ask.scale]
    if piece is None or (not final and piece.size_px < comfort):
        return None
    return [(piece,) if row is None else row for row in rows]


def _place(stack: Stack, rows: list[Row], area: Area, setting: Setting) -> Iterator[PlacedPiece]:
    """Rows from top to bottom; springs and vertical alignment share the free height."""
    gaps = [_gap(row[0].role, setting, 1.0) for row in rows]
    heights = [_row_height(row) for row in rows]
    fixed = sum(heights)
    most = area.height - fixed
    squeeze = min(1.0, most / max(1e-6, sum(gaps[:-1])))
    gaps = [gap * squeeze for gap in gaps]
    free = max(0.0, most - sum(gaps[:-1]))
    springs = _spring_places(stack, rows)
    top = area.top
    if not springs:
        top += free * {"top": 0.0, "middle": 0.5, "bottom": 1.0}[stack.valign]
    for index, (row, height) in enumerate(zip(rows, heights, strict=True)):
        if index in springs:
            top += free / len(springs)
        yield from _place_row(stack, row, (area, top, height), setting)
        top += height + gaps[index]


def _spring_places(stack: Stack, rows: list[Row]) -> set[int]:
    """Indexes of the rows before which a spring stands."""
    placed: set[int] = set()
    roles = [{piece.role for piece in row} for row in rows]
    after_spring = False
    for token in stack.flow:
        if token == _SPRING:
            after_spring = True
            continue
        found = [i for i, names in enumerate(roles) if names & set(token.split("|"))]
        if found and after_spring:
            placed.add(found[0])
            after_spring = False
    return placed - {0} if len(rows) > 1 else placed


def _place_row(
    stack: Stack, row: Row, spot: tuple[Area, float, float], setting: Setting
) -> Iterator[PlacedPiece]:
    area, top, height = spot
    if len(row) == 1:
        piece = row[0]
        yield PlacedPiece(piece=piece, left=_left(stack, piece, area, setting), top=top)
        return
    ordered = row[::-1] if setting.rtl else row
    free = area.width - sum(piece.width_px for piece in ordered)
    left, gap = area.left, free / (len(ordered) - 1)
    if stack.align == "centre":
        gap = setting.step(5)
        left += (free - gap * (len(ordered) - 1)) / 2
    elif stack.align == "end":
        gap = min(gap, setting.step(5))
        left += 0.0 if setting.rtl else free - gap * (len(ordered) - 1)
    for piece in ordered:
        yield PlacedPiece(piece=piece, left=left, top=top + (height - piece.height_px) / 2)
        left += piece.width_px + gap


def _left(stack: Stack, piece: Piece, area: Area, setting: Setting) -> float:
    free = area.width - piece.width_px
    if stack.align == "centre":
        return area.left + free / 2
    at_right = (stack.align == "end") != setting.rtl
    return area.left + (free if at_right else 0.0)


def _row_height(row: Row) -> float:
    return max(piece.height_px for piece in row)


def _gap(role: str, setting: Setting, scale: float) -> float:
    return min(setting.step(_GAP_BELOW.get(role, 3.0)) * scale, setting.gap_px)
