"""Where on a poster a picture comes to lie: its spot in the slot that the words leave."""

from __future__ import annotations

from collections.abc import Sequence

from handbill.rendering.pictures import HEADROOM, MAX_ENLARGEMENT, LoadedPicture, crop_of
from handbill.rendering.posters.frames import Area
from handbill.rendering.posters.layouts import PictureSlot

# Scrims under which a photo too small for its slot may fade out, and the least part it must fill.
FREE_END = ("bottom", "start", "melt", "card")
# Scrims whose words stand at the foot of the photo.
AT_FOOT = ("bottom", "card")
_LEAST_BLEED = 0.4
# A photo that reaches one edge to the other may be enlarged a little more.
_MOST_BLED = 1.6
# A photo so much wider than its slot has its subject at half height, where words stand: it keeps
# to the upper part and fades into the ground.
_WIDER, _ABOVE_WORDS = 1.15, 0.7
# Wider than this over its height an arch looks squashed: a wide photo is cropped to it.
_WIDEST_ARCH = 1.1
# A photo that fills less of its slot than this gets a white margin: a share of its shorter side.
_LOST, _MAT = 0.3, 0.09
# It is small where it would have to be enlarged so many times more than it bears.
_MOST_LOST = 1.5
# Words above this share of a cover are no headline: a logo stands there.
_UPPER = 0.35


def picture_spot(picture: LoadedPicture, slot: PictureSlot, area: Area, *, mirrored: bool) -> Area:
    """The area that `picture` will cover in the slot's `area`."""
    if picture.kind == "cutout":
        return _cutout_spot(picture, slot, area, mirrored=mirrored)
    wide = slot.scrim == "bottom" and picture.aspect > _WIDER * area.width / area.height
    if slot.fit == "cover" and not wide and enlargement(picture, area) <= MAX_ENLARGEMENT:
        return area
    if slot.fit == "cover" and slot.scrim in FREE_END:
        bled = _bled(picture, slot, area, mirrored=mirrored)
        if bled.width * bled.height >= _LEAST_BLEED * area.width * area.height:
            return bled
    framed = _framed_area(picture, slot, area)
    if slot.fit != "contain" or not _is_lost(framed, area):
        return framed
    x, y = anchor_of(slot, mirrored=mirrored)
    left = area.left + (area.width - framed.width) * x
    top = area.top + (area.height - framed.height) * y
    return Area(left, top, left + framed.width, top + framed.height)


def _cutout_spot(picture: LoadedPicture, slot: PictureSlot, area: Area, *, mirrored: bool) -> Area:
    if slot.fit == "cover":
        return area
    if slot.fit == "mask":
        side = min(area.width, area.height)
        return _centred(area, side, side) if slot.mask == "circle" else area
    return fitted(picture, area, anchor_of(slot, mirrored=mirrored))


def _is_lost(spot: Area, area: Area) -> bool:
    """Whether a photo fills little of its slot."""
    return spot.width * spot.height < _LOST * area.width * area.height


def lifted(picture: LoadedPicture, slot: PictureSlot, spot: Area, words: Sequence[Area]) -> Area:
    """The spot of a scene that fills the page behind words, ending higher where that helps.

    The scene loses what is empty above the product, so that the product rises above the words.
    """
    subject = subject_area(picture, slot, spot)
    if subject is None or not is_cover(slot):
        return spot
    middle = spot.top + _UPPER * spot.height
    below = (area.top for area in words if area.bottom > middle)
    over = (
        area.bottom
        for area in words
        if area.bottom <= middle and area.left < subject.right and area.right > subject.left
    )
    ceiling = max((spot.top + HEADROOM * spot.height, *over))
    lift = max(0.0, min(subject.top - ceiling, subject.bottom - min(below, default=spot.bottom)))
    return Area(spot.left, spot.top, spot.right, spot.bottom - lift)


def is_cover(slot: PictureSlot) -> bool:
    """Whether words stand on the lower part of the picture."""
    return slot.fit == "cover" and slot.scrim == "bottom"


