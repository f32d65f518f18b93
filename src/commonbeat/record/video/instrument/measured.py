"""Everything that the instrument says of a clip, as small frozen values: tables, page and draft are made from these alone.

A person is a number within this clip. Nothing here is a score of a person: what is said of one person is where they were and
how well they were followed; movement and smiling are of a pair or of everybody. Times are seconds on the clip's own clock.
Distances are in body heights, in the plane of the picture. None stands for what was not measured; the reason stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from commonbeat.record.video.observed import ClipFacts

JOINED, LEFT, CLOSER, SWAP, CUT, UNSTEADY = "joined", "left", "came closer", "swap suspected", "cut", "camera unclear"
HAPPENINGS: Final = (JOINED, LEFT, CLOSER, SWAP, CUT, UNSTEADY)

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Chance:
    """A value beside its null: low, middle and high are what the same measure gives where nobody can have met.

    p_adjusted: for the number of pairs; p_least: the smallest p that a track of that length allows, None where that is not known.
    """

    value: float
    low: float
    middle: float
    high: float
    p: float
    p_adjusted: float | None = None
    p_least: float | None = None

    @property
    def outside(self) -> bool:
        """Whether the value lies above all but a few of its null."""
        return self.value > self.high


@dataclass(frozen=True, slots=True)
class Lag:
    """By how many seconds the second person of a pair follows the first; negative: the first follows.

    period: where movement repeats, the lag is known up to whole numbers of so many seconds; None where it does not.
    """

    seconds: float
    low: float
    high: float
    period: float | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One person who was followed: from when to when, in which share of those frames found, and how tall in the picture."""

    number: int
    first_s: float
    last_s: float
    coverage: float
    height_px: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people: how long both were seen, how near, whether turned toward each other, and whether they moved together.

    near: spans in which they were within reach of a group; together_spans: windows above the null band, of pairs
    whose whole value is above it. without_beat: the value once the music's beat is taken out;
    locking, wavelets: phase locking and mean squared wavelet coherence, told beside and not tested.
    """

    first: int
    second: int
    both_s: float
    distance: float | None
    distance_low: float | None
    distance_high: float | None
    near: tuple[Span, ...]
    depth_unclear: float
    facing: float | None
    facing_coverage: float
    joint_s: float
    together: Chance | None
    without_beat: Chance | None
    lag: Lag | None
    together_spans: tuple[Span, ...]
    why_not: str = ""
    locking: Chance | None = None
    wavelets: Chance | None = None

    @property
    def near_s(self) -> float:
        """For how many seconds they were near each other."""
        return sum(end - start for start, end in self.near)

    @property
    def near_share(self) -> float:
        """In which share of the time when both were seen they were near each other."""
        return min(1.0, self.near_s / self.both_s) if self.both_s > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened at a time: its kind (one of HAPPENINGS), the people in it, and how sure that is.

    amount: for `came closer`, the body heights by which the first of `people` moved toward the second, None where nobody can tell
    who moved, and amount_sd its standard deviation by the jitter of keypoints; uncertainty_s: half-width of the time; doubt: why it may not have
    happened at all, which stands in `words` too.
    """

    kind: str
    start_s: float
    end_s: float
    people: tuple[int, ...]
    uncertainty_s: float
    words: str
    amount: float | None = None
    amount_sd: float | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class GroupMeasure:
    """One measure of everybody at once, beside its null where it has one."""

    name: str
    meaning: str
    chance: Chance | None
    why_not: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """Where people stood: one row per analysed frame and person, from the first to the last frame in which each was found.

    times: (rows,) seconds; person: (rows,) numbers; across, down: (rows,) place of the hips, camera motion taken out, in median body heights of all in the
    clip from the corner of the first picture, NaN where not found; height: (rows,) own height as a share of that median; found:
    (rows,) whether the pose was found in that frame; passage: (rows,) of the camera, -1 where its motion is unknown: places compare
    within one passage. body_height_px: the median itself.
    """

    times: NDArray[np.float64]
    person: NDArray[np.int32]
    across: NDArray[np.float32]
    down: NDArray[np.float32]
    height: NDArray[np.float32]
    found: NDArray[np.bool_]
    passage: NDArray[np.int32]
    body_height_px: float


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """The group along the clip, once a second: how many people were seen, and how much they moved in all.

    times: (n,) start of each second; people: (n,) mean number of people seen; energy: (n,) mean movement of those seen, in
    body heights a second, NaN where it is unknown or fewer than two were seen; coverage: (n,) share of frames that were analysed and steady.
    """

    times: NDArray[np.float64]
    people: NDArray[np.float64]
    energy: NDArray[np.float64]
    coverage: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """The sound along the clip: loudness, what it consists of, and its beat.

    times: (n,) start of each step; loudness: (n,) in LUFS, relative to full scale and no sound pressure; kinds: (n,) words,
    speech, music, both, neither or cannot tell. Shares are of the sounding time, with an interval where one is known.
    """

    times: NDArray[np.float64]
    loudness: NDArray[np.float64]
    kinds: tuple[str, ...]
    speech: float | None
    music: float | None
    unclear: float | None
    tempo_bpm: float | None
    tempo_low: float | None
    tempo_high: float | None
    tempo_words: str
    beats: NDArray[np.float64]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Smiling:
    """Visible smiling of everybody together: the share of measurable face-time, and how much of all face-time that was.

    share is None when too little could be measured; `why_not` says why, also when consent does not reach so far.
    """

    share: float | None
    low: float | None
    high: float | None
    measurable_s: float
    face_s: float
    why_not: str = ""

    @property
    def coverage(self) -> float:
        """The measurable share of the time that people were seen."""
        return self.measurable_s / self.face_s if self.face_s > 0 else 0.0


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """One obscured picture of the clip as JPEG, and what it shows in words."""

    time_s: float
    jpeg: bytes
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A whole clip: what was measured, how well, and what was not and why.

    span: the analysed part; rate: frames analysed per second of it; not_measured: (what, why).
    """

    facts: ClipFacts
    span: Span
    rate: float
    frames: int
    people: tuple[Person, ...]
    pairs: tuple[Pair, ...]
    happenings: tuple[Happening, ...]
    groups: tuple[tuple[Span, tuple[int, ...]], ...]
    measures: tuple[GroupMeasure, ...]
    beat: GroupMeasure
    positions: Positions
    moments: Moments
    sound: Sound | None
    smiling: Smiling
    key_frames: tuple[KeyFrame, ...]
    pictures_why_not: str
    not_measured: tuple[tuple[str, str], ...]
    cautions: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """How long the analysed part is."""
        return self.span[1] - self.span[0]

    def of(self, *kinds: str) -> tuple[Happening, ...]:
        """What happened of these kinds, in order of time."""
        return tuple(each for each in self.happenings if each.kind in kinds)
