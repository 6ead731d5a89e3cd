"""What is done to poor footage while it is decoded: grain, light, colour, softness.

Only what is measured to be poor is touched, and never by more than a careful hand would: colours
are balanced where that lets greys appear, contrast is spread where the picture has little.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from handbill.rendering.films.planes import Plane

Colours = npt.NDArray[np.float64]

_GRAINY = {"mend": 5.0, "restore": 2.6}  # levels of 255
_TILE_PX, _CALMEST = 16, 25
_FINE_SHARE = 1.3  # of soft grain, for what of it is as fine as that
_SHARPEN = "unsharp=5:5:0.8:3:3:0"
_SOFT = 1.15  # pixels of the canvas for one of the clip
_NARROW = 0.58  # of all levels, between the darkest and the brightest hundredth
_DIM, _BURNT = 0.22, 0.8
_WISHED = 0.4  # where the middle of a dim picture goes
_MOST_GAIN, _GAMMAS = 1.6, (0.6, 1.35)
_CAST, _MOST_BALANCE, _STRENGTH = 1.07, 1.3, 0.8  # evening light stays a little warm
_GREY, _LEAST_GREY, _MORE_GREY = 0.1, 0.06, 1.5
_MOST_SEEN, _LEAST_SEEN = 60_000, 100
_ROUNDS, _PALE = 3, 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """What ffmpeg does besides decoding.

    Attributes:
        first: filters on the clip's own pixels, or empty.
        colours: filters on red, green and blue at the stored size, or empty.
        last: filters on the stored picture, or empty.
        told: what it comes to, in words.
    """

    first: str = ""
    colours: str = ""
    last: str = ""
    told: tuple[str, ...] = ()


AS_IT_IS = Mending()


def plan_mending(
    pairs: list[tuple[Plane, Plane]],
    pictures: list[npt.NDArray[np.uint8]],
    enlarged: float,
    care: str,
) -> Mending:
    """What a stretch needs.

    Args:
        pairs: some of its pictures, each with one soon after, luma alone.
        pictures: the first ones of them, BGR.
        enlarged: pixels of the canvas for one of the clip.
        care: ``mend`` takes grain out, ``restore`` does all, ``as_is`` nothing.
    """
    if care == "as_is":
        return AS_IT_IS
    noise = float(np.median([grain_of(*pair) for pair in pairs]))
    grainy = noise > _GRAINY[care]
    told = ["cleaned of grain"] if grainy else []
    colours, said = ("", []) if care == "mend" else _plan_colours(pictures)
    soft = care == "restore" and enlarged > _SOFT
    if soft:
        told.append("sharpened after enlarging")
    return Mending(
        first=_denoise(noise) if grainy else "",
        colours=colours,
        last=_SHARPEN if soft else "",
        told=(*told, *said),
    )


def grain_of(luma: Plane, later: Plane) -> float:
    """Standard deviation of a picture's grain, in levels of 255.

    Grain is what is there in smooth places, and another in a picture soon after. Either can be
    something else alone: texture that stays, or movement. Grain of cameras is soft, so it is not
    told by its sharpness.
    """
    level = _tiles(luma.astype(np.float32)).mean(axis=1)
    usable = (level > 24) & (level < 232)  # what is clipped shows no grain
    if usable.mean() < 0.1:
        return 0.0
    now, after = _fine(luma), _fine(later)
    rough, changed = _tiles(now).std(axis=1), _tiles(after - now).std(axis=1) / np.sqrt(2)
    return _FINE_SHARE * float(
        min(np.percentile(part[usable], _CALMEST) for part in (rough, changed))
    )


def _fine(luma: Plane) -> npt.NDArray[np.float32]:
    """What differs from the nearest surroundings."""
    levels = luma.astype(np.float32)
    fine: npt.NDArray[np.float32] = levels - cv2.GaussianBlur(levels, (0, 0), 1.2)
    return fine


def _tiles(picture: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The picture's squares of 16 pixels, one a row."""
    high, wide = (side // _TILE_PX * _TILE_PX for side in picture.shape)
    parts = picture[:high, :wide].reshape(high // _TILE_PX, _TILE_PX, -1, _TILE_PX)
    return parts.swapaxes(1, 2).reshape(-1, _TILE_PX * _TILE_PX)


def _denoise(noise: float) -> str:
    """Averages over place, and over time where little moves (hqdn3d).

    The strength leaves a third to two fifths of the error against the scene without grain. A
    purely temporal filter leaves less on still scenes, and specks on faces that move.
    """
    place = min(26.0, max(5.0, 2.3 * noise))
    return f"hqdn3d={place:.1f}:{0.75 * place:.1f}:{1.5 * place:.1f}:{1.1 * place:.1f}"


def _plan_colours(pictures: list[npt.NDArray[np.uint8]]) -> tuple[str, list[str]]:
    seen = _seen(pictures)
    balance = _balance(seen)
    told = ["balanced in colour"] if balance.max() > balance.min() else []
    low, span, gamma = _levels(seen * balance)
    if (span, gamma) != (1.0, 1.0):
        told.append("brightened" if gamma < 1 else "given contrast")
    if not told:
        return "", []
    curves = (
        f"{name}=255*pow(clip((val/255*{factor:.4f}-{low:.4f})/{span:.4f}\\,0\\,1)\\,{gamma:.4f})"
        for name, factor in zip("bgr", balance, strict=True)
    )
    return "format=gbrp,lutrgb=" + ":".join(curves), told


def _seen(pictures: list[npt.NDArray[np.uint8]]) -> Colours:
    """Some pixels of all pictures, 0 to 1, shaped (n, 3)."""
    pixels = np.concatenate([picture.reshape(-1, 3) for picture in pictures])
    return pixels[:: max(1, len(pixels) // _MOST_SEEN)] / 255.0


def _balance(seen: Colours) -> Colours:
    """Factors of blue, green and red that take a cast of the light away; ones where none is sure.

    The light's colour is told by shades of grey (Finlayson and Trezzi, 2004), then by those places
    alone that come out nearly grey. It is believed only where its removal makes things grey: a red
    wall stays red.
    """
    lit = seen[(seen.max(axis=1) < 0.98) & (seen.max(axis=1) > 0.08)]
    none = np.ones(3)
    if len(lit) < _LEAST_SEEN:
        return none
    light = np.mean(lit**6, axis=0) ** (1 / 6)
    for _ in range(_ROUNDS):
        pale = lit[_colourful(lit / light) < _PALE]
        light = pale.mean(axis=0) if len(pale) > _LEAST_SEEN else light
    if light.max() / light.min() < _CAST:
        return none
    factors = np.clip(light.mean() / light, 1 / _MOST_BALANCE, _MOST_BALANCE)
    after = _share_of_grey(lit * factors)
    surely = after > max(_LEAST_GREY, _MORE_GREY * _share_of_grey(lit))
    return factors**_STRENGTH if surely else none


def _colourful(seen: Colours) -> Colours:
    """How far from grey, 0 to 1."""
    most = seen.max(axis=1)
    distance: Colours = (most - seen.min(axis=1)) / np.maximum(most, 1e-6)
    return distance


def _share_of_grey(seen: Colours) -> float:
    return float(np.mean(_colourful(seen) < _GREY))


def _levels(seen: Colours) -> tuple[float, float, float]:
    """What becomes black, how much from there to white, and the bend in between."""
    light = seen @ np.array([0.0722, 0.7152, 0.2126])
    low, middle, high = (float(value) for value in np.percentile(light, (1, 50, 99)))
    start, span = 0.0, 1.0
    if high - low < _NARROW:
        span = max((high - low) / 0.92, 1 / _MOST_GAIN)
        start = max(0.0, min(low - 0.02, 1 - span))
    placed = min(0.99, max(0.01, (middle - start) / span))
    if _DIM <= placed <= _BURNT:
        return start, span, 1.0
    wished = _WISHED if placed < _DIM else _BURNT - 0.1
    gamma = float(np.clip(np.log(wished) / np.log(placed), *_GAMMAS))
    return start, span, gamma
