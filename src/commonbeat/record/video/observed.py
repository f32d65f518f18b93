"""What passes between the parts of the instrument: frames, the poses in a frame, and a person's track.

Positions are pixels of the decoded picture, x to the right and y down, in the orientation in which a person sees the
clip. Times are seconds on the clip's own clock, so that a variable frame rate needs no special care anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEYPOINTS: Final = (
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What a clip says of itself, checked against what was decoded from it.

    width and height are as displayed, after rotation; seconds and frame_rate are measured on the frames' own times.
    sha256 is of the file. notes: what a reader should know, such as a length that the file states wrongly.
    """

    name: str
    sha256: str
    seconds: float
    frames: int
    frame_rate: float
    variable_rate: bool
    width: int
    height: int
    rotation: int
    has_sound: bool
    sound_rate: int
    codec: str
    bits: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One decoded picture: (height, width, 3) uint8 RGB as displayed, its place in the clip and its time in seconds."""

    index: int
    time_s: float
    picture: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """Everybody whom the pose model found in one frame.

    keypoints: (people, 17, 3) float32, x and y in pixels and a score from 0 to 1, in the order of KEYPOINTS;
    boxes: (people, 4) float32, left, top, right, bottom in pixels; scores: (people,) float32.
    """

    index: int
    time_s: float
    keypoints: NDArray[np.float32]
    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One person over the analysed frames from `start` on; a number within this clip, and nobody's identity.

    keypoints: (length, 17, 3) float32 as in Poses, NaN where the person was not found; left and right of the body stay
    with the same limbs where the pose model took them for each other. steady: (length, 17, 2)
    float32, the same positions with the camera's own motion taken out, NaN where that motion could not be measured;
    they compare within one passage of the camera. height_px: (length,) float32, the height of
    the body standing upright, smoothed over time, NaN where unknown. start counts analysed frames.
    """

    number: int
    start: int
    keypoints: NDArray[np.float32]
    steady: NDArray[np.float32]
    height_px: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """How the camera itself moved, as far as the background shows it.

    A pixel z = x + iy of frame t stands at turn[t] * z + shift[t] in the steady picture of its passage; turn and shift
    are (frames,) complex128, and abs(turn) says by how much the steady picture is larger. passage: (frames,) int32;
    steady positions compare within one passage only, and -1 marks frames in which the camera's motion could not be
    measured. cuts: the indices of analysed frames that begin a new scene.
    """

    turn: NDArray[np.complex128]
    shift: NDArray[np.complex128]
    passage: NDArray[np.int32]
    cuts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """Everybody over time. times: (frames,) float64 seconds of the analysed frames; tracks: one per person followed.

    swaps_suspected: (n, 3), time in seconds and the numbers of two tracks that may have changed places there.
    camera: None says that the camera stood still. left_out: poses that belonged to nobody who was seen long enough.
    """

    times: NDArray[np.float64]
    tracks: tuple[Track, ...]
    swaps_suspected: NDArray[np.float64]
    camera: Camera | None = None
    left_out: int = 0
