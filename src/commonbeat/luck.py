"""Addressed luck: every draw belongs to (seed, decision, whom or what), never to a place in a sequence.

A counter-based hash turns an address into 64 random bits, so a draw depends neither on how many draws came
before it, nor on threads, nor on the order of rows; and two arms of a run that ask the same question get the
same answer. The mixer is the finaliser of SplitMix64 (Steele, Lea & Flood 2014, doi 10.1145/2660193.2660195),
chained once per part of the address.

    key(seed, decision) -> at(key, a) -> at(key, b) -> uniform(key) in [0, 1)

The scalars are Numba functions for kernels. `uniforms` and `normals` are their NumPy twins for arrays.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import njit, uint64
from scipy.special import ndtri

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# One number per question that luck answers. Numbers are never reused: a new question takes the next one, so
# that adding it leaves every earlier draw as it was.
PARAMETER = 1
LUCK_SEED = 2
SOCIETY = 3
STOP_COUNT = 10
STOP_PLACE = 11
STOP_RACE = 12
STOP_HOME = 13
STOP_PERSON = 14
STOP_HOUR = 15
STOP_KEEP = 16
STOP_FILMED = 17
CONTACT_PERSON = 20
CONTACT_HOUR = 21
CONTACT_COUNT = 22
MOMENT_PLACE = 30
MOMENT_CHILD = 31
MOMENT_BYSTANDER = 32
MOMENT_OFFICER = 33
TIE_FORMS = 40
TELL = 41
POSTER = 50
APPEAL = 51
FEED = 52
SHARE = 53
SHARE_DELAY = 54
OUTLET_FEED = 55
OUTLET_PICKUP = 56
OUTLET_DELAY = 57
OUTLET_CHOICE = 58
INSPIRE = 60
CASCADE = 70
REASSIGN = 80
SIGN = 81
CLIP_INFECTIOUSNESS = 90
CLIP_SHARES = 91
CLIP_FOLLOWERS = 92
FIT_BANK = 95
FIT_LUCK = 96
FIT_PRIOR = 97
FIT_PICK = 98
FIT_CHECK = 99
SCREENING = 120
SCREENING_LUCK = 121
INDICES = 122
INDICES_LUCK = 123
DRAWN_AGAIN = 124

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_ONE = np.uint64(0xBF58476D1CE4E5B9)
_MIX_TWO = np.uint64(0x94D049BB133111EB)
_TO_UNIT = 1.0 / 9007199254740992.0  # 2**-53: the top 53 bits fill a double exactly


@njit(uint64(uint64), cache=True, inline="never")
def mix(bits: int) -> int:
    """64 bits in which each bit of the input moves each bit of the output with chance one half."""
    bits = (bits ^ (bits >> uint64(30))) * _MIX_ONE
    bits = (bits ^ (bits >> uint64(27))) * _MIX_TWO
    return bits ^ (bits >> uint64(31))


@njit(uint64(uint64, uint64), cache=True)
def at(key: int, part: int) -> int:
    """The key one step further down the address: a question about `part` under `key`."""
    return mix(key ^ mix(part + _GOLDEN))


@njit(uint64(uint64, uint64), cache=True)
def toss(key: int, hashed: int) -> int:
    """The same bits as `at(key, part)` when `hashed` is `hashed_parts(part)`: one hash per coin in a hot loop."""
    return mix(key ^ hashed)


@njit(uint64(uint64, uint64), cache=True)
def key(seed: int, decision: int) -> int:
    """The key of one decision in one run."""
    return at(mix(seed + _GOLDEN), decision)


@njit("float64(uint64)", cache=True)
def uniform(bits: int) -> float:
    """A number in [0, 1) with 53 random bits."""
    return np.float64(bits >> uint64(11)) * _TO_UNIT


@njit("uint64(float64)", cache=True)
def threshold(chance: float) -> int:
    """The whole number below which `bits >> 11` lies exactly when uniform(bits) < chance."""
    return np.uint64(math.ceil(chance * 9007199254740992.0))


def _mix(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    bits = (bits ^ (bits >> np.uint64(30))) * _MIX_ONE
    bits = (bits ^ (bits >> np.uint64(27))) * _MIX_TWO
    return bits ^ (bits >> np.uint64(31))


def _parts(values: ArrayLike) -> NDArray[np.uint64]:
    return (
        np.asarray(values).astype(np.int64).view(np.uint64)
        if not isinstance(values, int)
        else np.array(values & 0xFFFFFFFFFFFFFFFF, dtype=np.uint64)
    )


def hashed_parts(parts: ArrayLike) -> NDArray[np.uint64]:
    """The inner hash of each part of an address, made once for parts that many coins share, such as ids."""
    with np.errstate(over="ignore"):
        return _mix(_parts(parts) + _GOLDEN)


def keys(seed: int, decision: int, *parts: ArrayLike) -> NDArray[np.uint64]:
    """The 64 bits at an address, for whole arrays of addresses; parts broadcast against each other.

    Equals `at(... at(key(seed, decision), a) ..., b)` of the scalars, bit for bit.
    """
    with np.errstate(over="ignore"):
        bits = _mix(_parts(int(seed)) + _GOLDEN)
        for part in (int(decision), *parts):
            bits = _mix(bits ^ _mix(_parts(part) + _GOLDEN))
    return bits


def address(seed: int, decision: int, *parts: int) -> np.uint64:
    """The key at one address, as kernels take it."""
    # The scalars, bit for bit as `keys`: a clip asks for seven addresses, and arrays of one number cost five times as much.
    bits = key(_scalar(seed), _scalar(decision))
    for part in parts:
        bits = at(np.uint64(bits), _scalar(part))
    return np.uint64(bits)


def _scalar(part: int) -> np.uint64:
    return np.uint64(int(part) & 0xFFFFFFFFFFFFFFFF)


def uniforms(seed: int, decision: int, *parts: ArrayLike) -> NDArray[np.float64]:
    """Numbers in [0, 1), one per address."""
    return (keys(seed, decision, *parts) >> np.uint64(11)).astype(np.float64) * _TO_UNIT


def normals(seed: int, decision: int, *parts: ArrayLike) -> NDArray[np.float64]:
    """Standard normal numbers, one per address, by the inverse of the distribution function."""
    return ndtri(uniforms(seed, decision, *parts) + 0.5 * _TO_UNIT)
