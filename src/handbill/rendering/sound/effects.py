"""Small sounds at cuts and pops: made by arithmetic, the same bytes for the same seed.

Each is a mono float32 sound at 48 000 Hz whose moment of impact is at `lead_s` after its start.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Sound = npt.NDArray[np.float32]

RATE_HZ = 48_000
LEADS_S = {"whoosh": 0.28, "pop": 0.0, "hit": 0.0, "riser": 0.9}


def make_effect(name: str, seed: int) -> Sound:
    """The effect `name`, one of `LEADS_S`."""
    return EFFECTS[name](np.random.default_rng([seed, len(name), ord(name[0])]))


def _whoosh(noise: np.random.Generator) -> Sound:
    """Air that sweeps past: noise through a band that climbs and falls."""
    time = _time(0.62)
    peak = LEADS_S["whoosh"]
    shape = np.where(time < peak, (time / peak) ** 2.2, np.exp(-(time - peak) * 11.0))
    centre_hz = 500.0 + 2_400.0 * np.exp(-(((time - peak) / 0.16) ** 2))
    return _finish(0.5 * shape * _swept(noise, time, centre_hz))


def _pop(noise: np.random.Generator) -> Sound:
    """A drop of water: a short rising tone."""
    del noise
    time = _time(0.16)
    pitch_hz = 420.0 + 900.0 * time / 0.16
    tone = np.sin(2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ) * np.exp(-time * 30.0)
    return _finish(0.55 * tone)


def _hit(noise: np.random.Generator) -> Sound:
    """A soft low impact."""
    time = _time(0.7)
    pitch_hz = 42.0 + 70.0 * np.exp(-time * 22.0)
    body = np.sin(2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ) * np.exp(-time * 6.5)
    dust = noise.standard_normal(time.size) * np.exp(-time * 60.0) * 0.12
    return _finish(0.8 * (body + dust))


def _riser(noise: np.random.Generator) -> Sound:
    """Air that climbs towards the moment and stops there."""
    lead = LEADS_S["riser"]
    time = _time(lead + 0.08)
    shape = np.where(time < lead, (time / lead) ** 3, np.maximum(0.0, 1 - (time - lead) / 0.08))
    centre_hz = 300.0 + 4_200.0 * (np.minimum(time, lead) / lead) ** 2
    return _finish(0.4 * shape * _swept(noise, time, centre_hz))


def _swept(
    noise: np.random.Generator,
    time: npt.NDArray[np.float64],
    centre_hz: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """Noise that sounds like `centre_hz`: slow random swings on a carrier of that pitch."""
    slow = np.arange(0, time.size + 64, 48)
    swings = [
        np.interp(np.arange(time.size), slow, noise.standard_normal(slow.size)) for _ in "ab"
    ]
    turn = 2 * np.pi * np.cumsum(centre_hz) / RATE_HZ
    swept: npt.NDArray[np.float64] = swings[0] * np.cos(turn) + swings[1] * np.sin(turn)
    return swept


def _time(length_s: float) -> npt.NDArray[np.float64]:
    return np.arange(round(length_s * RATE_HZ)) / RATE_HZ


def _finish(sound: npt.NDArray[np.float64]) -> Sound:
    sound[:48] *= np.linspace(0.0, 1.0, 48)
    sound[-240:] *= np.linspace(1.0, 0.0, 240)
    return sound.astype(np.float32)


EFFECTS: dict[str, Callable[[np.random.Generator], Sound]] = {
    "whoosh": _whoosh,
    "pop": _pop,
    "hit": _hit,
    "riser": _riser,
}
