"""What a clip may cost: pixels, length, memory, processor time and patience."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds within which a clip is read; beyond one of them it is refused, and nothing of it is used.

    pixels: of one picture, 4K cinema by default, so that 8K is refused. longest_s: of the clip. frames: in all, which
    is what a bomb of millions of empty frames meets. memory_bytes: address space of the process that decodes.
    processor_s: processor time from one answer of that process to the next. patience_s: the same on the wall's clock.
    """

    pixels: int = 4096 * 2304
    longest_s: float = 6 * 3600.0
    frames: int = 6 * 3600 * 120
    memory_bytes: int = 3 << 30
    processor_s: int = 120
    patience_s: float = 300.0
