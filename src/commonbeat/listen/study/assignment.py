"""Which arm somebody is drawn to: permuted blocks of random sizes, addressed by a secret.

Position p of a stratum lies in one block. The sizes of blocks and the order of arms inside one are read off HMAC-SHA-256 (RFC 2104; FIPS 198-1) of
(stratum, block) under the secret, so an arm needs no state but the position, cannot be drawn anew, and tells nothing of the next to whoever
lacks the secret. Each whole block holds every arm in the proportion of its share. Random sizes keep somebody who sees the arms of a
block from knowing its last one (Schulz & Grimes 2002, doi 10.1016/S0140-6736(02)07683-3).
"""

from __future__ import annotations

import hmac
import json
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from commonbeat.listen.study.answers import Answer
    from commonbeat.listen.study.parts import Arm

SIZES_AT_ONCE: Final = 8  # sizes of blocks that are read off one hash, four bytes each


def mixed(secret: bytes, seed: int) -> bytes:
    """The 32 bytes that draw the arms: the store's secret, with the seed of the study's file under it."""
    return hmac.digest(secret, _address("study", seed), "sha256")


def arm_at(seed: bytes, stratum: str, position: int, arms: Sequence[Arm], block_sizes: Sequence[int]) -> str:
    """The name of the arm of whoever comes to a stratum as number `position`, counted from 0.

    Every whole block holds each arm exactly share times its size over the sum of shares. Raises ValueError for a negative position, or for
    sizes that are no multiples of the sum of shares.
    """
    total = sum(arm.share for arm in arms)
    if position < 0 or not total or not block_sizes or any(size % total or size < 1 for size in block_sizes):
        msg = f"position {position}, block sizes {tuple(block_sizes)} and the sum of shares {total} do not go together"
        raise ValueError(msg)
    block, first, size = _block_of(seed, stratum, position, block_sizes)
    slots = [arm.name for arm in arms for _ in range(arm.share * (size // total))]
    order = sorted(range(size), key=lambda slot: hmac.digest(seed, _address("order", stratum, block, slot), "sha256"))
    return slots[order[position - first]]


def block_at(seed: bytes, stratum: str, position: int, block_sizes: Sequence[int]) -> int:
    """The number of the block, counted from 0, in which position `position` of a stratum lies: within it arms could have changed places."""
    return _block_of(seed, stratum, position, block_sizes)[0]


def stratum_of(block_by: Iterable[str], audience: str, answers: Mapping[str, Answer]) -> str:
    """The stratum of somebody, from what they are and answered: "adult", "adult; stopped=1", "adult; stopped=skipped"."""
    parts = [audience]
    for item in block_by:
        answer = answers.get(item)
        given = answer is not None and not answer.skipped and answer.value is not None
        parts.append(f"{item}={answer.value:g}" if given and answer and answer.value is not None else f"{item}=skipped")
    return "; ".join(parts)


def _block_of(seed: bytes, stratum: str, position: int, block_sizes: Sequence[int]) -> tuple[int, int, int]:
    """(number, first position, size) of the block in which a position lies."""
    return _walk(seed, stratum, tuple(block_sizes)).to(position)


@dataclass(slots=True)
class _Walk:
    """How far the blocks of a stratum have been walked; a function of its address, kept because a study of 100,000 asks as often."""

    seed: bytes
    stratum: str
    block_sizes: tuple[int, ...]
    ends: list[int] = field(default_factory=list)
    going: Lock = field(default_factory=Lock)

    def to(self, position: int) -> tuple[int, int, int]:
        with self.going:  # one thread at a time makes the list longer
            while not self.ends or self.ends[-1] <= position:
                self._further()
            block = bisect_right(self.ends, position)
            first = self.ends[block - 1] if block else 0
            return block, first, self.ends[block] - first

    def _further(self) -> None:
        """The next eight blocks are known; four bytes make the sizes' chances differ by less than one in 10**8."""
        bits = hmac.digest(self.seed, _address("sizes", self.stratum, len(self.ends) // SIZES_AT_ONCE), "sha256")
        for place in range(0, 4 * SIZES_AT_ONCE, 4):
            size = self.block_sizes[int.from_bytes(bits[place : place + 4], "big") % len(self.block_sizes)]
            self.ends.append((self.ends[-1] if self.ends else 0) + size)


@lru_cache(maxsize=256)
def _walk(seed: bytes, stratum: str, block_sizes: tuple[int, ...]) -> _Walk:
    return _Walk(seed, stratum, block_sizes)


def _address(*parts: str | int) -> bytes:
    """The parts as bytes that no other parts have."""
    return json.dumps(parts, ensure_ascii=True).encode("ascii")
