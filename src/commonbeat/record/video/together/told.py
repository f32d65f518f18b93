"""What is said of movements together: always a value beside its null, never a person's score."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

LEAST_JOINT_S: Final = 30.0
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Beside:
    """A value and its null: 5th, 50th and 95th percentile of the same measure where nobody can have met.

    p: the share of the null that is at least as high, by the rule of `chance.beside`; null: which null was the widest;
    p_least: the smallest p that so few moves allow.
    """

    name: str
    value: float
    null_low: float
    null_middle: float
    null_high: float
    p: float
    null: str
    p_least: float | None = None


@dataclass(frozen=True, slots=True)
class PairSynchrony:
    """Two people's movements together.

    joint_seconds: time for which both are known; tested_seconds: the length of the segments that are compared, which value
    and null share. coherence: the measure that is tested; others: further measures beside their nulls, told and not tested.
    whole: the coherence over all joint time, without a null. lag_s: by how much the second follows the first (negative: the
    first follows), with an interval; lag_period_s: where movement repeats, the lag is known up to this period. None where
    nothing is told. spans: (start, end) in seconds, windows above the null's 95th percentile of windows.
    without_beat: the coherence of what is left when the music's beat is taken out. why_not: why nothing is told.
    """

    joint_seconds: float
    tested_seconds: float = 0.0
    coherence: Beside | None = None
    whole: float | None = None
    others: tuple[Beside, ...] = ()
    lag_s: float | None = None
    lag_low_s: float | None = None
    lag_high_s: float | None = None
    lag_period_s: float | None = None
    spans: tuple[Span, ...] = field(default=())
    without_beat: Beside | None = None
    p_holm: float | None = None
    q_benjamini_hochberg: float | None = None
    same_music: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class GroupSynchrony:
    """Everybody's movements together: people, how many of those followed are in it; cluster_phase: the tested measure."""

    people: int
    joint_seconds: float
    tested_seconds: float = 0.0
    cluster_phase: Beside | None = None
    others: tuple[Beside, ...] = ()
    without_beat: Beside | None = None
    same_music: bool = False
    why_not: str = ""


def too_short(joint_seconds: float) -> str:
    """The sentence for a joint track that is too short to be compared with chance."""
    return f"not measurable: {joint_seconds:.0f} s of {LEAST_JOINT_S:.0f} s"