def subject_area(picture: LoadedPicture, slot: PictureSlot, spot: Area) -> Area | None:
    """Where the product of a scene comes to stand when the scene covers `spot`; None if untold.

    It may reach out of `spot`, where the crop cuts it.
    """
    if not picture.subject:
        return None
    left, top, wide, high = crop_of(
        picture, round(spot.width), round(spot.height), high=is_cover(slot)
    )
    one, two, three, four = picture.subject
    across, down = picture.width_px, picture.height_px
    box = (one * across - left, two * down - top, three * across - left, four * down - top)
    return spot.part((box[0] / wide, box[1] / high, box[2] / wide, box[3] / high))


def anchor_of(slot: PictureSlot, *, mirrored: bool) -> tuple[float, float]:
    """Where in the slot a smaller picture stands, x and y from 0 to 1."""
    return 1 - slot.anchor[0] if mirrored else slot.anchor[0], slot.anchor[1]


def fitted(picture: LoadedPicture, area: Area, anchor: tuple[float, ...]) -> Area:
    """`picture` whole inside `area`, never enlarged beyond what its pixels bear."""
    factor = min(area.width / picture.width_px, area.height / picture.height_px)
    factor = min(factor, MAX_ENLARGEMENT)
    width, height = picture.width_px * factor, picture.height_px * factor
    left = area.left + (area.width - width) * anchor[0]
    top = area.top + (area.height - height) * anchor[1]
    return Area(left, top, left + width, top + height)


def _framed_area(picture: LoadedPicture, slot: PictureSlot, area: Area) -> Area:
    """The slot's box, brought nearer to the photo's own proportions and to its size in pixels."""
    aspect = picture.aspect
    if slot.mask == "circle":
        side = min(
            area.width, area.height, MAX_ENLARGEMENT * min(picture.width_px, picture.height_px)
        )
        return _centred(area, side, side)
    wanted = min(max(area.width / area.height, aspect / 1.4), aspect * 1.4)
    if enlargement(picture, area) > _MOST_LOST * MAX_ENLARGEMENT:
        wanted = aspect  # a small print shows all that there is
    if slot.mask == "arch":
        wanted = min(wanted, _WIDEST_ARCH)
    width = min(area.width, area.height * wanted)
    width = min(width, MAX_ENLARGEMENT * min(picture.width_px, picture.height_px * wanted))
    framed = _centred(area, width, width / wanted)
    if slot.mask != "rect" or not _is_lost(framed, area):
        return framed
    return framed.inset(-_MAT * min(width, framed.height))


def inside_mat(picture: LoadedPicture, area: Area) -> Area:
    """Where in `area` the photo itself lies; a small one has a white margin like a print."""
    most = MAX_ENLARGEMENT * max(picture.width_px, picture.height_px)
    if max(area.width, area.height) <= most + 1:
        return area
    return area.inset(_MAT / (1 + 2 * _MAT) * min(area.width, area.height))


def _bled(picture: LoadedPicture, slot: PictureSlot, area: Area, *, mirrored: bool) -> Area:
    """As much of `area` as the photo's pixels fill, from the edges where no text stands."""
    most = MAX_ENLARGEMENT
    if slot.scrim not in AT_FOOT and area.height <= _MOST_BLED * picture.height_px:
        most = max(most, area.height / picture.height_px)
    wide, high = (
        min(area.width, most * picture.width_px),
        min(area.height, most * picture.height_px),
    )
    if slot.scrim not in AT_FOOT:
        left = area.left if mirrored else area.right - wide
        return Area(left, area.top, left + wide, area.top + high)
    if picture.aspect > _WIDER * area.width / area.height:
        high = min(high, _ABOVE_WORDS * area.height)
    left = area.left + (area.width - wide) / 2
    return Area(left, area.top, left + wide, area.top + high)


def _centred(area: Area, width: float, height: float) -> Area:
    left = area.left + (area.width - width) / 2
    top = area.top + (area.height - height) / 2
    return Area(left, top, left + width, top + height)


def enlargement(picture: LoadedPicture, area: Area) -> float:
    """How many times `picture` is enlarged to fill `area`; below 1 where it is reduced."""
    return max(area.width / picture.width_px, area.height / picture.height_px)
